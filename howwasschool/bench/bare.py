"""The bare baselines: the same rows written with the raw driver, as little around them as can be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Protocol, TypeAlias

import psycopg

Row: TypeAlias = dict[str, Any]


class Cursor(Protocol):
    """What both drivers' cursors have in common."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Any:
        """Runs one statement."""
        ...

    def executemany(self, statement: str, values: Sequence[Sequence[Any]], /) -> Any:
        """Runs one statement for many rows."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """What the statement found."""
        ...


class Bare:
    """One connection of the raw driver, set up as `school.records.database` sets up its own."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            path = url.removeprefix("sqlite:///")
            self._connection: Any = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            self._connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql", 1))

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """One transaction, as the drivers themselves make one."""
        cursor = self._connection.cursor()
        if self.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        yield cursor
        if self.is_sqlite:
            cursor.execute("COMMIT")
        else:
            self._connection.commit()

    def sql(self, statement: str) -> str:
        """A statement with the driver's own placeholders."""
        return statement if self.is_sqlite else statement.replace("?", "%s")

    def value(self, value: Any) -> Any:
        """A value as the driver takes it and as the records keep it."""
        if isinstance(value, dict | list):
            return json.dumps(value)
        if not self.is_sqlite:
            return value
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
        return value.isoformat() if isinstance(value, date | time) else value

    def insert(self, cursor: Cursor, table: str, row: Row) -> None:
        """Inserts one row."""
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        cursor.execute(
            self.sql(f"INSERT INTO {table} ({names}) VALUES ({marks})"),  # noqa: S608  names are our own
            [self.value(value) for value in row.values()],
        )

    # The outbox -------------------------------------------------------------------------------

    def drain(self, *, at_once: int, now: datetime, lock: Any) -> int:
        """Claims, sends to a provider that answers at once and settles, in sets, until nothing is queued."""
        moment, sent = self.value(now), 0
        look = (
            "SELECT o.school_id, o.id, o.address, m.body FROM outbox o JOIN messages m"
            " ON m.school_id = o.school_id AND m.id = o.message_id AND m.at = o.message_at"
            " WHERE o.status = 'queued' AND o.channel = ? AND o.available_at <= ?"
            " ORDER BY o.priority, o.available_at, o.school_id, o.id LIMIT ?"
        )
        look += "" if self.is_sqlite else " FOR UPDATE OF o SKIP LOCKED"
        claim = (
            "UPDATE outbox SET status = 'sending', claimed_at = ? WHERE school_id = ? AND id = ? AND status = 'queued'"
        )
        settle = (
            "UPDATE outbox SET status = 'sent', provider_id = ?, sent_at = ?, settled_at = ?"
            " WHERE school_id = ? AND id = ? AND status = 'sending'"
        )
        while True:
            with lock, self.transaction() as cursor:
                cursor.execute(self.sql(look), ["sms", moment, at_once])
                rows = cursor.fetchall()
                if rows:
                    cursor.executemany(self.sql(claim), [(moment, row[0], row[1]) for row in rows])
            if not rows:
                return sent
            gone = [(f"bare-{row[1]}", moment, moment, row[0], row[1]) for row in rows]
            with lock, self.transaction() as cursor:
                cursor.executemany(self.sql(settle), gone)
            sent += len(rows)
