"""The day's board as staff see it, each as much of it as they may."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import Day, Shown
from api.staff_items import ShownItem, show_item
from school.calendars import calendar_of
from school.records.attendance import Absence
from school.records.people import Pupil
from school.safeguarding import BEING_DEALT_WITH
from school.today import Board, Due, board

routes = Routes("/today", "today")


class OnBoard(Shown):
    """A child who is away for a session. Without the scope `reasons:read` nothing says why."""

    absence: str
    pupil: ShownPupil
    session: str
    reason_category: str | None
    proposed_code: str | None
    code: str | None
    status: str
    accounted_for: bool
    explained: bool | None
    leaves_at: time | None
    returns_at: time | None


class LateOnBoard(Shown):
    """A child who was said to come late."""

    absence: str
    pupil: ShownPupil
    session: str
    expected_at: datetime | None
    minutes_late: int | None
    arrived: bool = Field(description="A mark in the register says so.")
    overdue: bool = Field(description="Ten minutes after the stated time, and no mark says that they came.")


class HeldOnBoard(Shown):
    """A child about whom nobody contacts home. The words are the same whatever the cause."""

    pupil: ShownPupil
    says: str = BEING_DEALT_WITH


class Counts(Shown):
    """How many stand in each part of the board; a child away all day counts twice, once a session."""

    reported: int
    late: int
    overdue: int
    appointments: int
    unknown_senders: int
    waiting: int
    held: int


class Today(Shown):
    """The board of a day. Items are shown with the scope `items:read`, else their lists are empty."""

    date: date
    is_school_day: bool
    as_of: datetime
    reported: list[OnBoard]
    late: list[LateOnBoard]
    appointments: list[OnBoard]
    unknown_senders: list[ShownItem]
    waiting: list[ShownItem]
    do_not_contact: list[HeldOnBoard]
    counts: Counts


@routes.get("", Scope.TODAY_READ, summary="The board")
def today(who: Who, date: Annotated[Day | None, Query(description="Today where none is given.")] = None) -> Today:
    """The board of one day: who is away, who is due, who waits for a person, about whom nobody contacts home."""
    with who.reading() as session:
        calendar = calendar_of(session, who.school_id)
        day = date or calendar.local(who.now).date()
        seen = board(session, who.school_id, day, now=who.now)
    return _show(who, seen, is_school_day=calendar.is_school_day(day))


def _show(who: Who, seen: Board, *, is_school_day: bool) -> Today:
    items, reasons = who.may(Scope.ITEMS_READ), who.may(Scope.REASONS_READ)
    # An appointment is a reason: who may see none finds the child among those reported.
    away, appointments = (seen.reported, seen.appointments) if reasons else (seen.reported + seen.appointments, ())
    unknown, waiting = (seen.unknown_senders, seen.waiting) if items else ((), ())
    words = seen.words if who.may(Scope.THREADS_READ) else {}
    return Today(
        date=seen.day,
        is_school_day=is_school_day,
        as_of=who.now,
        reported=[_on_board(absence, pupil, reasons=reasons) for absence, pupil in away],
        late=[_late(due) for due in seen.late],
        appointments=[_on_board(absence, pupil, reasons=reasons) for absence, pupil in appointments],
        unknown_senders=[show_item(item, words) for item in unknown],
        waiting=[show_item(item, words) for item in waiting],
        do_not_contact=[HeldOnBoard(pupil=show_pupil(pupil)) for pupil in seen.held],
        counts=Counts(
            reported=len(away),
            late=len(seen.late),
            overdue=sum(due.overdue for due in seen.late),
            appointments=len(appointments),
            unknown_senders=len(unknown),
            waiting=len(waiting),
            held=len(seen.held),
        ),
    )


def _on_board(absence: Absence, pupil: Pupil, *, reasons: bool) -> OnBoard:
    return OnBoard(
        absence=absence.id,
        pupil=show_pupil(pupil),
        session=absence.session,
        reason_category=absence.reason_category if reasons else None,
        proposed_code=absence.proposed_code if reasons else None,
        code=absence.code if reasons else None,
        status=absence.status,
        accounted_for=absence.accounted_for,
        explained=absence.explained if reasons else None,
        leaves_at=absence.leaves_at if reasons else None,
        returns_at=absence.returns_at if reasons else None,
    )


def _late(due: Due) -> LateOnBoard:
    return LateOnBoard(
        absence=due.absence.id,
        pupil=show_pupil(due.pupil),
        session=due.absence.session,
        expected_at=due.absence.expected_at,
        minutes_late=due.absence.minutes_late,
        arrived=due.arrived,
        overdue=due.overdue,
    )
