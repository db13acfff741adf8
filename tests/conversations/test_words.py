"""What each language says: every message, with the same facts in it, in the plurals of its own, within its segments."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from importlib import resources

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from conversations.acts import Option, Say
from conversations.context import Child, Context, SchoolFacts, Sender
from conversations.shaping import Outbound, shape
from conversations.speaking import Voice, message_keys
from conversations.stretches import Stretch
from school.rules.calendar import weekdays_only
from tests.conversations.phone import LONDON, SMS

PACKS = sorted(folder.name for folder in resources.files("locales").iterdir() if (folder / "messages.po").is_file())
OTHERS = [code for code in PACKS if code != "en"]
# The longest school name that a school may set, and first names longer than nine in ten.
CHILDREN = tuple(
    Child(id=name, first_name=name, known_as=name, class_name="4B")
    for name in ("Alexandra", "Mohammed", "Christian", "Isabella")
)
CONTEXT = Context(
    now=datetime(2026, 9, 22, 7, 40, tzinfo=LONDON),
    thread="t",
    sender=Sender.CONTACT,
    calendar=weekdays_only(),
    school=SchoolFacts(short_name="Hilltop Primary Acad", phone="01632 960123", care_line="01632 960999"),
    children=CHILDREN,
)
ONE, TWO = ("Alexandra",), ("Alexandra", "Mohammed")
WEDNESDAY, FRIDAY = date(2026, 9, 30), date(2026, 10, 2)
SPAN = (Stretch(first=WEDNESDAY, last=FRIDAY),)
VALUES = {
    "names": ONE, "days": SPAN, "day": WEDNESDAY, "time": time(11, 30), "leaves": time(11, 30),
    "returns": time(14, 15), "minutes": 25, "at": time(12, 45), "first": "Wed 30 Sep", "last": "Fri 2 Oct", "count": 3,
}  # fmt: skip
LABELS = {
    "ask.coming_in": ("coming_in", "still_off"),
    "chase.first": ("chase.in_school",),
    "ask.who.one": ("yes", "no"),
}
# What `care.md` lets take a third segment in scripts that GSM-7 has not.
CARE = ("person", "red_flag", "unknown", "receipt.bereavement")


@cache
def catalogue(code: str) -> Catalog:
    """A pack's messages as written."""
    with resources.files("locales").joinpath(code, "messages.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def forms(code: str, key: str) -> list[str]:
    """The words of one message, in each of its plural forms."""
    for message in catalogue(code):
        if message.id and key == (message.id if isinstance(message.id, str) else message.id[0]):
            return [message.string] if isinstance(message.string, str) else list(message.string or ())
    raise KeyError(key)


def places(words: str) -> set[str]:
    """The names of the facts that a message leaves room for."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def say(key: str, names: tuple[str, ...] = ONE) -> Say:
    """A message with facts as long as they come."""
    args = {name: VALUES[name] for name in places(forms("en", key)[0]) & VALUES.keys()}
    if key.startswith("person.closed") and "at" in args:
        args["at"] = datetime(2026, 9, 30, 8, 15, tzinfo=LONDON)
    if "names" in args:
        args["names"] = names
    return Say(key=key, args=args)


def said() -> dict[str, Say]:
    """Whatever a parent may be sent, each as it is put together by the flows."""
    keys = sorted(message_keys("en"))
    facts = [each for each in keys if each.startswith("fact.")]
    yes_no = (Option(key="yes", label=Say(key="yes")), Option(key="no", label=Say(key="no")))
    whom = tuple(Option(key=each.id, label=Say(key="child", args={"names": (each.id,)})) for each in CHILDREN[:2])
    found: dict[str, Say] = {}
    for key in keys:
        if places(forms("en", key)[0]) & {"facts", "first", "count"} or key in facts:
            continue
        labels = tuple(Option(key=each, label=Say(key=each)) for each in LABELS.get(key, ()))
        found[key] = replace(say(key), options=labels or (whom if key.startswith("ask.who") else ()))
    for fact in facts:
        for names in (ONE, TWO):
            found[f"receipt {fact} {len(names)}"] = Say(key="receipt", args={"facts": (say(fact, names),)})
            found[f"sure {fact} {len(names)}"] = Say(
                key="ask.sure", args={"facts": (say(fact, names),)}, options=yes_no
            )
    days = tuple(Option(key=str(day), label=Say(key="days", args={"days": (Stretch(first=day, last=day),)}))
                 for day in (date(2026, 9, 22), date(2026, 9, 23), WEDNESDAY))  # fmt: skip
    found["ask.days with options"] = replace(say("ask.days", TWO), options=days)
    old = Say(key="fact.off", args={"names": ONE, "days": SPAN})
    found["ask.which with options"] = Say(
        key="ask.which",
        options=(
            Option(key="new", label=Say(key="facts", args={"facts": (say("fact.late_until"),)})),
            Option(key="old", label=old),
        ),
    )
    found["ask.also with options"] = Say(
        key="ask.also",
        args={"facts": (old,), "days": SPAN},
        options=(Option(key="also", label=Say(key="as_well")), Option(key="new", label=Say(key="instead"))),
    )
    return found


SAID = said()


def sent(code: str, name: str) -> Outbound:
    """What a phone without buttons gets."""
    (message,) = shape((SAID[name],), lang=code, abilities=SMS, context=CONTEXT)
    return message


@pytest.mark.parametrize("code", OTHERS)
def test_a_pack_has_every_message_with_the_same_facts_in_every_plural(code: str) -> None:
    assert message_keys(code) == message_keys("en")
    for key in message_keys("en"):
        wanted = places(forms("en", key)[0])
        plural = len(forms("en", key)) > 1
        assert len(forms(code, key)) == (catalogue(code).num_plurals if plural else 1), key
        # A form that only ever speaks of one or two may leave the number out.
        assert all(words and places(words) | {"count"} == wanted | {"count"} for words in forms(code, key)), key


@pytest.mark.parametrize("code", OTHERS)
def test_a_pack_says_until_a_native_speaker_has_read_it(code: str) -> None:
    assert "not yet read by a native speaker" in (catalogue(code).header_comment or "").lower()


@pytest.mark.parametrize("code", PACKS)
def test_every_message_can_be_said_of_any_number_of_children(code: str) -> None:
    voice = Voice(lang=code, context=CONTEXT)
    for name, each in SAID.items():
        for count in range(1, 5):
            args = {**each.args, "names": tuple(child.id for child in CHILDREN[:count])} if each.args else {}
            words = voice.render(replace(each, args=args))
            assert words.strip()
            assert "{" not in words, name


@pytest.mark.parametrize("code", PACKS)
def test_a_number_is_said_where_children_are_counted(code: str) -> None:
    voice = Voice(lang=code, context=CONTEXT, briefly=True)
    assert {
        count for count in (3, 4) if str(count) in voice.render(say("fact.off", tuple(c.id for c in CHILDREN[:count])))
    }


@pytest.mark.parametrize("code", PACKS)
def test_every_message_keeps_to_its_segments(code: str) -> None:
    found = {name: sent(code, name) for name in SAID}
    assert {
        f"{name} ({len(each.text)}): {each.text}" for name, each in found.items() if is_too_long(name, each)
    } == set()


def is_too_long(name: str, message: Outbound) -> bool:
    """Latin script goes in as many GSM-7 segments as English; others have one more, texts of care two."""
    most = sent("en", name).segments
    if all(unicodedata.name(letter).startswith("LATIN") for letter in message.text if letter.isalpha()):
        return message.encoding != "gsm7" or message.segments > most
    return message.segments > most + (2 if name.startswith(CARE) else 1)


def test_every_english_message_about_one_child_is_one_segment() -> None:
    assert [name for name in SAID if sent("en", name).segments > 1 and not name.endswith(" 2")] == []
