"""Leave in term time on record: what a parent asked for, session by session, and what the head decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed


class LeaveRequest(Keyed, Base):
    """One request of one contact, for one or several children. Status: asked, granted, part, refused, withdrawn.

    `words` are the ids of the messages in which the parent says what it is for; `reason` is what was heard in them.
    `why` is the head's reason, a code that is said in the family's own language. `remind_at` is when the head is
    reminded, None once that is done or needless.
    """

    __tablename__ = "leave_requests"
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    thread_id: Mapped[str] = mapped_column(String(26))
    message_id: Mapped[str | None] = mapped_column(String(26), default=None)
    frame: Mapped[str] = mapped_column(String(60))
    words: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(String(30), default="")
    first: Mapped[date]
    last: Mapped[date]
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="asked")
    why: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[str | None] = mapped_column(String(60), default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("status IN ('asked', 'granted', 'part', 'refused', 'withdrawn')", name="status"),
        Index("ix_leave_requests_status", "school_id", "status", "first"),
        Index("ix_leave_requests_frame", "school_id", "thread_id", "frame"),
        Index("ix_leave_requests_remind", "remind_at"),
    )


class LeaveSession(Keyed, Base):
    """One child's session that a request asks for; `granted` is None until the head has decided."""

    __tablename__ = "leave_sessions"
    request_id: Mapped[str] = mapped_column(String(26))
    pupil_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2))
    granted: Mapped[bool | None] = mapped_column(default=None)
    __table_args__ = (
        UniqueConstraint("school_id", "request_id", "pupil_id", "day", "session"),
        ForeignKeyConstraint(["school_id", "request_id"], ["leave_requests.school_id", "leave_requests.id"]),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        CheckConstraint("session IN ('AM', 'PM')", name="session"),
        Index("ix_leave_sessions_pupil", "school_id", "pupil_id", "day"),
    )
