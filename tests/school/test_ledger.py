"""Every change has its line in the ledger, and a line that was tampered with is found."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.ledger import Entry, record, record_all, verify
from school.records import ledger as rows
from school.records.database import Database
from school.records.ledger import collect
from school.records.staff import LedgerHead, LedgerRow

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)


def _entry(subject_id: str = "a", school_id: str = "s") -> Entry:
    detail = {"day": "2026-11-23", "code": "I", "pupils": ["p", "q"]}
    return Entry(
        school_id=school_id, actor="user:u", verb="confirm", subject="absence", subject_id=subject_id, detail=detail
    )


def _write(database: Database, count: int = 3, school_id: str = "s") -> None:
    with database.write() as session:
        record_all(session, [_entry(str(number), school_id) for number in range(count)], now=NOW)


def _unguarded(session: Session, table: str = "ledger") -> None:
    """What somebody with the database's own password could do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        session.execute(sa.text(f"DROP TRIGGER {table}_refuses_update"))
        session.execute(sa.text(f"DROP TRIGGER {table}_refuses_delete"))


def test_entries_are_numbered_and_chained_for_each_school(database: Database) -> None:
    _write(database)
    _write(database, school_id="t")
    _write(database, 2)
    with database.read() as session:
        numbers = session.execute(
            sa.select(LedgerRow.school_id, LedgerRow.number).order_by("school_id", "number")
        ).all()
        assert [tuple(row) for row in numbers] == [("s", n) for n in range(1, 6)] + [("t", n) for n in range(1, 4)]
        assert verify(session, "s") is None
        assert verify(session, "t") is None
        assert verify(session, "a school without entries") is None


def _record_and_fail(session: Session) -> None:
    record(session, _entry(), now=NOW)
    session.execute(sa.text("SELECT nothing FROM nowhere"))


def test_a_transaction_that_rolls_back_leaves_no_entry(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.write() as session:
        _record_and_fail(session)
    _write(database, 1)
    with database.read() as session:
        assert session.scalars(sa.select(LedgerRow.number)).all() == [1]


@pytest.mark.parametrize(
    ("tampered", "found"),
    [
        ("UPDATE ledger SET actor = 'user:x' WHERE number = 2", 2),
        ("""UPDATE ledger SET detail = '{"code": "O"}' WHERE number = 2""", 2),
        ("UPDATE ledger SET at = '2026-11-23 09:00:00' WHERE number = 3", 3),
        ("DELETE FROM ledger WHERE number = 1", 1),
        ("DELETE FROM ledger WHERE number = 2", 2),
        ("DELETE FROM ledger WHERE number = 5", 5),
        ("UPDATE ledger SET hash = previous_hash WHERE number = 4", 4),
        ("DELETE FROM ledger", 1),
        ("UPDATE ledger_heads SET number = 7", 6),
    ],
)
def test_tampering_is_found_at_its_place(database: Database, tampered: str, found: int) -> None:
    _write(database, 5)
    with database.write() as session:
        _unguarded(session)
        session.execute(sa.text(tampered))
    with database.read() as session:
        assert verify(session, "s") == found


def test_an_entry_forged_with_a_hash_of_its_own_is_torn_from_its_chain(database: Database) -> None:
    _write(database, 5)
    with database.write() as session:
        _unguarded(session)
        row = session.execute(sa.select(LedgerRow.__table__).where(LedgerRow.number == 2)).mappings().one()
        forged = {**row, "actor": "user:x"}
        change = {"actor": "user:x", "hash": rows._hash(forged)}
        session.execute(sa.update(LedgerRow).where(LedgerRow.number == 2).values(change))
    with database.read() as session:
        assert verify(session, "s") == 3


def test_writers_at_once_make_one_chain_without_gaps(database: Database) -> None:
    def write_often() -> None:
        for _ in range(5):
            _write(database, 2)

    threads = [threading.Thread(target=write_often) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        head = session.get(LedgerHead, "s")
        assert head is not None
        assert head.number == 60
        assert verify(session, "s") is None


def test_a_long_ledger_is_verified_in_runs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("school.records.ledger._RUN", 4)
    _write(database, 10)
    with database.read() as session:
        assert verify(session, "s") is None


def test_an_entry_keeps_its_own_moment(database: Database) -> None:
    with database.write() as session:
        collect(session, _entry(), now=NOW)
    with database.read() as session:
        assert session.scalars(sa.select(LedgerRow.at)).one() == NOW
