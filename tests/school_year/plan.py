"""What the year brings: who is ill when and says so in which words, who is late, away, out on a trip, at which day."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.school_year.book import REGISTER_CLOSES, State
from tests.school_year.door import LONDON, moment, step
from tests.school_year.families import Adult, Child, Family
from tests.school_year.phrases import Phrase, Phrases

INCIDENTS = (
    "late_register", "class_unmarked", "trip_not_entered", "closure_not_entered", "stale_import", "half_import",
    "wrong_group",
)  # fmt: skip
STARTS = time(8, 45)
WEEK_A = date(2026, 8, 31)
# Shares of children on a school day.
LATE, APPOINTMENT, OTHER, LOST, SLIP, SENT_HOME = 0.012, 0.006, 0.004, 0.0004, 0.0003, 0.001
TOLD = 0.8
WHOLE_YEAR = 190


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A text that an adult sends of their own accord: what is meant by it stands beside the words."""

    at: datetime
    adult: Adult
    child: Child
    words: str
    kind: str
    days: tuple[date, ...]
    expected: datetime | None = None
    reason: str = ""
    part: str = "all"


@dataclass(slots=True)
class Day:
    """One school day: where each child is, what is texted, and what is out of the ordinary."""

    day: date
    incident: str = ""
    snow: bool = False
    trips: set[str] = field(default_factory=set)
    states: dict[str, State] = field(default_factory=dict)
    tellings: list[Telling] = field(default_factory=list)
    sent_home: list[Child] = field(default_factory=list)


class Plan:
    """Draws one school day after the other."""

    def __init__(
        self, families: list[Family], lots: random.Random, phrases: Phrases, school_days: list[date], *,
        snow: date | None = None, rate: float = 1.0,
    ) -> None:  # fmt: skip
        self._families, self._lots, self._phrases, self._days = families, lots, phrases, school_days
        self._snow, self._rate = snow, rate
        self._off: dict[tuple[str, date], tuple[str, bool]] = {}
        self._part: dict[tuple[str, date], str] = {}
        classes = sorted({child.class_name for family in families for child in family.children})
        # Two a class in a whole year.
        self._trips = {(lots.choice(school_days), name) for name in classes for _ in range(2)
                       if lots.random() < len(school_days) / WHOLE_YEAR}  # fmt: skip
        # Every second day at most, so that there are ordinary ones between.
        every = max(2, (len(school_days) - 2) // (len(INCIDENTS) + 1))
        places = [2 + every * number for number in range(len(INCIDENTS))]
        self._incidents = {school_days[place]: name for place, name in zip(places, INCIDENTS, strict=True)
                           if place < len(school_days)}  # fmt: skip

    def day(self, day: date) -> Day:
        """That day's plan; asked once for each day, in order."""
        made = Day(day=day, incident=self._incidents.get(day, ""), snow=day == self._snow)
        made.trips = {name for on, name in self._trips if on == day and not made.incident}
        if made.incident == "trip_not_entered":
            made.trips = {self._lots.choice(self._families).children[0].class_name}
        for family in self._families:
            for child in family.children:
                made.states[child.key] = State()
                if not made.snow:
                    self._child(made, family, child)
        return made

    def away(self, child: Child, days: list[date], cause: str) -> None:
        """The child is away on those days, as somebody said."""
        for day in days:
            self._off.setdefault((child.key, day), (cause, True))

    def one_more(self, child: Child, day: date) -> None:
        """The illness goes on for a day that nobody has spoken of."""
        self._off.setdefault((child.key, day), ("sickness", False))

    def _child(self, made: Day, family: Family, child: Child) -> None:
        lots, state = self._lots, made.states[child.key]
        known = self._off.get((child.key, made.day))
        if known is not None:
            self._away(state, known[0], self._part.get((child.key, made.day), "all"))
            if not known[1] and lots.random() < 0.3:
                self._tell(made, family, child, "sickness")
            return
        if child.class_name in made.trips:
            state.trip = True
            return
        draw = lots.random() / self._rate
        ill = self._ill(made.day)
        for share, begins in (
            (ill, self._falls_ill), (APPOINTMENT, self._appointment), (OTHER, self._other), (LATE, self._late),
            (LOST, self._lost), (SLIP, self._slip), (SENT_HOME, self._goes_home),
        ):  # fmt: skip
            if draw < share:
                begins(made, family, child)
                return
            draw -= share

    def _ill(self, day: date) -> float:
        """The share that falls ill on a day: two waves, before Christmas and in February."""
        waves = [(date(2026, 11, 30), 21, 0.022), (date(2027, 2, 8), 16, 0.018)]
        return 0.01 + sum(top * math.exp(-(((day - peak).days / width) ** 2)) for peak, width, top in waves)

    # What happens to a child --------------------------------------------------------------------

    def _falls_ill(self, made: Day, family: Family, child: Child) -> None:
        if self._lots.random() < TOLD and (days := self._tell(made, family, child, "sickness")):
            self._away(made.states[child.key], "sickness", self._part.get((child.key, made.day), "all"))
            if self._lots.random() < 0.25 and (after := self._after(max(days))):
                self.one_more(child, after)
            if family.adults[0].kind == "first" and len(family.adults) > 1 and self._lots.random() < 0.1:
                self._tell(made, family, child, "sickness", adult=family.adults[1])
            return
        self._away(made.states[child.key], "sickness", "all")
        if self._lots.random() < 0.4 and (after := self._after(made.day)):
            self.one_more(child, after)

    def _other(self, made: Day, family: Family, child: Child) -> None:
        if self._tell(made, family, child, "absence_other"):
            self._away(made.states[child.key], "other", self._part.get((child.key, made.day), "all"))

    def _appointment(self, made: Day, family: Family, child: Child) -> None:
        self._tell(made, family, child, "appointment")
        self._away(made.states[child.key], "appointment", self._part.get((child.key, made.day), "none"))

    def _late(self, made: Day, family: Family, child: Child) -> None:
        state = made.states[child.key]
        comes = datetime.combine(made.day, STARTS) + timedelta(minutes=self._lots.choice((5, 9, 14, 22, 38, 55)))
        if self._lots.random() < 0.6 and (phrase := self._phrase(family, "lateness", made.day)):
            adult, words = phrase
            at = self._time(made.day, words)
            expected = _expected(made.day, words)
            comes = expected + timedelta(minutes=self._lots.choice((-6, -2, 0, 3, 7, 8, 35)))
            telling = self._telling(made, adult, child, words, at, (made.day,))
            made.tellings.append(
                Telling(
                    at=telling.at, adult=adult, child=child, words=telling.words, kind="lateness", days=(made.day,),
                    expected=moment(made.day, expected.time()), reason=words.reason,
                )
            )  # fmt: skip
        comes = max(comes, datetime.combine(made.day, STARTS))
        # Whoever comes late is marked at that moment: the office is quick.
        state.comes = step(moment(made.day, comes.time())).astimezone(LONDON).time()
        if state.comes >= time(11, 30):
            state.am, state.comes, state.cause = False, None, "late"

    def _lost(self, made: Day, _family: Family, child: Child) -> None:
        """Left home, and did not arrive: found at half past ten."""
        made.states[child.key].comes, made.states[child.key].cause = time(10, 30, 30), "lost"

    def _slip(self, made: Day, _family: Family, child: Child) -> None:
        """Sits in class; the teacher's finger slipped."""
        made.states[child.key].slip = True

    def _goes_home(self, made: Day, _family: Family, child: Child) -> None:
        made.states[child.key].pm, made.states[child.key].cause = False, "sent_home"
        made.sent_home.append(child)
        if self._lots.random() < 0.6 and (after := self._after(made.day)):
            self.one_more(child, after)

    @staticmethod
    def _away(state: State, cause: str, part: str) -> None:
        if part != "none":
            state.am, state.pm, state.cause = part == "pm", part == "am", cause

    # What is said of it --------------------------------------------------------------------------

    def _tell(
        self, made: Day, family: Family, child: Child, intent: str, *, adult: Adult | None = None
    ) -> tuple[date, ...]:
        """Somebody texts; the days that their words mean, none where they have no words for it."""
        found = self._phrase(family, intent, made.day)
        if found is None:
            return ()
        teller, phrase = found
        last = made.day + timedelta(days=phrase.last)
        days = tuple(day for day in self._days if made.day <= day <= last)
        part = _part(phrase) if intent == "appointment" else phrase.part
        for day in days:
            self._off.setdefault((child.key, day), (intent, True))
            self._part.setdefault((child.key, day), part)
        telling = self._telling(made, adult or teller, child, phrase, self._time(made.day, phrase), days)
        made.tellings.append(telling)
        return days

    def _telling(
        self, made: Day, adult: Adult, child: Child, phrase: Phrase, at: datetime, days: tuple[date, ...]
    ) -> Telling:
        return Telling(
            at=at, adult=adult, child=child, words=phrase.said_of(child.name), kind=phrase.intent, days=days,
            reason=phrase.reason, part=phrase.part,
        )  # fmt: skip

    def _phrase(self, family: Family, intent: str, day: date) -> tuple[Adult, Phrase] | None:
        week = "A" if (day - WEEK_A).days // 7 % 2 == 0 else "B"
        adult = family.teller(self._lots, week)
        if adult.stopped or adult.wrong:
            return None
        phrase = self._phrases.draw(self._lots, adult.language, intent, day, named=len(family.children) > 1)
        return (adult, phrase) if phrase is not None else None

    def _time(self, day: date, phrase: Phrase) -> datetime:
        return moment(day, phrase.hour.replace(second=30))

    def _after(self, day: date) -> date | None:
        return next((each for each in self._days if each > day), None)


def _expected(day: date, phrase: Phrase) -> datetime:
    """When a child who is late should be there, as whoever wrote it means it."""
    if phrase.at is not None:
        return datetime.combine(day, phrase.at)
    if phrase.minutes is not None:
        return datetime.combine(day, STARTS) + timedelta(minutes=phrase.minutes)
    return datetime.combine(day, REGISTER_CLOSES)


def _part(phrase: Phrase) -> str:
    """Which register an appointment misses: am, pm, all or none. Who leaves after registration stood in it."""
    if phrase.at is None or phrase.part == "all":
        return phrase.part
    leaves = (datetime.combine(date.min.replace(year=2000), phrase.at) - timedelta(minutes=30)).time()
    if phrase.part == "am":
        return "am" if leaves < REGISTER_CLOSES else "none"
    return "pm" if leaves < time(13, 15) else "none"
