"""The signs of one report sorted by what they say, and the shape of what is decided from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.acts import Change, Topic
from conversations.doubt import Doubt
from conversations.hearing.names import FIRST, OTHER, UNKNOWN
from conversations.hearing.segments import Segment, Sign

# The first that is said is the category of a report; what is not listed is "unspecified".
ORDERS = {
    "sickness": "infectious injury mental_health gi respiratory fever pain medical_other unspecified",
    "appointment": "dental optical mental_health medical place",
    "leave": "religious family_event bereavement interview legal performance_sport traveller family_abroad holiday",
    "absence_other": "bereavement suspension school_transport family_emergency housing religious transport other",
    "travel": "overslept weather traffic transport missed family other",
    "barrier": "bullying anxiety refusal unable uniform food money housing send transport family other",
}
# Some tables tell apart what has one category: a missed bus is transport, a doctor's a medical appointment.
CATEGORIES = {"missed": "transport", "place": "medical", "unable": "refusal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a report is about; `weighed` are the words for it where the classifier said so, and no table.

    `reasoned` are the words for its reason, where that was said by weight.
    """

    topic: Topic | None
    reason: str | None = None
    change: Change = Change.ADDS
    negated: bool = False
    question: bool = False
    doubts: tuple[Doubt, ...] = ()
    signs: tuple[Sign, ...] = ()
    weighed: tuple[int, ...] = ()
    reasoned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else bears on a report: days ahead, an end of the absence, "X not Y", a person, and what is on record.

    `chased`: the school has just asked why the child is not in; `checkin`: how the day was; `anchored`: a child or
    a day is spoken of; `until_time`: away until a time of today; `timed`: a clock time is said; `evening`: it is late;
    `moved`: one day is put for another; `over`: the only days that are said are past;
    `moods`: the words, first and end, that answer how the day was;
    `others_pass`: the pack takes an illness of somebody else, told alone, for no news of a child of ours.
    """

    days_ahead: bool = False
    until: bool = False
    contrast: bool = False
    moved: bool = False
    chased: bool = False
    recorded: bool = False
    checkin: bool = False
    anchored: bool = False
    until_time: bool = False
    timed: bool = False
    evening: bool = False
    others_pass: bool = False
    over: bool = False
    moods: tuple[tuple[int, int], ...] = ()


class Weighing:
    """The signs of one report."""

    def __init__(self, segments: Sequence[Segment], around: Around, plain: Sequence[Sign] | None = None) -> None:
        self.segments = segments
        self.around = around
        self.all = [sign for segment in segments for sign in segment.signs]
        self.plain = [sign for sign in self.all if sign.stands] if plain is None else list(plain)

    def of(self, table: str, *names: str, plain: bool = True) -> list[Sign]:
        """Signs of a table (of some of its names), of the child or of nobody in particular."""
        return [
            sign
            for sign in (self.plain if plain else self.all)
            if sign.table == table and (not names or sign.name in names) and sign.about not in apart(table)
        ]

    def others(self, table: str) -> list[Sign]:
        """Plain signs of a table that are about somebody else."""
        return [sign for sign in self.plain if sign.table == table and sign.about in {OTHER, FIRST}]

    def in_part(self) -> bool:
        """Whether the child comes in for a part of the day: then it is an illness for the rest, not lateness."""
        return any(c.rule in {"part.lunch", "part.pm"} for segment in self.segments for c in segment.clocks)


def apart(table: str) -> frozenset[str]:
    """Of whom a sign of a table does not count: "I dropped her off" is told of the child, "I have a cold" is not."""
    return frozenset({OTHER}) if table == "claims_present" else frozenset({OTHER, FIRST})


def category(table: str, signs: Sequence[Sign]) -> str:
    """The category that counts where several are said."""
    names = {sign.name for sign in signs}
    found = next((name for name in ORDERS[table].split() if name in names), "unspecified")
    return CATEGORIES.get(found, found)


def but_comes(segments: Sequence[Segment]) -> bool:
    """ "It's Eid on Friday but she will be in school": a feast alone keeps nobody away."""
    turned = [each for each in segments if each.against and not each.clocks and not each.days]
    return any(sign.hit.concept == "say.present" for each in turned for sign in each.signs if sign.stands)


def comes_besides(weigh: Weighing, signs: Sequence[Sign]) -> bool:
    """ "Her gran died but she is coming in today": of a death nothing is asked, so nothing may be filed either."""
    last = max(sign.hit.last for sign in signs)
    going = {sign.hit.first for sign in weigh.plain if sign.hit.concept == "talk.announces"}  # "Hum ja rahe hain".
    # "We won't be in": what is inside an absence is none of it.
    away = [sign.hit for sign in weigh.all if sign.hit.concept == "say.absent"]
    # "He may be quiet today" is said of somebody in class.
    here = [sign for sign in weigh.plain if sign.hit.concept == "say.present"]
    here += [sign for sign in weigh.all if sign.hit.concept == "say.sent" and not sign.negated]
    comes = [
        sign
        for sign in here
        if sign.hit.first >= last
        and sign.hit.first not in going
        and not any(hit.first < sign.hit.last and sign.hit.first < hit.last for hit in away)
    ]
    return bool(comes) and not (weigh.around.days_ahead or weigh.around.until or weigh.in_part())


def guessed(weigh: Weighing) -> list[Sign]:
    """ "Maybe chickenpox. She won't be in": an illness that is only guessed is still why she is away."""
    hanging = {segment.number for segment in weigh.segments if segment.depends or segment.story}
    return [
        replace(sign, hypothetical=False)
        for sign in weigh.all
        if sign.table == "sickness"
        and sign.hypothetical
        and not (sign.negated or sign.question or sign.request)
        and sign.about not in {OTHER, FIRST, UNKNOWN}
        and sign.segment not in hanging
    ]
