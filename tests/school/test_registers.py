"""The register as a verb: sheets of any size, in the ledger, in order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from school.ledger import verify
from school.records.attendance import MarkAmendment, RegisterMark
from school.records.base import new_id
from school.records.database import Database
from school.records.people import Pupil
from school.records.staff import LedgerRow
from school.registers import Mark, Marker, SheetRefused, put_marks
from school.rules.calendar import Session
from tests.api.made_up import NOW, TODAY, Office, open_office

BY = Marker(actor="user:somebody", role="office")


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools."""
    return open_office(database)


def pupils(office: Office, number: int) -> list[str]:
    ids = [new_id(NOW) for _ in range(number)]
    with office.database.write() as session:
        session.add_all(
            Pupil(school_id=office.ours.id, id=each, external_id=each, first_name="Ann", known_as="Ann", surname="Li")
            for each in ids
        )
    return ids


def put(office: Office, *marks: Mark, now: datetime = NOW) -> Any:
    with office.database.write() as session:
        return put_marks(session, marks, school_id=office.ours.id, by=BY, now=now)


def mark(pupil_id: str, code: str = "/", **more: Any) -> Mark:
    return Mark(**{"pupil_id": pupil_id, "day": TODAY, "session": Session.AM, "code": code, **more})


def test_a_sheet_larger_than_one_statement_is_written_whole(office):
    ids = pupils(office, 1300)
    written = put(office, *(mark(each) for each in ids))
    assert (written.new, written.amended, written.unchanged) == (1300, 0, 0)
    again = put(office, *(mark(each, "N" if each == ids[700] else "/", reason="looked again") for each in ids))
    assert (again.new, again.amended, again.unchanged) == (0, 1, 1299)
    with office.database.read() as session:
        assert session.scalars(select(func.count()).select_from(RegisterMark)).one() == 1300
        kept = session.scalars(select(MarkAmendment)).one()
        assert (kept.pupil_id, kept.original_code, kept.new_code) == (ids[700], "/", "N")


def test_the_ledger_has_a_row_for_each_sessions_new_marks_and_one_for_each_amendment(office):
    maya, leo = office.ours.ids["Maya"], office.ours.ids["Leo"]
    put(office, mark(maya), mark(leo), mark(leo, "\\", session=Session.PM))
    put(office, mark(maya, "I", reason="rang"), mark(leo))
    with office.database.read() as session:
        rows = session.scalars(select(LedgerRow).where(LedgerRow.actor == BY.actor).order_by(LedgerRow.number)).all()
        assert [(row.verb, row.subject_id, row.detail) for row in rows] == [
            ("take_register", "2026-09-14/AM", {"marks": 2}),
            ("take_register", "2026-09-14/PM", {"marks": 1}),
            ("amend_mark", f"{maya}/2026-09-14/AM", {"from": "/", "to": "I"}),
        ]
        assert verify(session, office.ours.id) is None


def test_minutes_that_nobody_had_given_complete_a_mark_and_other_minutes_amend_it(office):
    maya = office.ours.ids["Maya"]
    put(office, mark(maya, "L"))
    assert put(office, mark(maya, "L", minutes_late=5)).amended == 1
    with pytest.raises(SheetRefused) as refused:
        put(office, mark(maya, "L", minutes_late=9))
    assert [(fault.row, fault.field, fault.code) for fault in refused.value.faults] == [(0, "reason", "reason-needed")]
    assert put(office, mark(maya, "L", minutes_late=9, reason="misread the clock")).amended == 1
    assert put(office, mark(maya, "L")).unchanged == 1


def test_a_pupil_who_had_left_has_no_session_after_that_day(office):
    maya = office.ours.ids["Maya"]
    with office.database.write() as session:
        session.get_one(Pupil, (office.ours.id, maya)).left_on = date(2026, 9, 11)
    assert put(office, mark(maya, day=date(2026, 9, 11))).new == 1
    with pytest.raises(SheetRefused) as refused:
        put(office, mark(maya))
    assert refused.value.faults[0].code == "pupil-left"


def test_nobody_was_seen_on_a_day_to_come_but_its_leave_may_be_entered(office):
    maya, tomorrow = office.ours.ids["Maya"], date(2026, 9, 15)
    for code in ("/", "L", "U"):
        with pytest.raises(SheetRefused):
            put(office, mark(maya, code, day=tomorrow))
    assert put(office, mark(maya, "C", day=tomorrow)).new == 1
    # At half past midnight in London it is tomorrow there, while UTC still has today.
    leo, night = office.ours.ids["Leo"], datetime(2026, 9, 14, 23, 30, tzinfo=UTC)
    assert put(office, mark(leo, day=tomorrow), now=night).new == 1


def test_a_planned_closure_is_marked_on_days_that_are_no_school_days(office):
    saturday = date(2026, 9, 19)
    assert put(office, mark(office.ours.ids["Maya"], "#", day=saturday)).new == 1
    with pytest.raises(SheetRefused):
        put(office, mark(office.ours.ids["Leo"], "I", day=saturday))


@pytest.mark.parametrize("code", ["i", " I", "é", "\x00", "", "İ"])
def test_a_code_is_written_as_it_is_listed(office, code):
    with pytest.raises(SheetRefused):
        put(office, mark(office.ours.ids["Maya"], code))
