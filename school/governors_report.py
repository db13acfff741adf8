"""Attendance for governors: by year group, without names, and no figure that tells of a child (care rule 27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from school.attendance_figures import counted
from school.calendars import calendar_of
from school.records.chase_queries import roll
from school.records.people import School
from school.rules.attendance import Band, Tally
from school.rules.suppression import hidden, hidden_counts
from school.rules.terms import school_year, term_of
from school.settings import settings_of

FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of one year group, or of the whole school (`year` None); None is a figure that is not shown.

    `absence_per_mille` is tenths of a percent of possible sessions; pupils without a possible session are not counted.
    """

    year: str | None
    pupils: int | None
    absence_per_mille: int | None
    persistent: int | None
    severe: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of whole weeks, from the first day of a year or a term to the last Friday that is over."""

    first: date
    last: date
    smallest: int
    groups: tuple[Group, ...]


def governors_report(session: Session, school_id: str, *, of_term: bool, now: datetime) -> Report:
    """This school year's figures, or this term's. Whole weeks alone count: a day more would tell of its absentees.

    Where the year or the term has no whole week yet there is no group.
    """
    calendar = calendar_of(session, school_id)
    today = calendar.local(now).date()
    stretch = (term_of(calendar, today) if of_term else None) or school_year(today)
    last = min(stretch.last, today - timedelta(days=(today.weekday() - FRIDAY) % 7 or 7))
    least = settings_of(session.get_one(School, school_id)).figures_smallest_group
    tallies: dict[str, list[Tally]] = defaultdict(list)
    if last >= stretch.first:
        pupils = roll(session, school_id, last)
        by_pupil = counted(session, school_id, pupils, stretch.first, last, now=now)
        for pupil in pupils:
            if by_pupil[pupil.id].tally.possible:
                tallies[pupil.year].append(by_pupil[pupil.id].tally)
    return Report(first=stretch.first, last=last, smallest=least, groups=tuple(_groups(tallies, least)))


def _groups(tallies: Mapping[str, list[Tally]], least: int) -> Iterable[Group]:
    sizes = {year: len(found) for year, found in tallies.items()}
    whole = [each for found in tallies.values() for each in found]
    if len(whole) < least:
        return
    small = hidden(sizes, least=least)
    persistent = _column(tallies, sizes, lambda each: each.band() in {Band.PERSISTENT, Band.SEVERE}, least, small)
    severe = _column(tallies, sizes, lambda each: each.band() is Band.SEVERE, least, small)
    for year in (None, *sorted(tallies)):
        found = whole if year is None else tallies[year]
        is_shown = year is None or year not in small
        yield Group(
            year=year,
            pupils=len(found) if is_shown else None,
            absence_per_mille=sum(found, Tally()).absence_per_mille if is_shown else None,
            persistent=persistent[year],
            severe=severe[year],
        )


def _column(
    tallies: Mapping[str, list[Tally]],
    sizes: Mapping[str, int],
    counts_in: Callable[[Tally], bool],
    least: int,
    small: frozenset[str],
) -> dict[str | None, int | None]:
    """A count of each group and of the whole school (None), those that are not shown None."""
    counts = {year: sum(map(counts_in, found)) for year, found in tallies.items()}
    secret = hidden_counts(counts, sizes, least=least, also=small)
    shown: dict[str | None, int | None] = {year: None if year in secret else n for year, n in counts.items()}
    whole, size = sum(counts.values()), sum(sizes.values())
    # Where every group is hidden and the whole is small, the whole tells of a child as well.
    shown[None] = whole if whole == 0 or (whole >= least and size - whole >= least) else None
    return shown
