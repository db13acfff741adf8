"""Leave in term time: requests, and the sessions that they ask for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    _requests()
    _sessions()


def downgrade() -> None:
    """Drops both, the one that points at the other first."""
    op.drop_table("leave_sessions")
    op.drop_table("leave_requests")


def _requests() -> None:
    op.create_table(
        "leave_requests",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("frame", sa.String(length=60), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("remind_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'granted', 'part', 'refused', 'withdrawn')", name=op.f("ck_leave_requests_status")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_leave_requests"),
    )
    op.create_index("ix_leave_requests_status", "leave_requests", ["school_id", "status", "first"])
    op.create_index("ix_leave_requests_frame", "leave_requests", ["school_id", "thread_id", "frame"])
    op.create_index("ix_leave_requests_remind", "leave_requests", ["remind_at"])


def _sessions() -> None:
    op.create_table(
        "leave_sessions",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("request_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("session IN ('AM', 'PM')", name=op.f("ck_leave_sessions_session")),
        sa.ForeignKeyConstraint(
            ["school_id", "request_id"],
            ["leave_requests.school_id", "leave_requests.id"],
            name="fk_leave_sessions_school_id_request_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_leave_sessions_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_leave_sessions"),
        sa.UniqueConstraint(
            "school_id",
            "request_id",
            "pupil_id",
            "day",
            "session",
            name="uq_leave_sessions_school_id_request_id_pupil_id_day_session",
        ),
    )
    op.create_index("ix_leave_sessions_pupil", "leave_sessions", ["school_id", "pupil_id", "day"])
