"""How long things have waited: what tells whether the house is well."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from school.records.messaging import InboxRow, OutboxRow
from school.records.queues import QUEUED, WAITING

# Written as the partial index `ix_outbox_unsettled` has it, so that SQLite's planner knows it again.
_UNSETTLED = OutboxRow.status.in_([literal_column("'sending'"), literal_column("'unknown'")])


def longest_waiting(session: Session, *, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Since when the longest-waiting row of the inbox and of the outbox could have been handled; None for none."""
    inbox = select(func.min(InboxRow.available_at)).where(WAITING, InboxRow.available_at <= now)
    outbox = select(func.min(OutboxRow.available_at)).where(QUEUED, OutboxRow.available_at <= now)
    return session.scalars(inbox).one(), session.scalars(outbox).one()


def unknown_sends(session: Session) -> int:
    """How many messages there are of which we do not know whether they were sent."""
    unknown = OutboxRow.status == "unknown"
    return session.scalars(select(func.count()).select_from(OutboxRow).where(_UNSETTLED, unknown)).one()
