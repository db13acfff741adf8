"""Absences with their statements, and the register's marks with their amendments."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class Absence(Keyed, Base):
    """One child's absence from one session (or late arrival to it), as reported and as staff settle it.

    It stands while one statement of an entitled contact stands unwithdrawn. `status`: reported, confirmed,
    withdrawn. `code` is what staff chose; `proposed_code` and `proposed_why` are only a proposal.
    `accounted_for`: an adult with the right to say so said where the child is; `explained`: with a reason.
    """

    __tablename__ = "absences"
    pupil_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(20))
    reason_category: Mapped[str | None] = mapped_column(String(30))
    proposed_code: Mapped[str | None] = mapped_column(String(2))
    proposed_why: Mapped[str] = mapped_column(default="")
    code: Mapped[str | None] = mapped_column(String(2), default=None)
    status: Mapped[str] = mapped_column(String(10), default="reported")
    accounted_for: Mapped[bool] = mapped_column(default=True)
    explained: Mapped[bool] = mapped_column(default=False)
    minutes_late: Mapped[int | None] = mapped_column(default=None)
    expected_at: Mapped[datetime | None] = mapped_column(default=None)
    appointment_at: Mapped[time | None] = mapped_column(default=None)
    leaves_at: Mapped[time | None] = mapped_column(default=None)
    returns_at: Mapped[time | None] = mapped_column(default=None)
    open_ended: Mapped[bool] = mapped_column(default=False)
    partial: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(26), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        UniqueConstraint("school_id", "pupil_id", "day", "session"),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        CheckConstraint("session IN ('AM', 'PM')", name="session"),
        CheckConstraint("status IN ('reported', 'confirmed', 'withdrawn')", name="status"),
        Index("ix_absences_day", "school_id", "day", "status"),
    )


class Statement(Keyed, Base):
    """Who said what about an absence, when and through which message; staff who took a call are `user_id`.

    What the absence says is worked out from its standing statements, so each keeps all that it said.

    `words_span` and `rule` lead back to the words: [from, to] in the message's body and the rule that heard them.
    """

    __tablename__ = "statements"
    absence_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    user_id: Mapped[str | None] = mapped_column(String(26), default=None)
    message_id: Mapped[str | None] = mapped_column(String(26), default=None)
    frame: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20))
    reason_category: Mapped[str | None] = mapped_column(String(30))
    minutes_late: Mapped[int | None] = mapped_column(default=None)
    expected_at: Mapped[datetime | None] = mapped_column(default=None)
    appointment_at: Mapped[time | None] = mapped_column(default=None)
    leaves_at: Mapped[time | None] = mapped_column(default=None)
    returns_at: Mapped[time | None] = mapped_column(default=None)
    open_ended: Mapped[bool] = mapped_column(default=False)
    partial: Mapped[bool] = mapped_column(default=False)
    words_span: Mapped[list[Any]] = mapped_column(default=list)
    rule: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "absence_id"], ["absences.school_id", "absences.id"]),
        Index("ix_statements_absence", "school_id", "absence_id"),
    )


class RegisterMark(OfSchool, Base):
    """The mark that stands in the register for a pupil's session; what stood before is in `mark_amendments`."""

    __tablename__ = "register_marks"
    pupil_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(String(2), primary_key=True)
    code: Mapped[str] = mapped_column(String(2))
    minutes_late: Mapped[int | None] = mapped_column(default=None)
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        CheckConstraint("session IN ('AM', 'PM')", name="session"),
        Index("ix_register_marks_day", "school_id", "day", "session"),
    )


class MarkAmendment(Keyed, Base):
    """A change to the register: original, new, reason, when and who. Append-only, refused otherwise by the database."""

    __tablename__ = "mark_amendments"
    pupil_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2))
    original_code: Mapped[str] = mapped_column(String(2))
    new_code: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    by_role: Mapped[str] = mapped_column(String(40))
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        Index("ix_mark_amendments_pupil", "school_id", "pupil_id", "day", "session"),
    )
