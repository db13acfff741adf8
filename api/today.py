"""The day's board as staff see it, each as much of it as they may."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.holds import ShownBrake, show_brake
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import Day, Shown
from api.staff_items import ShownItem, show_item
from school.calendars import calendar_of
from school.records.attendance import Absence
from school.records.people import Pupil
from school.safeguarding import BEING_DEALT_WITH
from school.today import Board, Due, NoReason, Unaccounted, board

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


class UnaccountedOnBoard(Shown):
    """A child of whom nobody knows where it is."""

    pupil: ShownPupil
    session: str
    state: str = Field(
        description="not_known (a parent thinks that the child is in school), staff (ring now), second, asked, held"
        " (alerts wait for a click), none (nobody was asked yet)."
    )
    overdue: bool = Field(description="Said to come late, and ten minutes past that hour.")
    since: datetime | None
    says: str | None = Field(description="What to do, where nobody contacts home.")


class UnmarkedClass(Shown):
    """A class whose register has closed without marks of so many of its pupils."""

    class_name: str
    pupils: int


class NoReasonOnBoard(Shown):
    """A mark that lacks its reason; after `due_by` it may not stand any more (five school days)."""

    pupil: ShownPupil
    due_by: date | None
    date: date
    session: str
    overdue: bool


class Counts(Shown):
    """How many stand in each part of the board; a child away all day counts twice, once a session."""

    unaccounted: int
    unmarked: int
    no_reason_yet: int
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
    unaccounted: list[UnaccountedOnBoard]
    unmarked: list[UnmarkedClass]
    no_reason_yet: list[NoReasonOnBoard]
    brake: list[ShownBrake]
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
    held = {pupil.id for pupil in seen.held}
    words = seen.words if who.may(Scope.THREADS_READ) else {}
    return Today(
        date=seen.day,
        is_school_day=is_school_day,
        as_of=who.now,
        unaccounted=[_unaccounted(each, held) for each in seen.unaccounted],
        unmarked=[UnmarkedClass(class_name=name, pupils=count) for name, count in seen.unmarked],
        no_reason_yet=[_no_reason(each, today=seen.day) for each in seen.no_reason],
        brake=[show_brake(each) for each in seen.brake],
        reported=[_on_board(absence, pupil, reasons=reasons) for absence, pupil in away],
        late=[_late(due) for due in seen.late],
        appointments=[_on_board(absence, pupil, reasons=reasons) for absence, pupil in appointments],
        unknown_senders=[show_item(item, words) for item in unknown],
        waiting=[show_item(item, words) for item in waiting],
        do_not_contact=[HeldOnBoard(pupil=show_pupil(pupil)) for pupil in seen.held],
        counts=Counts(
            unaccounted=len(seen.unaccounted),
            unmarked=sum(count for _, count in seen.unmarked),
            no_reason_yet=len(seen.no_reason),
            reported=len(away),
            late=len(seen.late),
            overdue=sum(due.overdue for due in seen.late),
            appointments=len(appointments),
            unknown_senders=len(unknown),
            waiting=len(waiting),
            held=len(seen.held),
        ),
    )


def _unaccounted(row: Unaccounted, held: set[str]) -> UnaccountedOnBoard:
    return UnaccountedOnBoard(
        pupil=show_pupil(row.pupil),
        session=row.session.value,
        state=row.state,
        overdue=row.overdue,
        since=row.since,
        says=BEING_DEALT_WITH if row.pupil.id in held else None,
    )


def _no_reason(row: NoReason, *, today: date) -> NoReasonOnBoard:
    return NoReasonOnBoard(
        pupil=show_pupil(row.pupil),
        date=row.mark.day,
        session=row.mark.session,
        due_by=row.due_by,
        overdue=row.due_by is not None and row.due_by < today,
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
