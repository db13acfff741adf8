"""What a database that is locked or gone raises, whichever it is, and without a word of what was written."""

from __future__ import annotations

import sqlite3

import psycopg
from psycopg import errors
from sqlalchemy import exc
from sqlalchemy.engine import ExceptionContext


class DatabaseBusy(Exception):  # noqa: N818  it says how the database is, to whoever answers 503
    """Somebody else holds what was wanted; the same transaction may succeed when it is tried again."""


class DatabaseGone(Exception):  # noqa: N818
    """The database cannot be reached, read or written; trying again helps only once somebody has seen to it."""


# What another transaction caused: gone when ours is run again.
_BUSY_ON_POSTGRESQL = (
    errors.LockNotAvailable,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.QueryCanceled,
    errors.IdleInTransactionSessionTimeout,
)
_BUSY_ON_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# What is wrong with the file or its disk, whatever the statement.
_GONE_ON_SQLITE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}
# The low byte is the kind, the rest says where it struck.
_PRIMARY = 0xFF


def understood(error: exc.SQLAlchemyError, *, reading: bool) -> DatabaseBusy | DatabaseGone | None:
    """The error as an edge knows it; None where the statement itself was at fault."""
    if isinstance(error, exc.TimeoutError):
        return DatabaseBusy("every connection to the database is in use")
    if not isinstance(error, exc.DBAPIError):
        return None
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _on_sqlite(cause, reading=reading)
    if isinstance(cause, _BUSY_ON_POSTGRESQL):
        return DatabaseBusy("another transaction holds what this one wanted")
    if isinstance(cause, psycopg.OperationalError) or error.connection_invalidated:
        return DatabaseGone("the database cannot be reached")
    return None


def _on_sqlite(cause: sqlite3.Error, *, reading: bool) -> DatabaseBusy | DatabaseGone | None:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code in _BUSY_ON_SQLITE:
        return DatabaseBusy("another process writes to the database")
    # A look that tries to write is a fault of ours; a writer that may not write has the wrong file.
    if code in _GONE_ON_SQLITE or (code == sqlite3.SQLITE_READONLY and not reading):
        return DatabaseGone("the database's file cannot be used")
    return None


def without_values(context: ExceptionContext) -> None:
    """Keeps PostgreSQL's sentence and drops its DETAIL, which repeats the row: a parent's words or number.

    An event handler for `handle_error`; the parameters are hidden by the engine's own setting.
    """
    cause = context.original_exception
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        cause.args = (cause.diag.message_primary,)
        if context.sqlalchemy_exception is not None:
            plain = f"({type(cause).__module__}.{type(cause).__qualname__}) {cause.diag.message_primary}"
            context.sqlalchemy_exception.args = (plain,)
