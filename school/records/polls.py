"""How far polled lines have been read, and who may poll one now: statements of the lease and the offset."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from school.records.messaging import PollOffset
from school.records.queues import database_time, ignoring_repeats

OFFSETS = cast(Table, PollOffset.__table__)


def lease_poll(
    session: Session, school_id: str, line_id: str, *, by: str, lasts: timedelta, now: datetime
) -> int | None:
    """Takes or keeps the lease to poll a line; the offset to ask for, or None while somebody else holds it.

    `now` is the house's time, for the row's record of the poll; the lease runs by the database's clock.
    """
    clock = database_time(session)
    key = {"school_id": school_id, "line_id": line_id}
    session.execute(ignoring_repeats(session, OFFSETS), [{**key, "next_offset": 0, "polled_at": now}])
    row = session.execute(_offset(school_id, line_id).with_for_update()).one()
    if row.lease_by not in {"", by} and row.lease_until is not None and row.lease_until > clock:
        return None
    session.execute(_save_offset(school_id, line_id).values(lease_by=by, lease_until=clock + lasts, polled_at=now))
    return int(row.next_offset)


def advance_poll(session: Session, school_id: str, line_id: str, *, by: str, next_offset: int) -> bool:
    """Stores how far a line has been read; False, and nothing stored, for one who holds the lease no more."""
    row = session.execute(_offset(school_id, line_id).with_for_update()).one_or_none()
    if row is None or row.lease_by != by:
        return False
    session.execute(_save_offset(school_id, line_id).values(next_offset=max(next_offset, row.next_offset)))
    return True


def release_poll(session: Session, school_id: str, line_id: str, *, by: str) -> None:
    """Lets another process poll a line at once."""
    mine = _save_offset(school_id, line_id).where(OFFSETS.c.lease_by == by)
    session.execute(mine.values(lease_by="", lease_until=None))


def _offset(school_id: str, line_id: str) -> Any:
    return select(OFFSETS).where(OFFSETS.c.school_id == school_id, OFFSETS.c.line_id == line_id)


def _save_offset(school_id: str, line_id: str) -> Any:
    return update(OFFSETS).where(OFFSETS.c.school_id == school_id, OFFSETS.c.line_id == line_id)
