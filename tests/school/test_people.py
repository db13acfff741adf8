"""An address finds its family with the narrower rights, and a stranger nobody; people join, opt out and choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.joining import CODE_LASTS, issue_code, join_by_code, join_by_phone
from school.opting_out import opt_in, opt_out
from school.people import Family, contacts_at, families, line_for, lines, quarantine, set_language, set_numbers
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Address, Contact, JoinCode, Line, Pupil, Right
from school.records.staff import LedgerRow
from tests.school.made_up import (
    BARRED,
    EARLY,
    FATHER,
    GRAN,
    LEO,
    MONDAY,
    MOTHER,
    PHONES,
    SAM,
    add_family,
    add_right,
)


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
    return database


def _family(session: Session, phone: str, *, school_id: str = "s", **more: Any) -> Family:
    key = (school_id, "sms", phone)
    return families(session, [key], **more)[key]


@contextmanager
def _shared(records: Database, *others: str) -> Iterator[Session]:
    """A transaction in which the mother's number is on these contacts too."""
    with records.write() as session:
        for contact_id in others:
            address = {"channel": "sms", "address": PHONES[MOTHER]}
            session.add(Address(school_id="s", id=f"shared-{contact_id}", contact_id=contact_id, **address))
        session.flush()
        yield session


def _thread(session: Session, contact_id: str | None = MOTHER, **more: Any) -> Thread:
    facts: dict[str, Any] = {"channel": "sms", "address": PHONES[MOTHER], "last_at": EARLY, "created_at": EARLY}
    thread = Thread(school_id="s", id="th", line_id="l", contact_id=contact_id, state={}, **facts | more)
    session.add(thread)
    session.flush()
    return thread


# Families --------------------------------------------------------------------------------------------


def test_a_mother_finds_her_children_with_her_own_rights(records: Database) -> None:
    with records.read() as session:
        family = _family(session, PHONES[MOTHER])
    assert (family.contact_ids, family.contact_id, family.language) == ((MOTHER,), MOTHER, "en")
    assert [(child.id, child.contact_id) for child in family.children] == [(LEO, MOTHER), (SAM, MOTHER)]
    assert all(child.may_report and child.may_see_reasons and not child.may_request_leave for child in family.children)


def test_a_stranger_finds_nobody_and_every_key_is_answered(records: Database) -> None:
    keys = [("s", "sms", "+447700900666"), ("s", "telegram", PHONES[MOTHER]), ("nowhere", "sms", PHONES[MOTHER])]
    with records.read() as session:
        found = families(session, keys)
    assert found == dict.fromkeys(keys, Family())
    assert not found[keys[0]].is_known


def test_somebody_barred_is_known_and_finds_no_child(records: Database) -> None:
    with records.read() as session:
        family = _family(session, PHONES[BARRED])
    assert family.is_known
    assert family.children == ()


def test_a_number_on_two_contacts_has_the_narrower_rights(records: Database) -> None:
    with _shared(records, GRAN) as session:
        family = _family(session, PHONES[MOTHER])
    assert (family.contact_id, family.contact_ids) == (None, (GRAN, MOTHER))
    assert {child.contact_id for child in family.children} == {MOTHER}
    assert not any(child.may_report or child.may_see_reasons for child in family.children)
    assert all(child.may_be_told for child in family.children)


def test_a_number_that_somebody_barred_shares_finds_no_child(records: Database) -> None:
    with _shared(records, BARRED) as session:
        assert _family(session, PHONES[MOTHER]).children == ()


def test_one_parent_who_stands_on_record_once_for_each_child_finds_both(records: Database) -> None:
    with _shared(records, FATHER) as session:
        session.execute(sa.delete(Right).where(Right.contact_id == MOTHER, Right.pupil_id == LEO))
        session.execute(sa.delete(Right).where(Right.contact_id == FATHER, Right.pupil_id == SAM))
        children = _family(session, PHONES[MOTHER]).children
    assert [(child.id, child.contact_id, child.may_report) for child in children] == [
        (LEO, FATHER, True),
        (SAM, MOTHER, True),
    ]


def test_a_pupil_who_left_is_nobodys_child_from_that_day_on(records: Database) -> None:
    with records.write() as session:
        session.execute(sa.update(Pupil).where(Pupil.id == SAM).values(left_on=MONDAY))
    with records.read() as session:
        names = [
            [child.id for child in _family(session, PHONES[MOTHER], on=day).children]
            for day in (MONDAY - timedelta(days=1), MONDAY, None)
        ]
    assert names == [[LEO, SAM], [LEO], [LEO]]


def test_a_contact_who_is_closed_and_an_address_in_quarantine_find_nobody(records: Database) -> None:
    with records.write() as session:
        session.execute(sa.update(Contact).where(Contact.id == FATHER).values(active=False))
        quarantine(session, [(("s", "sms", PHONES[MOTHER]), "wrong_number")], now=EARLY)
        quarantine(session, [(("s", "sms", PHONES[MOTHER]), "bounced")], now=EARLY)
        row = session.scalars(sa.select(Address).where(Address.contact_id == MOTHER)).one()
        assert row.quarantine_reason == "wrong_number"
    with records.read() as session:
        assert contacts_at(session, "s", "sms", PHONES.values()).keys() == {PHONES[GRAN], PHONES[BARRED]}


def test_many_families_cost_as_few_statements_as_one(records: Database) -> None:
    asked: list[str] = []
    sa.event.listen(records.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with records.read() as session:
        families(session, [("s", "sms", PHONES[MOTHER])])
        one, asked[:] = len(asked), []
        families(session, [("s", "sms", phone) for phone in PHONES.values()])
    assert len(asked) <= one


# Lines -----------------------------------------------------------------------------------------------


def test_an_address_of_ours_chooses_the_school_while_it_is_in_use(records: Database) -> None:
    with records.write() as session:
        session.add(Line(school_id="s", id="l", channel="sms", address="+447700900900", active=True))
        session.add(Line(school_id="t", id="l", channel="telegram", address="bot", active=True))
        session.add(Line(school_id="t", id="m", channel="sms", address="+447700900901", active=False))
    with records.read() as session:
        found = line_for(session, channel="sms", address="+447700900900")
        assert found is not None
        assert found.school_id == "s"
        assert line_for(session, channel="sms", address="+447700900901") is None
        assert line_for(session, channel="sms", address="bot") is None
        assert [line.channel for line in lines(session)] == ["sms", "telegram"]
        assert [line.school_id for line in lines(session, "telegram")] == ["t"]


# What they choose --------------------------------------------------------------------------------------


def test_stop_holds_for_the_thread_and_the_address_until_start(records: Database) -> None:
    with records.write() as session:
        thread = _thread(session)
        opt_out(session, [thread], now=EARLY)
        opt_out(session, [thread], now=EARLY + timedelta(hours=1))
    with records.write() as session:
        held = session.scalars(sa.select(Thread)).one()
        address = session.scalars(sa.select(Address).where(Address.contact_id == MOTHER)).one()
        assert (held.opted_out_at, address.opted_out_at) == (EARLY, EARLY)
        opt_in(session, [held], now=EARLY)
        assert (held.opted_out_at, address.opted_out_at) == (None, None)
    with records.read() as session:
        verbs = session.execute(sa.select(LedgerRow.verb, LedgerRow.actor).order_by("number")).all()
    own = [tuple(row) for row in verbs if row.verb.startswith("opt_")]
    assert own == [("opt_out", "contact:mother"), ("opt_in", "contact:mother")]


def test_a_language_is_kept_for_the_thread_and_for_the_one_contact_behind_it(records: Database) -> None:
    with records.write() as session:
        set_language(session, [(_thread(session), "pl")], now=EARLY)
    with records.read() as session:
        assert session.scalars(sa.select(Thread.language)).one() == "pl"
        spoken = {contact.id: contact.language for contact in session.scalars(sa.select(Contact))}
    assert spoken == {MOTHER: "pl", FATHER: "en", GRAN: "en", BARRED: "en"}


def test_numbers_alone_are_kept_for_the_thread_and_for_the_one_contact_behind_it(records: Database) -> None:
    with records.write() as session:
        set_numbers(session, [(_thread(session), True)], now=EARLY)
    with records.write() as session:
        thread = session.scalars(sa.select(Thread)).one()
        chosen = {contact.id: contact.numbers_only for contact in session.scalars(sa.select(Contact))}
        assert thread.numbers_only
        assert chosen == {MOTHER: True, FATHER: False, GRAN: False, BARRED: False}
        (family,) = families(session, [("s", "sms", PHONES[MOTHER])], on=EARLY.date()).values()
        assert family.numbers_only
        set_numbers(session, [(thread, False)], now=EARLY)
        assert session.get_one(Contact, ("s", MOTHER)).numbers_only is False


# Joining -----------------------------------------------------------------------------------------------


def _join(session: Session, code: str, chat: str = "7001", **more: Any) -> Contact | None:
    facts: dict[str, Any] = {"channel": "telegram", "address": chat, "now": EARLY}
    return join_by_code(session, "s", code, **facts | more)


def test_a_code_from_the_school_joins_a_chat_once(records: Database) -> None:
    with records.write() as session:
        thread = _thread(session, None, channel="telegram", address="7001")
        code = issue_code(session, "s", MOTHER, actor="user:u", now=EARLY)
        assert code is not None
        assert session.scalars(sa.select(JoinCode.code_hash)).one() != code
        joined = _join(session, f" {code[:4].lower()}-{code[4:]} ")
        assert joined is not None
        assert (joined.id, thread.contact_id) == (MOTHER, MOTHER)
        assert _join(session, code, "7002") is None
        key = ("s", "telegram", "7001")
        assert families(session, [key])[key].contact_ids == (MOTHER,)


def test_a_code_is_good_for_seven_days_and_only_at_its_school(records: Database) -> None:
    with records.write() as session:
        add_family(session, "t")
        code = issue_code(session, "s", MOTHER, actor="user:u", now=EARLY)
        assert code is not None
        assert join_by_code(session, "t", code, channel="telegram", address="7001", now=EARLY) is None
        assert _join(session, code, now=EARLY + CODE_LASTS) is None
        assert _join(session, "BCDFGHJK") is None
        assert issue_code(session, "s", "nobody", actor="user:u", now=EARLY) is None


def test_a_phone_on_record_joins_every_contact_who_has_it(records: Database) -> None:
    with _shared(records, GRAN) as session:
        joined = join_by_phone(session, "s", PHONES[MOTHER][1:], channel="telegram", address="7001", now=EARLY)
        assert [contact.id for contact in joined] == [GRAN, MOTHER]
        again = join_by_phone(session, "s", PHONES[MOTHER], channel="telegram", address="7001", now=EARLY)
        assert len(again) == 2
        rows = session.scalars(sa.select(Address).where(Address.channel == "telegram")).all()
        assert len(rows) == 2


@pytest.mark.parametrize("phone", ["+447700900666", "not a number", ""])
def test_a_phone_on_nobodys_record_joins_nobody(records: Database, phone: str) -> None:
    with records.write() as session:
        assert join_by_phone(session, "s", phone, channel="telegram", address="7001", now=EARLY) == []
        assert session.scalars(sa.select(Address).where(Address.channel == "telegram")).all() == []


def test_joining_brings_no_right_with_it(records: Database) -> None:
    with records.write() as session:
        session.execute(sa.delete(Right).where(Right.contact_id == GRAN))
        add_right(session, GRAN, SAM)
        session.flush()
        join_by_phone(session, "s", PHONES[GRAN], channel="telegram", address="7003", now=EARLY)
        key = ("s", "telegram", "7003")
        family = families(session, [key])[key]
    # On the child's record and allowed nothing: known to the school, and no child is named to them.
    assert family.is_known
    assert family.children == ()
