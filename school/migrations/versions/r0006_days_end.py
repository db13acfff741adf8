"""Accounts that end by themselves, and the continuity sheet of each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column and makes the table."""
    # SQLite would write the column on another's line, and the schema is compared line by line.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("users", recreate="always" if is_sqlite else "never") as table:
        table.add_column(sa.Column("ends_at", UTCDateTime(), nullable=True))
    op.create_table(
        "continuity_sheets",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "day", name="pk_continuity_sheets"),
    )


def downgrade() -> None:
    """Drops the table and takes the column away."""
    op.drop_table("continuity_sheets")
    with op.batch_alter_table("users") as table:
        table.drop_column("ends_at")
