"""Stretches of days, as a frame keeps them: pairs of a first and a last day, the last empty where no end is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.acts import Days, Json
from school.rules.calendar import Calendar, CalendarEnds

# What one text may hold: more stretches than the days of a school week are for a person to read.
MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row, both ends included; `last` None while the end is open."""

    first: date
    last: date | None

    @property
    def known_last(self) -> date:
        """The last day that is sure: the first one while the end is open."""
        return self.first if self.last is None else self.last


def stretches(value: Json) -> tuple[Stretch, ...]:
    """Reads what a frame keeps; () for anything that is not a list of stretches."""
    if not isinstance(value, list):
        return ()
    found = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            return ()
        try:
            first = date.fromisoformat(str(pair[0]))
            last = date.fromisoformat(str(pair[1])) if pair[1] else None
        except ValueError:
            return ()
        if last is not None and last < first:
            return ()
        found.append(Stretch(first=first, last=last))
    return tuple(found)


def kept(found: Iterable[Stretch]) -> Json:
    """How a frame keeps stretches, as JSON."""
    return [[each.first.isoformat(), each.last.isoformat() if each.last else ""] for each in found]


def single(day: date) -> Json:
    """One day, as a frame keeps it."""
    return kept([Stretch(first=day, last=day)])


def joined(held: tuple[Stretch, ...], days: Days, role: str, *, today: date, calendar: Calendar, year: str) -> Json:
    """What a frame holds once more days were said; None where the two cannot go together.

    `today` is the first day that is meant where none is said ("back Thursday", "off since Tuesday").
    """
    if days.first is None:
        return _until(held, days, today=today)
    if days.open_ended or (days.last is None and role == "from"):
        new = Stretch(first=days.first, last=None)
    elif days.last is None:
        new = Stretch(first=days.first, last=max(days.first, today) if role == "since" else days.first)
    else:
        new = Stretch(first=min(days.first, days.last), last=max(days.first, days.last))
    return kept(_union([*held, new], calendar, year)[:MOST])


def _until(held: tuple[Stretch, ...], days: Days, *, today: date) -> Json:
    """An end alone: it closes or lengthens the last stretch, or ends one that begins today."""
    if days.last is None:
        if not held:
            return kept([Stretch(first=today, last=None)]) if days.open_ended else None
        return kept([*held[:-1], Stretch(first=held[-1].first, last=None)])
    if not held:
        return kept([Stretch(first=min(today, days.last), last=days.last)])
    final = held[-1]
    if days.last < final.first:
        return None
    last = days.last if final.last is None else max(final.last, days.last)
    return kept([*held[:-1], Stretch(first=final.first, last=last)])


def _union(found: list[Stretch], calendar: Calendar, year: str) -> list[Stretch]:
    """In order, with those that overlap or follow each other on school days made one."""
    ordered = sorted(found, key=lambda each: (each.first, each.known_last))
    result: list[Stretch] = []
    for each in ordered:
        if result and _touch(result[-1], each, calendar, year):
            before = result.pop()
            last = None if before.last is None or each.last is None else max(before.last, each.last)
            result.append(Stretch(first=before.first, last=last))
        else:
            result.append(each)
    return result


def _touch(before: Stretch, after: Stretch, calendar: Calendar, year: str) -> bool:
    if before.last is None or after.first <= before.last + timedelta(days=1):
        return True
    try:
        return after.first <= calendar.next_school_day(before.last, year=year)
    except CalendarEnds:
        return False


def school_days(found: Iterable[Stretch], calendar: Calendar, *, year: str) -> tuple[date, ...]:
    """The school days of all stretches, in order; of one whose end is open, only the first is sure."""
    days = {day for each in found for day in calendar.school_days(each.first, each.known_last, year=year)}
    return tuple(sorted(days))
