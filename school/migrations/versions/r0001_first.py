"""The first schema: people, attendance, messaging, staff and the ledger."""

from __future__ import annotations

from alembic import op

from school.migrations.first import (
    attendance,
    broadcasting,
    chasing,
    guards,
    messaging,
    people,
    prompting,
    rounds,
    staff,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Those that others point at first.
THEMES = (people, attendance, messaging, staff, rounds, chasing, prompting, broadcasting)


def upgrade() -> None:
    """Makes all tables; on PostgreSQL one partition of `messages` that takes every month without its own."""
    for theme in THEMES:
        theme.make()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE messages_other PARTITION OF messages DEFAULT")
    guards.make()


def downgrade() -> None:
    """Drops all tables, those that point at others first; partitions go with their table."""
    for theme in reversed(THEMES):
        for table in reversed(theme.TABLES):
            op.drop_table(table)
    guards.drop()
