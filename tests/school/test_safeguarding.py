"""A worry holds the whole family, is the lead's alone, and a repeat changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from school.records.database import Database
from school.records.messaging import Message, Thread
from school.records.people import Address, Contact, Right
from school.records.safeguarding_queries import held_pupils
from school.records.staff import Hold, LedgerRow, SafeguardingItem
from school.safeguarding import (
    AlreadyHandedBack,
    Worry,
    hand_back,
    open_item,
    raise_worries,
    release_family,
)
from tests.api.made_up import NOW, WORRYING, Office, add, message, open_office


def worry(office: Office, thread: str = "thread of Ada Okafor", *, times: int = 1) -> list[SafeguardingItem]:
    with office.database.write() as session:
        said = message(session, office.ours, thread, WORRYING, at=NOW)
        raised = Worry(
            school_id=office.ours.id,
            thread_id=said.thread_id,
            message_id=said.id,
            category="violence",
            contact_id=None,
            at=NOW,
        )
        items: list[SafeguardingItem] = []
        for _ in range(times):
            items += raise_worries(session, [raised], now=NOW)
        return items


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools."""
    return open_office(database)


def held(office: Office) -> set[str]:
    with office.database.read() as session:
        names = {pupil_id: name for name, pupil_id in office.ours.ids.items()}
        return {names[pupil_id] for pupil_id in held_pupils(session, office.ours.id)}


def holds_thread(office: Office, thread: str = "thread of Ada Okafor") -> bool:
    with office.database.read() as session:
        return session.get_one(Thread, (office.ours.id, office.ours.ids[thread])).lead_holds


def test_all_siblings_are_held_and_nobody_else(office):
    (item,) = worry(office)
    assert held(office) == {"Maya", "Leo"}
    assert item.pupil_ids == sorted([office.ours.ids["Maya"], office.ours.ids["Leo"]])
    assert holds_thread(office)
    assert not holds_thread(office, "thread of Sami Haddad")
    with office.database.read() as session:
        assert session.scalars(select(Message.body).where(Message.restricted)).all() == [WORRYING]


def test_children_of_everybody_on_a_shared_number_are_held_and_those_of_a_no_contact_order_too(office):
    with office.database.write() as session:
        aunt: Any = add(session, office.ours, "aunt", Contact, external_id="aunt", name="Ify Okafor")
        session.flush()
        add(session, office.ours, "her phone", Address, contact_id=aunt.id, channel="sms", address="+447700900111")
        noor = office.ours.ids["Noor"]
        session.add(Right(school_id=office.ours.id, contact_id=aunt.id, pupil_id=noor, no_contact=True))
    worry(office)
    assert held(office) == {"Maya", "Leo", "Noor"}


def test_an_unknown_senders_worry_holds_nobody_and_reaches_the_lead(office):
    (item,) = worry(office, "thread of nobody")
    assert held(office) == set()
    assert (item.pupil_ids, item.status) == ([], "new")
    assert holds_thread(office, "thread of nobody")


def test_a_repeat_of_the_same_message_changes_nothing(office):
    assert len(worry(office, times=3)) == 1
    with office.database.read() as session:
        assert len(session.scalars(select(SafeguardingItem)).all()) == 1
        assert len(session.scalars(select(Hold)).all()) == 2


def test_a_second_worry_is_an_item_of_its_own_under_the_holds_that_stand(office):
    worry(office)
    worry(office)
    with office.database.read() as session:
        assert len(session.scalars(select(SafeguardingItem)).all()) == 2
        assert len(session.scalars(select(Hold)).all()) == 2


def test_worries_of_two_schools_in_one_set_stay_apart(office):
    with office.database.write() as session:
        raised = []
        for school in (office.ours, office.theirs):
            said = message(session, school, "thread of Ada Okafor", WORRYING, at=NOW)
            raised.append(
                Worry(
                    school_id=school.id,
                    thread_id=said.thread_id,
                    message_id=said.id,
                    category="hunger",
                    contact_id=None,
                    at=NOW,
                )
            )
        items = raise_worries(session, raised, now=NOW)
        for item, school in zip(items, sorted((office.ours, office.theirs), key=lambda each: each.id), strict=True):
            assert item.school_id == school.id
            assert set(item.pupil_ids) == {school.ids["Maya"], school.ids["Leo"]}


def test_the_ledger_keeps_the_worry_for_the_lead_and_the_hold_for_all_without_its_cause(office):
    (item,) = worry(office)
    with office.database.read() as session:
        rows = session.scalars(select(LedgerRow).where(LedgerRow.school_id == office.ours.id)).all()
    worries = [row for row in rows if row.verb == "raise_worry"]
    holds = [row for row in rows if row.verb == "hold_pupil"]
    assert [(row.restricted, row.subject_id) for row in worries] == [(True, item.id)]
    assert {(row.restricted, row.subject, row.subject_id) for row in holds} == {
        (False, "pupil", office.ours.ids["Maya"]),
        (False, "pupil", office.ours.ids["Leo"]),
    }
    assert all(row.detail == {} for row in [*worries, *holds])
    assert not any(item.id in str((row.subject_id, row.detail)) for row in rows if not row.restricted)


def test_a_thread_is_handed_back_when_the_last_of_its_items_is_and_the_family_stays_held(office):
    worry(office)
    worry(office)
    with office.database.write() as session:
        first, second = session.scalars(select(SafeguardingItem).order_by(SafeguardingItem.id))
        open_item(session, first, actor="user:lead", user_id="lead", now=NOW + timedelta(minutes=1))
        open_item(session, first, actor="user:other", user_id="other", now=NOW + timedelta(minutes=2))
        assert (first.opened_by, first.opened_at) == ("lead", NOW + timedelta(minutes=1))
        hand_back(session, first, actor="user:lead", now=NOW)
        with pytest.raises(AlreadyHandedBack):
            hand_back(session, first, actor="user:lead", now=NOW)
        second_id = second.id
    assert holds_thread(office)
    with office.database.write() as session:
        hand_back(session, session.get_one(SafeguardingItem, (office.ours.id, second_id)), actor="user:lead", now=NOW)
    assert not holds_thread(office)
    assert held(office) == {"Maya", "Leo"}


def test_releasing_one_child_leaves_the_sibling_held(office):
    worry(office)
    with office.database.write() as session:
        (ended,) = release_family(session, office.ours.id, [office.ours.ids["Maya"]], actor="user:lead", now=NOW)
        assert (ended.released_by, ended.released_at) == ("user:lead", NOW)
    assert held(office) == {"Leo"}
    with office.database.read() as session:
        last = session.scalars(select(LedgerRow).order_by(LedgerRow.number.desc())).first()
        assert last is not None
