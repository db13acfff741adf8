"""A helper may report some children until a date, is added by staff after a call, and outlives every import."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school.absences import state_absences
from school.back_today import expected
from school.helping import AlreadyThere, HelperRefused, NewHelper, add_helper, end_helper
from school.ledger import verify
from school.opting_out import opt_out
from school.people import Family, families
from school.records.database import Database
from school.records.family_queries import threads_at
from school.records.messaging import Thread
from school.records.people import Address, Contact, Helper, Right, School
from school.records.prompt_queries import siblings
from school.records.staff import LedgerRow, StaffItem
from school.roster import Roster, import_roster, read_roster
from school.settings import change_settings
from tests.school.made_up import BARRED, EARLY, FATHER, GRAN, LEO, MONDAY, MOTHER, PHONES, SAM, add_family, said

PHONE = "+447700900050"
TUESDAY = MONDAY + timedelta(days=1)
NEW = NewHelper(name="Joan", phone="07700 900050", pupil_ids=(SAM,), until=MONDAY, why="family", rang=MOTHER)
STAFF: dict[str, Any] = {"actor": "user:ann", "by": "ann", "now": EARLY}


@pytest.fixture
def records(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        session.execute(sa.update(Right).where(Right.contact_id == MOTHER).values(lives_with=True))
    return database


def _family(session: Session, on: date | None = MONDAY, phone: str = PHONE) -> Family:
    return families(session, [("s", "sms", phone)], on=on)["s", "sms", phone]


def _why(session: Session) -> list[str]:
    return list(session.scalars(sa.select(StaffItem.why).order_by(StaffItem.id)))


def test_the_first_text_works_with_no_further_joining(records: Database) -> None:
    with records.write() as session:
        row = add_helper(session, "s", NEW, **STAFF)
        family = _family(session)
        (child,) = family.children
        assert (family.contact_ids, child.id, child.may_report) == ((row.contact_id,), SAM, True)
        assert not child.may_be_told | child.may_see_reasons | child.may_request_leave | child.lives_with
        assert len(state_absences(session, [said(row.contact_id, message_id="m1")], now=EARLY)) == 1


def test_on_the_day_after_the_last_one_a_helper_is_somebody_without_a_right(records: Database) -> None:
    with records.write() as session:
        row = add_helper(session, "s", NEW, **STAFF)
        after = _family(session, TUESDAY)
        assert (after.is_known, after.children, after.helped_before) == (True, (), True)
        assert not _family(session).helped_before
        # Where nobody says which day it is, nothing is allowed.
        assert _family(session, None).children == ()
        late = said(row.contact_id, message_id="m1", day=TUESDAY, at=datetime(2026, 11, 24, 0, 1, tzinfo=UTC))
        assert state_absences(session, [late], now=late.at) == []
        assert _why(session) == ["not_entitled"]


def test_the_last_day_ends_at_the_schools_own_midnight(records: Database) -> None:
    """In June the school's midnight is eleven in the evening of UTC."""
    with records.write() as session:
        now = datetime(2026, 6, 1, 8, tzinfo=UTC)
        new = replace(NEW, until=date(2026, 6, 1))
        row = add_helper(session, "s", new, actor="user:ann", by="ann", now=now)
        before, after = (datetime(2026, 6, 1, hour, minute, tzinfo=UTC) for hour, minute in ((22, 59), (23, 1)))
        for at, filed in ((after, 0), (before, 1)):
            statement = said(row.contact_id, message_id="m1", day=date(2026, 6, 2), at=at)
            assert len(state_absences(session, [statement], now=at)) == filed


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"phone": "12"}, "/phone"),
        ({"until": MONDAY - timedelta(days=1)}, "/until"),
        ({"until": MONDAY + timedelta(days=91)}, "/until"),
        ({"pupil_ids": ()}, "/pupils"),
        ({"pupil_ids": (SAM, "nobody")}, "/pupils"),
        # The father does not live with him, the barred may have no contact, and nobody rings a stranger.
        ({"rang": FATHER}, "/rang"),
        ({"rang": BARRED}, "/rang"),
        ({"rang": "nobody"}, "/rang"),
    ],
)
def test_care_rule_10_a_helper_needs_a_call_to_somebody_at_home_and_an_end(
    records: Database, wrong: dict[str, Any], where: str
) -> None:
    with records.write() as session:
        with pytest.raises(HelperRefused) as refused:
            add_helper(session, "s", replace(NEW, **wrong), **STAFF)
        assert refused.value.where == where
        assert session.scalars(sa.select(Helper)).all() == []


def test_the_longest_time_is_the_schools_to_choose(records: Database) -> None:
    with records.write() as session:
        change_settings(session, session.get_one(School, "s"), {"helper_most_days": 7}, actor="system", now=EARLY)
        with pytest.raises(HelperRefused):
            add_helper(session, "s", replace(NEW, until=MONDAY + timedelta(days=8)), **STAFF)
        add_helper(session, "s", replace(NEW, until=MONDAY + timedelta(days=7)), **STAFF)


@pytest.mark.parametrize("who", [BARRED, GRAN, FATHER])
def test_a_number_on_the_childs_record_is_no_helpers(records: Database, who: str) -> None:
    """Above all not that of somebody barred, whom a new name would let in."""
    with records.write() as session, pytest.raises(AlreadyThere):
        add_helper(session, "s", replace(NEW, phone=PHONES[who]), **STAFF)


def test_ended_early_holds_at_once_and_what_was_said_stands(records: Database) -> None:
    with records.write() as session:
        row = add_helper(session, "s", replace(NEW, until=MONDAY + timedelta(days=9)), **STAFF)
        (absence,) = state_absences(session, [said(row.contact_id, message_id="m1")], now=EARLY)
        with pytest.raises(AlreadyThere):
            add_helper(session, "s", NEW, **STAFF)
        end_helper(session, row, actor="user:ann", now=EARLY)
        end_helper(session, row, actor="user:ann", now=EARLY)
        assert (_family(session).children, absence.status) == ((), "reported")
    with records.read() as session:
        verbs = session.scalars(
            sa.select(LedgerRow.verb).where(LedgerRow.subject == "helper").order_by(LedgerRow.number)
        )
        assert list(verbs) == ["add_helper", "end_helper"]
        verify(session, "s")


def test_who_helps_again_is_the_same_contact_with_the_new_children_alone(records: Database) -> None:
    with records.write() as session:
        row = add_helper(session, "s", NEW, **STAFF)
        first = row.contact_id
        (address,) = session.scalars(sa.select(Address).where(Address.contact_id == first))
        address.opted_out_at, address.quarantined_at, address.quarantine_reason = EARLY, EARLY, "wrong_number"
        end_helper(session, row, actor="user:ann", now=EARLY)
        row = add_helper(session, "s", replace(NEW, pupil_ids=(LEO,), until=TUESDAY), **STAFF)
        assert (row.contact_id, [child.id for child in _family(session).children]) == (first, [LEO])
        # A person has rung the number: it is theirs. What they stopped they start again themselves.
        closed: Any = (address.quarantined_at, address.opted_out_at)
        assert closed == (None, EARLY)


def test_a_neighbour_whose_own_child_is_here_has_both_and_then_their_own(records: Database) -> None:
    with records.write() as session:
        session.execute(sa.delete(Right).where(Right.contact_id == GRAN, Right.pupil_id == SAM))
        add_helper(session, "s", replace(NEW, phone=PHONES[GRAN]), **STAFF)
        assert {(each.id, each.may_report) for each in _family(session, phone=PHONES[GRAN]).children} == {
            (SAM, True),
            (LEO, False),
        }
        assert [each.id for each in _family(session, TUESDAY, PHONES[GRAN]).children] == [LEO]


def test_a_helper_of_two_families_makes_no_family(records: Database) -> None:
    with records.write() as session:
        session.execute(sa.delete(Right).where(Right.pupil_id == LEO, Right.contact_id != FATHER))
        session.execute(sa.delete(Right).where(Right.pupil_id == SAM, Right.contact_id == FATHER))
        row = add_helper(session, "s", NEW, **STAFF)
        session.add(Right(school_id="s", contact_id=row.contact_id, pupil_id=LEO, may_report=True, report_until=MONDAY))
        session.flush()
        assert siblings(session, "s", {SAM}) == {SAM}


def test_a_strangers_thread_becomes_the_helpers(records: Database) -> None:
    with records.write() as session:
        where = {"line_id": "l", "channel": "sms", "address": PHONE, "last_at": EARLY, "created_at": EARLY}
        session.add(Thread(school_id="s", id="th", contact_id=None, state={}, **where))
        session.flush()
        row = add_helper(session, "s", NEW, **STAFF)
        (thread,) = threads_at(session, "s", "sms", PHONE)
        assert thread.contact_id == row.contact_id
        opt_out(session, [thread], now=EARLY)
        assert [each.opted_out_at for each in session.scalars(sa.select(Address).where(Address.address == PHONE))] == [
            EARLY
        ]


ROSTER = (
    "pupil_id,first_name,surname,contact_id,contact_name,phone,may_report,lives_with\n"
    "sam,Sam,Oakes,mother,mother,+447700900001,yes,yes\n"
    "leo,Leo,Oakes,mother,mother,+447700900001,yes,yes\n"
)


@pytest.mark.parametrize("more", ["", "sam,Sam,Oakes,joan,Joan,+447700900051,yes,no\n"])
def test_an_import_neither_drops_nor_changes_a_helper(records: Database, more: str) -> None:
    roster = read_roster((ROSTER + more).encode())
    assert isinstance(roster, Roster)
    with records.write() as session:
        row = add_helper(session, "s", replace(NEW, until=TUESDAY), **STAFF)
        plan = import_roster(session, "s", roster, today=MONDAY, actor="system", now=EARLY)
        # The file leaves out the father and gran, who go; the helper was never its own.
        assert {FATHER, GRAN} <= set(plan.contacts_gone)
        contact = session.get_one(Contact, ("s", row.contact_id))
        right = session.get_one(Right, ("s", row.contact_id, SAM))
        assert (contact.active, contact.name) == (True, "Joan")
        assert (right.may_report, right.report_until) == (True, TUESDAY)
        assert [child.id for child in _family(session).children] == [SAM]
        assert not import_roster(session, "s", roster, today=MONDAY, actor="system", now=EARLY)


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        # The last who said it and may still be asked; a helper, and whose right went since, is told nothing.
        ((MOTHER, "helper"), [MOTHER]),
        (("helper",), []),
        ((MOTHER, FATHER), [FATHER]),
        ((FATHER, MOTHER, "gone"), [FATHER]),
    ],
)
def test_back_today_is_asked_of_the_last_who_said_it_and_may_be_asked(
    records: Database, who: tuple[str, ...], asked: list[str]
) -> None:
    with records.write() as session:
        helper = add_helper(session, "s", replace(NEW, until=MONDAY + timedelta(days=9)), **STAFF).contact_id
        for number, each in enumerate(each for each in who if each != "gone"):
            contact = helper if each == "helper" else each
            at = EARLY + timedelta(minutes=number)
            state_absences(session, [said(contact, at=at, message_id=f"m{number}", reason_category="fever")], now=at)
        if "gone" in who:
            session.execute(sa.update(Right).where(Right.contact_id == MOTHER).values(may_report=False))
        found = expected(session, "s", TUESDAY)
        assert [each.contact_id for each in found] == asked
