"""What Alembic runs for each command: our tables, on the connection that `school.migrations` hands over."""

from __future__ import annotations

from alembic import context

from school.migrations.comparison import is_ours
from school.records.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    # SQLite cannot alter most things in place: a migration makes the table anew and copies.
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
