"""A school's calendar, put together from its terms, its closed days, its times and the bank holidays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.base import new_id
from school.records.calendar_queries import closed_days_of, terms_of, times_of, timezone_of
from school.records.people import ClosedDay, SchoolTimes
from school.records.people import Term as TermRow
from school.rules.bank_holidays import bank_holidays, bank_holidays_in
from school.rules.calendar import Calendar, DayTimes, Term

KINDS = frozenset({"inset", "bank_holiday", "closure", "other"})
# Where no terms are known every weekday counts, so the bank holidays of these years must be known instead.
_WITHOUT_TERMS = (date(2024, 1, 1), date(2035, 12, 31))


class NoSuchSchool(LookupError):  # noqa: N818
    """There is no school with that id."""


def calendar_of(session: Session, school_id: str) -> Calendar:
    """The school's calendar as it stands now. Raises NoSuchSchool.

    Without terms on record every weekday but bank holidays and closed days is a school day: a school that has not
    entered its terms yet can still be told of absences. The times are those of `DayTimes` until it enters its own.
    """
    timezone = timezone_of(session, school_id)
    if timezone is None:
        raise NoSuchSchool("there is no such school")
    terms = tuple(Term(first=row.first, last=row.last, name=row.name) for row in terms_of(session, school_id))
    by_year: dict[str, set[date]] = defaultdict(set)
    for closed in closed_days_of(session, school_id):
        by_year[closed.year].add(closed.day)
    times = {row.year: _times(row) for row in times_of(session, school_id)}
    return Calendar(
        terms=terms or None,
        closed=_bank_holidays(terms) | frozenset(by_year.pop("", ())),
        closed_by_year={year: frozenset(days) for year, days in by_year.items()},
        times=times.pop("", DayTimes()),
        times_by_year=times,
        timezone=timezone,
    )


@lru_cache(maxsize=256)
def _bank_holidays(terms: tuple[Term, ...]) -> frozenset[date]:
    """Worked out once for the same terms: a calendar is made for every set of texts."""
    return bank_holidays_in(terms) if terms else bank_holidays(*_WITHOUT_TERMS)


def _times(row: SchoolTimes) -> DayTimes:
    return DayTimes(**{each.name: getattr(row, each.name) for each in fields(DayTimes)})


def set_times(session: Session, school_id: str, times: DayTimes, *, year: str = "", actor: str, now: datetime) -> None:
    """The times of the school's day; with `year`, those of one year group."""
    session.merge(
        SchoolTimes(school_id=school_id, year=year, **{f.name: getattr(times, f.name) for f in fields(times)})
    )
    _record(session, school_id, actor, "set_times", year or "all", now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A day without sessions for the whole school, or for one `year`; `kind` is one of KINDS."""

    day: date
    kind: str
    year: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """What setting terms and closed days would change."""

    terms_added: tuple[Term, ...]
    terms_removed: tuple[Term, ...]
    closed_added: tuple[Closure, ...]
    closed_removed: tuple[Closure, ...]

    def __bool__(self) -> bool:
        return bool(self.terms_added or self.terms_removed or self.closed_added or self.closed_removed)


def set_calendar(
    session: Session,
    school_id: str,
    *,
    terms: tuple[Term, ...],
    closed: tuple[Closure, ...],
    actor: str,
    now: datetime,
    dry_run: bool = False,
) -> CalendarChange:
    """Makes these the school's terms and closed days, instead of what stood before; gives what that changes.

    Raises ValueError for terms that overlap, a day closed twice, and a kind that is none of KINDS.
    """
    _refuse_nonsense(terms, closed)
    terms_before = {_term(row): row for row in terms_of(session, school_id)}
    closed_before = {_closure(row): row for row in closed_days_of(session, school_id)}
    change = CalendarChange(
        terms_added=tuple(term for term in terms if term not in terms_before),
        terms_removed=tuple(term for term in terms_before if term not in terms),
        closed_added=tuple(day for day in closed if day not in closed_before),
        closed_removed=tuple(day for day in closed_before if day not in closed),
    )
    if not change or dry_run:
        return change
    for gone in (*(terms_before[term] for term in change.terms_removed), *_rows(closed_before, change.closed_removed)):
        session.delete(gone)
    # What goes must be gone before its like comes: the same day may come back with another kind.
    session.flush()
    for term in change.terms_added:
        session.add(TermRow(school_id=school_id, id=new_id(now), name=term.name, first=term.first, last=term.last))
    for day in change.closed_added:
        row = ClosedDay(school_id=school_id, id=new_id(now), day=day.day, year=day.year, kind=day.kind, note=day.note)
        session.add(row)
    session.flush()
    _record(session, school_id, actor, "set_calendar", "all", now)
    return change


def _rows(before: dict[Closure, ClosedDay], gone: tuple[Closure, ...]) -> list[ClosedDay]:
    return [before[day] for day in gone]


def _refuse_nonsense(terms: tuple[Term, ...], closed: tuple[Closure, ...]) -> None:
    ordered = sorted(terms, key=lambda term: term.first)
    for earlier, later in pairwise(ordered):
        if later.first <= earlier.last:
            raise ValueError(f"the term from {later.first} begins before the one from {earlier.first} has ended")
    seen: set[tuple[date, str]] = set()
    for each in closed:
        if each.kind not in KINDS:
            raise ValueError(f"a closed day is one of {', '.join(sorted(KINDS))}")
        if (each.day, each.year) in seen:
            raise ValueError(f"{each.day} is closed twice")
        seen.add((each.day, each.year))


def _term(row: TermRow) -> Term:
    return Term(first=row.first, last=row.last, name=row.name)


def _closure(row: ClosedDay) -> Closure:
    return Closure(day=row.day, kind=row.kind, year=row.year, note=row.note)


def _record(session: Session, school_id: str, actor: str, verb: str, subject_id: str, now: datetime) -> None:
    entry = Entry(school_id=school_id, actor=actor, verb=verb, subject="calendar", subject_id=subject_id)
    record(session, entry, now=now.astimezone(UTC))
