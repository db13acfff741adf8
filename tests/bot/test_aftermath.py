"""What staff see of messages that did not arrive: one item for who stopped us, and each message of anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.aftermath import Failure, Why, see_to
from school.opting_out import opt_out
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Address
from school.records.staff import StaffItem
from tests.school.made_up import EARLY, MOTHER, PHONES, add_family

STRANGER = "+447700900666"


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        for name, whose, address in (("t", MOTHER, PHONES[MOTHER]), ("n", None, STRANGER)):
            facts = {"channel": "sms", "address": address, "last_at": EARLY, "created_at": EARLY}
            session.add(Thread(school_id="s", id=name, line_id="l", contact_id=whose, state={}, **facts))
    return database


def failed(message: str, *, thread: str = "t", why: Why = "opted_out", code: str = "21610") -> Failure:
    """A message that Twilio would not take."""
    whose, address = (MOTHER, PHONES[MOTHER]) if thread == "t" else (None, STRANGER)
    return Failure(
        school_id="s", thread_id=thread, contact_id=whose, channel="sms", address=address, message_id=message, why=why,
        code=code,
    )  # fmt: skip


def seen(records: Database, *sets: Sequence[Failure]) -> list[str]:
    """Why staff are told of something, after these sets of failures."""
    for number, failures in enumerate(sets):
        with records.write() as session:
            see_to(session, failures, now=EARLY + timedelta(minutes=number))
    with records.read() as session:
        return sorted(session.scalars(sa.select(StaffItem.why)))


def test_who_stopped_us_at_the_carrier_is_one_item_however_many_messages_come_back(records: Database) -> None:
    assert seen(records, [failed("m1"), failed("m2")], [failed("m3")]) == ["opted_out"]
    with records.read() as session:
        address = session.scalars(sa.select(Address).where(Address.contact_id == MOTHER)).one()
        assert address.opted_out_at == EARLY


def test_who_said_stop_before_is_no_second_item(records: Database) -> None:
    with records.write() as session:
        opt_out(session, [session.get_one(Thread, ("s", "t"))], now=EARLY)
    assert seen(records, [failed("m1")]) == ["opted_out"]


def test_of_a_number_that_is_nobodys_the_message_that_did_not_go_is_shown(records: Database) -> None:
    assert seen(records, [failed("m1", thread="n")]) == ["not_sent_opted_out"]


def test_what_did_not_go_for_another_reason_is_shown_each_time(records: Database) -> None:
    rejected = [failed(each, why="rejected", code="30007") for each in ("m1", "m2")]
    assert seen(records, [*rejected, failed("m3")]) == ["not_sent_rejected", "not_sent_rejected", "opted_out"]
