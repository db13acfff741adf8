"""What the database refuses, whoever asks: a change to the ledger or to an amendment of the register."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

# Append-only: SI 2024/208 asks for the original entry, the amended one, the reason, the date and who.
APPEND_ONLY = ("ledger", "mark_amendments")


def make() -> None:
    """Sets the guards on either database."""
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql()
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _on_postgresql() -> None:
    # RAISE's own placeholder is %; the table's name comes from the trigger.
    op.execute(
        text(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def drop() -> None:
    """Takes away what outlives its tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
