"""Contacts and threads that are asked by menus alone, and answer by a digit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column to both tables; whoever is on record goes on in words."""
    # SQLite would write the column on another's line, and the schema is compared line by line.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("contacts", "threads"):
        with op.batch_alter_table(name, recreate="always" if is_sqlite else "never") as table:
            table.add_column(sa.Column("numbers_only", sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(name) as table:
            table.alter_column("numbers_only", server_default=None)


def downgrade() -> None:
    """Drops it: everybody is asked in words again."""
    for name in ("threads", "contacts"):
        with op.batch_alter_table(name) as table:
            table.drop_column("numbers_only")
