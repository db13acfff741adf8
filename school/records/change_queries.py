"""The ledger as a feed: numbered for each reader as if what the reader may not see were not there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, ColumnElement, and_, literal_column, not_, select
from sqlalchemy.orm import Session

from school.records.staff import LedgerRow

# Written as the partial index `ix_ledger_restricted` has it, so that SQLite's planner knows it again.
_RESTRICTED: ColumnElement[bool] = literal_column("ledger.restricted", Boolean)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What of the restricted rows a reader may see: none, or all but those about these ids."""

    restricted: bool = False
    but_not: tuple[str, ...] = ()

    @property
    def see_all(self) -> bool:
        """Whether nothing is kept from this reader."""
        return self.restricted and not self.but_not

    def unseen(self) -> ColumnElement[bool]:
        """The rows that this reader must not learn of."""
        return and_(_RESTRICTED, LedgerRow.subject_id.in_(self.but_not)) if self.restricted else _RESTRICTED


def _unseen_numbers(session: Session, school_id: str, eyes: Eyes) -> list[int]:
    if eyes.see_all:
        return []
    statement = select(LedgerRow.number).where(LedgerRow.school_id == school_id, eyes.unseen())
    return list(session.scalars(statement.order_by(LedgerRow.number)))


def changes_after(
    session: Session, school_id: str, *, after: int, limit: int, eyes: Eyes
) -> list[tuple[int, LedgerRow]]:
    """Changes after a number of this reader's, each with its number.

    What the reader may not see is left out and the others are numbered without a gap: a gap would tell that something
    happened.
    """
    hidden = _unseen_numbers(session, school_id, eyes)
    real = after
    for number in hidden:
        if number > real + 1:
            break
        real += 1
    statement = select(LedgerRow).where(LedgerRow.school_id == school_id, LedgerRow.number > real)
    if not eyes.see_all:
        statement = statement.where(not_(eyes.unseen()))
    rows = session.scalars(statement.order_by(LedgerRow.number).limit(limit))
    return [(row.number - sum(1 for number in hidden if number < row.number), row) for row in rows]


def latest_number(session: Session, school_id: str, *, eyes: Eyes) -> int:
    """The number of the last change that this reader may see; 0 before the first."""
    statement = select(LedgerRow.number).where(LedgerRow.school_id == school_id)
    if not eyes.see_all:
        statement = statement.where(not_(eyes.unseen()))
    last = session.scalars(statement.order_by(LedgerRow.number.desc()).limit(1)).first()
    if last is None:
        return 0
    return last - sum(1 for number in _unseen_numbers(session, school_id, eyes) if number < last)
