"""The first revision's tables of messaging: threads, messages and the queues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = (
    "inbox",
    "messages",
    "outbox",
    "poll_offsets",
    "received",
    "threads",
    "wakes",
)


def make() -> None:
    """Makes the tables, those that others point at first."""
    _inbox()
    _messages()
    _outbox()
    _poll_offsets()
    _received()
    _threads()
    _wakes()


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("available_at", UTCDateTime(), nullable=False),
        sa.Column("handled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'handled', 'failed')", name=op.f("ck_inbox_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_inbox"),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "ix_inbox_thread",
        "inbox",
        ["school_id", "thread_id", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["available_at", "school_id", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("author", sa.String(length=26), nullable=False),
        sa.Column("media", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("purge_after", UTCDateTime(), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_messages_direction")),
        sa.PrimaryKeyConstraint("school_id", "id", "at", name="pk_messages"),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_messages_thread", "messages", ["school_id", "thread_id", "at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("message_at", UTCDateTime(), nullable=False),
        sa.Column("inbox_id", sa.String(length=26), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("available_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'unknown', 'expired',"
            " 'suppressed', 'failed')",
            name=op.f("ck_outbox_status"),
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_outbox"),
        sa.UniqueConstraint("school_id", "channel", "provider_id", name="uq_outbox_school_id_channel_provider_id"),
    )
    queued = sa.text("status = 'queued'")
    op.create_index(
        "ix_outbox_claim",
        "outbox",
        ["channel", "priority", "available_at", "school_id", "id"],
        sqlite_where=queued,
        postgresql_where=queued,
    )
    unsettled = sa.text("status IN ('sending', 'unknown')")
    op.create_index(
        "ix_outbox_unsettled",
        "outbox",
        ["status", "claimed_at"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )
    op.create_index("ix_outbox_provider", "outbox", ["channel", "provider_id"])
    op.create_index("ix_outbox_thread", "outbox", ["school_id", "thread_id", "id"])


def _poll_offsets() -> None:
    op.create_table(
        "poll_offsets",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("polled_at", UTCDateTime(), nullable=False),
        sa.Column("lease_by", sa.String(length=40), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "line_id", name="pk_poll_offsets"),
    )


def _received() -> None:
    op.create_table(
        "received",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "channel", "provider_id", name="pk_received"),
    )


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("opted_out_at", UTCDateTime(), nullable=True),
        sa.Column("staff_until", UTCDateTime(), nullable=True),
        sa.Column("lead_holds", sa.Boolean(), nullable=False),
        sa.Column("unknown_replied_at", UTCDateTime(), nullable=True),
        sa.Column("same_reply_hash", sa.String(length=64), nullable=False),
        sa.Column("same_reply_count", sa.Integer(), nullable=False),
        sa.Column("same_reply_since", UTCDateTime(), nullable=True),
        sa.Column("looping", sa.Boolean(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_threads"),
        sa.UniqueConstraint("school_id", "line_id", "address", name="uq_threads_school_id_line_id_address"),
    )
    op.create_index("ix_threads_contact", "threads", ["school_id", "contact_id"])


def _wakes() -> None:
    op.create_table(
        "wakes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("token", sa.String(length=26), nullable=False),
        sa.Column("after_seconds", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.String(length=26), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "thread_id", name="pk_wakes"),
    )
    op.create_index("ix_wakes_due", "wakes", ["due_at", "school_id", "thread_id"])
