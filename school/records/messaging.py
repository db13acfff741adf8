"""Threads and their messages, what was received, and the queues: inbox, outbox and wakes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool

# What waits is a handful beside years of rows that had their turn: these indexes hold the handful alone. A query must
# name the status in so many words, not as a parameter, for a database to use them.
WAITING = text("status = 'waiting'")
QUEUED = text("status = 'queued'")
SPOKEN_IN = text("staff_until IS NOT NULL")
OPEN_WORDS = text("unsettled_until IS NOT NULL")
UNSETTLED = text("status IN ('sending', 'unknown')")


class Thread(Keyed, Base):
    """One of their addresses on one of our lines, and the conversation's state there.

    `contact_id` is None for an unknown sender. `state` is codes only. `staff_until`: a person speaks here and
    the flows stay silent until then; `staff_since` and `staff_spoke_at`: since when, and when they last wrote.
    `lead_holds`: every later text goes to the safeguarding lead alone. `unsettled`: what was told here of which days
    and is not settled (ids and days), until `unsettled_until` at the latest; None where nothing is.
    """

    __tablename__ = "threads"
    line_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str]
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    language: Mapped[str] = mapped_column(String(10), default="en")
    numbers_only: Mapped[bool] = mapped_column(default=False)
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rev: Mapped[int] = mapped_column(default=0)
    opted_out_at: Mapped[datetime | None] = mapped_column(default=None)
    staff_until: Mapped[datetime | None] = mapped_column(default=None)
    staff_since: Mapped[datetime | None] = mapped_column(default=None)
    staff_spoke_at: Mapped[datetime | None] = mapped_column(default=None)
    lead_holds: Mapped[bool] = mapped_column(default=False)
    unknown_replied_at: Mapped[datetime | None] = mapped_column(default=None)
    same_reply_hash: Mapped[str] = mapped_column(String(64), default="")
    same_reply_count: Mapped[int] = mapped_column(default=0)
    same_reply_since: Mapped[datetime | None] = mapped_column(default=None)
    looping: Mapped[bool] = mapped_column(default=False)
    unsettled: Mapped[list[Any]] = mapped_column(default=list)
    unsettled_until: Mapped[date | None] = mapped_column(default=None)
    last_at: Mapped[datetime]
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("school_id", "line_id", "address"),
        Index("ix_threads_contact", "school_id", "contact_id"),
        Index("ix_threads_talks", "staff_until", postgresql_where=SPOKEN_IN, sqlite_where=SPOKEN_IN),
        Index(
            "ix_threads_unsettled", "school_id", "unsettled_until", postgresql_where=OPEN_WORDS, sqlite_where=OPEN_WORDS
        ),
    )


class Received(OfSchool, Base):
    """A provider's id of a thing received: never partitioned, never purged, so a repeat is known for ever."""

    __tablename__ = "received"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]


class Message(Base):
    """The words of a text in or out: the one home of personal text, with the day after which it is forgotten.

    Partitioned by month on PostgreSQL, which is why `at` is part of the key. `restricted` is for the
    safeguarding lead alone. `said` keeps an outgoing text's message keys, without words.
    """

    __tablename__ = "messages"
    school_id: Mapped[str] = mapped_column(String(26))
    id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]
    thread_id: Mapped[str] = mapped_column(String(26))
    direction: Mapped[str] = mapped_column(String(3))
    body: Mapped[str]
    author: Mapped[str] = mapped_column(String(26), default="")
    media: Mapped[int] = mapped_column(default=0)
    said: Mapped[list[Any]] = mapped_column(default=list)
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    restricted: Mapped[bool] = mapped_column(default=False)
    purge_after: Mapped[datetime]
    __table_args__ = (
        PrimaryKeyConstraint("school_id", "id", "at"),
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        Index("ix_messages_thread", "school_id", "thread_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )


class InboxRow(Keyed, Base):
    """Something that waits for its turn: kind text, press, contact, left or push. Handled rows stay a while, wordless.

    `id` orders a thread's rows. A text's words are in `messages` under the same id; `payload` holds what is left
    (a button's token and key, a push's flow and fills). Status: waiting, handled, failed (stands on the staff's list).
    """

    __tablename__ = "inbox"
    thread_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    available_at: Mapped[datetime]
    handled_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'handled', 'failed')", name="status"),
        Index("ix_inbox_waiting", "available_at", "school_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_inbox_thread", "school_id", "thread_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )


class OutboxRow(Keyed, Base):
    """One message to send; its words are in `messages` under `message_id`. States: see `bot.outbox`.

    `purpose`: reply, staff, chase, prompt, notice, broadcast, safeguarding, worry. `priority` 0 goes first.
    """

    __tablename__ = "outbox"
    thread_id: Mapped[str] = mapped_column(String(26))
    line_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str]
    message_id: Mapped[str] = mapped_column(String(26))
    message_at: Mapped[datetime]
    inbox_id: Mapped[str | None] = mapped_column(String(26), default=None)
    purpose: Mapped[str] = mapped_column(String(20), default="reply")
    priority: Mapped[int] = mapped_column(default=0)
    segments: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(12), default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None] = mapped_column(String(100), default=None)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    claimed_by: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'unknown', 'expired',"
            " 'suppressed', 'failed')",
            name="status",
        ),
        UniqueConstraint("school_id", "channel", "provider_id"),
        Index(
            "ix_outbox_claim",
            *("channel", "priority", "available_at", "school_id", "id"),
            sqlite_where=QUEUED,
            postgresql_where=QUEUED,
        ),
        Index("ix_outbox_unsettled", "status", "claimed_at", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
        Index("ix_outbox_provider", "channel", "provider_id"),
        Index("ix_outbox_thread", "school_id", "thread_id", "id"),
    )


class WakeRow(OfSchool, Base):
    """A thread's one timer. It is due `after_seconds` from the sending of its question (`outbox_id`).

    Where the question stays unsent for 30 minutes, or there is none, it counts from `set_at`.
    """

    __tablename__ = "wakes"
    thread_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    token: Mapped[str] = mapped_column(String(26))
    after_seconds: Mapped[int] = mapped_column(Integer)
    outbox_id: Mapped[str | None] = mapped_column(String(26), default=None)
    set_at: Mapped[datetime]
    due_at: Mapped[datetime]
    __table_args__ = (Index("ix_wakes_due", "due_at", "school_id", "thread_id"),)


class PollOffset(OfSchool, Base):
    """How far a polled line has been read: stored in the same transaction as what was read."""

    __tablename__ = "poll_offsets"
    line_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    next_offset: Mapped[int] = mapped_column(BigInteger)
    polled_at: Mapped[datetime]
    lease_by: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
