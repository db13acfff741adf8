"""The office is told once who can no longer be reached by text, who else still can, and no more once they can again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.opting_out import OPTED_OUT, opt_in, opt_out
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Address, Contact, Right
from school.records.staff import StaffItem
from school.staff_items import close_item
from tests.school.made_up import BARRED, EARLY, FATHER, GRAN, LEO, MOTHER, PHONES, SAM, add_family

CHAT = "7001"


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        places = [(each, "sms", phone) for each, phone in PHONES.items()] + [(None, "sms", "+447700900666")]
        session.add(Address(school_id="s", id="chat", contact_id=MOTHER, channel="telegram", address=CHAT))
        for whose, channel, address in [*places, (MOTHER, "telegram", CHAT)]:
            facts: dict[str, Any] = {"channel": channel, "address": address, "last_at": EARLY, "created_at": EARLY}
            session.add(
                Thread(school_id="s", id=f"{channel}-{whose}", line_id="l", contact_id=whose, state={}, **facts)
            )
    return database


def _says(records: Database, word: str, *threads: str, at: datetime = EARLY) -> None:
    verb = {"STOP": opt_out, "START": opt_in}[word]
    with records.write() as session:
        verb(session, [session.get_one(Thread, ("s", each)) for each in threads], now=at)


def _items(session: Session) -> Sequence[StaffItem]:
    return session.scalars(sa.select(StaffItem).where(StaffItem.why == OPTED_OUT).order_by(StaffItem.id)).all()


def _told(records: Database) -> list[tuple[str | None, dict[str, Any], bool]]:
    """Each item's contact, its detail without whose it is, and whether it is open."""
    with records.read() as session:
        rows = _items(session)
        return [
            (row.contact_id, {k: v for k, v in row.detail.items() if k != "contacts" and v}, row.closed_at is None)
            for row in rows
        ]


def test_who_stops_texts_is_told_to_the_office_with_who_else_can_be_reached(records: Database) -> None:
    _says(records, "STOP", f"sms-{FATHER}")
    assert _told(records) == [(FATHER, {"stopped": ["sms"], "others": [MOTHER]}, True)]
    with records.read() as session:
        assert _items(session)[0].pupil_ids == [LEO, SAM]


def test_a_chat_that_is_left_is_said_in_the_item(records: Database) -> None:
    _says(records, "STOP", f"sms-{MOTHER}")
    assert _told(records) == [(MOTHER, {"stopped": ["sms"], "still_by": ["telegram"], "others": [FATHER]}, True)]


def test_stop_again_and_on_another_channel_is_the_same_item(records: Database) -> None:
    _says(records, "STOP", f"sms-{MOTHER}")
    _says(records, "STOP", f"sms-{MOTHER}")
    _says(records, "STOP", f"telegram-{MOTHER}", at=EARLY + timedelta(days=1))
    assert _told(records) == [(MOTHER, {"stopped": ["sms", "telegram"], "others": [FATHER]}, True)]


def test_two_contacts_with_one_phone_are_told_of_once(records: Database) -> None:
    with records.write() as session:
        session.add(Address(school_id="s", id="shared", contact_id=FATHER, channel="sms", address=PHONES[MOTHER]))
    _says(records, "STOP", f"sms-{MOTHER}")
    told = _told(records)
    assert [(whose, detail["stopped"]) for whose, detail, _ in told] == [(FATHER, ["sms"])]


def test_when_nobody_is_left_each_item_says_so(records: Database) -> None:
    _says(records, "STOP", f"sms-{FATHER}")
    _says(records, "STOP", f"sms-{MOTHER}", f"telegram-{MOTHER}")
    alone = [LEO, SAM]
    assert _told(records) == [
        (FATHER, {"stopped": ["sms"], "out_of_reach": alone}, True),
        (MOTHER, {"stopped": ["sms", "telegram"], "out_of_reach": alone}, True),
    ]


def test_somebody_whom_nobody_texts_is_nobody_who_can_be_reached(records: Database) -> None:
    with records.write() as session:
        session.get_one(Contact, ("s", MOTHER)).ring_only = True
    _says(records, "STOP", f"sms-{FATHER}")
    assert _told(records) == [(FATHER, {"stopped": ["sms"], "out_of_reach": [LEO, SAM]}, True)]


def test_start_closes_the_item_and_brings_the_others_up_to_date(records: Database) -> None:
    _says(records, "STOP", f"sms-{FATHER}")
    _says(records, "STOP", f"sms-{MOTHER}", f"telegram-{MOTHER}")
    _says(records, "START", f"sms-{MOTHER}", at=EARLY + timedelta(hours=1))
    assert [(whose, is_open) for whose, _, is_open in _told(records)] == [(FATHER, True), (MOTHER, True)]
    assert _told(records)[0][1] == {"stopped": ["sms"], "others": [MOTHER]}
    _says(records, "START", f"telegram-{MOTHER}", at=EARLY + timedelta(hours=2))
    assert [(whose, is_open) for whose, _, is_open in _told(records)] == [(FATHER, True), (MOTHER, False)]
    with records.read() as session:
        assert _items(session)[1].closed_by == f"contact:{MOTHER}"


def test_stop_after_start_is_told_anew_and_what_staff_closed_stays_closed(records: Database) -> None:
    _says(records, "STOP", f"sms-{FATHER}")
    with records.write() as session:
        close_item(session, _items(session)[0], actor="user:ann", now=EARLY)
    _says(records, "STOP", f"sms-{FATHER}")
    assert [is_open for _, _, is_open in _told(records)] == [False]
    _says(records, "START", f"sms-{FATHER}")
    _says(records, "STOP", f"sms-{FATHER}")
    assert [is_open for _, _, is_open in _told(records)] == [False, True]


def test_of_a_number_that_is_nobodys_or_of_somebody_barred_nothing_is_told(records: Database) -> None:
    _says(records, "STOP", "sms-None", f"sms-{BARRED}")
    assert _told(records) == []


def test_who_may_only_be_told_is_told_of_and_is_nobody_to_ask(records: Database) -> None:
    _says(records, "STOP", f"sms-{GRAN}", f"sms-{FATHER}", f"sms-{MOTHER}", f"telegram-{MOTHER}")
    told = {whose: detail for whose, detail, _ in _told(records)}
    assert set(told) == {FATHER, GRAN, MOTHER}
    assert all(detail["out_of_reach"] == [LEO, SAM] for detail in told.values())


@pytest.mark.parametrize(("at", "told"), [("2026-06-09T22:30Z", 1), ("2026-06-09T23:30Z", 0)])
def test_a_helper_whose_last_day_is_over_by_the_schools_own_clock_is_nobodys(
    records: Database, at: str, told: int
) -> None:
    with records.write() as session:
        for right in session.scalars(sa.select(Right).where(Right.contact_id == GRAN)):
            right.may_report, right.may_be_told, right.report_until = True, False, date(2026, 6, 9)
            right.may_request_leave = False
    _says(records, "STOP", f"sms-{GRAN}", at=datetime.fromisoformat(at))
    assert len(_told(records)) == told
