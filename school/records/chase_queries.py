"""The morning's chase in SQL: what a session's register looks like, who is asked, and what became of each text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Select, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from school.records.attendance import Absence, RegisterMark
from school.records.chasing import BrakeHold, Chase, ChaseDay, ChaseStep, Outing, PupilNote
from school.records.messaging import InboxRow, Message, OutboxRow, Thread
from school.records.people import Address, Contact, Pupil, Right
from school.records.queues import ignoring_repeats
from school.records.staff import StaffItem

_Look = TypeVar("_Look", bound=Select[*tuple[Any, ...]])

# Days -----------------------------------------------------------------------------------------


def open_day(session: Session, school_id: str, day: date, half: str, *, look_at: datetime) -> None:
    """Begins to look after a session's register; one that is looked after already is looked at again."""
    row = {"school_id": school_id, "day": day, "session": half, "look_at": look_at, "is_over": False}
    session.execute(ignoring_repeats(session, ChaseDay.__table__), [row])  # type: ignore[arg-type]
    look_again(session, school_id, day, now=look_at)


def look_again(session: Session, school_id: str, day: date, *, now: datetime) -> bool:
    """Has the day's sessions looked at now, because something was said or marked; whether there is any to look at."""
    changed = session.execute(
        update(ChaseDay)
        .where(ChaseDay.school_id == school_id, ChaseDay.day == day, ChaseDay.is_over.is_(False))
        .where(or_(ChaseDay.look_at.is_(None), ChaseDay.look_at > now))
        .values(look_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", changed).rowcount > 0


def due_days(session: Session, now: datetime, *, limit: int) -> list[ChaseDay]:
    """The sessions that are to be looked at, of all schools, locked; those that another looks at are passed by."""
    wanted = (
        select(ChaseDay)
        .where(ChaseDay.look_at <= now)
        .order_by(ChaseDay.look_at, ChaseDay.school_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(wanted))


def next_look(session: Session) -> datetime | None:
    """When a session is next looked at; None if none is."""
    return session.scalar(select(func.min(ChaseDay.look_at)))


# The register ---------------------------------------------------------------------------------


def roll(session: Session, school_id: str, day: date) -> list[Pupil]:
    """All pupils who have not left by that day, by name."""
    wanted = (
        select(Pupil)
        .where(Pupil.school_id == school_id, or_(Pupil.left_on.is_(None), Pupil.left_on > day))
        .order_by(Pupil.surname, Pupil.known_as, Pupil.id)
    )
    return list(session.scalars(wanted))


def marks_of(session: Session, school_id: str, day: date) -> dict[tuple[str, str], RegisterMark]:
    """A day's marks, by pupil and session."""
    wanted = select(RegisterMark).where(RegisterMark.school_id == school_id, RegisterMark.day == day)
    return {(mark.pupil_id, mark.session): mark for mark in session.scalars(wanted)}


def absences_of(session: Session, school_id: str, days: Collection[date]) -> dict[tuple[str, date, str], Absence]:
    """What stands on record on these days, by pupil, day and session."""
    wanted = select(Absence).where(
        Absence.school_id == school_id, Absence.day.in_(sorted(days)), Absence.status != "withdrawn"
    )
    return {(row.pupil_id, row.day, row.session): row for row in session.scalars(wanted)}


def absences_between(session: Session, school_id: str, first: date, last: date) -> list[Absence]:
    """What stands on record from `first` to `last`, of each pupil in order of time."""
    wanted = (
        select(Absence)
        .where(Absence.school_id == school_id, Absence.day.between(first, last), Absence.status != "withdrawn")
        .order_by(Absence.pupil_id, Absence.day, Absence.session)
    )
    return list(session.scalars(wanted))


def notes_of(session: Session, school_id: str, days: Collection[date]) -> list[PupilNote]:
    """What adults in school noted on these days, oldest first."""
    wanted = (
        select(PupilNote)
        .where(PupilNote.school_id == school_id, PupilNote.day.in_(sorted(days)))
        .order_by(PupilNote.id)
    )
    return list(session.scalars(wanted))


def counts_on(session: Session, school_id: str, days: Collection[date], half: str) -> dict[date, dict[str, int]]:
    """How many marks of each code earlier sessions have, by day."""
    wanted = (
        select(RegisterMark.day, RegisterMark.code, func.count())
        .where(RegisterMark.school_id == school_id, RegisterMark.day.in_(sorted(days)), RegisterMark.session == half)
        .group_by(RegisterMark.day, RegisterMark.code)
    )
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, code, count in session.execute(wanted):
        found[day][code] = count
    return found


def has_marks_since(session: Session, school_id: str, day: date) -> bool:
    """Whether this school puts marks in at all: one that never does has no register to look after."""
    wanted = select(RegisterMark.pupil_id).where(RegisterMark.school_id == school_id, RegisterMark.day >= day).limit(1)
    return session.scalar(wanted) is not None


def marked(session: Session, school_id: str, code: str, first: date, last: date) -> list[tuple[RegisterMark, Pupil]]:
    """The marks of one code from `first` to `last`, oldest first."""
    wanted = (
        select(RegisterMark, Pupil)
        .join(Pupil, (Pupil.school_id == RegisterMark.school_id) & (Pupil.id == RegisterMark.pupil_id))
        .where(RegisterMark.school_id == school_id, RegisterMark.code == code)
        .where(RegisterMark.day.between(first, last))
        .order_by(RegisterMark.day, Pupil.surname, Pupil.known_as, Pupil.id, RegisterMark.session)
    )
    return [(mark, pupil) for mark, pupil in session.execute(wanted)]


def outings_on(session: Session, school_id: str, day: date) -> list[Outing]:
    """The trips and exams of a day."""
    wanted = select(Outing).where(Outing.school_id == school_id, Outing.day == day).order_by(Outing.id)
    return list(session.scalars(wanted))


# Chases, steps and holds ----------------------------------------------------------------------


def chases_on(session: Session, school_id: str, day: date, half: str | None = None) -> list[Chase]:
    """The chases of a day, or of one of its sessions, in the order in which they began."""
    wanted = select(Chase).where(Chase.school_id == school_id, Chase.day == day)
    if half is not None:
        wanted = wanted.where(Chase.session == half)
    return list(session.scalars(wanted.order_by(Chase.id)))


def chases_page(
    session: Session, school_id: str, *, day: date, is_open: bool | None, after: str | None, limit: int
) -> list[Chase]:
    """A day's chases in the order in which they began."""
    wanted = select(Chase).where(Chase.school_id == school_id, Chase.day == day)
    if is_open is not None:
        wanted = wanted.where(Chase.status != "ended" if is_open else Chase.status == "ended")
    if after is not None:
        wanted = wanted.where(Chase.id > after)
    return list(session.scalars(wanted.order_by(Chase.id).limit(limit)))


def steps_of(session: Session, school_id: str, chase_ids: Collection[str]) -> list[ChaseStep]:
    """The steps of these chases, oldest first."""
    wanted = select(ChaseStep).where(ChaseStep.school_id == school_id, ChaseStep.chase_id.in_(sorted(chase_ids)))
    return list(session.scalars(wanted.order_by(ChaseStep.at, ChaseStep.id)))


def asked_in(session: Session, school_id: str, thread_ids: Collection[str], day: date) -> list[tuple[str, Chase]]:
    """The chases whose question went to these threads on that day."""
    wanted = (
        select(ChaseStep.thread_id, Chase)
        .join(Chase, (Chase.school_id == ChaseStep.school_id) & (Chase.id == ChaseStep.chase_id))
        .where(
            ChaseStep.school_id == school_id,
            ChaseStep.thread_id.in_(sorted(thread_ids)),
            ChaseStep.kind == "ask",
            Chase.day == day,
        )
        .order_by(Chase.id)
    )
    return [(thread_id or "", chase) for thread_id, chase in session.execute(wanted)]


def holds_on(session: Session, school_id: str, day: date, half: str | None = None) -> list[BrakeHold]:
    """The brake's holds of a day, oldest first, locked."""
    wanted = select(BrakeHold).where(BrakeHold.school_id == school_id, BrakeHold.day == day)
    if half is not None:
        wanted = wanted.where(BrakeHold.session == half)
    return list(session.scalars(wanted.order_by(BrakeHold.id).with_for_update()))


def open_brake_holds(session: Session, school_id: str) -> list[BrakeHold]:
    """What waits for a click, the oldest first."""
    wanted = select(BrakeHold).where(BrakeHold.school_id == school_id, BrakeHold.status == "held")
    return list(session.scalars(wanted.order_by(BrakeHold.id)))


def lock_brake_hold(session: Session, school_id: str, hold_id: str) -> BrakeHold | None:
    """A hold of the brake, locked until the transaction ends."""
    return session.get(BrakeHold, (school_id, hold_id), with_for_update=True, populate_existing=True)


# Whom to ask ----------------------------------------------------------------------------------


def adults_of(session: Session, school_id: str, pupil_ids: Collection[str]) -> list[tuple[Right, Contact]]:
    """The active contacts of these pupils with their rights, those of no contact left out."""
    wanted = (
        select(Right, Contact)
        .join(Contact, (Contact.school_id == Right.school_id) & (Contact.id == Right.contact_id))
        .where(
            Right.school_id == school_id,
            Right.pupil_id.in_(sorted(pupil_ids)),
            Right.no_contact.is_(False),
            Contact.active,
        )
        .order_by(Right.pupil_id, Right.priority, Right.contact_id)
    )
    return [(right, contact) for right, contact in session.execute(wanted)]


def who_wrote(session: Session, school_id: str, contact_ids: Collection[str], since: datetime) -> set[str]:
    """Those of these contacts who wrote since then, on whichever channel."""
    return set(session.scalars(_written(select(Address.contact_id), school_id, contact_ids, since).distinct()))


def texts_since(
    session: Session, school_id: str, contact_ids: Collection[str], since: datetime
) -> dict[str, list[datetime]]:
    """When these contacts wrote, on whichever channel, by contact."""
    wanted = _written(select(Address.contact_id, Message.at), school_id, contact_ids, since).order_by(Message.at)
    found: dict[str, list[datetime]] = defaultdict(list)
    for contact_id, at in session.execute(wanted):
        found[contact_id].append(at)
    return found


# What became of it ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far one push came: its outbox row's channel and status ("" while it had no turn), its thread's opt-out."""

    channel: str
    status: str
    opted_out: bool
    quarantined: bool


def deliveries(session: Session, school_id: str, inbox_ids: Collection[str]) -> dict[str, Delivery]:
    """How far these pushes came, by inbox row."""
    bad = (
        select(Address.id)
        .where(
            Address.school_id == Thread.school_id,
            Address.channel == Thread.channel,
            Address.address == Thread.address,
            Address.quarantined_at.is_not(None),
        )
        .exists()
    )
    wanted = (
        select(InboxRow.id, Thread.channel, func.max(OutboxRow.status), func.max(Thread.opted_out_at), bad)
        .join(Thread, (Thread.school_id == InboxRow.school_id) & (Thread.id == InboxRow.thread_id))
        .outerjoin(OutboxRow, (OutboxRow.school_id == InboxRow.school_id) & (OutboxRow.inbox_id == InboxRow.id))
        .where(InboxRow.school_id == school_id, InboxRow.id.in_(sorted(inbox_ids)))
        .group_by(InboxRow.id, Thread.school_id, Thread.channel, Thread.address)
    )
    return {
        inbox_id: Delivery(channel=channel, status=status or "", opted_out=stopped is not None, quarantined=bad_number)
        for inbox_id, channel, status, stopped, bad_number in session.execute(wanted)
    }


def items_since(session: Session, school_id: str, whys: Collection[str], since: datetime) -> list[StaffItem]:
    """What was put before staff since then for any of these reasons, oldest first."""
    wanted = (
        select(StaffItem)
        .where(StaffItem.school_id == school_id, StaffItem.at >= since, StaffItem.why.in_(sorted(whys)))
        .order_by(StaffItem.at, StaffItem.id)
    )
    return list(session.scalars(wanted))


def recall(session: Session, school_id: str, inbox_ids: Iterable[str], *, now: datetime) -> None:
    """Takes back what these pushes have not sent yet: rows that wait for their turn, and messages that are queued."""
    ids = sorted(set(inbox_ids))
    if not ids:
        return
    session.execute(
        update(InboxRow)
        .where(InboxRow.school_id == school_id, InboxRow.id.in_(ids), InboxRow.status == literal_column("'waiting'"))
        .values(status="handled", handled_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.school_id == school_id,
            OutboxRow.inbox_id.in_(ids),
            OutboxRow.status == literal_column("'queued'"),
        )
        .values(status="suppressed", error_code="answered", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _written(wanted: _Look, school_id: str, contact_ids: Collection[str], since: datetime) -> _Look:
    """A look at what contacts wrote since then: their addresses joined with the messages that came from them."""
    return (
        wanted.select_from(Address)
        .join(
            Thread,
            (Thread.school_id == Address.school_id)
            & (Thread.channel == Address.channel)
            & (Thread.address == Address.address),
        )
        .join(Message, (Message.school_id == Thread.school_id) & (Message.thread_id == Thread.id))
        .where(
            Address.school_id == school_id,
            Address.contact_id.in_(sorted(contact_ids)),
            Message.direction == "in",
            Message.at >= since,
        )
    )
