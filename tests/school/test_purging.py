"""Texts are forgotten when their day has come, wholly, and nothing that has legal weight goes with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from school.purging import due, purge
from school.records.attendance import Absence
from school.records.base import Base
from school.records.database import Database
from school.records.messaging import Message
from school.records.partitions import ensure_partitions
from school.records.people import School
from school.records.staff import IdempotencyKey, LedgerRow
from school.settings import change_settings
from tests.api.made_up import NOW, Office, message, open_office

MONTH = timedelta(days=30)


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools, each with texts of the same moment."""
    return open_office(database)


def count(office: Office, table: type[Base]) -> int:
    with office.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_text_is_forgotten_on_its_day_and_not_before_and_facts_stay(office: Office) -> None:
    texts, absences, ledger = (count(office, each) for each in (Message, Absence, LedgerRow))
    assert texts
    assert purge(office.database, now=NOW + MONTH - timedelta(seconds=1)) == 0
    assert purge(office.database, now=NOW + MONTH, at_once=2) == texts, "bite after bite until nothing is due"
    assert (count(office, Message), count(office, Absence), count(office, LedgerRow)) == (0, absences, ledger)


def test_a_school_that_keeps_words_for_a_shorter_time_from_now_on_forgets_old_ones_too(office: Office) -> None:
    with office.database.write() as session:
        ours = session.get_one(School, office.ours.id)
        change_settings(session, ours, {"retention_days": 7}, actor="system", now=NOW)
    purge(office.database, now=NOW + timedelta(days=7))
    with office.database.read() as session:
        left = set(session.scalars(select(Message.school_id)))
    assert left == {office.theirs.id}


def test_what_would_be_forgotten_is_said_by_school_and_changes_nothing(office: Office) -> None:
    with office.database.read() as session:
        found = due(session, now=NOW + MONTH)
    assert {each.school for each in found} == {"Oak Hill", "Elm Bank"}
    assert sum(each.texts for each in found) == count(office, Message) > 0
    assert [each.kept for each in found] == [0, 0]


def test_answers_kept_for_repeats_go_after_a_week(office: Office) -> None:
    with office.database.write() as session:
        for key, days in (("old", 8), ("new", 1)):
            session.add(
                IdempotencyKey(
                    school_id=office.ours.id, actor="user:u", key=key, request_hash="h", status=200,
                    answer={"name": "Maya"}, at=NOW - timedelta(days=days),
                )
            )  # fmt: skip
    purge(office.database, now=NOW)
    with office.database.read() as session:
        assert list(session.scalars(select(IdempotencyKey.key))) == ["new"]


def test_a_past_month_of_which_nothing_is_kept_is_dropped_whole_and_one_with_a_text_to_keep_is_not(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    office = open_office(database)
    with office.database.write() as session:
        ensure_partitions(session, now=NOW, ahead=2)
        kept = message(session, office.ours, "thread of Ada Okafor", "still wanted", at=NOW + timedelta(days=25))
        kept.purge_after = NOW + timedelta(days=365)
        change_settings(
            session, session.get_one(School, office.ours.id), {"retention_days": 365}, actor="system", now=NOW
        )
    months = text("SELECT to_regclass('messages_2026_09') IS NOT NULL, to_regclass('messages_2026_10') IS NOT NULL")
    purge(office.database, now=NOW + 2 * MONTH)
    with office.database.read() as session:
        assert tuple(session.execute(months).one()) == (False, True)
        assert list(session.scalars(select(Message.body))) == ["still wanted"]
    with office.database.write() as session:
        message(session, office.ours, "thread of Ada Okafor", "a late one of September", at=NOW)
    database.close()


def test_no_byte_of_a_forgotten_text_is_left_in_the_file_or_its_log(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    office, canary = open_office(database), "a canary among the words " * 40
    path = Path(sqlite_url.partition(":///")[2])
    with database.write() as session:
        message(session, office.ours, "thread of Ada Okafor", canary, at=NOW)
    files = [path, path.with_name(path.name + "-wal")]
    assert any(b"a canary among" in each.read_bytes() for each in files)
    purge(database, now=NOW + MONTH)
    assert not any(b"a canary among" in each.read_bytes() for each in files if each.exists())
    database.close()
