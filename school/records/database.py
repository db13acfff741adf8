"""The one door to the database: SQLite in a file, or PostgreSQL, with the same promises."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any, Literal

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, exc, func, make_url, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from school.records import ledger
from school.records.bell import NOTICES, Bell, Ear, Listener
from school.records.errors import DatabaseBusy, DatabaseGone, understood, without_values

__all__ = ["Database", "DatabaseBusy", "DatabaseGone"]

# Twilio gives up on a webhook after 15 s in all: who waits for a lock hears of it well before that.
PATIENCE_SECONDS = 5
# What is being read when the house closes has ended within a moment; after this it is not waited for.
CLOSING_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 0.01
_RINGS = "rings"


class Database:
    """Opens transactions that write (committed at the end) and looks that only read.

    `url`: a SQLAlchemy URL, `sqlite:///file` or `postgresql+psycopg://…`. Nothing is connected until it is needed.
    Raises ValueError for another kind of database, and for SQLite without a file.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.kind: Literal["sqlite", "postgresql"]
        if self._url.get_backend_name() == "sqlite":
            if self._url.database in {None, "", ":memory:"}:
                raise ValueError("SQLite needs a file: a school's record does not live in memory")
            self.kind = "sqlite"
            self.engine = _sqlite_engine(url)
        elif self._url.drivername == "postgresql+psycopg":
            self.kind = "postgresql"
            self.engine = _postgresql_engine(url)
        else:
            raise ValueError("the database must be sqlite:///… or postgresql+psycopg://…")
        event.listen(self.engine, "handle_error", without_values)
        self._reading = self.engine.execution_options(reads_only=True, postgresql_readonly=True)
        # SQLite's own busy handler lets eight writers starve each other: p99 431 ms, against 42 ms with this lock.
        self._writer = Lock()
        self._bell = Bell()
        self._ear: Ear | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits at the end, the ledger's entries with it, and rolls back on any error.

        Only edges open one. Raises DatabaseBusy and DatabaseGone.
        """
        with self._alone(), _named_errors(reading=False), Session(self.engine, expire_on_commit=False) as session:
            try:
                yield session
                ledger.write_collected(session)
                session.commit()
            finally:
                ledger.forget_collected(session)
                session.rollback()
        self._bell.ring(session.info.get(_RINGS, ()))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one moment of the record; the database refuses to write in it. Rolled back at the end.

        Raises DatabaseBusy and DatabaseGone.
        """
        with _named_errors(reading=True), Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def notify(self, session: Session, channel: str) -> None:
        """Rings `channel` once the transaction commits: here, and on PostgreSQL in every other process too."""
        rings: set[str] = session.info.setdefault(_RINGS, set())
        if self.kind == "postgresql" and channel not in rings:
            session.execute(select(func.pg_notify(NOTICES, channel)))
        rings.add(channel)

    def listen(self, *channels: str) -> Listener:
        """Hears the channels from now on; on PostgreSQL also what other processes ring."""
        if self.kind == "postgresql" and self._ear is None:
            where = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._ear = Ear(where, self._bell)
            self._ear.wait_until_open(PATIENCE_SECONDS)
        return self._bell.listener(*channels)

    def clear_log(self) -> None:
        """On SQLite: brings the write-ahead log into the file and empties it, so that it holds nothing forgotten.

        Where somebody reads at this moment it is left as it is, for the next time.
        """
        if self.kind == "sqlite":
            with self._alone():
                connection = self.engine.raw_connection()
                try:
                    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    connection.close()

    def close(self) -> None:
        """Closes every connection, those in use once they are given back, for which it waits a moment."""
        if self._ear is not None:
            self._ear.close()
            self._ear = None
        pool, pause = self.engine.pool, Event()
        for _ in range(round(CLOSING_SECONDS / _LOOK_AGAIN_SECONDS)):
            if not isinstance(pool, QueuePool) or not pool.checkedout():
                break
            # Given back to a pool that is gone, it would be nobody's to close.
            pause.wait(_LOOK_AGAIN_SECONDS)
        self.engine.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self.kind == "postgresql":
            yield
            return
        if not self._writer.acquire(timeout=PATIENCE_SECONDS):
            raise DatabaseBusy("another transaction of this process writes to the database")
        try:
            yield
        finally:
            self._writer.release()


@contextmanager
def _named_errors(*, reading: bool) -> Iterator[None]:
    try:
        yield
    except exc.SQLAlchemyError as error:
        known = understood(error, reading=reading)
        if known is None:
            raise
        # The driver's own error may quote a row: it is not carried along.
        raise known from None


# SQLite --------------------------------------------------------------------------------------


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_timeout=PATIENCE_SECONDS, connect_args={"timeout": PATIENCE_SECONDS}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions when it sees fit; `_begin_on_sqlite` does it instead.
    connection.isolation_level = None
    for setting in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a text that we acknowledged is on disk
        "foreign_keys = ON",
        "secure_delete = ON",  # what is forgotten is overwritten in the file
        "temp_store = MEMORY",  # no parent's words in a temporary file
        "cache_size = -16000",  # 16 MB a connection: the working set of a school's day
        "journal_size_limit = 67108864",  # the log shrinks to 64 MB after a large import
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_on_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that read first could find it taken when it is too late to wait."""
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


# PostgreSQL ----------------------------------------------------------------------------------


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={"connect_timeout": PATIENCE_SECONDS},
    )
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    connection.autocommit = True
    for setting in (
        "TIME ZONE 'UTC'",
        f"lock_timeout = '{PATIENCE_SECONDS}s'",
        "statement_timeout = '60s'",
        "idle_in_transaction_session_timeout = '60s'",
    ):
        connection.execute(f"SET {setting}".encode())
    connection.autocommit = False
