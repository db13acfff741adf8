"""Time off in term time: who asks for it, in which words, and who goes all the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time

from tests.school_year.book import Book, Said
from tests.school_year.door import moment
from tests.school_year.families import Family
from tests.school_year.parents import Parents, Talk
from tests.school_year.plan import Plan

SHARE = 0.1
AHEAD, LONGEST = 12, 3
WORDS = "Please can {name} have time off from {first:%-d %B} to {last:%-d %B} for a family wedding abroad"


class Leave:
    """Draws who asks when; a family at most once a year."""

    def __init__(
        self, families: list[Family], plan: Plan, book: Book, parents: Parents, days: list[date], lots: random.Random
    ) -> None:
        self._plan, self._book, self._parents, self._lots, self._days = plan, book, parents, lots, days
        able = range(max(1, len(days) - AHEAD - LONGEST))
        self._asks: dict[date, list[Family]] = {}
        for family in families:
            if lots.random() < SHARE:
                self._asks.setdefault(days[lots.choice(able)], []).append(family)

    def ask(self, day: date, later: Callable[[datetime, Callable[[], None]], None]) -> None:
        """Those who ask today, in the afternoon."""
        for family in self._asks.get(day, ()):
            later(moment(day, time(12, self._lots.randint(20, 35), 30)), lambda family=family: self._write(family, day))  # type: ignore[misc]

    def _write(self, family: Family, day: date) -> None:
        adult, child = family.adults[0], family.children[0]
        if adult.stopped or adult.wrong or len(self._days) <= AHEAD:
            return
        begin = self._days.index(day) + self._lots.randint(3, AHEAD)
        days = self._days[begin : begin + self._lots.randint(1, LONGEST)]
        if not days:
            return
        words = WORDS.format(name=child.name, first=days[0], last=days[-1])
        said = Said(moment(day, time(12, 20)), adult, words)
        if self._lots.random() < 0.7:
            self._plan.away(child, list(days), "leave")
            self._book.tell(said, child, list(days))
        self._parents.talk(adult, Talk(said.at, child, "leave", said))
        self._parents.write(adult, words)
