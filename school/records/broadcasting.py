"""What the school tells many families at once: the message, and one row for each contact who is to get it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class Broadcast(Keyed, Base):
    """One message to many. `kind`: news (within hours), closure (at any hour, care rule 23).

    `audience` is {to: all|years|classes|pupils, of: [...]}; `texts` the school's own words by language. Status: draft,
    sending, done, stopped. `look_at`: when the next families get it; None while there is nothing to do. `last_day`:
    the day after which it is no news any more, and is not sent.
    """

    __tablename__ = "broadcasts"
    kind: Mapped[str] = mapped_column(String(10))
    audience: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10), default="draft")
    look_at: Mapped[datetime | None] = mapped_column(default=None)
    written_by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(60), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    last_day: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("kind IN ('news', 'closure')", name="kind"),
        CheckConstraint("status IN ('draft', 'sending', 'done', 'stopped')", name="status"),
        Index("ix_broadcasts_look", "look_at"),
    )


class BroadcastRecipient(OfSchool, Base):
    """One contact of a broadcast, about these pupils of theirs. Status: waiting, put_in_line, unreached, stopped.

    `why` says what kept it from an unreached contact; `inbox_id` leads to the message that went.
    """

    __tablename__ = "broadcast_recipients"
    broadcast_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    pupil_ids: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    why: Mapped[str] = mapped_column(String(20), default="")
    inbox_id: Mapped[str | None] = mapped_column(String(26), default=None)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "broadcast_id"], ["broadcasts.school_id", "broadcasts.id"]),
        ForeignKeyConstraint(["school_id", "contact_id"], ["contacts.school_id", "contacts.id"]),
        CheckConstraint("status IN ('waiting', 'put_in_line', 'unreached', 'stopped')", name="status"),
        Index("ix_broadcast_recipients_status", "school_id", "broadcast_id", "status"),
    )
