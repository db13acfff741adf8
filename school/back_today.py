"""Back today? On the morning of the expected return, one question to whoever said so last and may be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.ledger import SYSTEM
from school.morning import ASKED_BACK, WITH_ADULT
from school.notes import NewNote, add_notes
from school.prompt_pauses import paused
from school.reaching import Start, Started, Unreached, start
from school.records.absence_queries import standing_statements
from school.records.attendance import Absence, Statement
from school.records.chase_queries import absences_between, notes_of, roll
from school.records.family_queries import rights_for
from school.records.leave_queries import asked_on
from school.records.people import Pupil
from school.records.unsettled_queries import unsettled_on
from school.rules.calendar import Calendar, CalendarEnds, Session
from school.rules.helping import stands
from school.rules.illness_clock import ask_on

SICKNESS = "sickness"
# An illness whose clock puts the question off ended at most so many school days before.
LOOKS_BACK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A child who may be back: the last session of the illness, and whom to ask."""

    pupil: Pupil
    last: Absence
    contact_id: str


def ask_back_today(
    session: DatabaseSession, school_id: str, day: date, *, now: datetime, until: datetime
) -> tuple[tuple[Started, ...], tuple[Unreached, ...]]:
    """Asks about every child whose expected return is `day`, siblings of one contact in one message.

    Never after bereavement, suspension, hospital or mental health (care rule 20), nor where anybody has said
    something of that day already. After `until` the question is of no use any more.
    """
    by_contact: dict[str, list[str]] = defaultdict(list)
    for each in expected(session, school_id, day):
        by_contact[each.contact_id].append(each.pupil.id)
    starts = [
        Start(
            school_id=school_id,
            contact_id=contact,
            flow="back_today",
            purpose="back_today",
            pupil_ids=tuple(sorted(pupils)),
            fills={"who": sorted(pupils)},
            until=until,
        )
        for contact, pupils in sorted(by_contact.items())
    ]
    started, unreached = start(session, starts, now=now)
    asked = [
        NewNote(school_id=school_id, pupil_id=pupil_id, day=day, kind=ASKED_BACK, by=SYSTEM)
        for each in started
        for pupil_id in each.start.pupil_ids
    ]
    add_notes(session, asked, now=now)
    return started, unreached


def expected(session: DatabaseSession, school_id: str, day: date) -> list[Expected]:
    """The children of whom it is asked on that day whether they are back."""
    calendar = calendar_of(session, school_id)
    first = _school_days_before(calendar, day, LOOKS_BACK)
    if first is None:
        return []
    by_pupil: dict[str, list[Absence]] = defaultdict(list)
    for absence in absences_between(session, school_id, first, day):
        by_pupil[absence.pupil_id].append(absence)
    noted = {each.pupil_id for each in notes_of(session, school_id, [day]) if each.kind == WITH_ADULT}
    # Care rule 17: after a death nobody of the family is asked, until staff lift that.
    noted |= paused(session, school_id)
    # Nobody is asked twice: who asked for leave of that day, whatever the head said; who told of it as of days before,
    # or did not answer what we asked. Where our question is fresh they are in the middle of something, and this waits.
    noted |= asked_on(session, school_id, day, Session.AM.value)
    unsettled = unsettled_on(session, school_id, day)
    noted |= {pupil_id for pupil_id, each in unsettled.items() if each.with_staff or each.first < day}
    pupils = {each.id: each for each in roll(session, school_id, day) if each.id not in noted}
    ready = {
        pupil_id: rows[-1]
        for pupil_id, rows in by_pupil.items()
        if pupil_id in pupils and _is_expected(rows, day, calendar, pupils[pupil_id])
    }
    told = standing_statements(session, ready.values())
    may = _who_may(session, school_id, told, ready.values(), day)
    found = []
    for pupil_id, last in sorted(ready.items()):
        said = [(each.at, each.contact_id) for each in told.get(last.id, []) if each.contact_id]
        asked = next((contact for _, contact in reversed(said) if (contact, pupil_id) in may), None)
        if asked is not None and _asks(said[-1][0], last, day, calendar, pupils[pupil_id]):
            found.append(Expected(pupil=pupils[pupil_id], last=last, contact_id=asked))
    return found


def _who_may(
    session: DatabaseSession,
    school_id: str,
    told: Mapping[str, Sequence[Statement]],
    absences: Iterable[Absence],
    day: date,
) -> set[tuple[str, str]]:
    """Who of those who said it may still be asked, as (contact, pupil): rights go, and a helper is told nothing."""
    pairs = {
        (school_id, each.contact_id, absence.pupil_id)
        for absence in absences
        for each in told.get(absence.id, ())
        if each.contact_id
    }
    return {
        (contact_id, pupil_id)
        for (_, contact_id, pupil_id), right in rights_for(session, pairs).items()
        if right.may_report and right.may_be_told and not right.no_contact and stands(right.report_until, day)
    }


def _is_expected(rows: list[Absence], day: date, calendar: Calendar, pupil: Pupil) -> bool:
    """An illness that ended before that day, of a child of whom nothing is said for it."""
    last = rows[-1]
    return last.day < day and last.kind == SICKNESS and calendar.is_school_day(day, year=pupil.year)


def _asks(told_at: datetime, last: Absence, day: date, calendar: Calendar, pupil: Pupil) -> bool:
    try:
        on = ask_on(calendar, last_day=last.day, category=last.reason_category, told_at=told_at, year=pupil.year)
    except CalendarEnds:
        return False
    return on == day


def _school_days_before(calendar: Calendar, day: date, count: int) -> date | None:
    try:
        for _ in range(count):
            day = calendar.previous_school_day(day)
    except CalendarEnds:
        return None
    return day
