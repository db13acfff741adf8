"""What the school sends unasked and may wait: each text, where it stands, and why it waits or went with another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed


class UnaskedText(Keyed, Base):
    """A text that counts in a family's budget; its id is that of its inbox row.

    `status`: waiting (`why`: hours, budget or conversation; `goes_at`: when it is tried again), sent, merged (into
    the text `into_id`), let_go (there was nothing to say any more, or staff stopped it) or fell_away (it would have
    been of no use). `week` is the Monday of the week in whose budget a sent one counts.
    """

    __tablename__ = "unasked_texts"
    contact_id: Mapped[str] = mapped_column(String(26))
    thread_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    flow: Mapped[str] = mapped_column(String(30))
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    why: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
    goes_at: Mapped[datetime | None] = mapped_column(default=None)
    until: Mapped[datetime]
    into_id: Mapped[str | None] = mapped_column(String(26), default=None)
    week: Mapped[date | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sent', 'merged', 'let_go', 'fell_away')", name="status"),
        Index("ix_unasked_texts_contact", "school_id", "contact_id", "week"),
    )
