"""The database's schema from one revision to the next, configured here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from school.migrations.comparison import is_ours
from school.records.database import Database
from school.records.tables import METADATA

NEWEST = "head"
EMPTY = "base"
# Any number will do, as long as every process that migrates locks on the same one.
_LOCK = 20241119


def upgrade(url: str, revision: str = NEWEST) -> None:
    """Brings the database to the newest schema (or to `revision`) in one transaction; a no-op where it is there.

    Raises DatabaseBusy and DatabaseGone.
    """
    with _migrating(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to `revision` in one transaction; `EMPTY` leaves no table of ours."""
    with _migrating(url) as config:
        command.downgrade(config, revision)


def check(url: str) -> bool:
    """Whether the database has the newest schema. Raises DatabaseBusy and DatabaseGone."""
    database = Database(url)
    try:
        with database.read() as session:
            at = MigrationContext.configure(session.connection()).get_current_heads()
            return set(at) == set(ScriptDirectory.from_config(_config()).get_heads())
    finally:
        database.close()


def is_new(url: str) -> bool:
    """Whether no revision of ours was ever applied. Raises DatabaseBusy and DatabaseGone."""
    database = Database(url)
    try:
        with database.read() as session:
            return not MigrationContext.configure(session.connection()).get_current_heads()
    finally:
        database.close()


def differences(url: str) -> list[object]:
    """How the database differs from the tables in the code; empty for the newest schema."""
    database = Database(url)
    try:
        with database.read() as session:
            options = {"include_name": is_ours, "compare_type": True}
            return list(compare_metadata(MigrationContext.configure(session.connection(), opts=options), METADATA))
    finally:
        database.close()


@contextmanager
def _migrating(url: str) -> Iterator[Config]:
    database = Database(url)
    try:
        with database.write() as session:
            connection = session.connection()
            _alone(connection)
            yield _config(connection)
    finally:
        database.close()


def _alone(connection: Connection) -> None:
    """Two processes that start at once migrate one after the other. SQLite's transaction is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", Path(__file__).parent.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
