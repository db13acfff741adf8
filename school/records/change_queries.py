"""The ledger as a feed: numbered for each reader as if what the reader may not see were not there."""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from school.records.staff import LedgerRow

# Written as the partial index `ix_ledger_restricted` has it, so that SQLite's planner knows it again.
_RESTRICTED: ColumnElement[bool] = literal_column("ledger.restricted", Boolean)


def _restricted_numbers(session: Session, school_id: str) -> list[int]:
    statement = select(LedgerRow.number).where(LedgerRow.school_id == school_id, _RESTRICTED).order_by(LedgerRow.number)
    return list(session.scalars(statement))


def changes_after(
    session: Session, school_id: str, *, after: int, limit: int, restricted: bool
) -> list[tuple[int, LedgerRow]]:
    """Changes after a number of this reader's, each with its number.

    Without `restricted` the rows for the lead are left out and the others are numbered without a gap: a gap would
    tell that something happened.
    """
    hidden = [] if restricted else _restricted_numbers(session, school_id)
    real = after
    for number in hidden:
        if number > real + 1:
            break
        real += 1
    statement = select(LedgerRow).where(LedgerRow.school_id == school_id, LedgerRow.number > real)
    if not restricted:
        statement = statement.where(LedgerRow.restricted.is_(False))
    rows = session.scalars(statement.order_by(LedgerRow.number).limit(limit))
    return [(row.number - sum(1 for number in hidden if number < row.number), row) for row in rows]


def latest_number(session: Session, school_id: str, *, restricted: bool) -> int:
    """The number of the last change that this reader may see; 0 before the first."""
    statement = select(LedgerRow.number).where(LedgerRow.school_id == school_id)
    if not restricted:
        statement = statement.where(LedgerRow.restricted.is_(False))
    last = session.scalars(statement.order_by(LedgerRow.number.desc()).limit(1)).first()
    if last is None:
        return 0
    hidden = [] if restricted else _restricted_numbers(session, school_id)
    return last - sum(1 for number in hidden if number < last)
