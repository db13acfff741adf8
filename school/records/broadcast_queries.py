"""Broadcasts: whom they are for, what is due, and how far each is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from school.records.broadcasting import Broadcast, BroadcastRecipient
from school.records.messaging import InboxRow, OutboxRow
from school.records.people import Contact, Pupil, Right
from school.records.unasked import UnaskedText


def families_of(
    session: Session,
    school_id: str,
    day: date,
    *,
    years: Collection[str] | None = None,
    classes: Collection[str] | None = None,
    pupil_ids: Collection[str] | None = None,
) -> list[tuple[Contact, Pupil]]:
    """Each active contact who may be told, with each of these pupils of theirs who is on roll on that day."""
    wanted = (
        select(Contact, Pupil)
        .join(Right, (Right.school_id == Contact.school_id) & (Right.contact_id == Contact.id))
        .join(Pupil, (Pupil.school_id == Right.school_id) & (Pupil.id == Right.pupil_id))
        .where(
            Contact.school_id == school_id,
            Contact.active,
            Right.may_be_told,
            Right.no_contact.is_(False),
            Right.social_worker.is_(False),
            or_(Pupil.left_on.is_(None), Pupil.left_on > day),
        )
        .order_by(Contact.id, Pupil.id)
    )
    for column, values in ((Pupil.year, years), (Pupil.class_name, classes), (Pupil.id, pupil_ids)):
        if values is not None:
            wanted = wanted.where(column.in_(sorted(values)))
    return [(contact, pupil) for contact, pupil in session.execute(wanted)]


def lock_broadcast(session: Session, school_id: str, broadcast_id: str) -> Broadcast | None:
    """A broadcast, locked until the transaction ends."""
    return session.get(Broadcast, (school_id, broadcast_id), with_for_update=True, populate_existing=True)


def due_broadcasts(session: Session, now: datetime, *, limit: int) -> list[Broadcast]:
    """The broadcasts of which more is to go, of all schools, locked; those that another is at are passed by."""
    wanted = (
        select(Broadcast)
        .where(Broadcast.look_at <= now)
        .order_by(Broadcast.look_at, Broadcast.school_id, Broadcast.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(wanted))


def next_broadcast(session: Session) -> datetime | None:
    """When more of a broadcast is to go; None if none is."""
    return session.scalar(select(func.min(Broadcast.look_at)))


def waiting_recipients(session: Session, broadcast: Broadcast, *, limit: int) -> list[BroadcastRecipient]:
    """The next contacts who are to get it."""
    wanted = (
        select(BroadcastRecipient)
        .where(
            BroadcastRecipient.school_id == broadcast.school_id,
            BroadcastRecipient.broadcast_id == broadcast.id,
            BroadcastRecipient.status == "waiting",
        )
        .order_by(BroadcastRecipient.contact_id)
        .limit(limit)
    )
    return list(session.scalars(wanted))


def pushes_of(session: Session, broadcast: Broadcast) -> set[str]:
    """The pushes that it went by so far."""
    wanted = select(BroadcastRecipient.inbox_id).where(
        BroadcastRecipient.school_id == broadcast.school_id, BroadcastRecipient.broadcast_id == broadcast.id
    )
    return {each for each in session.scalars(wanted) if each is not None}


def stop_what_waits(session: Session, broadcast: Broadcast, *, now: datetime) -> None:
    """Nothing more of it goes: contacts who wait, pushes not handled, and messages not yet given to a provider."""
    mine = (BroadcastRecipient.school_id == broadcast.school_id, BroadcastRecipient.broadcast_id == broadcast.id)
    told = select(BroadcastRecipient.inbox_id).where(*mine, BroadcastRecipient.inbox_id.is_not(None))
    session.execute(
        update(InboxRow)
        .where(InboxRow.school_id == broadcast.school_id, InboxRow.id.in_(told), InboxRow.status == "waiting")
        .values(status="handled", handled_at=now, error="stopped")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.school_id == broadcast.school_id, OutboxRow.inbox_id.in_(told), OutboxRow.status == "queued")
        .values(status="suppressed", error_code="stopped", settled_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(BroadcastRecipient)
        .where(*mine, BroadcastRecipient.status == "waiting")
        .values(status="stopped")
        .execution_options(synchronize_session=False)
    )


def broadcasts_page(session: Session, school_id: str, *, after: str | None, limit: int) -> list[Broadcast]:
    """Broadcasts, the latest first, those before the given id."""
    wanted = select(Broadcast).where(Broadcast.school_id == school_id)
    if after is not None:
        wanted = wanted.where(Broadcast.id < after)
    return list(session.scalars(wanted.order_by(Broadcast.id.desc()).limit(limit)))


# News may have gone with another text as one, whose message is then its own.
_AS_COUNTED = (UnaskedText.school_id == BroadcastRecipient.school_id) & (UnaskedText.id == BroadcastRecipient.inbox_id)
_WENT_AS = (OutboxRow.school_id == BroadcastRecipient.school_id) & (
    OutboxRow.inbox_id == func.coalesce(UnaskedText.into_id, BroadcastRecipient.inbox_id)
)


def recipients_page(
    session: Session, school_id: str, broadcast_id: str, *, after: str | None, limit: int
) -> list[tuple[BroadcastRecipient, str | None, str]]:
    """Each contact's row with what became of the message (an outbox status and its code), None while none was made."""
    wanted = (
        select(BroadcastRecipient, OutboxRow.status, OutboxRow.error_code)
        .outerjoin(UnaskedText, _AS_COUNTED)
        .outerjoin(OutboxRow, _WENT_AS)
        .where(BroadcastRecipient.school_id == school_id, BroadcastRecipient.broadcast_id == broadcast_id)
    )
    if after is not None:
        wanted = wanted.where(BroadcastRecipient.contact_id > after)
    wanted = wanted.order_by(BroadcastRecipient.contact_id).limit(limit)
    return [(row, status, code or "") for row, status, code in session.execute(wanted)]


def progress_of(session: Session, school_id: str, broadcast_id: str) -> tuple[dict[str, int], dict[str, int]]:
    """How many contacts stand where, and how many of their messages do."""
    mine = (BroadcastRecipient.school_id == school_id, BroadcastRecipient.broadcast_id == broadcast_id)
    contacts = select(BroadcastRecipient.status, func.count()).where(*mine).group_by(BroadcastRecipient.status)
    messages = (
        select(OutboxRow.status, func.count())
        .select_from(BroadcastRecipient)
        .outerjoin(UnaskedText, _AS_COUNTED)
        .join(OutboxRow, _WENT_AS)
        .where(*mine)
        .group_by(OutboxRow.status)
    )
    return (
        {row[0]: row[1] for row in session.execute(contacts)},
        {row[0]: row[1] for row in session.execute(messages)},
    )
