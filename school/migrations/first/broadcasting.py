"""The first revision's tables of what goes to many families."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = ("broadcasts", "broadcast_recipients")


def make() -> None:
    """Makes the tables, the one that the other points at first."""
    op.create_table(
        "broadcasts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("look_at", UTCDateTime(), nullable=True),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=60), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('news', 'closure')", name=op.f("ck_broadcasts_kind")),
        sa.CheckConstraint("status IN ('draft', 'sending', 'done', 'stopped')", name=op.f("ck_broadcasts_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_broadcasts"),
    )
    op.create_index("ix_broadcasts_look", "broadcasts", ["look_at"])
    op.create_table(
        "broadcast_recipients",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("broadcast_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("inbox_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'put_in_line', 'unreached', 'stopped')", name=op.f("ck_broadcast_recipients_status")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "broadcast_id"],
            ["broadcasts.school_id", "broadcasts.id"],
            name="fk_broadcast_recipients_school_id_broadcast_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"],
            ["contacts.school_id", "contacts.id"],
            name="fk_broadcast_recipients_school_id_contact_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "broadcast_id", "contact_id", name="pk_broadcast_recipients"),
    )
    op.create_index("ix_broadcast_recipients_status", "broadcast_recipients", ["school_id", "broadcast_id", "status"])
