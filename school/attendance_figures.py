"""How often a child was away: counted from the register for those who may be told, and given back as a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.prompt_pauses import mourning
from school.reaching import push_to
from school.records.absence_queries import standing_between
from school.records.attendance import RegisterMark
from school.records.messaging import Thread
from school.records.people import Pupil, School
from school.records.prompt_queries import siblings
from school.records.pupil_queries import pupils_by_id
from school.records.register_queries import marks_between
from school.rules.attendance import Tally, tally
from school.rules.calendar import Calendar, Session, Term
from school.rules.codes import Code, parse
from school.rules.terms import school_year, term_of
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items

FLOW = "attendance"
NO_REASON = "N"
BEREAVEMENT = "bereavement"
# What one message holds; a larger family gets another.
MOST_IN_ONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One child's sessions so far: this term's (None where no term is known) and this school year's.

    `no_reason` counts the year's N marks of which nobody has said why. All are sessions, halves of a day.
    """

    pupil_id: str
    term: Tally | None
    year: Tally
    no_reason: int

    @property
    def is_counted(self) -> bool:
        """Whether there is anything to count: a session that was marked."""
        return self.year.possible + self.year.not_possible > 0

    def as_fills(self) -> list[Any]:
        """As a push carries it: id, sessions missed this term and this year, lates, without reason, unmarked."""
        term = None if self.term is None else self.term.absent
        return [self.pupil_id, term, self.year.absent, self.year.late, self.no_reason, self.year.unmarked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Somebody asked how often these children were away; whom they may be told of was looked at already."""

    thread: Thread
    pupil_ids: tuple[str, ...]
    message_id: str
    contact_id: str | None = None


def figures(
    session: DatabaseSession, school_id: str, pupil_ids: Collection[str], *, now: datetime
) -> dict[str, Figures]:
    """Each pupil's figures up to now: sessions whose register has closed and was not marked are missing data.

    Pupils of another school are left out. A mark on a day that is no school day counts for nothing.
    """
    calendar = calendar_of(session, school_id)
    local = calendar.local(now)
    year, term = school_year(local.date()), term_of(calendar, local.date())
    pupils = pupils_by_id(session, school_id, pupil_ids)
    marks: dict[str, dict[tuple[date, Session], RegisterMark]] = defaultdict(dict)
    for mark in marks_between(session, school_id, pupils, year.first, local.date()):
        marks[mark.pupil_id][mark.day, Session(mark.session)] = mark
    explained = {
        (absence.pupil_id, absence.day, Session(absence.session))
        for absence, _ in standing_between(session, school_id, sorted(pupils), year.first, local.date())
        if absence.explained
    }
    return {
        pupil_id: _figures(pupil, marks[pupil_id], explained, _expected(calendar, pupil, year, local), term)
        for pupil_id, pupil in pupils.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One child's sessions of a stretch of days, in order: the code of each (None: not marked), and their tally."""

    codes: tuple[Code | None, ...]
    tally: Tally


def counted(
    session: DatabaseSession, school_id: str, pupils: Iterable[Pupil], first: date, last: date, *, now: datetime
) -> dict[str, Counted]:
    """What the register says of each pupil from `first` to `last`, as far as its sessions are over by now."""
    calendar = calendar_of(session, school_id)
    local = calendar.local(now)
    by_id = {each.id: each for each in pupils}
    marks: dict[str, dict[tuple[date, Session], RegisterMark]] = defaultdict(dict)
    for mark in marks_between(session, school_id, by_id, first, min(last, local.date())):
        marks[mark.pupil_id][mark.day, Session(mark.session)] = mark
    found = {}
    for pupil_id, pupil in by_id.items():
        own = _codes(marks[pupil_id], _expected(calendar, pupil, Term(first=first, last=last), local))
        found[pupil_id] = Counted(codes=tuple(own.values()), tally=tally(own.values()))
    return found


def _expected(calendar: Calendar, pupil: Pupil, year: Term, local: datetime) -> list[tuple[date, Session]]:
    """The sessions so far whose register has closed."""
    found = []
    for day, half in calendar.sessions(year.first, min(year.last, local.date()), year=pupil.year):
        closes = calendar.times_on(day, year=pupil.year).register(half)[1]
        if day < local.date() or closes <= local.time():
            found.append((day, half))
    return found


def _figures(
    pupil: Pupil,
    marks: dict[tuple[date, Session], RegisterMark],
    explained: set[tuple[str, date, Session]],
    expected: Sequence[tuple[date, Session]],
    term: Term | None,
) -> Figures:
    codes = _codes(marks, expected)
    return Figures(
        pupil_id=pupil.id,
        year=tally(codes.values()),
        term=None if term is None else tally(code for (day, _), code in codes.items() if day >= term.first),
        no_reason=sum(
            code is not None and code.mark == NO_REASON and (pupil.id, *each) not in explained
            for each, code in codes.items()
        ),
    )


def _codes(
    marks: dict[tuple[date, Session], RegisterMark], expected: Sequence[tuple[date, Session]]
) -> dict[tuple[date, Session], Code | None]:
    """The code of each session; before a child's first mark it was not here yet, so nothing is missing there."""
    first = min((day for day, _ in marks), default=None)
    here = [each for each in expected if first is not None and each[0] >= first]
    return {each: parse(marks[each].code, on=each[0]) if each in marks else None for each in here}


def answer(session: DatabaseSession, questions: Sequence[Question], *, now: datetime) -> None:
    """Puts the figures in line for each thread that asked; a person answers where there is nothing to count.

    So does one after a death in the family: totals are off then (care rule 17).
    """
    notes = []
    for question in questions:
        school_id = question.thread.school_id
        found = figures(session, school_id, question.pupil_ids, now=now)
        mourning = bereaved(session, school_id, question.pupil_ids, now=now)
        ready = [each for each in question.pupil_ids if each not in mourning and each in found]
        counted = [found[each] for each in ready if found[each].is_counted]
        for start in range(0, len(counted), MOST_IN_ONE):
            fills = {"figures": [each.as_fills() for each in counted[start : start + MOST_IN_ONE]]}
            push_to(session, question.thread, flow=FLOW, purpose="reply", fills=fills, now=now)
        if left := tuple(sorted(set(question.pupil_ids) - {each.pupil_id for each in counted})):
            push_to(session, question.thread, flow="attendance_person", purpose="reply", now=now)
            notes.append(
                StaffNote(
                    school_id=school_id,
                    why="attendance_query",
                    topic="attendance_query",
                    thread_id=question.thread.id,
                    message_id=question.message_id or None,
                    contact_id=question.contact_id,
                    pupil_ids=left,
                )
            )
    raise_items(session, notes, now=now)


def bereaved(
    session: DatabaseSession, school_id: str, pupil_ids: Collection[str], *, now: datetime, since: date | None = None
) -> set[str]:
    """The pupils in whose family a death was told: lately or for days to come, and until staff lift it; siblings too.

    `since`: lately is from that day on at least.
    """
    school = session.get_one(School, school_id)
    today = calendar_of(session, school_id).local(now).date()
    quiet = today - timedelta(days=settings_of(school).quiet_after_bereavement_days)
    since = min(since or quiet, quiet)
    ahead = today + timedelta(days=366)
    family = siblings(session, school_id, pupil_ids)
    rows = standing_between(session, school_id, sorted(family), since, ahead)
    lately = {absence.pupil_id for absence, _ in rows if absence.reason_category == BEREAVEMENT}
    return set(pupil_ids) & (siblings(session, school_id, lately) | mourning(session, school_id))
