"""A transaction commits whole or not at all, readers cannot write, and a database that is busy or gone says so."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.records import database as database_module
from school.records.base import UTCDateTime, new_id
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.people import Address, Contact, School
from tests.canaries import FIRST_NAME, personal

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _school(school_id: str = "s") -> School:
    return School(id=school_id, name="Ashgrove", short_name="Ashgrove", phone="+447700900000", created_at=NOW)


def _schools(database: Database) -> int | None:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(School))


def _add_a_school_and_fail(session: Session) -> None:
    session.add(_school())
    session.flush()
    raise RuntimeError("half-way")


def test_what_was_written_is_there_after_the_transaction(database: Database) -> None:
    with database.write() as session:
        session.add(_school())
    assert _schools(database) == 1


def test_an_error_undoes_the_whole_transaction_and_frees_the_lock(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"), database.write() as session:
        _add_a_school_and_fail(session)
    assert _schools(database) == 0
    with database.write() as session:
        session.add(_school())
    assert _schools(database) == 1


def test_a_reader_cannot_write_and_the_next_writer_can(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"), database.read() as session:
        session.execute(sa.delete(School))
    with database.write() as session:
        session.add(_school())
    assert _schools(database) == 1


def test_a_reader_sees_nothing_of_a_transaction_that_has_not_ended(database: Database) -> None:
    with database.write() as session:
        session.add(_school())
        session.flush()
        assert _schools(database) == 0


def test_eight_writers_at_once_lose_no_change(database: Database) -> None:
    with database.write() as session:
        session.add(_school())

    def count_up() -> None:
        for _ in range(10):
            with database.write() as session:
                row = session.get(School, "s", with_for_update=True)
                assert row is not None
                row.settings = {"count": row.settings.get("count", 0) + 1}

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        found = session.get(School, "s")
        assert found is not None
        assert found.settings == {"count": 80}


def test_foreign_keys_are_held(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.add(Address(school_id="s", id="a", contact_id="nobody", channel="sms", address="+447700900001"))


# Busy and gone ---------------------------------------------------------------------------------


def test_a_file_that_another_process_writes_to_is_busy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "PATIENCE_SECONDS", 0.2)
    one, other = Database(sqlite_url), Database(sqlite_url)
    with one.write() as session:
        session.connection()
        with pytest.raises(DatabaseBusy), other.write() as second:
            second.connection()
    one.close()
    other.close()


def test_a_writer_of_this_process_that_does_not_end_makes_the_next_one_busy(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "PATIENCE_SECONDS", 0.2)
    database = Database(sqlite_url)
    with database.write(), pytest.raises(DatabaseBusy), database.write():
        pass
    database.close()


def _at_once(session: Session) -> Session:
    session.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
    return session


def test_a_row_that_another_transaction_holds_is_busy_on_postgresql(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as session:
        session.add(_school())
    lock = sa.select(School).with_for_update()
    with database.write() as one:
        one.execute(lock)
        with pytest.raises(DatabaseBusy), database.write() as other:
            _at_once(other).execute(lock)
    database.close()


def test_a_file_in_a_folder_that_does_not_exist_is_gone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'school.sqlite3'}")
    with pytest.raises(DatabaseGone), database.read() as session:
        session.connection()
    database.close()


def test_a_file_that_is_no_database_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "school.sqlite3"
    path.write_bytes(b"This is a letter home, not a database. " * 200)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseGone), database.read() as session:
        session.execute(sa.text("SELECT 1 FROM schools"))
    database.close()


def test_a_server_that_nobody_runs_is_gone() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseGone), database.read() as session:
        session.connection()
    database.close()


def test_a_server_that_ends_our_connections_is_gone_and_the_next_transaction_connects_anew(postgres_url: str) -> None:
    database = Database(postgres_url)
    end = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
    with pytest.raises(DatabaseGone), database.write() as session:
        session.execute(end)
    assert _schools(database) == 0
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql://x/y"])
def test_a_database_that_keeps_no_promises_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"file|must be"):
        Database(url)


# Nothing personal in errors --------------------------------------------------------------------


def test_an_error_of_the_database_repeats_no_word_of_the_row(database: Database) -> None:
    def contact(number: str) -> Contact:
        return Contact(school_id="s", id=number, external_id="1", name=FIRST_NAME, language="en")

    with database.write() as session:
        session.add(contact("a"))
    with pytest.raises(sa.exc.IntegrityError) as caught, database.write() as session:
        session.add(contact("b"))
    said = f"{caught.value!s} {caught.value!r} {caught.value.orig!s} {caught.value.orig!r}"
    assert "uq_contacts" in said or "UNIQUE" in said
    assert personal(said) == []
    assert "Key (" not in said


# Time and ids ----------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_refused_on_both_databases(database: Database) -> None:
    row = _school()
    row.created_at = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001  that is the fault
    with pytest.raises(sa.exc.StatementError, match="without a time zone"), database.write() as session:
        session.add(row)


def test_a_time_of_another_zone_comes_back_in_utc_to_the_microsecond(database: Database) -> None:
    with database.write() as session:
        row = _school()
        row.created_at = datetime.fromisoformat("2026-07-01T09:30:00.000001+01:00")
        session.add(row)
    with database.read() as session:
        found = session.get(School, "s")
        assert found is not None
        assert found.created_at == datetime(2026, 7, 1, 8, 30, 0, 1, tzinfo=UTC)
        assert found.created_at.tzinfo is UTC


def test_nothing_is_a_time_too() -> None:
    kind: Any = UTCDateTime()
    dialect = sa.create_engine("sqlite://").dialect
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None


def test_ids_of_one_process_ascend_even_when_the_clock_steps_back() -> None:
    made = [new_id(NOW), new_id(NOW), new_id(datetime(2020, 1, 1, tzinfo=UTC)), new_id(NOW)]
    assert made == sorted(set(made))
    assert {len(each) for each in made} == {26}


# The bell --------------------------------------------------------------------------------------


def _ring_and_fail(database: Database, session: Session) -> None:
    database.notify(session, "outbox")
    session.add_all([_school(), Address(school_id="s", id="a", contact_id="nobody", channel="sms", address="1")])
    session.flush()


def test_a_commit_rings_the_bell_and_a_rollback_does_not(database: Database) -> None:
    listener = database.listen("outbox")
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        _ring_and_fail(database, session)
    assert not listener.wait(0.05)
    with database.write() as session:
        database.notify(session, "inbox")
    assert not listener.wait(0.05)
    with database.write() as session:
        database.notify(session, "outbox")
    assert listener.wait(5)


def test_a_ring_while_nobody_waits_is_heard_by_the_next_wait(database: Database) -> None:
    listener = database.listen("outbox")
    with database.write() as session:
        database.notify(session, "outbox")
    assert listener.wait(5)


def test_on_postgresql_another_process_hears_the_bell(postgres_url: str) -> None:
    database = Database(postgres_url)
    listener = database.listen("outbox")
    ring = (
        "import sys; from school.records.database import Database; d = Database(sys.argv[1])\n"
        "with d.write() as session: d.notify(session, 'outbox')\n"
        "d.close()"
    )
    subprocess.run([sys.executable, "-c", ring, postgres_url], check=True, timeout=60)
    assert listener.wait(10)
    database.close()


def test_closing_waits_for_what_is_being_read_so_that_no_connection_is_left_to_nobody(database: Database) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def look() -> None:
        with database.read() as session:
            session.execute(sa.text("SELECT 1"))
            reading.set()
            go_on.wait(10)

    reader = threading.Thread(target=look)
    reader.start()
    assert reading.wait(10)
    pool = database.engine.pool
    threading.Timer(0.2, go_on.set).start()
    database.close()
    assert isinstance(pool, sa.pool.QueuePool)
    assert pool.checkedout() == 0
    reader.join()
