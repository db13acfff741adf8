"""Updates of days missed: one for a half-term, and the children whose families it is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    _updates()
    _children()


def downgrade() -> None:
    """Drops both, the one that points at the other first."""
    op.drop_table("attendance_update_children")
    op.drop_table("attendance_updates")


def _updates() -> None:
    op.create_table(
        "attendance_updates",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("prepared_at", UTCDateTime(), nullable=False),
        sa.Column("prepared_by", sa.String(length=60), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.Column("families", sa.Integer(), nullable=False),
        sa.Column("unreached", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('prepared', 'sent', 'dropped')", name=op.f("ck_attendance_updates_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_attendance_updates"),
    )


def _children() -> None:
    op.create_table(
        "attendance_update_children",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("update_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("possible", sa.Integer(), nullable=False),
        sa.Column("unmarked", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.String(length=15), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=15), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "update_id"],
            ["attendance_updates.school_id", "attendance_updates.id"],
            name="fk_attendance_update_children_school_id_update_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"],
            ["pupils.school_id", "pupils.id"],
            name="fk_attendance_update_children_school_id_pupil_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_attendance_update_children"),
        sa.UniqueConstraint(
            "school_id", "update_id", "pupil_id", name="uq_attendance_update_children_school_id_update_id_pupil_id"
        ),
    )
