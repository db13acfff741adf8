"""The schema on disk is the tables in the code, on both databases, and every revision goes both ways."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.migrations import EMPTY, check, differences, downgrade, upgrade
from school.records.attendance import MarkAmendment
from school.records.base import Base
from school.records.database import Database
from school.records.messaging import Message
from school.records.partitions import ensure_partitions
from school.records.people import Pupil
from school.records.staff import LedgerRow

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_an_empty_database_is_not_the_newest_and_an_upgraded_one_is(empty_database_url: str) -> None:
    assert not check(empty_database_url)
    upgrade(empty_database_url)
    assert check(empty_database_url)


def test_the_newest_schema_is_exactly_the_tables_in_the_code(database_url: str) -> None:
    assert differences(database_url) == []


def test_a_planted_column_is_noticed(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as session:
        session.execute(sa.text("ALTER TABLE pupils ADD COLUMN nickname VARCHAR"))
    database.close()
    assert "nickname" in str(differences(database_url))


def test_an_upgrade_done_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    assert check(database_url)


def test_a_downgrade_to_nothing_leaves_nothing_and_the_way_up_works_again(database_url: str) -> None:
    downgrade(database_url, EMPTY)
    database = Database(database_url)
    assert set(sa.inspect(database.engine).get_table_names()) <= {"alembic_version"}
    database.close()
    upgrade(database_url)
    assert differences(database_url) == []


def test_two_processes_that_start_at_once_migrate_one_after_the_other(empty_database_url: str) -> None:
    start = [sys.executable, "-c", "import sys; from school.migrations import upgrade; upgrade(sys.argv[1])"]
    processes = [subprocess.Popen([*start, empty_database_url]) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert check(empty_database_url)


@pytest.mark.parametrize("table", ["ledger", "mark_amendments"])
@pytest.mark.parametrize("change", ["UPDATE {} SET school_id = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_append_only(database: Database, table: str, change: str) -> None:
    with database.write() as session:
        _fill(session, table)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as session:
        session.execute(sa.text(change.format(table)))
    with database.read() as session:
        assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 1


def _fill(session: Session, table: str) -> None:
    if table == "ledger":
        entry = {"verb": "v", "subject": "x", "subject_id": "i", "previous_hash": "", "hash": "h"}
        session.add(LedgerRow(school_id="s", number=1, at=NOW, actor="system", **entry))
        return
    names = {"first_name": "Sam", "known_as": "Sam", "surname": "Oakes"}
    session.add(Pupil(school_id="s", id="p", external_id="1", **names))
    session.flush()
    change = {"day": NOW.date(), "session": "AM", "original_code": "N", "new_code": "I", "reason": "rang"}
    session.add(MarkAmendment(school_id="s", id="a", pupil_id="p", at=NOW, by="user:u", by_role="office", **change))


# The months of messages on PostgreSQL ----------------------------------------------------------


def _message(number: str, *, at: datetime) -> Message:
    return Message(school_id="s", id=number, at=at, thread_id="t", direction="in", body="poorly", purge_after=at)


def test_a_month_gets_its_own_table_and_takes_what_came_before_it_was_made(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as session:
        for number, day in enumerate(("2026-11-30 23:59:59+00", "2026-12-01 00:00:00+00", "2027-03-01 00:00:00+00")):
            session.add(_message(str(number), at=datetime.fromisoformat(day)))
            session.flush()
        assert ensure_partitions(session, now=NOW) == ["messages_2026_11", "messages_2026_12", "messages_2027_01"]
        assert ensure_partitions(session, now=NOW) == []
    with database.read() as session:
        where = session.execute(sa.text("SELECT id, tableoid::regclass::text FROM messages ORDER BY id")).all()
    assert [tuple(row) for row in where] == [
        ("0", "messages_2026_11"),
        ("1", "messages_2026_12"),
        ("2", "messages_other"),
    ]
    database.close()
    assert differences(postgres_url) == []


def test_on_sqlite_there_are_no_months_to_make(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        assert ensure_partitions(session, now=NOW) == []
    database.close()


def _said(path: Path) -> set[str]:
    """Every line of every CREATE in a SQLite file, in no order: checks and the conditions of indexes as well."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL")
    # SQLite writes columns that were added later behind the last one, in its line.
    whole = ("CONSTRAINT", "CREATE", "FOREIGN", "CHECK", "UNIQUE", "PRIMARY")
    split = [line for (text,) in rows for line in map(str.strip, text.splitlines())]
    parts = [part for line in split for part in ([line] if line.startswith(whole) else line.split(", "))]
    lines = {part.strip().rstrip(",") for part in parts}
    connection.close()
    return {line.replace('"', "") for line in lines if line and "alembic_version" not in line}


def test_the_first_revision_says_word_for_word_what_the_tables_say(sqlite_url: str, tmp_path: Path) -> None:
    plain = sa.create_engine(f"sqlite:///{tmp_path / 'plain.sqlite3'}")
    Base.metadata.create_all(plain)
    plain.dispose()
    migrated, made = _said(Path(sqlite_url.removeprefix("sqlite:///"))), _said(tmp_path / "plain.sqlite3")
    assert made - migrated == set()
    assert {line for line in migrated - made if not line.startswith(("version_num", "CONSTRAINT alembic"))} == set()
