"""Staff's items as verbs look them up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from school.records.staff import StaffItem


def item_of(session: Session, school_id: str, item_id: str) -> StaffItem | None:
    """One item of this school, locked until the transaction ends."""
    return session.get(StaffItem, (school_id, item_id), with_for_update=True)


def items_about(session: Session, school_id: str, message_ids: Collection[str]) -> list[StaffItem]:
    """The open items about these messages."""
    if not message_ids:
        return []
    wanted = select(StaffItem).where(
        StaffItem.school_id == school_id,
        StaffItem.message_id.in_(sorted(message_ids)),
        StaffItem.closed_at.is_(None),
    )
    return list(session.scalars(wanted))


def open_of_why(session: Session, school_id: str, why: str, *, after: str | None, limit: int) -> list[StaffItem]:
    """The open items of one kind, in the order in which they came."""
    wanted = select(StaffItem).where(
        StaffItem.school_id == school_id, StaffItem.why == why, StaffItem.closed_at.is_(None)
    )
    if after is not None:
        wanted = wanted.where(StaffItem.id > after)
    return list(session.scalars(wanted.order_by(StaffItem.id).limit(limit)))


def open_items_why(session: Session, school_id: str, why: str) -> list[StaffItem]:
    """The open items of one kind, oldest first."""
    wanted = (
        select(StaffItem)
        .where(StaffItem.school_id == school_id, StaffItem.why == why, StaffItem.closed_at.is_(None))
        .order_by(StaffItem.id)
    )
    return list(session.scalars(wanted))


def was_raised(session: Session, school_id: str, why: str, thread_id: str, *, since: datetime) -> bool:
    """Whether an item of that kind about a thread was made since then, closed by now or not."""
    wanted = select(StaffItem.id).where(
        StaffItem.school_id == school_id, StaffItem.why == why, StaffItem.thread_id == thread_id, StaffItem.at >= since
    )
    return session.scalars(wanted.limit(1)).first() is not None


def alarms_due(session: Session, now: datetime, *, limit: int) -> list[StaffItem]:
    """Items whose alarm's time has come, of all schools, locked; those that another process is at are passed by."""
    wanted = (
        select(StaffItem)
        .where(StaffItem.alarm_at <= now)
        .order_by(StaffItem.alarm_at, StaffItem.school_id, StaffItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(wanted))


def next_alarm(session: Session) -> datetime | None:
    """When the next alarm goes off; None if none is set."""
    return session.scalar(select(func.min(StaffItem.alarm_at)))
