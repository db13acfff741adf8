"""Whom a visitor of the demo can be: parents of the made-up school, and a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from howwasschool.demo.pages import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person with a phone: their number and their chat, both made up; `external_id` as in the roster."""

    person: Person
    number: str
    chat: str
    external_id: str = ""


def _actor(external_id: str, number: str, label: str, about: str, *tries: str) -> Actor:
    key = label.split(maxsplit=1)[0].casefold()
    person = Person(key=key, label=label, about=about, tries=tries)
    return Actor(person=person, number=number, chat=f"7{number[-6:]}", external_id=external_id)


ACTORS = (
    _actor(
        "C2001", "+447700900101", "Joanne Hart: Maya", "You are Maya's mum. Text as you would on a school morning.",
        "Maya poorly, been sick in the night", "can we have a week on friday off for my sister's wedding",
        "how is Maya's attendance?", "she gets so anxious in the mornings I can't get her out of the door",
    ),
    _actor(
        "C2002", "+447700900102", "Grace Okafor: Sam, Leo and Ruby", "You have three at this school.",
        "Sam poorly and Leo has the dentist at 2", "running 20 mins late sorry",
        "all three off with a bug til Thursday",
    ),
    _actor(
        "C2003", "+447700900103", "Hannah Price: Ella", "Ella lives with you; her dad has a home of his own.",
        "ella off with tonsilitis, back thursday", "still poorly tomorrow", "can someone ring me please",
    ),
    _actor(
        "C2004", "+447700900104", "Tom Reid: Ella", "Ella's dad. You never learn what her mum texted.",
        "Ella won't be in today, high temp", "Ella is better, she will be in",
    ),
    _actor(
        "C2005", "+447700900105", "Niall Sinclair: Zoë", "Zoë's name would double the price of a text. Watch it fit.",
        "Zoe got a temp, off today and tomorrow", "how long should Zoe stay off with chicken pox?", "my reports",
    ),
    _actor(
        "C2006", "+447700900106", "Nadia Mahmood: Hamza and Aisha", "Urdu is your first language; English works too.",
        "hamza not come today he fever", "aisha late doctor", "اردو",
    ),
    _actor(
        "C2007", "+447700900107", "Pauline Hart: Maya's gran", "You may report Maya, and are told nothing about her.",
        "Maya wont be in, bad cough", "is maya in school today?",
    ),
    _actor(
        "", "+447700900199", "Somebody unknown", "Nobody at the school knows this number.",
        "is this the school? my son is ill", "Your parcel is waiting, pay the fee here",
    ),
)  # fmt: skip
BY_KEY = {actor.person.key: actor for actor in ACTORS}
