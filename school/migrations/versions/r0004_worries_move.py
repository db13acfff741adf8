"""Worrying texts: whom they accuse, how far they moved unopened, and that they were copied to the file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ABOUT = "about IN ('', 'staff', 'lead', 'head')"


def upgrade() -> None:
    """Adds the columns; what waits already begins to move at once."""
    with op.batch_alter_table("safeguarding_items") as table:
        table.add_column(sa.Column("about", sa.String(length=10), nullable=False, server_default=""))
        table.add_column(sa.Column("moved", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("move_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("filed_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("filed_by", sa.String(length=26), nullable=True))
        table.create_check_constraint(op.f("ck_safeguarding_items_about"), ABOUT)
    with op.batch_alter_table("safeguarding_items") as table:
        for column in ("about", "moved", "told"):
            table.alter_column(column, server_default=None)
    op.create_index("ix_safeguarding_items_move", "safeguarding_items", ["move_at"])
    op.create_index("ix_safeguarding_items_thread", "safeguarding_items", ["school_id", "thread_id"])
    op.execute("UPDATE safeguarding_items SET move_at = at WHERE status = 'new'")


def downgrade() -> None:
    """Takes the columns away again."""
    op.drop_index("ix_safeguarding_items_thread", "safeguarding_items")
    op.drop_index("ix_safeguarding_items_move", "safeguarding_items")
    with op.batch_alter_table("safeguarding_items") as table:
        table.drop_constraint(op.f("ck_safeguarding_items_about"), type_="check")
        for column in ("filed_by", "filed_at", "move_at", "told", "moved", "about"):
            table.drop_column(column)
