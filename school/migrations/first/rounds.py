"""The first revision's table of the daily round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = ("round_runs",)


def make() -> None:
    """Makes the table."""
    op.create_table(
        "round_runs",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("ran_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "job", "due_at", name="pk_round_runs"),
    )
    op.create_index("ix_round_runs_due", "round_runs", ["school_id", "due_at"])
