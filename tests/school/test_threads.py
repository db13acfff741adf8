"""How long staff speak in a thread, and when they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from school.records.database import Database
from school.records.messaging import Thread
from school.records.people import Address
from school.rules.calendar import Calendar, Term, weekdays_only
from school.settings import SchoolSettings
from school.threads import CannotReply, Speaker, is_taken, reply_as_staff, school_hours_after
from tests.api.made_up import NOW, Office, open_office

OFFICE_HOURS = SchoolSettings(office_opens=time(8), office_closes=time(16))
SPEAKER = Speaker(id="0" * 26, actor="user:somebody")


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools."""
    return open_office(database)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-09-14T09:00+01:00", "2026-09-14T11:00+01:00"),
        ("2026-09-14T14:00+01:00", "2026-09-14T16:00+01:00"),
        ("2026-09-14T15:30+01:00", "2026-09-15T09:30+01:00"),
        ("2026-09-14T06:00+01:00", "2026-09-14T10:00+01:00"),
        ("2026-09-14T22:00+01:00", "2026-09-15T10:00+01:00"),
        ("2026-09-18T15:00+01:00", "2026-09-21T09:00+01:00"),
        ("2026-09-19T12:00+01:00", "2026-09-21T10:00+01:00"),
        # The clocks go back over this weekend: an hour of a Friday and an hour of a Monday all the same.
        ("2026-10-23T15:00+01:00", "2026-10-26T09:00+00:00"),
    ],
)
def test_two_school_hours_are_hours_in_which_the_office_is_open(now, until):
    begun = datetime.fromisoformat(now).astimezone(UTC)
    ended = school_hours_after(weekdays_only(), begun, settings=OFFICE_HOURS)
    assert ended == datetime.fromisoformat(until)
    assert ended.tzinfo is UTC


def test_several_short_days_add_up():
    short = SchoolSettings(office_opens=time(9), office_closes=time(9, 30))
    begun = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
    ended = school_hours_after(weekdays_only(), begun, settings=short)
    assert ended == datetime(2026, 9, 17, 8, 30, tzinfo=UTC)


def test_after_the_last_day_that_is_known_the_clocks_own_hours_count():
    calendar = Calendar(terms=(Term(first=date(2026, 9, 1), last=date(2026, 9, 14)),))
    begun = datetime(2026, 9, 14, 14, 30, tzinfo=UTC)
    assert school_hours_after(calendar, begun, settings=OFFICE_HOURS) == begun + timedelta(hours=2)


@pytest.mark.parametrize("shut", ["opted_out_at", "quarantined_at"])
def test_nothing_is_written_to_an_address_that_is_shut(office: Office, shut):
    with office.database.write() as session:
        thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        address = session.get_one(Address, (office.ours.id, office.ours.ids["address of Ada Okafor"]))
        setattr(address, shut, NOW)
        session.flush()
        with pytest.raises(CannotReply) as refused:
            reply_as_staff(session, thread, "Hello", by=SPEAKER, now=NOW)
        assert refused.value.code == "closed"
        assert not is_taken(thread, now=NOW)


def test_the_words_are_forgotten_when_the_schools_setting_says(office):
    with office.database.write() as session:
        thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        message = reply_as_staff(session, thread, "Hello", by=SPEAKER, now=NOW)
        assert message.purge_after == NOW + timedelta(days=30)
        assert is_taken(thread, now=NOW + timedelta(hours=2) - timedelta(seconds=1))
        assert not is_taken(thread, now=NOW + timedelta(hours=2))
