"""Which day a date word means: next Tuesday, the 3rd, 12/3, counted from the moment a text was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from school.rules.calendar import Calendar, CalendarEnds, weekdays_only

MONDAY, FRIDAY, SATURDAY = 0, 4, 5
# A date without a year is ahead of us; in the past tense it may lie up to this far back.
LOOK_BACK = timedelta(days=60)
# Nobody tells of a day so far ahead where the same day is just behind.
LOOK_AHEAD = timedelta(days=300)
AFTERNOON = time(15, 0)
# Nobody lists more days one by one; what goes beyond is junk.
MOST_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a text was written, whether it tells of what is past or of what will be, and the school's calendar."""

    today: date
    now: time
    past: bool
    calendar: Calendar
    future: bool = False

    @property
    def start(self) -> date:
        """The first day meant where none is said: today until three on a school day, else the next school day."""
        ahead = self.today if self.now < AFTERNOON else self.today + timedelta(days=1)
        return self.calendar.on_or_after(ahead)

    @property
    def likely(self) -> date:
        """The same day, or today where the calendar has no school day left."""
        try:
            return self.start
        except CalendarEnds:
            return self.today

    @property
    def monday(self) -> date:
        """The Monday of the week meant by "the week": at the weekend, the coming one."""
        ahead = 7 if self.today.weekday() >= SATURDAY else 0
        return self.today - timedelta(days=self.today.weekday()) + timedelta(days=ahead)

    def back_to(self, day: date) -> date:
        """The last day off of somebody who is back on this day; the day before, where the calendar knows no earlier."""
        try:
            return self.calendar.previous_school_day(day)
        except CalendarEnds:
            return day - timedelta(days=1)

    def after(self, day: date) -> date:
        """The next school day after this one; the day after, where the calendar knows no later."""
        try:
            return self.calendar.next_school_day(day)
        except CalendarEnds:
            return day + timedelta(days=1)

    def last_of(self, first: date, count: int) -> date:
        """The last of so many school days; of so many weekdays, where they outlast the calendar that is known.

        "Two weeks off", said two days before the summer: what is missed of them is missed by then.
        """
        try:
            return self.calendar.last_of(first, max(count, 1))
        except CalendarEnds:
            return weekdays_only().last_of(first, max(count, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A single day, and the other days that the words may mean."""

    day: date
    others: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days in a row, or one day; `others` are other readings. `gaps` are further days that do not follow on."""

    first: date | None
    last: date | None
    role: str = "on"
    others: tuple[tuple[date | None, date | None], ...] = ()
    gaps: tuple[date, ...] = ()
    open_ended: bool = False


def weekday(number: int, moment: Moment) -> Pin:
    """A weekday's bare name: the next one after today, in the past tense the one before; today is open to doubt."""
    ahead = (number - moment.today.weekday() - 1) % 7 + 1
    following = moment.today + timedelta(days=ahead)
    if moment.past:
        return Pin(day=following - timedelta(days=7) if ahead < 7 else moment.today - timedelta(days=7))
    if ahead == 7:
        return Pin(day=following, others=(moment.today,))
    return Pin(day=following)


def weekday_of_week(number: int, moment: Moment, *, weeks: int) -> Pin:
    """A weekday of this week, the next or the last."""
    monday = moment.today - timedelta(days=moment.today.weekday())
    return Pin(day=monday + timedelta(days=number + 7 * weeks))


def qualified(letter: str, number: int, moment: Moment) -> Pin:
    """ "next", "this", "coming" or "last" before a weekday; two readings where speakers differ."""
    soon = moment.today + timedelta(days=(number - moment.today.weekday() - 1) % 7 + 1)
    if letter == "n":
        following = moment.monday + timedelta(days=number + (0 if moment.today.weekday() >= SATURDAY else 7))
        return Pin(day=following, others=(soon,) if soon != following else ())
    if letter == "l":
        before = weekday_of_week(number, moment, weeks=-1).day
        latest = soon - timedelta(days=7) if soon - timedelta(days=7) < moment.today else soon - timedelta(days=14)
        return Pin(day=before, others=(latest,) if latest != before else ())
    if letter == "t" and number == moment.today.weekday():
        return Pin(day=moment.today)
    return Pin(day=soon)


def following(number: int, after: date) -> date:
    """The first such weekday after a day."""
    return after + timedelta(days=(number - after.weekday() - 1) % 7 + 1)


def dated(day: int, month: int, year: int | None, moment: Moment) -> date | None:
    """A day and month, with a year or without; None where there is no such day."""
    years = (year,) if year else (moment.today.year - 1, moment.today.year, moment.today.year + 1)
    able = [made for each in years if (made := real(each, month, day))]
    if year or not able:
        return able[0] if able else None
    earliest = moment.today - LOOK_BACK if moment.past else moment.today
    ahead = [each for each in able if each >= earliest]
    before = [each for each in able if each <= moment.today]
    recent = bool(before) and moment.today - before[-1] <= LOOK_BACK
    # "The 29th of September", said on the 1st of October, is no day of next year.
    if recent and (moment.past or not ahead or ahead[0] - moment.today > LOOK_AHEAD):
        return before[-1]
    return ahead[0] if ahead else None


def day_of_month(day: int, moment: Moment, *, months: int | None = None) -> date | None:
    """ "the 3rd": the nearest ahead, in the past tense the nearest behind; `months` fixes the month."""
    steps = (months,) if months is not None else (0, -1, -2) if moment.past else (0, 1, 2)
    for step in steps:
        index = moment.today.year * 12 + moment.today.month - 1 + step
        found = real(index // 12, index % 12 + 1, day)
        if found and (months is not None or (found <= moment.today if moment.past else found >= moment.today)):
            return found
    return None


def real(year: int, month: int, day: int) -> date | None:
    """The date, if there is such a one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def week(monday: date) -> Span:
    """The school week that begins on a Monday."""
    return Span(first=monday, last=monday + timedelta(days=FRIDAY))


def in_a_row(days: Sequence[date], moment: Moment) -> Span:
    """Days named one by one: one span where they follow on, else a first day and gaps."""
    ordered = sorted(set(days))[:MOST_LISTED]
    last = ordered[0]
    for at, day in enumerate(ordered[1:], start=1):
        if (day - last).days > 1 and moment.calendar.next_school_day(last) < day:
            return Span(first=ordered[0], last=last, gaps=tuple(ordered[at:]))
        last = day
    return Span(first=ordered[0], last=last)
