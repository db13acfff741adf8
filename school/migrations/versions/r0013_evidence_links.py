"""Evidence links: the hash of the one-time link by which what was asked for can be uploaded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column and its index."""
    # SQLite would write the column on another's line, and the schema is compared line by line.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("evidence_requests", recreate="always" if is_sqlite else "never") as table:
        table.add_column(sa.Column("link_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_evidence_requests_link", "evidence_requests", ["link_hash"])


def downgrade() -> None:
    """Drops both: links that are out open nothing any more."""
    op.drop_index("ix_evidence_requests_link", "evidence_requests")
    with op.batch_alter_table("evidence_requests") as table:
        table.drop_column("link_hash")
