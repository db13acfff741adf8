"""Talks with a person: since when staff speak in a thread, when they last wrote, and which talks end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("staff_since", "staff_spoke_at")
SPOKEN_IN = sa.text("staff_until IS NOT NULL")


def upgrade() -> None:
    """Adds both columns, and an index of the few threads in which somebody speaks."""
    for name in COLUMNS:
        op.add_column("threads", sa.Column(name, UTCDateTime(), nullable=True))
    op.create_index("ix_threads_talks", "threads", ["staff_until"], postgresql_where=SPOKEN_IN, sqlite_where=SPOKEN_IN)


def downgrade() -> None:
    """Drops them."""
    op.drop_index("ix_threads_talks", table_name="threads")
    for name in reversed(COLUMNS):
        op.drop_column("threads", name)
