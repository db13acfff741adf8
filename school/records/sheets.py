"""The continuity sheet of a day: what the board said at half past nine, in ids and codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from school.records.base import Base, OfSchool


class ContinuitySheet(OfSchool, Base):
    """One school day's sheet, as it was written; names and phones are read when it is shown. Purged with the words."""

    __tablename__ = "continuity_sheets"
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)


def sheet_of(session: Session, school_id: str, day: date) -> ContinuitySheet | None:
    """The sheet of a day, if it was written."""
    return session.get(ContinuitySheet, (school_id, day))


def forget_sheets(session: Session, school_id: str, before: datetime) -> int:
    """Removes the sheets of a school that were written before a moment; how many went."""
    old = select(ContinuitySheet.day).where(ContinuitySheet.school_id == school_id, ContinuitySheet.at <= before)
    days = list(session.scalars(old))
    gone = delete(ContinuitySheet).where(ContinuitySheet.school_id == school_id, ContinuitySheet.day.in_(days))
    session.execute(gone.execution_options(synchronize_session=False))
    return len(days)
