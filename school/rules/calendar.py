"""The school's calendar: which days are school days, their sessions and times, and when the office is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from school.rules.day_times import DayTimes, Session

__all__ = ["Calendar", "CalendarEnds", "DayTimes", "Session", "Term", "weekdays_only"]

SATURDAY = 5

# No search looks further than a school year and a summer holiday, so that "off for 99999 days" ends at once.
HORIZON = timedelta(days=400)


class CalendarEnds(LookupError):  # noqa: N818  it says what happened, not that somebody erred
    """No such school day within 400 days: the school's term dates are not known that far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A stretch of term time, both days included; half-terms are two of these. Raises ValueError if it ends first."""

    first: date
    last: date
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a term ends on {self.last}, before it begins on {self.first}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One school's days. Each school has its own: academies and aided schools set their own dates.

    `terms` None means that no term dates are known, so that every weekday not closed is a school day; an empty
    tuple means that there are none. `closed` holds what is marked `#` or Y4 for the whole school: INSET days, bank
    holidays, closures. A `year` is the school's own name for a year group, as its records have it; "" is the
    school as a whole. The most special times win: those of a day, then of a year group, then the school's.
    """

    terms: tuple[Term, ...] | None = None
    closed: frozenset[date] = frozenset()
    closed_by_year: Mapping[str, frozenset[date]] = field(default_factory=dict)
    times: DayTimes = field(default_factory=DayTimes)
    times_by_year: Mapping[str, DayTimes] = field(default_factory=dict)
    times_by_day: Mapping[date, DayTimes] = field(default_factory=dict)
    timezone: str = "Europe/London"

    # Days -------------------------------------------------------------------------------------

    def is_school_day(self, day: date, *, year: str = "") -> bool:
        """Whether pupils (of that year group) are expected: a weekday in term that is not closed."""
        if day.weekday() >= SATURDAY or day in self.closed or day in self.closed_by_year.get(year, ()):
            return False
        return self.terms is None or any(term.first <= day <= term.last for term in self.terms)

    def covers(self, day: date) -> bool:
        """Whether term dates are known around `day`, so that a day out of term is a holiday and not a blank."""
        if self.terms is None:
            return True
        return any(term.first <= day for term in self.terms) and any(day <= term.last for term in self.terms)

    def next_school_day(self, day: date, *, year: str = "") -> date:
        """The first school day strictly after `day`; raises CalendarEnds."""
        return next(self._onwards(day, 1, year=year))

    def previous_school_day(self, day: date, *, year: str = "") -> date:
        """The last school day strictly before `day`; raises CalendarEnds."""
        return next(self._onwards(day, -1, year=year))

    def on_or_after(self, day: date, *, year: str = "") -> date:
        """`day` if it is a school day, else the next one; raises CalendarEnds."""
        return day if self.is_school_day(day, year=year) else self.next_school_day(day, year=year)

    def school_days(self, first: date, last: date, *, year: str = "") -> tuple[date, ...]:
        """The school days from `first` to `last`, both included; none where `last` is earlier."""
        span = range((last - first).days + 1)
        return tuple(day for day in (first + timedelta(days=n) for n in span) if self.is_school_day(day, year=year))

    def sessions(self, first: date, last: date, *, year: str = "") -> tuple[tuple[date, Session], ...]:
        """The sessions from the morning of `first` to the afternoon of `last`, in order: two for each school day."""
        return tuple((day, session) for day in self.school_days(first, last, year=year) for session in Session)

    def last_of(self, first: date, count: int, *, year: str = "") -> date:
        """The last of `count` school days, counted from `first` (or from the first school day after it).

        "off 3 days" said on a Thursday ends on Monday. Raises ValueError for a count below 1, and CalendarEnds.
        """
        if count < 1:
            raise ValueError("there is no last one of fewer than one school day")
        if self.is_school_day(first, year=year):
            count -= 1
            if count == 0:
                return first
        found = self._onwards(first, 1, year=year)
        for _ in range(count - 1):
            next(found)
        return next(found)

    def _onwards(self, day: date, step: int, *, year: str) -> Iterator[date]:
        """School days after `day` (before it, for a step of -1), ending in CalendarEnds."""
        for distance in range(1, HORIZON.days + 1):
            try:
                candidate = day + timedelta(days=step * distance)
            except OverflowError:
                break
            if self.is_school_day(candidate, year=year):
                yield candidate
        raise CalendarEnds(f"no school day within {HORIZON.days} days of {day}")

    # Times ------------------------------------------------------------------------------------

    def times_on(self, day: date, *, year: str = "") -> DayTimes:
        """The times that hold for that year group on that day."""
        return self.times_by_day.get(day) or self.times_by_year.get(year) or self.times

    def missed_sessions(
        self, day: date, *, leaves: time | None, returns: time | None, year: str = ""
    ) -> tuple[Session, ...]:
        """The sessions whose register a child misses who is away from `leaves` until `returns`.

        Care rule 30: a session is missed only by a child who is away all the while its register is open. One who
        leaves after it opened was present, and one who is back before it closes is late (L), which is present.
        `leaves` None: away from the start of the day; `returns` None: not back that day. `leaves` is when the
        child leaves school, not the time of the appointment (`absence_times` has that). Times that contradict
        each other, back before away, miss nothing; nor does a day that is no school day.
        """
        if not self.is_school_day(day, year=year):
            return ()
        times = self.times_on(day, year=year)

        def is_missed(session: Session) -> bool:
            opens, closes = times.register(session)
            return (leaves is None or leaves <= opens) and (returns is None or returns >= closes)

        return tuple(session for session in Session if is_missed(session))

    def moment(self, day: date, at: time) -> datetime:
        """A local time of a day as an aware datetime in the school's zone.

        An hour that comes twice (October) is the first of the two; one that the clocks skip (March) moves on by
        the hour that was skipped.
        """
        zone = ZoneInfo(self.timezone)
        return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)

    def local(self, at: datetime) -> datetime:
        """An aware moment in the school's own time; raises ValueError for a naive one."""
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone could be any hour")
        return at.astimezone(ZoneInfo(self.timezone))

    def is_open(self, at: datetime, *, opens: time, closes: time) -> bool:
        """Whether somebody reads messages at that moment: office hours of a school day, `closes` excluded.

        Holidays and INSET days count as closed (care rule 7). Raises ValueError for an office that never opens.
        """
        if opens >= closes:
            raise ValueError(f"office hours cannot end at {closes}, having begun at {opens}")
        here = self.local(at)
        return self.is_school_day(here.date()) and opens <= here.time() < closes

    def next_opening(self, at: datetime, *, opens: time, closes: time) -> datetime:
        """When the office next opens, strictly after `at`, in the school's zone; raises CalendarEnds.

        While it is open that is the next school day's opening, so ask `is_open` first.
        """
        if opens >= closes:
            raise ValueError(f"office hours cannot end at {closes}, having begun at {opens}")
        today = self.local(at).date()
        opening = self.moment(today, opens)
        # Compared in UTC: two times of one zone compare by their clock faces, which October shows twice.
        if self.is_school_day(today) and at.astimezone(UTC) < opening.astimezone(UTC):
            return opening
        return self.moment(self.next_school_day(today), opens)


def weekdays_only(closed: Iterable[date] = (), times: DayTimes | None = None) -> Calendar:
    """A calendar for a school whose term dates are not known: every weekday except the `closed` ones."""
    return Calendar(terms=None, closed=frozenset(closed), times=times or DayTimes())
