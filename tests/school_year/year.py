"""One made-up school year, day by day and minute by minute, through the doors of a rehearsal."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

from school.rules.bank_holidays import bank_holidays
from school.rules.calendar import Term
from tests.school_year.book import Book, Said
from tests.school_year.door import Door, moment, step
from tests.school_year.families import Adult, Family, made_up
from tests.school_year.leave import Leave
from tests.school_year.messages import Kinds
from tests.school_year.parents import Parents, Talk
from tests.school_year.phrases import Phrases
from tests.school_year.plan import Day, Plan, Telling
from tests.school_year.staff import Staff

TERMS = (
    Term(name="Autumn 1", first=date(2026, 9, 3), last=date(2026, 10, 23)),
    Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
    Term(name="Spring 1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
    Term(name="Spring 2", first=date(2027, 2, 22), last=date(2027, 3, 25)),
    Term(name="Summer 1", first=date(2027, 4, 12), last=date(2027, 5, 28)),
    Term(name="Summer 2", first=date(2027, 6, 7), last=date(2027, 7, 21)),
)
INSET = (date(2026, 11, 2), date(2027, 1, 4), date(2027, 6, 7))
SNOW = date(2027, 1, 20)
NEWS_EVERY = 15
FRIDAY = 4
# When something of the school's own may have gone out, so that whoever got it can answer in time.
STOPS = (time(7, 45), time(9, 25), time(9, 40), time(9, 55), time(13, 25), time(13, 40), time(15, 45), time(19, 0))
STRANGERS = ("+447700900990", "+447700900991", "+447700900992")
UNKNOWN = ("is this the school? my son is ill today", "Hi its mum, new phone", "Your parcel waits, pay the fee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is played: pupils, the first and the last day, the seed of all lots, and how often anything happens."""

    pupils: int = 1000
    first: date = TERMS[0].first
    last: date = TERMS[-1].last
    seed: int = 1
    rate: float = 1.0


# The first two weeks of a small school in which much happens, for the tests and the planted faults.
SMALL = Scale(pupils=60, last=date(2026, 9, 14), rate=4.0)


class Year:
    """A year under way; `play` runs it to its end."""

    def __init__(self, folder: Path, scale: Scale) -> None:
        self.scale = scale
        self.lots = random.Random(scale.seed)
        self.families: list[Family] = made_up(scale.pupils, self.lots)
        self.days = _school_days(scale.first, scale.last)
        self.door = Door(folder, self.families, terms=TERMS, closed=list(INSET))
        kinds, phrases = Kinds(), Phrases()
        self.book = Book(self.families, kinds)
        self.plan = Plan(self.families, self.lots, phrases, self.days, snow=SNOW, rate=scale.rate)
        self.staff = Staff(self.door, self.book, self.families, self.days, self.lots)
        self.phrases = phrases
        self.parents = Parents(self.door, self.book, self.plan, phrases, kinds, self.lots, self.later)
        self.leave = Leave(self.families, self.plan, self.book, self.parents, self.days, self.lots)
        self.seconds, self.played = 0.0, 0
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def play(self, told: Callable[[str], None] = lambda _: None) -> Book:
        """Every school day in turn; `told` hears of each week."""
        started = perf_counter()
        for number, day in enumerate(self.days):
            self._day(day, number)
            self.seconds, self.played = perf_counter() - started, number + 1
            if day.weekday() == FRIDAY:
                told(f"{day} {self.seconds:.0f} s, {sum(self.book.texts.values())} texts sent")
        return self.book

    def close(self) -> None:
        """Lets go of the house."""
        self.door.close()

    def later(self, at: datetime, act: Callable[[], None]) -> None:
        """Puts something off to a moment; what has passed happens at the next one."""
        heapq.heappush(self._events, (at, next(self._numbers), act))

    # A day ------------------------------------------------------------------------------------

    def _day(self, day: date, number: int) -> None:
        plan = self.plan.day(day)
        if plan.snow or plan.incident == "closure_not_entered":
            self.book.closed.add(day)
        self.book.states.update({(key, day): state for key, state in plan.states.items()})
        for telling in plan.tellings:
            self.later(telling.at, lambda telling=telling: self._tell(telling))  # type: ignore[misc]
        if plan.snow:
            self.later(moment(day, time(6, 30)), lambda: self._snow(day))
        else:
            self._school_day(plan, number)
        for at in STOPS:
            self.later(moment(day, at), lambda: None)
        self._run()

    def _school_day(self, plan: Day, number: int) -> None:
        staff, day = self.staff, plan.day
        at = lambda hour, minute: moment(day, time(hour, minute))  # noqa: E731
        if plan.incident != "trip_not_entered":
            self.later(at(8, 0), lambda: staff.enter_trip(plan))
        self._registers(plan)
        if day not in self.book.closed:
            self._arrivals(plan)
        self.later(at(9, 27), lambda: staff.look_at_holds(plan))
        self.later(at(10, 40), lambda: staff.code(plan, "AM"))
        self.later(at(11, 30), lambda: staff.note_sent_home(plan))
        if day not in self.book.closed:
            self.later(at(10, 0), lambda: staff.put_right(plan))
            self.later(at(13, 6), lambda: staff.register(plan, "PM", staff.classes))
            self.later(at(13, 27), lambda: staff.look_at_holds(plan))
            self.later(at(14, 0), lambda: staff.code(plan, "PM"))
        self.later(at(14, 20), staff.decide)
        self.later(at(14, 40), lambda: staff.read_items(day))
        self.later(at(14, 41), lambda: staff.write_off(day))
        self.later(at(15, 0), staff.read_worries)
        if number % NEWS_EVERY == 4:
            self.later(at(12, 15), lambda: staff.tell_all("news"))
        if any(day == next(each for each in self.days if each >= term.first) for term in TERMS
               if self.days[0] < term.first <= self.days[-1]):  # fmt: skip
            self.later(at(10, 20), staff.send_update)
        self._odd_texts(plan, number)
        self.leave.ask(day, self.later)
        self.later(at(16, 20), lambda: staff.read_items(day))
        self.later(at(16, 21), lambda: staff.look_for_lost(plan))

    def _registers(self, plan: Day) -> None:
        """Half of the classes, then the others; one is late now and then, and seven days go wrong."""
        staff, day, classes = self.staff, plan.day, self.staff.classes
        at = lambda hour, minute: moment(day, time(hour, minute))  # noqa: E731
        half = len(classes) // 2
        match plan.incident:
            case "late_register" | "half_import":
                first = [] if plan.incident == "late_register" else classes[: len(classes) // 3]
                self.later(at(9, 5), lambda: staff.register(plan, "AM", first))
                self.later(at(9, 48), lambda: staff.register(plan, "AM", classes))
            case "closure_not_entered":
                self.later(at(9, 5), lambda: staff.register(plan, "AM", classes, wrong=True))
                self.later(at(9, 50), lambda: self._closed(plan))
            case "trip_not_entered":
                rest = [name for name in classes if name not in plan.trips]
                self.later(at(9, 5), lambda: staff.register(plan, "AM", rest))
                self.later(at(9, 6), lambda: staff.register(plan, "AM", plan.trips, wrong=True))
                self.later(at(9, 50), lambda: staff.register(plan, "AM", plan.trips))
            case "stale_import":
                self.later(at(7, 30), lambda: staff.register(plan, "AM", classes, wrong=True))
                self.later(at(9, 48), lambda: staff.register(plan, "AM", classes))
            case other:
                late = classes[-1:] if other == "class_unmarked" or self.lots.random() < 0.2 else []
                rest = [name for name in classes if name not in late]
                self.later(at(8, 58), lambda: staff.register(plan, "AM", rest[:half]))
                self.later(at(9, 6), lambda: staff.register(plan, "AM", rest[half:]))
                self.later(at(9, 44), lambda: staff.register(plan, "AM", late))
                if other == "wrong_group":
                    self.later(at(9, 20), lambda: staff.chase_by_hand(plan))

    def _closed(self, plan: Day) -> None:
        """Staff find that nobody was to come: the day is entered, and no mark stays without its reason."""
        self.door.close_day(plan.day)
        children = [child for family in self.families for child in family.children]
        self.staff.put(plan.day, "AM", dict.fromkeys(children, "#"))

    def _arrivals(self, plan: Day) -> None:
        late: dict[time, list[str]] = {}
        for key, state in plan.states.items():
            if state.comes is not None:
                late.setdefault(state.comes, []).append(key)
        for comes, keys in late.items():
            children = [self.book.children[key] for key in keys]
            at = max(moment(plan.day, comes), moment(plan.day, time(9, 7)))
            self.later(at, lambda children=children: self.staff.arrivals(plan, children))  # type: ignore[misc]

    def _snow(self, day: date) -> None:
        self.door.close_day(day)
        self.staff.tell_all("closure")

    # Texts ------------------------------------------------------------------------------------

    def _tell(self, telling: Telling) -> None:
        said = Said(self.door.now, telling.adult, telling.words, expected=telling.expected)
        self.book.tell(said, telling.child, list(telling.days))
        self.parents.talk(telling.adult, Talk(self.door.now, telling.child, telling.kind, said, days=telling.days))
        self.parents.write(telling.adult, telling.words)
        if telling.reason == "bereavement":
            self.book.mourning.setdefault(telling.adult.family, telling.at)

    def _odd_texts(self, plan: Day, number: int) -> None:
        """Strangers, the barred, questions about figures, worries, and a return after STOP."""
        lots, day = self.lots, plan.day
        if lots.random() < 0.3:
            sender, words = lots.choice(STRANGERS), lots.choice(UNKNOWN)
            self.later(moment(day, time(8, 20)), lambda: self.door.text("sms", sender, words))
        adults = [adult for family in self.families for adult in family.adults]
        barred = [adult for adult in adults if adult.kind == "barred"]
        if barred and (lots.random() < 0.3 or number == 0):
            self.later(moment(day, time(11, 0)), lambda: self._barred(lots.choice(barred)))
        self.later(moment(day, time(12, 40)), lambda: self._query(lots.choice(adults)))
        mothers = [adult for adult in adults if adult.kind == "first"]
        by_text = [adult for adult in mothers if not adult.chat]
        if lots.random() < 0.04 or number == 1:
            self.later(moment(day, time(12, 50)), lambda: self._worry(lots.choice(mothers)))
        if number == 0:
            self.later(moment(day, time(12, 55)), lambda: self._stop(lots.choice(by_text)))
        stopped = [adult for adult in adults if adult.stopped]
        if stopped and lots.random() < 0.05:
            self.later(moment(day, time(18, 0)), lambda: self._start(stopped[0]))

    def _barred(self, adult: Adult) -> None:
        name = self.book.of_family[adult.family].children[0].name
        self.parents.write(adult, self.lots.choice((f"is {name} in school today?", f"{name} is ill today")))

    def _query(self, adult: Adult) -> None:
        if adult.kind in ("barred", "gran") or adult.stopped:
            return
        child = self.lots.choice(self.book.of_family[adult.family].children)
        self.parents.write(adult, self.phrases.query(self.lots, adult.language).said_of(child.name))

    def _worry(self, adult: Adult) -> None:
        if adult.kind in ("barred", "gran") or adult.stopped or adult.wrong:
            return
        self.parents.write(adult, self.lots.choice(self.phrases.worries[adult.language]))
        self.book.held.setdefault(adult.family, self.door.now)

    def _stop(self, adult: Adult) -> None:
        adult.stopped = True
        self.parents.write(adult, "STOP")
        self.book.stop(adult, self.door.now)

    def _start(self, adult: Adult) -> None:
        adult.stopped = False
        self.book.start(adult)
        self.parents.write(adult, "START")

    # The clock --------------------------------------------------------------------------------

    def _run(self) -> None:
        """Everything in its order: the clock goes on, what has left is seen, what is due is done, and what follows."""
        while self._events:
            at = max(step(self._events[0][0]), self.door.now)
            self.door.put_clock(at)
            self._see()
            while self._events and self._events[0][0] <= at:
                heapq.heappop(self._events)[2]()

    def _see(self) -> None:
        for message in self.door.sent():
            self.book.see(message)
            self.parents.react(message)


def _school_days(first: date, last: date) -> list[date]:
    closed = set(INSET) | set(bank_holidays(first, last))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        day
        for day in days
        if day.weekday() <= FRIDAY and day not in closed and any(term.first <= day <= term.last for term in TERMS)
    ]
