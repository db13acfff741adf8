"""Whatever a parent may be sent, with the longest names and facts, to be counted in segments."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from conversations.acts import AbsenceKind, Option, Say
from conversations.context import Child, Context, SchoolFacts, Sender
from conversations.flows.absence import REASONS
from conversations.flows.how_was_school import QUESTIONS
from conversations.flows.support import MOST_TIMES
from conversations.shaping import Abilities, Outbound, shortest
from conversations.speaking import Voice, message_keys
from conversations.stretches import Stretch
from school.rules.calendar import weekdays_only

LONDON = ZoneInfo("Europe/London")
SMS = Abilities(buttons=0, label=0, charset="gsm7", segments=1)
# The longest school name that a school may set, and first names longer than nine in ten.
CHILDREN = tuple(
    Child(id=name, first_name=name, known_as=name, class_name="4B")
    for name in ("Alexandra", "Mohammed", "Christian", "Isabella")
)
# As many letters as `school.prompt_topics` takes.
LONGEST_TOPIC = "how magnets pull and push it"
CONTEXT = Context(
    now=datetime(2026, 9, 22, 7, 40, tzinfo=LONDON),
    thread="t",
    sender=Sender.CONTACT,
    calendar=weekdays_only(),
    school=SchoolFacts(short_name="Hilltop Primary Acad", phone="01632 960123", care_line="01632 960999"),
    children=CHILDREN,
    topics={"topic": dict.fromkeys(("en", "pl", "ur", "ur_Latn", "ar", "ro", "pt", "uk"), LONGEST_TOPIC)},
)
ONE, TWO = ("Alexandra",), ("Alexandra", "Mohammed")
WEDNESDAY, FRIDAY = date(2026, 9, 30), date(2026, 10, 2)
SPAN = (Stretch(first=WEDNESDAY, last=FRIDAY),)
VALUES = {
    "names": ONE, "days": SPAN, "day": WEDNESDAY, "time": time(11, 30), "leaves": time(11, 30),
    "returns": time(14, 15), "minutes": 25, "at": time(12, 45), "first": "Wed 30 Sep", "last": "Fri 2 Oct", "count": 3,
    "language": "pl", "reference": "7K2Q", "term_days": 25, "year_days": 63, "open_days": 7, "times": 14,
    "topic": LONGEST_TOPIC,
    "link": f"https://{'a' * 35}/e/{'a' * 22}", "size": "8",
    "off_days": 25, "by": datetime(2026, 9, 30, 8, 15, tzinfo=LONDON), "opens": time(8, 0), "closes": time(16, 0),
}  # fmt: skip
_KINDS = tuple(f"menu.{each}" for each in AbsenceKind)
LABELS = {
    "ask.coming_in": ("coming_in", "still_off"),
    "chase.first": ("chase.in_school",),
    "chase.again": ("chase.in_school",),
    "chase.still": ("chase.in_school",),
    "ask.back": ("back.today", "back.one_more"),
    "ask.back_gentle": ("back.in_school", "back.still_poorly"),
    "ask.who.one": ("yes", "no"),
    "ask.support_call": ("support.yes", "support.no", "support.ask"),
    "ask.support_meeting": ("support.yes", "support.no", "support.ask"),
    "ask.support_team": ("support.yes", "support.no", "support.ask"),
    "ask.support_reminder": ("support.yes", "support.no", "support.ask"),
    "ask.support_sure": ("support.agree", "support.not_agree"),
    **{f"chase.{tone}.numbers": ("chase.in_school", *_KINDS) for tone in ("first", "again", "still")},
    "menu": (*_KINDS, "menu.reports", "menu.person"),
    "ask.reason.numbers": tuple(f"reason.{each}" for each in REASONS),
    "ask.time.numbers": ("part.am", "part.pm", "part.all"),
    "leave.days": ("ring_me",),
    "leave.back": ("ring_me",),
    "leave.words": ("ring_me",),
    "support.write": ("ring_me",),
    "ask.day": ("day.good", "day.ok", "day.low"),
    "ask.day_first": ("day.good", "day.ok", "day.low"),
}
# What `care.md` lets take a third segment in scripts that GSM-7 has not.
CARE = (
    "person", "red_flag", "unknown", "receipt.bereavement", "all_clear", "chase.social_worker", "late.overdue",
    "ask.back", "ask.day_first",
)  # fmt: skip


# What stands on a page has no segments.
PAGE = "upload."


@cache
def catalogue(code: str) -> Catalog:
    """A pack's messages as written."""
    with resources.files("locales").joinpath(code, "messages.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def forms(messages: Catalog, key: str) -> list[str]:
    """The words of one message, in each of its plural forms; raises KeyError."""
    for message in messages:
        if message.id and key == (message.id if isinstance(message.id, str) else message.id[0]):
            return [message.string] if isinstance(message.string, str) else list(message.string or ())
    raise KeyError(key)


@cache
def english(key: str) -> tuple[str, ...]:
    """The English words of one message."""
    return tuple(forms(catalogue("en"), key))


def places(words: str) -> set[str]:
    """The names of the facts that a message leaves room for."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def say(key: str, names: tuple[str, ...] = ONE) -> Say:
    """A message with facts as long as they come."""
    args = {name: VALUES[name] for name in places(english(key)[0]) & VALUES.keys()}
    if key.startswith(("person.closed", "support.")) and "at" in args:
        args["at"] = datetime(2026, 9, 30, 8, 15, tzinfo=LONDON)
    if "names" in args:
        args["names"] = names
    return Say(key=key, args=args)


@cache
def said() -> dict[str, Say]:
    """Whatever a parent may be sent, each as it is put together by the flows."""
    keys = sorted(message_keys("en"))
    facts = [each for each in keys if each.startswith("fact.")]
    yes_no = (Option(key="yes", label=Say(key="yes")), Option(key="no", label=Say(key="no")))
    whom = tuple(Option(key=each.id, label=Say(key="child", args={"names": (each.id,)})) for each in CHILDREN[:2])
    found: dict[str, Say] = {}
    for key in keys:
        if places(english(key)[0]) & {"facts", "first", "count", "question"} or key in facts:
            continue
        labels = tuple(Option(key=each, label=Say(key=each)) for each in LABELS.get(key, ()))
        found[key] = replace(say(key), options=labels or (whom if key.startswith("ask.who") else ()))
    for fact in facts:
        for names in (ONE, TWO):
            found[f"receipt {fact} {len(names)}"] = Say(key="receipt", args={"facts": (say(fact, names),)})
            found[f"sure {fact} {len(names)}"] = Say(
                key="ask.sure", args={"facts": (say(fact, names),)}, options=yes_no
            )
    asked = [(key, number, "") for key in ("ask.day", "ask.day_first") for number in range(1, QUESTIONS + 1)]
    for key, number, topic in [*asked, ("ask.day", 1, "topic")]:
        found[f"{key} {number} {topic}".rstrip()] = _prompt(key, number, topic)
    days = tuple(Option(key=str(day), label=Say(key="days", args={"days": (Stretch(first=day, last=day),)}))
                 for day in (date(2026, 9, 22), date(2026, 9, 23), WEDNESDAY))  # fmt: skip
    found["closed.numbers with options"] = replace(say("closed.numbers"), options=days[:2])
    found["ask.days with options"] = replace(say("ask.days", TWO), options=days)
    found |= _attendance() | _leave() | _illness() | _update() | _support()
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


def _illness() -> dict[str, Say]:
    """Each piece of advice, with where it is from."""
    keys = sorted(each for each in message_keys("en") if each.startswith("illness."))
    return {f"illness {key}": Say(key="illness", args={"facts": (say(key),)}) for key in keys}


def _leave() -> dict[str, Say]:
    """A request read back with each of its facts, and each decision with each reason."""
    choices = tuple(Option(key=each, label=Say(key=f"leave.{each}")) for each in ("send", "not_send"))
    found = {
        f"leave.sure {fact} {len(names)}": Say(key="leave.sure", args={"facts": (say(fact, names),)}, options=choices)
        for fact in sorted(each for each in message_keys("en") if each.startswith("leave.fact"))
        for names in (ONE, TWO)
    }
    whys = sorted(each for each in message_keys("en") if each.startswith("leave.why_"))
    for key in ("leave.part", "leave.refused"):
        found |= {f"{key} {why}": replace(say(key), args={**say(key).args, "facts": (Say(key=why),)}) for why in whys}
    return found


def _support() -> dict[str, Say]:
    """The times that staff can offer, as many as there may be, below what is said to an agreement."""
    times = tuple(Option(key=str(each), label=say("support.time")) for each in range(1, MOST_TIMES + 1))
    asked = Say(key="ask.support_time", options=(*times, Option(key="another", label=Say(key="support.another"))))
    return {"ask.support_time with options": asked}


def _update() -> dict[str, Say]:
    """The half-termly update, about one child and about two."""
    return {
        f"attendance.update {len(names)}": replace(
            say("attendance.update"),
            args={
                **say("attendance.update").args,
                "facts": tuple(say("attendance.update_child", (name,)) for name in names),
            },
        )
        for names in (ONE, TWO)
    }


def _attendance() -> dict[str, Say]:
    """How often children were away: two of them with all that there is to say, four of them briefly."""
    more = ("attendance.late", "attendance.no_reason", "attendance.gaps")
    long = tuple(Say(key="facts", args={"facts": (say("attendance.term", (name,)), *map(say, more))}) for name in TWO)
    brief = tuple(say("attendance.term", (child.id,)) for child in CHILDREN[:2])
    return {
        # Two messages hold two children at length, or four briefly: each of them one, or two.
        "attendance of one": Say(key="attendance", args={"facts": long[:1]}),
        "attendance of two, briefly": Say(key="attendance", args={"facts": brief}),
    }


def _prompt(key: str, number: int, topic: str) -> Say:
    """'How was school?' with its question, or the class's own topic."""
    labels = tuple(Option(key=each, label=Say(key=each)) for each in LABELS[key])
    return Say(key=key, args={"names": ONE, "question": (number, topic)}, options=labels)


def sent(voice: Voice, name: str) -> Outbound:
    """What a phone without buttons gets."""
    return shortest((said()[name],), voice, SMS)


def is_too_long(name: str, message: Outbound) -> bool:
    """Latin script goes in as many GSM-7 segments as English; others have one more, texts of care two."""
    if name.startswith(PAGE):
        return False
    most = sent(Voice(lang="en", context=CONTEXT), name).segments
    if all(unicodedata.name(letter).startswith("LATIN") for letter in message.text if letter.isalpha()):
        return message.encoding != "gsm7" or message.segments > most
    return message.segments > most + (2 if name.startswith(CARE) else 1)
