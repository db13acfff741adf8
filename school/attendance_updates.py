"""The half-termly update of days missed: prepared for families below a mark, looked through by staff, then sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school.attendance_figures import BEREAVEMENT, bereaved, counted
from school.calendars import calendar_of
from school.ledger import SYSTEM, Entry, record
from school.reaching import Start, same_people, start
from school.records.base import new_id
from school.records.chase_queries import adults_of, roll
from school.records.people import School
from school.records.safeguarding_queries import held_pupils
from school.records.update_queries import children_of_update, update_of
from school.records.updates import AttendanceUpdate, UpdateChild
from school.rules.budget import OF_USE, in_hours
from school.rules.calendar import Calendar
from school.rules.days_missed import is_below, suggestion
from school.rules.terms import half_term_before
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items

FLOW = "attendance_update"
PREPARED, SENT, DROPPED = "prepared", "sent", "dropped"
WHYS = frozenset({"bereavement", "long_illness", "complex", "held", "other"})


class UpdateRefused(ValueError):  # noqa: N818
    """It cannot be done so; `code` says why: no_term, there_already, ended, not_in_it, no_reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def prepare_update(
    session: DatabaseSession,
    school_id: str,
    *,
    days: tuple[date, date] | None = None,
    actor: str,
    now: datetime,
) -> AttendanceUpdate:
    """Puts together whose families would be told of the half-term that is over, or of the `days` given.

    Nothing is sent. Who is likely bereaved, ill for long or held is left out until staff say otherwise. Raises
    UpdateRefused where no half-term is over, and where an update of these days is there already.
    """
    calendar = calendar_of(session, school_id)
    settings = settings_of(session.get_one(School, school_id))
    first, last = days or _half_term(calendar, now)
    if update_of(session, school_id, first, last) is not None:
        raise UpdateRefused("there_already", "There is an update of these days already.")
    row = AttendanceUpdate(
        school_id=school_id,
        id=new_id(now),
        first=first,
        last=last,
        percent=settings.update_below_percent,
        prepared_at=now,
        prepared_by=actor,
    )
    session.add(row)
    session.flush()
    pupils = {each.id: each for each in roll(session, school_id, calendar.local(now).date())}
    found = counted(session, school_id, pupils.values(), first, last, now=now)
    below = {each: one for each, one in found.items() if is_below(one.tally, percent=row.percent)}
    mourning = bereaved(session, school_id, below, now=now, since=first)
    held = held_pupils(session, school_id, set(below))
    for pupil_id, one in below.items():
        why = suggestion(
            one.codes,
            bereaved=pupil_id in mourning,
            held=pupil_id in held,
            long_illness_days=settings.update_long_illness_days,
        )
        session.add(
            UpdateChild(
                school_id=school_id,
                id=new_id(now),
                update_id=row.id,
                pupil_id=pupil_id,
                missed=one.tally.absent,
                possible=one.tally.possible,
                unmarked=one.tally.unmarked,
                suggestion=why,
                left_out=bool(why),
                why=why,
            )
        )
    session.flush()
    _record(session, row, actor, "prepare_update", now)
    return row


def _half_term(calendar: Calendar, now: datetime) -> tuple[date, date]:
    term = half_term_before(calendar, calendar.local(now).date())
    if term is None:
        raise UpdateRefused("no_term", "No half-term of this school year is over. Say which days are meant.")
    return term.first, term.last


def prepare_at_start(session: DatabaseSession, school_id: str, *, now: datetime) -> None:
    """What the daily round does on the first school day of a half-term: prepares, and asks staff to look."""
    try:
        row = prepare_update(session, school_id, actor=SYSTEM, now=now)
    except UpdateRefused:
        return
    note = StaffNote(school_id=school_id, why="update_to_review", topic="attendance_query", detail={"update": row.id})
    raise_items(session, [note], now=now)


def is_first_day(calendar: Calendar, day: date) -> bool:
    """Whether a half-term begins with that school day."""
    return any(
        term.first <= day and not calendar.school_days(term.first, day - timedelta(days=1))
        for term in calendar.terms or ()
        if term.first <= day <= term.last and calendar.is_school_day(day)
    )


def review(
    session: DatabaseSession,
    row: AttendanceUpdate,
    pupil_id: str,
    *,
    left_out: bool,
    why: str,
    actor: str,
    now: datetime,
) -> UpdateChild:
    """Leaves a child out, with why, or puts it in again. Raises UpdateRefused once the update is sent or dropped."""
    _refuse_ended(row)
    found = [child for child, _ in children_of_update(session, row.school_id, row.id) if child.pupil_id == pupil_id]
    if not found:
        raise UpdateRefused("not_in_it", "This child is not in the update.")
    if left_out and why not in WHYS:
        raise UpdateRefused("no_reason", "Whoever is left out is so for a reason.")
    child = found[0]
    child.left_out, child.why, child.decided_by = left_out, why if left_out else "", actor
    row.version += 1
    _record(session, row, actor, "review_update", now)
    return child


def drop(session: DatabaseSession, row: AttendanceUpdate, *, actor: str, now: datetime) -> None:
    """Sends nothing of it. Raises UpdateRefused once it is sent or dropped."""
    _refuse_ended(row)
    _end(session, row, DROPPED, actor, "drop_update", now)


def _refuse_ended(row: AttendanceUpdate) -> None:
    if row.status != PREPARED:
        raise UpdateRefused("ended", "This update was sent or dropped already.")


# Sent ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one adult is told: the children with the sessions that each missed."""

    contact_id: str
    children: tuple[tuple[str, int], ...]


def send_update(session: DatabaseSession, row: AttendanceUpdate, *, actor: str, now: datetime) -> AttendanceUpdate:
    """Puts the update in line for each adult who may be told, siblings in one text, by day (care rule 23).

    A child who is held meanwhile, or bereaved, goes to nobody. Raises UpdateRefused once it is sent or dropped.
    """
    _refuse_ended(row)
    calendar = calendar_of(session, row.school_id)
    settings = settings_of(session.get_one(School, row.school_id))
    at = in_hours(calendar, now, first=settings.unasked_from, last=settings.unasked_until)
    told = _told(session, row, now=now)
    starts = [
        Start(
            school_id=row.school_id,
            contact_id=each.contact_id,
            flow=FLOW,
            purpose="notice",
            pupil_ids=tuple(pupil for pupil, _ in each.children),
            fills={
                "missed": [list(child) for child in each.children],
                "days": [row.first.isoformat(), row.last.isoformat()],
            },
            at=at,
            until=at + OF_USE,
        )
        for each in told
    ]
    started, unreached = start(session, starts, now=now)
    row.families, row.unreached = len(started), len(unreached)
    notes = [
        StaffNote(
            school_id=row.school_id,
            why="update_not_sent",
            topic="attendance_query",
            contact_id=each.start.contact_id,
            pupil_ids=each.start.pupil_ids,
            detail={"update": row.id, "why": each.why},
        )
        for each in unreached
    ]
    raise_items(session, notes, now=now)
    _end(session, row, SENT, actor, "send_update", now)
    return row


def _told(session: DatabaseSession, row: AttendanceUpdate, *, now: datetime) -> Sequence[_Told]:
    """Every adult who may be told, in each home alike (domain.md, section 5.3), one text an adult.

    Of a death of which staff knew when they looked they have decided; one that was told since then stops it.
    """
    kept = [child for child, _ in children_of_update(session, row.school_id, row.id) if not child.left_out]
    mourning = bereaved(session, row.school_id, {child.pupil_id for child in kept}, now=now)
    missed = {
        child.pupil_id: child.missed
        for child in kept
        if child.suggestion == BEREAVEMENT or child.pupil_id not in mourning
    }
    adults = [
        (right, contact)
        for right, contact in adults_of(session, row.school_id, missed)
        if right.may_be_told and not right.social_worker
    ]
    same = same_people(session, row.school_id, {contact.id for _, contact in adults})
    by_adult: dict[str, dict[str, int]] = defaultdict(dict)
    for right, contact in adults:
        by_adult[same[contact.id]][right.pupil_id] = missed[right.pupil_id]
    return [
        _Told(contact_id=contact_id, children=tuple(sorted(children.items())))
        for contact_id, children in sorted(by_adult.items())
    ]


def _end(session: DatabaseSession, row: AttendanceUpdate, status: str, actor: str, verb: str, now: datetime) -> None:
    row.status, row.ended_at, row.ended_by = status, now, actor
    row.version += 1
    _record(session, row, actor, verb, now)


def _record(session: DatabaseSession, row: AttendanceUpdate, actor: str, verb: str, now: datetime) -> None:
    entry = Entry(school_id=row.school_id, actor=actor, verb=verb, subject="attendance_update", subject_id=row.id)
    record(session, entry, now=now)
