"""Worrying texts, the holds that follow from them, and the messages that only the lead may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from school.records.messaging import Message, OutboxRow, Thread
from school.records.people import Address, Right
from school.records.staff import Hold, SafeguardingItem


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


def items_page(
    session: Session, school_id: str, *, statuses: Sequence[str], after: str | None, limit: int
) -> list[SafeguardingItem]:
    """Items in the order in which they came."""
    statement = select(SafeguardingItem).where(
        SafeguardingItem.school_id == school_id, SafeguardingItem.status.in_(statuses)
    )
    if after is not None:
        statement = statement.where(SafeguardingItem.id > after)
    return list(session.scalars(statement.order_by(SafeguardingItem.id).limit(limit)))


def lock_item(session: Session, school_id: str, item_id: str) -> SafeguardingItem | None:
    """An item, locked until the transaction ends."""
    return session.get(SafeguardingItem, (school_id, item_id), with_for_update=True, populate_existing=True)


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
