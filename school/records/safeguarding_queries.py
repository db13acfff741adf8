"""Worrying texts, the holds that follow from them, and the messages that only the lead may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, update
from sqlalchemy.orm import Session

from school.records.messaging import Message, OutboxRow, Thread
from school.records.people import Address, Right
from school.records.staff import Hold, SafeguardingItem
from school.rules.allegations import About
from school.rules.worry_queue import HEAD, LEAD, first_step


def restrict_messages(
    session: Session, school_id: str, message_ids: Collection[str], *, thread_ids: Collection[str]
) -> None:
    """From now on these messages of these threads are for the lead alone, and what we answered to them is too.

    An answer without its question would tell, whatever it says: by day it is another than by night.
    """
    answers = select(OutboxRow.message_id).where(
        OutboxRow.school_id == school_id,
        OutboxRow.thread_id.in_(sorted(thread_ids)),
        OutboxRow.inbox_id.in_(sorted(message_ids)),
    )
    restricted = {*message_ids, *session.scalars(answers)}
    statement = (
        update(Message)
        .where(Message.school_id == school_id, Message.id.in_(sorted(restricted)))
        .values(restricted=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)


def hold_threads(session: Session, school_id: str, thread_ids: Collection[str], *, held: bool) -> None:
    """Whether later texts of these threads go to the lead alone."""
    statement = (
        update(Thread)
        .where(Thread.school_id == school_id, Thread.id.in_(sorted(thread_ids)))
        .values(lead_holds=held)
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)


def items_of_messages(session: Session, school_id: str, message_ids: Collection[str]) -> set[str]:
    """Which of these messages have an item already."""
    statement = select(SafeguardingItem.message_id).where(
        SafeguardingItem.school_id == school_id, SafeguardingItem.message_id.in_(sorted(message_ids))
    )
    return set(session.scalars(statement))


def children_on_threads(session: Session, school_id: str, thread_ids: Collection[str]) -> dict[str, set[str]]:
    """The pupils of every contact who has the thread's address, by thread; a no-contact order hides no child here."""
    same_address = and_(
        Address.school_id == Thread.school_id, Address.channel == Thread.channel, Address.address == Thread.address
    )
    of_contact = and_(
        Right.school_id == Thread.school_id,
        or_(Right.contact_id == Address.contact_id, Right.contact_id == Thread.contact_id),
    )
    statement = (
        select(Thread.id, Right.pupil_id)
        .outerjoin(Address, same_address)
        .join(Right, of_contact)
        .where(Thread.school_id == school_id, Thread.id.in_(sorted(thread_ids)))
    )
    found: dict[str, set[str]] = {}
    for thread_id, pupil_id in session.execute(statement):
        found.setdefault(thread_id, set()).add(pupil_id)
    return found


def held_pupils(session: Session, school_id: str, pupil_ids: Collection[str] | None = None) -> set[str]:
    """Pupils about whom nobody contacts home: all of the school's, or those among `pupil_ids`."""
    statement = select(Hold.pupil_id).where(Hold.school_id == school_id, Hold.released_at.is_(None))
    if pupil_ids is not None:
        statement = statement.where(Hold.pupil_id.in_(sorted(pupil_ids)))
    return set(session.scalars(statement))


def open_holds(session: Session, school_id: str, pupil_ids: Iterable[str] | None = None) -> list[Hold]:
    """Holds that stand, one pupil after the other; a pupil may be held for several causes."""
    statement = select(Hold).where(Hold.school_id == school_id, Hold.released_at.is_(None))
    if pupil_ids is not None:
        statement = statement.where(Hold.pupil_id.in_(sorted(pupil_ids)))
    return list(session.scalars(statement.order_by(Hold.pupil_id, Hold.id)))


def read_by(roles: Collection[str]) -> ColumnElement[bool]:
    """The items that somebody of these roles may read (care rule 8): by whom they accuse, and how far they moved."""
    if {LEAD, HEAD} <= set(roles):
        # Who is both the head and the lead is either of the two: an allegation about one is about that person.
        return and_(SafeguardingItem.about.in_([About.NOBODY, About.STAFF]))
    wanted = [
        and_(SafeguardingItem.about == about, SafeguardingItem.moved >= step)
        for about in About
        for role in sorted(roles)
        if (step := first_step(about, role)) is not None
    ]
    return or_(false(), *wanted)


def items_page(
    session: Session,
    school_id: str,
    *,
    roles: Collection[str],
    statuses: Sequence[str],
    after: str | None,
    limit: int,
) -> list[SafeguardingItem]:
    """Items in the order in which they came, those that these roles may read."""
    statement = select(SafeguardingItem).where(
        SafeguardingItem.school_id == school_id, SafeguardingItem.status.in_(statuses), read_by(roles)
    )
    if after is not None:
        statement = statement.where(SafeguardingItem.id > after)
    return list(session.scalars(statement.order_by(SafeguardingItem.id).limit(limit)))


def shown_item(session: Session, school_id: str, item_id: str, *, roles: Collection[str]) -> SafeguardingItem | None:
    """One item, if these roles may read it."""
    statement = select(SafeguardingItem).where(
        SafeguardingItem.school_id == school_id, SafeguardingItem.id == item_id, read_by(roles)
    )
    return session.scalars(statement).one_or_none()


def hidden_items(session: Session, school_id: str, *, roles: Collection[str]) -> list[str]:
    """The ids of the items that these roles must not learn of."""
    statement = select(SafeguardingItem.id).where(SafeguardingItem.school_id == school_id, not_(read_by(roles)))
    return list(session.scalars(statement))


def abouts_of_threads(session: Session, school_id: str, thread_ids: Collection[str]) -> dict[str, str]:
    """Whom the open items of these threads accuse, where they accuse anybody."""
    statement = (
        select(SafeguardingItem.thread_id, SafeguardingItem.about)
        .where(
            SafeguardingItem.school_id == school_id,
            SafeguardingItem.thread_id.in_(sorted(thread_ids)),
            SafeguardingItem.status != "handed_back",
            SafeguardingItem.about != "",
        )
        .order_by(SafeguardingItem.id)
    )
    return dict(session.execute(statement).all())


def next_move(session: Session) -> datetime | None:
    """When the next worry is told or moves on; None if none waits."""
    return session.scalar(select(func.min(SafeguardingItem.move_at)))


def moves_due(session: Session, now: datetime, *, limit: int) -> list[SafeguardingItem]:
    """Items whose turn has come, of all schools, locked; those that another process is at are passed by."""
    wanted = (
        select(SafeguardingItem)
        .where(SafeguardingItem.move_at <= now)
        .order_by(SafeguardingItem.move_at, SafeguardingItem.school_id, SafeguardingItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(wanted))


def lock_item(session: Session, school_id: str, item_id: str, *, roles: Collection[str]) -> SafeguardingItem | None:
    """An item that these roles may read, locked until the transaction ends."""
    statement = (
        select(SafeguardingItem)
        .where(SafeguardingItem.school_id == school_id, SafeguardingItem.id == item_id, read_by(roles))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def other_open_items(session: Session, item: SafeguardingItem) -> bool:
    """Whether another item of the same thread is still the lead's."""
    statement = select(SafeguardingItem.id).where(
        SafeguardingItem.school_id == item.school_id,
        SafeguardingItem.thread_id == item.thread_id,
        SafeguardingItem.id != item.id,
        SafeguardingItem.status != "handed_back",
    )
    return session.scalars(statement.limit(1)).first() is not None


def words_of(session: Session, school_id: str, message_ids: Collection[str]) -> dict[str, Message]:
    """The messages themselves, restricted or not: only for the lead's own pages."""
    statement = select(Message).where(Message.school_id == school_id, Message.id.in_(sorted(message_ids)))
    return {message.id: message for message in session.scalars(statement)}
