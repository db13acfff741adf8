"""Texts that the school sends unasked: what counts in a family's budget, what waits and why, and news with an end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table, and the column; what is in line already went before there was a budget."""
    op.create_table(
        "unasked_texts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("flow", sa.String(length=30), nullable=False),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("goes_at", UTCDateTime(), nullable=True),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("into_id", sa.String(length=26), nullable=True),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sent', 'merged', 'let_go', 'fell_away')", name=op.f("ck_unasked_texts_status")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_unasked_texts"),
    )
    op.create_index("ix_unasked_texts_contact", "unasked_texts", ["school_id", "contact_id", "week"])
    op.add_column("broadcasts", sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drops both; what waits in the inbox goes when its moment comes."""
    with op.batch_alter_table("broadcasts") as table:
        table.drop_column("last_day")
    op.drop_table("unasked_texts")
