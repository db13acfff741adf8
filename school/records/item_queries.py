"""Staff's items as verbs look them up."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
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
