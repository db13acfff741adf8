"""Evidence: what staff asked to be shown, and the files that families sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    _requests()
    _files()


def _requests() -> None:
    op.create_table(
        "evidence_requests",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("absence_id", sa.String(length=26), nullable=True),
        sa.Column("leave_id", sa.String(length=26), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("inbox_id", sa.String(length=26), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'received', 'closed', 'withdrawn', 'expired')",
            name=op.f("ck_evidence_requests_status"),
        ),
        sa.CheckConstraint("(absence_id IS NULL) <> (leave_id IS NULL)", name=op.f("ck_evidence_requests_about")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_evidence_requests"),
    )
    op.create_index("ix_evidence_requests_contact", "evidence_requests", ["school_id", "contact_id", "status"])
    op.create_index("ix_evidence_requests_until", "evidence_requests", ["status", "until"])


def _files() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("request_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("fetch_at", UTCDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'kept', 'unread', 'forgotten')", name=op.f("ck_evidence_files_status")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "request_id"],
            ["evidence_requests.school_id", "evidence_requests.id"],
            name="fk_evidence_files_school_id_request_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_evidence_files"),
    )
    op.create_index("ix_evidence_files_request", "evidence_files", ["school_id", "request_id"])
    op.create_index("ix_evidence_files_fetch", "evidence_files", ["fetch_at"])


def downgrade() -> None:
    """Drops both, with what families sent."""
    op.drop_table("evidence_files")
    op.drop_table("evidence_requests")
