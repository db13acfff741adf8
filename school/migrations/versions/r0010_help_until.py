"""Adults whom staff added after a call, and the last day of what they may report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column and makes the table."""
    # SQLite would write the column on another's line, and the schema is compared line by line.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("rights", recreate="always" if is_sqlite else "never") as table:
        table.add_column(sa.Column("report_until", sa.Date(), nullable=True))
    op.create_table(
        "helpers",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("rang_contact_id", sa.String(length=26), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"], ["contacts.school_id", "contacts.id"], name="fk_helpers_school_id_contact_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "contact_id", name="pk_helpers"),
    )
    op.create_index("ix_helpers_until", "helpers", ["school_id", "until"])


def downgrade() -> None:
    """Drops both: a helper's rights would have no end any more, so they go first."""
    op.execute("DELETE FROM rights WHERE report_until IS NOT NULL")
    op.drop_table("helpers")
    with op.batch_alter_table("rights") as table:
        table.drop_column("report_until")
