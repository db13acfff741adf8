"""Each verb, asked by one school with another school's ids, gives nothing and changes nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from school import (
    absences,
    access,
    calendars,
    joining,
    ledger,
    opting_out,
    people,
    roster,
    schools,
    staff_items,
    waiting_rights,
)
from school.records.base import Base
from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import School
from school.records.staff import StaffItem
from school.rules.day_times import DayTimes
from tests.school.made_up import EARLY, MONDAY, MOTHER, PHONES, SAM, add_family, said, unsaid

MODULES = (
    absences,
    access,
    calendars,
    joining,
    ledger,
    opting_out,
    people,
    roster,
    schools,
    staff_items,
    waiting_rights,
)
NOTHING: tuple[Any, ...] = (None, [], {}, ())
KEY = ("t", "sms", PHONES[MOTHER])
STAFF: dict[str, Any] = {"actor": "user:x", "now": EARLY}


def _family(session: Session) -> Any:
    return people.families(session, [KEY])[KEY].contact_ids


def _refused(call: Callable[[], Any], *errors: type[Exception]) -> None:
    with pytest.raises(errors):
        call()


# Each is called with the school "t", which has nobody, and the ids of the school "s".
CALLS: dict[str, Callable[[Session, dict[str, str]], Any]] = {
    "state_absences": lambda s, _: absences.state_absences(s, [said(school_id="t")], now=EARLY),
    "withdraw_statements": lambda s, _: absences.withdraw_statements(s, [unsaid(school_id="t")], now=EARLY),
    "on_record": lambda s, _: absences.on_record(s, "t", [SAM], MONDAY, MONDAY),
    "report_for_parent": lambda s, _: _refused(
        lambda: absences.report_for_parent(s, [said(school_id="t", user_id="u")], now=EARLY), LookupError
    ),
    "find_user": lambda s, ids: access.find_user(s, "t", ids["user"]),
    "find_user_by_email": lambda s, _: access.find_user_by_email(s, "t", "ann@example.org"),
    "find_token": lambda s, ids: access.find_token(s, "t", ids["token"]),
    "users": lambda s, _: access.users(s, "t"),
    "tokens": lambda s, _: access.tokens(s, "t"),
    "make_token": lambda s, ids: _refused(
        lambda: access.make_token(s, "t", name="x", user_id=ids["user"], **STAFF), access.AccessRefused
    ),
    "issue_code": lambda s, _: joining.issue_code(s, "t", MOTHER, **STAFF),
    "join_by_code": lambda s, ids: joining.join_by_code(
        s, "t", ids["code"], channel="telegram", address="7001", now=EARLY
    ),
    "try_code": lambda s, ids: joining.try_code(
        s, "t", ids["code"], thread_id="t", inbox_id="i", channel="telegram", address="7001", now=EARLY
    ),
    "join_by_phone": lambda s, _: joining.join_by_phone(
        s, "t", PHONES[MOTHER], channel="telegram", address="7001", now=EARLY
    ),
    "contacts_at": lambda s, _: people.contacts_at(s, "t", "sms", PHONES.values()),
    "families": lambda s, _: _family(s),
    "quarantine": lambda s, _: people.quarantine(s, [(KEY, "wrong_number")], now=EARLY),
    "opt_out": lambda s, ids: opting_out.opt_out(s, [_thread(s, ids)], now=EARLY),
    "known_to_office": lambda s, ids: sorted(opting_out.known_to_office(s, [_thread(s, ids)], now=EARLY)),
    "opt_in": lambda s, ids: opting_out.opt_in(s, [_thread(s, ids)], now=EARLY),
    "set_language": lambda s, ids: people.set_language(s, [(_thread(s, ids), "pl")], now=EARLY),
    "set_numbers": lambda s, ids: people.set_numbers(s, [(_thread(s, ids), True)], now=EARLY),
    "find_item": lambda s, ids: staff_items.find_item(s, "t", ids["item"]),
    "raise_items": lambda s, _: (
        None if staff_items.raise_items(s, [staff_items.StaffNote(school_id="t", why="x", message_id="m")], now=EARLY)
        else "nothing was raised"
    ),
    "raise_waiting": lambda s, _: waiting_rights.raise_waiting(s, "t", [], _nobody(s), now=EARLY),
    "raise_still_rung": lambda s, _: waiting_rights.raise_still_rung(s, "t", [SAM], now=EARLY),
    "preview": lambda s, _: roster.preview(s, "t", roster.Roster(), today=MONDAY).counts() or None,
    "import_roster": lambda s, _: (
        roster.import_roster(s, "t", roster.Roster(), today=MONDAY, **STAFF).counts() or None
    ),
    "calendar_of": lambda s, _: calendars.calendar_of(s, "t").closed & {date(2026, 11, 27)} or None,
    "set_calendar": lambda s, _: (
        calendars.set_calendar(s, "t", terms=(), closed=(), **STAFF) or None
    ),
    "set_times": lambda s, _: calendars.set_times(s, "t", DayTimes(), **STAFF),
    "verify": lambda s, _: ledger.verify(s, "t"),
    "add_user": lambda s, _: _drop(
        access.add_user(s, "t", name="A", email="ann@example.org", roles=["office"], **STAFF)
    ),
    "add_line": lambda s, _: _refused(
        lambda: schools.add_line(s, "t", channel="sms", address="+447700900900", now=EARLY), schools.SchoolRefused
    ),
}  # fmt: skip
NEEDS_NO_SCHOOL = {
    "takes a row, which carries its school": {
        "amend", "confirm", "withdraw", "close_user", "set_roles", "revoke", "close_item", "grant",
        "release_addresses", "let_in_again", "may_enter",
    },
    "takes entries, which carry their school": {"record", "record_all"},
    "is how a school is found or made": {"line_for", "lines", "who_has", "add_school", "schools", "find_school"},
    "touches no record": {
        "is_register_closed", "by_contact", "by_user", "read_map", "read_roster", "is_code",
    },
}  # fmt: skip


def _drop(_row: object) -> None:
    """The row belongs to the school that asked."""


def _nobody(session: Session) -> Any:
    from school.records.roster_queries import people_of

    return people_of(session, "t")


def _thread(session: Session, ids: dict[str, str]) -> Thread:
    """A thread of the other school, from the same number: the mother texts both."""
    thread = session.get(Thread, ("t", ids["thread"]))
    assert thread is not None
    return thread


@pytest.fixture
def ids(database: Database) -> dict[str, str]:
    """A school "s" with a family, staff and an absence, and a school "t" with nobody."""
    with database.write() as session:
        add_family(session)
        session.add(School(id="t", name="T", short_name="T", phone="1", created_at=EARLY, settings={}))
        where = {"line_id": "l", "channel": "sms", "address": PHONES[MOTHER], "last_at": EARLY, "created_at": EARLY}
        session.add(Thread(school_id="t", id="th", contact_id=MOTHER, state={}, **where))
        absences.state_absences(session, [said()], now=EARLY)
        user = access.add_user(session, "s", name="Ann", email="ann@example.org", roles=["office"], **STAFF)
        token, _ = access.make_token(session, "s", name="x", user_id=user.id, **STAFF)
        schools.add_line(session, "s", channel="sms", address="+447700900900", now=EARLY)
        inset = calendars.Closure(day=date(2026, 11, 27), kind="inset")
        calendars.set_calendar(session, "s", terms=(), closed=(inset,), **STAFF)
        note = staff_items.StaffNote(school_id="s", why="x", message_id="m")
        (item,) = staff_items.raise_items(session, [note], now=EARLY)
        code = joining.issue_code(session, "s", MOTHER, **STAFF)
        return {"user": user.id, "token": token.id, "item": item.id, "code": code or "", "thread": "th"}


def _everything_of_s(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table).where(table.c.school_id == "s"))))
            for table in Base.metadata.sorted_tables
            if "school_id" in table.c
        }


@pytest.mark.parametrize("verb", sorted(CALLS))
def test_a_verb_with_another_schools_ids_gives_nothing_and_changes_nothing(
    database: Database, ids: dict[str, str], verb: str
) -> None:
    before = _everything_of_s(database)
    with database.write() as session:
        assert CALLS[verb](session, ids) in NOTHING
        # What one school raises never joins another's item, even about a message of the same id.
        assert session.get(StaffItem, ("s", ids["item"])) is not None
    assert _everything_of_s(database) == before


def _verbs(module: ModuleType) -> set[str]:
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    return {
        name
        for name in names
        if inspect.isfunction(found := getattr(module, name)) and found.__module__.startswith("school.")
        and (found.__module__ == module.__name__ or hasattr(module, "__all__"))
    }  # fmt: skip


def test_every_verb_is_on_the_list() -> None:
    listed = set(CALLS) | {name for names in NEEDS_NO_SCHOOL.values() for name in names}
    assert {name for module in MODULES for name in _verbs(module)} == listed
