"""Threads that remember of which days something was told and is not settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("unsettled_until IS NOT NULL")


def upgrade() -> None:
    """Adds the columns; of what was asked before nobody knows the days, and nothing is unsettled."""
    # SQLite would write the columns on another's line, and the schema is compared line by line.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("threads", recreate="always" if is_sqlite else "never") as table:
        table.add_column(sa.Column("unsettled", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("unsettled_until", sa.Date(), nullable=True))
    with op.batch_alter_table("threads") as table:
        table.alter_column("unsettled", server_default=None)
    op.create_index(
        "ix_threads_unsettled",
        "threads",
        ["school_id", "unsettled_until"],
        postgresql_where=UNSETTLED,
        sqlite_where=UNSETTLED,
    )


def downgrade() -> None:
    """Drops them: the chase asks whoever was asked something and did not answer."""
    op.drop_index("ix_threads_unsettled", table_name="threads")
    with op.batch_alter_table("threads") as table:
        table.drop_column("unsettled_until")
        table.drop_column("unsettled")
