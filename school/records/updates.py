"""Updates of days missed on record: one for a half-term, and the children whose families it is for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed


class AttendanceUpdate(Keyed, Base):
    """An update of days missed from `first` to `last`, for those below `percent`. Status: prepared, sent, dropped."""

    __tablename__ = "attendance_updates"
    first: Mapped[date]
    last: Mapped[date]
    percent: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default="prepared")
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(String(60), default=None)
    families: Mapped[int] = mapped_column(default=0)
    unreached: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (CheckConstraint("status IN ('prepared', 'sent', 'dropped')", name="status"),)


class UpdateChild(Keyed, Base):
    """One child of an update, in sessions. `suggestion` is why we would leave the child out, `left_out` what staff say.

    `why` is theirs: bereavement, long_illness, complex, held, other.
    """

    __tablename__ = "attendance_update_children"
    update_id: Mapped[str] = mapped_column(String(26))
    pupil_id: Mapped[str] = mapped_column(String(26))
    missed: Mapped[int]
    possible: Mapped[int]
    unmarked: Mapped[int]
    suggestion: Mapped[str] = mapped_column(String(15), default="")
    left_out: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(String(15), default="")
    decided_by: Mapped[str | None] = mapped_column(String(60), default=None)
    __table_args__ = (
        UniqueConstraint("school_id", "update_id", "pupil_id"),
        ForeignKeyConstraint(["school_id", "update_id"], ["attendance_updates.school_id", "attendance_updates.id"]),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
    )
