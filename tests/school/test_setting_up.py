"""Schools, calendars, settings, staff and tokens: what has to be there before the first text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from school import installation
from school.access import (
    AccessRefused,
    add_user,
    close_user,
    find_user_by_email,
    make_token,
    revoke,
    set_roles,
    users,
    who_has,
)
from school.calendars import Closure, NoSuchSchool, calendar_of, set_calendar, set_times
from school.ledger import verify
from school.records.database import Database
from school.records.people import School
from school.records.staff import LedgerRow, StaffItem, Token
from school.rules.calendar import DayTimes, Term
from school.schools import SchoolRefused, add_line, add_school, find_school, schools
from school.settings import SchoolSettings, SettingRefused, change_settings, settings_of
from school.staff_items import StaffNote, close_item, find_item, raise_items

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def school_id(database: Database) -> str:
    with database.write() as session:
        return add_school(session, name="Ashgrove Primary", short_name="Ashgrove", phone="01632 960000", now=NOW).id


# Schools and lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"short_name": "Ashgrove Primary School"}, {"name": " "}, {"phone": ""}, {"name": "Ashgrove Primary"}]
)
def test_a_school_that_texts_could_not_name_is_refused(
    database: Database, school_id: str, wrong: dict[str, str]
) -> None:
    facts = {"name": "Birchwood", "short_name": "Birchwood", "phone": "01632 960001"}
    with pytest.raises(SchoolRefused), database.write() as session:
        add_school(session, now=NOW, **facts | wrong)
    with database.read() as session:
        assert [school.id for school in schools(session)] == [school_id]


def test_a_line_belongs_to_one_school(database: Database, school_id: str) -> None:
    with database.write() as session:
        other = add_school(session, name="Birchwood", short_name="Birchwood", phone="1", now=NOW)
        line = add_line(session, school_id, channel="sms", address="+447700900900", now=NOW)
        same = add_line(session, school_id, channel="sms", address="+447700900900", now=NOW, secret="x")
        assert (same.id, same.secret) == (line.id, "x")
        with pytest.raises(SchoolRefused, match="another school"):
            add_line(session, other.id, channel="sms", address="+447700900900", now=NOW)


def test_a_school_is_found_by_any_of_its_names_and_the_only_one_without(database: Database, school_id: str) -> None:
    with database.write() as session:
        assert find_school(session).id == school_id
        add_school(session, name="Birchwood", short_name="Birchwood", phone="1", now=NOW)
        assert find_school(session, "Ashgrove").id == find_school(session, school_id).id == school_id
        with pytest.raises(LookupError, match="Ashgrove, Birchwood"):
            find_school(session)
        with pytest.raises(LookupError, match="no such school"):
            find_school(session, "Chestnut")


def test_without_a_school_one_is_asked_for(database: Database) -> None:
    with database.read() as session, pytest.raises(LookupError, match="no school yet"):
        find_school(session)


# Calendars ---------------------------------------------------------------------------------------------

AUTUMN = Term(first=date(2026, 9, 2), last=date(2026, 12, 18), name="Autumn")
SUMMER = Term(first=date(2027, 4, 12), last=date(2027, 7, 22), name="Summer")
INSET = Closure(day=date(2026, 11, 27), kind="inset")


def _set(session: Any, school_id: str, *terms: Term, closed: tuple[Closure, ...] = (), **more: Any) -> Any:
    return set_calendar(session, school_id, terms=terms, closed=closed, actor="user:u", now=NOW, **more)


def test_without_terms_every_weekday_but_a_bank_holiday_is_a_school_day(database: Database, school_id: str) -> None:
    with database.read() as session:
        calendar = calendar_of(session, school_id)
    assert calendar.terms is None
    assert calendar.is_school_day(date(2026, 11, 23))
    assert not calendar.is_school_day(date(2026, 12, 28))
    assert calendar.times == DayTimes()


def test_terms_closed_days_and_times_make_the_calendar(database: Database, school_id: str) -> None:
    closed = (INSET, Closure(day=date(2026, 11, 26), kind="other", year="6"))
    nursery = DayTimes(starts=time(9, 30), register_closes=time(9, 45))
    with database.write() as session:
        _set(session, school_id, AUTUMN, SUMMER, closed=closed)
        set_times(session, school_id, DayTimes(starts=time(8, 30)), actor="user:u", now=NOW)
        set_times(session, school_id, nursery, year="N", actor="user:u", now=NOW)
    with database.read() as session:
        calendar = calendar_of(session, school_id)
    assert not calendar.is_school_day(INSET.day)
    assert not calendar.is_school_day(date(2026, 11, 26), year="6")
    assert calendar.is_school_day(date(2026, 11, 26), year="5")
    assert not calendar.is_school_day(date(2027, 5, 3))  # May Day, within a term
    assert not calendar.is_school_day(date(2027, 1, 11))  # between the terms
    assert calendar.times_on(date(2026, 11, 23)).starts == time(8, 30)
    assert calendar.times_on(date(2026, 11, 23), year="N") == nursery


def test_setting_the_same_calendar_again_changes_nothing(database: Database, school_id: str) -> None:
    with database.write() as session:
        assert _set(session, school_id, AUTUMN, closed=(INSET,), dry_run=True)
        assert calendar_of(session, school_id).terms is None
        assert _set(session, school_id, AUTUMN, closed=(INSET,))
        assert not _set(session, school_id, AUTUMN, closed=(INSET,))
        change = _set(session, school_id, SUMMER, closed=(Closure(day=INSET.day, kind="closure"),))
        assert (change.terms_added, change.terms_removed, change.closed_removed) == ((SUMMER,), (AUTUMN,), (INSET,))
        assert calendar_of(session, school_id).terms == (SUMMER,)


@pytest.mark.parametrize(
    ("terms", "closed"),
    [
        ((AUTUMN, Term(first=date(2026, 12, 18), last=date(2027, 1, 1))), ()),
        ((AUTUMN,), (INSET, INSET)),
        ((AUTUMN,), (Closure(day=date(2026, 11, 27), kind="snow"),)),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(
    database: Database, school_id: str, terms: tuple[Term, ...], closed: tuple[Closure, ...]
) -> None:
    with database.write() as session, pytest.raises(ValueError, match=r"begins before|closed"):
        _set(session, school_id, *terms, closed=closed)


def test_a_school_that_does_not_exist_has_no_calendar(database: Database) -> None:
    with database.read() as session, pytest.raises(NoSuchSchool):
        calendar_of(session, "nowhere")


# Settings ----------------------------------------------------------------------------------------------


def test_a_school_that_chose_nothing_has_the_defaults(database: Database, school_id: str) -> None:
    with database.read() as session:
        school = find_school(session)
        assert settings_of(school) == SchoolSettings()


def test_what_a_school_chooses_is_kept_and_only_that(database: Database, school_id: str) -> None:
    with database.write() as session:
        school = find_school(session)
        school.settings = {"from_a_later_version": 1}
        change_settings(session, school, {"office_opens": "07:30", "languages": ["en", "pl"]}, actor="user:u", now=NOW)
        assert school.settings == {"from_a_later_version": 1, "office_opens": "07:30", "languages": ["en", "pl"]}
    with database.read() as session:
        chosen = settings_of(find_school(session))
        assert (chosen.office_opens, chosen.languages, chosen.retention_days) == (time(7, 30), ("en", "pl"), 30)
        detail = session.scalars(sa.select(LedgerRow.detail).where(LedgerRow.verb == "change_settings")).one()
    assert detail == {"settings": ["languages", "office_opens"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"office_opens": "eight"},
        {"office_opens": 8},
        {"office_opens": "17:00"},
        {"retention_days": 0},
        {"retention_days": "30"},
        {"retention_days": True},
        {"past_report_days": 61},
        {"languages": []},
        {"colour": "blue"},
    ],
)
def test_a_setting_that_makes_no_sense_changes_nothing(
    database: Database, school_id: str, changes: dict[str, Any]
) -> None:
    with database.write() as session, pytest.raises(SettingRefused):
        change_settings(session, find_school(session), {"future_report_days": 30, **changes}, actor="user:u", now=NOW)
    with database.read() as session:
        assert find_school(session).settings == {}


# Staff and tokens --------------------------------------------------------------------------------------


def _user(session: Any, school_id: str, *roles: str, email: str = "ann@example.org", **more: Any) -> Any:
    return add_user(session, school_id, name="Ann", email=email, roles=roles, actor="system", now=NOW, **more)


def test_a_token_says_who_has_it_and_its_secret_is_nowhere(database: Database, school_id: str) -> None:
    with database.write() as session:
        user = _user(session, school_id, "office", "teacher", email=" Ann@Example.org")
        token, secret = make_token(session, school_id, name="Ann's", user_id=user.id, actor="system", now=NOW)
        found = find_user_by_email(session, school_id, "ANN@example.org")
        assert found is not None
        assert found.id == user.id
        assert [each.id for each in users(session, school_id)] == [user.id]
    with database.read() as session:
        identity = who_has(session, secret, now=NOW)
        assert identity is not None
        assert (identity.user_id, identity.roles, identity.token_id) == (user.id, ("office", "teacher"), token.id)
        assert who_has(session, secret + "x", now=NOW) is None
        assert who_has(session, "", now=NOW) is None
        assert secret not in str(session.execute(sa.select(Token.__table__)).all())
        assert verify(session, school_id) is None


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
def test_a_token_that_ended_opens_nothing(database: Database, school_id: str, end: str) -> None:
    with database.write() as session:
        user = _user(session, school_id, "office")
        expires = NOW + timedelta(hours=8) if end == "expired" else None
        token, secret = make_token(
            session, school_id, name="day", user_id=user.id, actor="system", now=NOW, expires_at=expires
        )
        assert who_has(session, secret, now=NOW) is not None
        if end == "revoked":
            revoke(session, token, actor="system", now=NOW)
            revoke(session, token, actor="system", now=NOW)
        if end == "closed":
            close_user(session, user, actor="system", now=NOW)
        assert who_has(session, secret, now=NOW + timedelta(hours=8)) is None


def test_a_machine_has_the_scopes_that_it_was_given_and_needs_some(database: Database, school_id: str) -> None:
    with database.write() as session:
        _, secret = make_token(session, school_id, name="mis", scopes=["marks:write"], actor="system", now=NOW)
        identity = who_has(session, secret, now=NOW)
        assert identity is not None
        assert (identity.user_id, identity.roles, identity.scopes) == (None, (), ("marks:write",))
        with pytest.raises(AccessRefused, match="scopes"):
            make_token(session, school_id, name="mis", actor="system", now=NOW)


@pytest.mark.parametrize("wrong", [{"roles": ["king"]}, {"email": "ann"}, {"name": " "}])
def test_a_user_that_makes_no_sense_is_refused(database: Database, school_id: str, wrong: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"name": "Ann", "email": "ann@example.org", "roles": ["office"]}
    with database.write() as session, pytest.raises(AccessRefused):
        add_user(session, school_id, actor="system", now=NOW, **facts | wrong)


def test_an_address_belongs_to_one_user_of_a_school(database: Database, school_id: str) -> None:
    with database.write() as session:
        _user(session, school_id, "office")
        with pytest.raises(AccessRefused, match="already"):
            _user(session, school_id, "teacher", email="ANN@example.org")


def test_only_the_lead_or_the_head_lets_somebody_into_the_leads_room(database: Database, school_id: str) -> None:
    with database.write() as session:
        head = _user(session, school_id, "head", email="head@example.org")
        admin = _user(session, school_id, "administrator", email="admin@example.org", granter_roles=head.roles)
        with pytest.raises(AccessRefused, match="only the safeguarding lead or the head"):
            _user(session, school_id, "safeguarding_lead", granter_roles=admin.roles)
        with pytest.raises(AccessRefused):
            set_roles(session, admin, ["head"], actor="x", now=NOW, granter_roles=admin.roles)
        with pytest.raises(AccessRefused):
            _user(session, school_id, "head", email="second@example.org")
        lead = _user(session, school_id, "safeguarding_lead", granter_roles=head.roles)
        set_roles(session, admin, ["administrator", "office"], actor="x", now=NOW, granter_roles=admin.roles)
        assert admin.roles == ["administrator", "office"]
    with database.read() as session:
        told = session.scalars(sa.select(StaffItem)).one()
        assert (told.why, told.detail, told.urgent) == ("lead_granted", {"user": lead.id}, True)


# Staff's items -----------------------------------------------------------------------------------------


def test_notes_about_one_message_and_why_become_one_item(database: Database, school_id: str) -> None:
    note = StaffNote(school_id=school_id, why="unheard", message_id="m", pupil_ids=("p",))
    more = StaffNote(school_id=school_id, why="unheard", message_id="m", pupil_ids=("q",), urgent=True)
    other = StaffNote(school_id=school_id, why="media", message_id="m")
    without = StaffNote(school_id=school_id, why="unheard")
    with database.write() as session:
        first = raise_items(session, [note, more, other, without, without], now=NOW)
        assert len({item.id for item in first}) == 4
        (again,) = raise_items(session, [note], now=NOW)
        assert (again.id, again.pupil_ids, again.urgent) == (first[0].id, ["p", "q"], True)


def test_an_item_is_closed_once_and_raised_anew_afterwards(database: Database, school_id: str) -> None:
    note = StaffNote(school_id=school_id, why="unheard", message_id="m")
    with database.write() as session:
        (item,) = raise_items(session, [note], now=NOW)
        close_item(session, item, actor="user:a", now=NOW)
        close_item(session, item, actor="user:b", now=NOW + timedelta(hours=1))
        assert (item.closed_by, item.closed_at) == ("user:a", NOW)
        session.flush()
        (new,) = raise_items(session, [note], now=NOW)
        assert new.id != item.id
        assert find_item(session, school_id, new.id) is new
        assert find_item(session, "nowhere", new.id) is None


# Live or rehearsal -------------------------------------------------------------------------------------


def test_a_database_is_for_one_mode_for_good(database: Database) -> None:
    with database.write() as session:
        assert installation.mode_of(session) is None
        installation.mark(session, "rehearsal", now=NOW)
        installation.mark(session, "rehearsal", now=NOW)
        assert installation.mode_of(session) == "rehearsal"
        with pytest.raises(installation.WrongMode):
            installation.mark(session, "live", now=NOW)


def test_only_a_rehearsals_clock_can_be_moved(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(installation.WrongMode):
            installation.move_rehearsal_clock(session, NOW)
        installation.mark(session, "rehearsal", now=NOW)
        assert installation.rehearsal_clock(session) is None
        installation.move_rehearsal_clock(session, NOW + timedelta(days=1))
    with database.read() as session:
        assert installation.rehearsal_clock(session) == NOW + timedelta(days=1)


def test_a_live_schools_clock_cannot_be_moved(database: Database) -> None:
    with database.write() as session:
        installation.mark(session, "live", now=NOW)
        with pytest.raises(installation.WrongMode):
            installation.move_rehearsal_clock(session, NOW)


def test_every_school_has_its_own_settings(database: Database, school_id: str) -> None:
    with database.write() as session:
        other = add_school(session, name="Birchwood", short_name="Birchwood", phone="1", now=NOW)
        change_settings(session, other, {"retention_days": 7}, actor="system", now=NOW)
    with database.read() as session:
        kept = {each.short_name: settings_of(each).retention_days for each in session.scalars(sa.select(School))}
    assert kept == {"Ashgrove": 30, "Birchwood": 7}
