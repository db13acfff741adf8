"""The first revision's tables of staff: users, what waits for a person, and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = (
    "holds",
    "idempotency_keys",
    "installation",
    "ledger",
    "ledger_heads",
    "safeguarding_items",
    "staff_items",
    "tokens",
    "users",
)


def make() -> None:
    """Makes the tables, those that others point at first."""
    _holds()
    _idempotency_keys()
    _installation()
    _ledger()
    _ledger_heads()
    _safeguarding_items()
    _staff_items()
    _tokens()
    _users()


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("cause_id", sa.String(length=26), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        sa.Column("released_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_holds"),
    )
    op.create_index("ix_holds_pupil", "holds", ["school_id", "pupil_id", "released_at"])


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "actor", "key", name="pk_idempotency_keys"),
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("clock", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("mode IN ('live', 'rehearsal')", name=op.f("ck_installation_mode")),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one")),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "number", name="pk_ledger"),
    )
    op.create_index(
        "ix_ledger_restricted",
        "ledger",
        ["school_id", "number"],
        sqlite_where=sa.text("restricted"),
        postgresql_where=sa.text("restricted"),
    )


def _ledger_heads() -> None:
    op.create_table(
        "ledger_heads",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name="pk_ledger_heads"),
    )


def _safeguarding_items() -> None:
    op.create_table(
        "safeguarding_items",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('new', 'opened', 'handed_back')", name=op.f("ck_safeguarding_items_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_safeguarding_items"),
    )
    op.create_index("ix_safeguarding_items_open", "safeguarding_items", ["school_id", "status", "at"])


def _staff_items() -> None:
    op.create_table(
        "staff_items",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=True),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=True),
        sa.Column("alarm_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_staff_items"),
    )
    op.create_index("ix_staff_items_alarm", "staff_items", ["alarm_at"])
    op.create_index("ix_staff_items_open", "staff_items", ["school_id", "closed_at", "at"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_users"),
        sa.UniqueConstraint("school_id", "email", name="uq_users_school_id_email"),
    )
