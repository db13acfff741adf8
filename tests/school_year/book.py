"""The oracle: its own book of who said, saw and may know what. It never asks the product what its rules would be."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.school_year.door import LONDON, Sent, moment
from tests.school_year.families import Adult, Child, Family
from tests.school_year.messages import REPEATED, Kinds, above_choices

ASKED = "parents asked after reporting"
FALSE = "false alarms sent"
SECOND = "second contact texted after an answer"
PROMPTED = "prompts on an absent day"
BUDGET = "budget broken"
LEAK = "leaks to those who may not know"
UNSEEN = "N older than five school days and unseen"
PROMISED = (ASKED, FALSE, SECOND, PROMPTED, BUDGET, LEAK, UNSEEN)
HELD = "started with a family after a worry, before its release"
STOPPED = "texted after STOP"
QUIET = "prompts after QUIET"
NIGHT = "started outside 07:30 to 19:00"
MOURNING = "prompts, figures or 'back today?' after a death"
LOST = "told in words, and nowhere on record or before staff"
ALSO = (HELD, STOPPED, QUIET, NIGHT, MOURNING, LOST)

REGISTER_CLOSES, AFTERNOON, AFTERNOON_CLOSES = time(9, 15), time(12, 30), time(13, 15)
GRACE = timedelta(minutes=10)
WORDS = re.compile(r"[^\W\d_]+")
# What came of a text: what the parent read of it, and that they did not answer what it was asked.
ASKED_BACK, UNANSWERED = "asked back", "asked, and never answered"
# What the school starts and may not keep for later (care rule 23): it counts for no cap and no hour.
ANSWERS = frozenset({"reply", "staff", "safeguarding"})
CAPS = {"sms": 2, "telegram": 5}


@dataclass(slots=True)
class State:
    """Where one child is on one day: in for each half, `comes` where it comes late, and why it is away."""

    am: bool = True
    pm: bool = True
    comes: time | None = None
    cause: str = ""
    trip: bool = False
    slip: bool = False

    def is_safe(self, at: time) -> bool:
        """In school, or on a trip with it."""
        if self.trip:
            return True
        if at >= AFTERNOON:
            return self.pm
        return self.am and (self.comes is None or at >= self.comes)

    @property
    def all_day(self) -> bool:
        """In school for both halves, there when the registers closed, and not on a trip."""
        return self.am and self.pm and not self.trip and (self.comes is None or self.comes < REGISTER_CLOSES)


@dataclass(slots=True)
class Said:
    """What an adult with the right to say so said of a child's day. `expected` is when a late child should be there."""

    at: datetime
    adult: Adult
    words: str
    expected: datetime | None = None
    answers: bool = False
    seen: str = ""


@dataclass
class Book:
    """All that happened, by child and day, and every fault with its evidence."""

    families: list[Family]
    kinds: Kinds
    states: dict[tuple[str, date], State] = field(default_factory=dict)
    closed: set[date] = field(default_factory=set)
    said: dict[tuple[str, date], list[Said]] = field(default_factory=lambda: defaultdict(list))
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    segments: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: Counter[tuple[str, str]] = field(default_factory=Counter)
    slips: int = 0
    cleared: int = 0
    repeated: int = 0
    unanswered: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    held: dict[str, datetime] = field(default_factory=dict)
    mourning: dict[str, datetime] = field(default_factory=dict)
    _stopped: dict[str, datetime] = field(default_factory=dict)
    _quiet: dict[str, datetime] = field(default_factory=dict)
    _week: Counter[tuple[str, tuple[int, int]]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.children = {child.key: child for family in self.families for child in family.children}
        self.of_family = {family.key: family for family in self.families}
        self.adults = {address: adult for family in self.families for adult in family.adults
                       for address in {adult.address, ("sms", adult.number)}}  # fmt: skip
        self._names = {child.name.casefold() for child in self.children.values()}

    # What is said -----------------------------------------------------------------------------

    def tell(self, said: Said, child: Child, days: list[date]) -> None:
        """Somebody who may report said where a child is on those days."""
        if said.adult.may("may_report", child.key):
            for day in days:
                self.said[child.key, day].append(said)

    def stop(self, adult: Adult, at: datetime) -> None:
        """They want nothing more on that phone."""
        self._stopped[adult.key] = at

    def start(self, adult: Adult) -> None:
        """They want texts again."""
        self._stopped.pop(adult.key, None)

    def be_quiet(self, adult: Adult, at: datetime) -> None:
        """They want no 'How was school?'."""
        self._quiet[adult.key] = at

    # What is seen -----------------------------------------------------------------------------

    def see(self, message: Sent) -> None:
        """One message that left: everything that must hold of it."""
        self.texts[message.purpose, message.channel] += 1
        self.segments[message.purpose, message.channel] += message.segments if message.channel == "sms" else 0
        adult = self.adults.get((message.channel, message.to))
        self._leak(message, adult)
        if adult is None:
            return
        children = self.named(message, adult)
        asked = [child for child in children if child.name.casefold() in above_choices(message.words).casefold()]
        self._unwanted(message, adult)
        if message.purpose == "chase":
            for child in asked:
                self._chase(message, adult, child)
        elif message.purpose == "back_today":
            for child in asked:
                self._asked(message, child)
        elif message.purpose == "prompt":
            for child in children:
                self._prompt(message, child)

    def named(self, message: Sent, adult: Adult) -> list[Child]:
        """The children of that adult's family whom the words name."""
        words = {word.casefold() for word in WORDS.findall(message.words)}
        return [child for child in self.of_family[adult.family].children if child.name.casefold() in words]

    def fault(self, row: str, evidence: str) -> None:
        """Something that must not be."""
        self.faults[row].append(evidence)

    def _leak(self, message: Sent, adult: Adult | None) -> None:
        words = {word.casefold() for word in WORDS.findall(message.words)} & self._names
        family = self.of_family[adult.family].children if adult is not None else []
        # Whoever may report and is told nothing hears the name back that they wrote themselves.
        rights = ("may_be_told", "may_report") if message.purpose == "reply" else ("may_be_told",)
        may = {child.name.casefold() for child in family for right in rights
               if adult is not None and adult.may(right, child.key)}  # fmt: skip
        if words - may:
            self.fault(LEAK, f"{_when(message)} {message.purpose} to {_who(adult)} names {sorted(words - may)}")
        barred = adult is not None and adult.kind == "barred"
        if barred and message.purpose not in ANSWERS:
            self.fault(LEAK, f"{_when(message)} {message.purpose} to a barred adult")
        if re.search(r"7700\s?900", message.words):
            self.fault(LEAK, f"{_when(message)} {message.purpose} to {_who(adult)} has somebody's number")

    def _unwanted(self, message: Sent, adult: Adult) -> None:
        """After a worry, after STOP and QUIET, after a death, at night, and over the week's budget."""
        if adult.key in self._stopped and adult.address == (message.channel, message.to):
            self.fault(STOPPED, f"{_when(message)} {message.purpose} to {_who(adult)}: {message.words[:60]}")
        if message.purpose in ANSWERS:
            return
        kind = self.kinds.of(message.words)
        if self.held.get(adult.family, message.at) < message.at:
            self.fault(HELD, f"{_when(message)} {message.purpose} ({kind}) to {_who(adult)}")
        if message.purpose == "prompt" and adult.key in self._quiet:
            self.fault(QUIET, f"{_when(message)} to {_who(adult)}")
        asks = message.purpose in ("prompt", "back_today") or kind == "attendance.update"
        if asks and self.mourning.get(adult.family, message.at) < message.at:
            self.fault(MOURNING, f"{_when(message)} {message.purpose} to {_who(adult)}")
        if not self._may_wait(message, kind):
            return
        local = message.at.astimezone(LONDON)
        if not time(7, 30) <= local.time() <= time(19, 0):
            self.fault(NIGHT, f"{_when(message)} {message.purpose} to {_who(adult)}")
        # A budget is of the people behind the same phones and chats: here each adult has their own.
        week = (adult.key, local.isocalendar()[:2])
        self._week[week] += 1
        if self._week[week] > CAPS[message.channel]:
            self.fault(BUDGET, f"{_when(message)} {message.purpose} to {_who(adult)}")

    def _may_wait(self, message: Sent, kind: str) -> bool:
        """Whether it is none of care rule 23's: chases, all-clears, closures and decisions go at once."""
        is_decision = kind.startswith("leave.")
        is_closure = message.purpose == "broadcast" and message.at.astimezone(LONDON).date() in self.closed
        return message.purpose != "chase" and not is_decision and not is_closure

    def _chase(self, message: Sent, adult: Adult, child: Child) -> None:
        kind = self.kinds.of(message.words)
        if kind.startswith("all_clear"):
            self.cleared += 1
            return
        local = message.at.astimezone(LONDON)
        state = self.states.get((child.key, local.date()))
        if local.date() in self.closed or state is None or state.is_safe(local.time()):
            if state is not None and state.slip:
                self.slips += 1
            else:
                self.fault(FALSE, f"{_when(message)} {kind} about {child.key}, who is {state}")
        self._asked(message, child, adult=adult, late=kind == "late.overdue")

    def _asked(self, message: Sent, child: Child, *, adult: Adult | None = None, late: bool = False) -> None:
        local = message.at.astimezone(LONDON)
        for said in self.said.get((child.key, local.date()), ()):
            if said.expected is not None and message.at >= said.expected + GRACE:
                continue
            row = SECOND if said.answers and adult is not None and adult is not said.adult else ASKED
            again = self.kinds.of(message.words) == REPEATED
            self.repeated += row == ASKED and again
            self.unanswered += row == ASKED and said.seen == UNANSWERED
            what = "late" if late else f"{message.purpose}, our own question" if again else message.purpose
            seen = said.seen or "nothing"
            self.fault(row, f"[{seen}] {_when(message)} {what} about {child.key}, said {_at(said.at)}: {said.words}")
            return

    def _prompt(self, message: Sent, child: Child) -> None:
        local = message.at.astimezone(LONDON)
        state = self.states.get((child.key, local.date()))
        if local.date() in self.closed or state is None or not state.all_day:
            self.fault(PROMPTED, f"{_when(message)} about {child.key}, who is {state}")

    # What stands --------------------------------------------------------------------------------

    def due(self, child: Child, day: date, *, part: str) -> datetime:
        """When a child who was said to come late, at no hour, should be there."""
        return moment(day, REGISTER_CLOSES if part != "pm" else AFTERNOON_CLOSES)


def _at(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%a %d %b %H:%M}"


def _when(message: Sent) -> str:
    return _at(message.at)


def _who(adult: Adult | None) -> str:
    return f"{adult.key} ({adult.kind})" if adult is not None else "a stranger"
