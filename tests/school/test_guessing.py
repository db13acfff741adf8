"""Who guesses joining codes: five wrong ones in a school's day, and none is looked at until the next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.joining import GUESSING, MOST_WRONG, issue_code, try_code
from school.records.base import new_id
from school.records.database import Database
from school.records.messaging import InboxRow, Message, Thread
from school.records.people import Contact
from school.records.staff import StaffItem
from tests.school.made_up import MOTHER, add_family

# Half past ten and half past midnight by the school's clock in summer: the 9th and the 10th, both the 9th in UTC.
EVENING, NIGHT = (datetime.fromisoformat(f"2026-06-09T{clock}Z") for clock in ("21:30", "23:30"))
WRONG = [f"BCDF678{last}" for last in "346789"]


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        for thread in ("7001", "7002"):
            facts = {"channel": "telegram", "address": thread, "last_at": EVENING, "created_at": EVENING}
            session.add(Thread(school_id="s", id=thread, line_id="l", contact_id=None, state={}, **facts))
    return database


def code_for(records: Database) -> str:
    with records.write() as session:
        code = issue_code(session, "s", MOTHER, actor="user:office", now=EVENING)
    assert code is not None
    return code


def _comes(session: Session, code: str, thread: str, at: datetime, *, tapped: bool) -> str:
    """The inbox row of a code, typed or by the link that joins."""
    row = new_id(at)
    facts = {"school_id": "s", "id": row, "thread_id": thread, "at": at}
    payload = {"code": code} if tapped else {}
    kind = "start" if tapped else "text"
    session.add(InboxRow(**facts, kind=kind, payload=payload, received_at=at, available_at=at, status="handled"))
    body = "" if tapped else code
    session.add(Message(**facts, direction="in", body=body, purge_after=at + timedelta(days=30)))
    session.flush()
    return row


def sent(records: Database, code: str, *, at: datetime, thread: str = "7001", tapped: bool = False) -> Contact | None:
    """A code comes in a transaction of its own, as after a restart."""
    with records.write() as session:
        row = _comes(session, code, thread, at, tapped=tapped)
        return try_code(session, "s", code, thread_id=thread, inbox_id=row, channel="telegram", address=thread, now=at)


def items(records: Database) -> list[str | None]:
    with records.read() as session:
        return list(session.scalars(sa.select(StaffItem.thread_id).where(StaffItem.why == GUESSING)))


@pytest.mark.parametrize("tapped", [False, True])
def test_the_right_code_after_five_wrong_ones_joins_nobody_until_the_schools_next_day(
    records: Database, tapped: bool
) -> None:
    code = code_for(records)
    for number, wrong in enumerate(WRONG[:MOST_WRONG]):
        assert sent(records, wrong, at=EVENING + timedelta(minutes=number), tapped=tapped) is None
    assert items(records) == ["7001"]
    assert sent(records, code, at=EVENING + timedelta(minutes=10), tapped=not tapped) is None
    assert sent(records, WRONG[5], at=EVENING + timedelta(minutes=11)) is None
    assert items(records) == ["7001"]
    joined = sent(records, code, at=NIGHT, tapped=tapped)
    assert joined is not None
    assert joined.id == MOTHER


def test_codes_that_come_at_once_are_counted_in_whatever_order_they_are_handled(records: Database) -> None:
    codes = [code_for(records), *WRONG]
    with records.write() as session:
        rows = [_comes(session, code, "7001", EVENING, tapped=True) for code in codes]
        session.execute(sa.update(InboxRow).values(status="waiting"))
    for row, code in reversed(list(zip(rows, codes, strict=True))):
        with records.write() as session:
            where = {"channel": "telegram", "address": "7001", "thread_id": "7001"}
            assert try_code(session, "s", code, inbox_id=row, now=EVENING, **where) is None
            session.get_one(InboxRow, ("s", row)).status = "handled"
    assert items(records) == ["7001"]


def test_a_slip_sent_again_and_again_is_one_and_another_chat_is_another_sender(records: Database) -> None:
    code = code_for(records)
    for number in range(2 * MOST_WRONG):
        slip = WRONG[0] if number % 2 else "bcdf-6783"
        assert sent(records, slip, at=EVENING + timedelta(minutes=number)) is None
    for number, wrong in enumerate(WRONG[:MOST_WRONG]):
        sent(records, wrong, at=EVENING + timedelta(minutes=number), thread="7002")
    assert items(records) == ["7002"]
    assert sent(records, code, at=EVENING + timedelta(minutes=30)) is not None


def test_a_code_that_joined_is_no_wrong_one(records: Database) -> None:
    first, second = code_for(records), code_for(records)
    assert sent(records, first, at=EVENING) is not None
    for number, wrong in enumerate(WRONG[: MOST_WRONG - 1], start=1):
        sent(records, wrong, at=EVENING + timedelta(minutes=number), tapped=True)
    assert sent(records, second, at=EVENING + timedelta(minutes=9), tapped=True) is not None
    assert items(records) == []
