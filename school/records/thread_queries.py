"""Threads and their messages as staff read them: nothing that only the safeguarding lead may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from school.records.messaging import Message, OutboxRow, Thread
from school.records.people import Address, Right
from school.records.staff import StaffItem


def _with_last_words(school_id: str) -> tuple[Select[Thread, datetime], ColumnElement[datetime]]:
    """Threads that hold words which staff may read, each with the moment of the last of them, and that column.

    `Thread.last_at` would tell of a worrying text that just came, so it is worked out without those.
    """
    last_words = (
        select(func.max(Message.at))
        .where(Message.school_id == Thread.school_id, Message.thread_id == Thread.id, Message.restricted.is_(False))
        .correlate(Thread)
        .scalar_subquery()
    )
    inner = select(Thread.id, last_words.label("at")).where(Thread.school_id == school_id).subquery()
    at: ColumnElement[datetime] = inner.c.at
    statement = (
        select(Thread, at)
        .join(inner, inner.c.id == Thread.id)
        .where(Thread.school_id == school_id, at.is_not(None))
        .order_by(at.desc(), Thread.id.desc())
    )
    return statement, at


def threads_page(
    session: Session,
    school_id: str,
    *,
    contact_id: str | None,
    unknown: bool | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[tuple[Thread, datetime]]:
    """Threads, the latest words first; `unknown` True: only of senders whom nobody knows."""
    statement, last_words = _with_last_words(school_id)
    if contact_id is not None:
        statement = statement.where(Thread.contact_id == contact_id)
    if unknown is not None:
        statement = statement.where(Thread.contact_id.is_(None) if unknown else Thread.contact_id.is_not(None))
    if after is not None:
        statement = statement.where(tuple_(last_words, Thread.id) < after)
    return [(thread, at) for thread, at in session.execute(statement.limit(limit))]


def shown_thread(session: Session, school_id: str, thread_id: str) -> tuple[Thread, datetime] | None:
    """One thread, if staff may know of it."""
    statement, _ = _with_last_words(school_id)
    found = session.execute(statement.where(Thread.id == thread_id)).first()
    return (found[0], found[1]) if found is not None else None


def lock_thread(session: Session, school_id: str, thread_id: str) -> Thread | None:
    """A thread, locked until the transaction ends."""
    return session.get(Thread, (school_id, thread_id), with_for_update=True, populate_existing=True)


def locked_threads_of(session: Session, school_id: str, contact_id: str) -> list[Thread]:
    """The threads in which a contact alone writes, locked in the order of their ids."""
    wanted = (
        select(Thread)
        .where(Thread.school_id == school_id, Thread.contact_id == contact_id)
        .order_by(Thread.id)
        .with_for_update()
    )
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def messages_page(session: Session, school_id: str, thread_id: str, *, after: str | None, limit: int) -> list[Message]:
    """The words of a thread in the order in which they came and went."""
    statement = select(Message).where(
        Message.school_id == school_id, Message.thread_id == thread_id, Message.restricted.is_(False)
    )
    if after is not None:
        statement = statement.where(Message.id > after)
    return list(session.scalars(statement.order_by(Message.id).limit(limit)))


def plain_messages(session: Session, school_id: str, message_ids: Collection[str]) -> dict[str, Message]:
    """Those of the messages that all staff may read."""
    statement = select(Message).where(
        Message.school_id == school_id, Message.id.in_(sorted(message_ids)), Message.restricted.is_(False)
    )
    return {message.id: message for message in session.scalars(statement)}


def deliveries(session: Session, school_id: str, thread_id: str, message_ids: Collection[str]) -> dict[str, OutboxRow]:
    """How the sending of each of these messages stands, the last attempt of each."""
    statement = (
        select(OutboxRow)
        .where(
            OutboxRow.school_id == school_id,
            OutboxRow.thread_id == thread_id,
            OutboxRow.message_id.in_(sorted(message_ids)),
        )
        .order_by(OutboxRow.id)
    )
    return {row.message_id: row for row in session.scalars(statement)}


def children_of_thread(session: Session, thread: Thread) -> set[str]:
    """The pupils of all contacts who have the thread's address."""
    owners = select(Address.contact_id).where(
        Address.school_id == thread.school_id, Address.channel == thread.channel, Address.address == thread.address
    )
    statement = select(Right.pupil_id).where(
        Right.school_id == thread.school_id,
        Right.contact_id.in_(owners) | (Right.contact_id == thread.contact_id),
    )
    return set(session.scalars(statement))


def is_closed_to_us(session: Session, thread: Thread) -> bool:
    """Whether nothing may go to the thread's address: they opted out, or it proved to be somebody else's."""
    if thread.opted_out_at is not None:
        return True
    statement = select(Address.id).where(
        Address.school_id == thread.school_id,
        Address.channel == thread.channel,
        Address.address == thread.address,
        Address.opted_out_at.is_not(None) | Address.quarantined_at.is_not(None),
    )
    return session.scalars(statement.limit(1)).first() is not None


# Talks ----------------------------------------------------------------------------------------


def silent_talks(session: Session, now: datetime, *, limit: int) -> list[Thread]:
    """The threads in which staff's time to write has run out, of all schools, locked; busy ones are passed by."""
    statement = (
        select(Thread)
        .where(Thread.staff_until.is_not(None), Thread.staff_until <= now)
        .order_by(Thread.staff_until, Thread.school_id, Thread.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def next_silent_talk(session: Session) -> datetime | None:
    """When the next talk ends by itself; None where nobody speaks."""
    return session.scalar(select(func.min(Thread.staff_until)).where(Thread.staff_until.is_not(None)))


def has_heard_since(session: Session, thread: Thread, since: datetime) -> bool:
    """Whether anything came in a thread from that moment on."""
    statement = select(Message.id).where(
        Message.school_id == thread.school_id,
        Message.thread_id == thread.id,
        Message.direction == "in",
        Message.at >= since,
    )
    return session.scalars(statement.limit(1)).first() is not None


def open_items_of(session: Session, thread: Thread, whys: Collection[str]) -> list[StaffItem]:
    """What waits for a person in a thread, for any of these reasons."""
    statement = (
        select(StaffItem)
        .where(
            StaffItem.school_id == thread.school_id,
            StaffItem.closed_at.is_(None),
            StaffItem.thread_id == thread.id,
            StaffItem.why.in_(sorted(whys)),
        )
        .order_by(StaffItem.id)
    )
    return list(session.scalars(statement))


def thread_of_contact(session: Session, school_id: str, contact_id: str | None) -> str | None:
    """The thread in which a contact was written with last; None where there is none."""
    if contact_id is None:
        return None
    wanted = select(Thread.id).where(Thread.school_id == school_id, Thread.contact_id == contact_id)
    return session.scalars(wanted.order_by(Thread.last_at.desc(), Thread.id).limit(1)).first()
