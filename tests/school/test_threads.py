"""How long staff speak in a thread, and when they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from school.ledger import SYSTEM
from school.records.database import Database
from school.records.messaging import InboxRow, Message, Thread
from school.records.people import Address
from school.records.staff import LedgerRow, StaffItem
from school.records.thread_queries import next_silent_talk
from school.rules.calendar import Calendar, Term, weekdays_only
from school.settings import SchoolSettings
from school.staff_items import StaffNote, raise_items
from school.threads import (
    CannotReply,
    Speaker,
    close,
    end_silent,
    is_taken,
    reply_as_staff,
    school_hours_after,
    take,
)
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


# A talk that ends by itself ------------------------------------------------------------------------

OVER = NOW + timedelta(hours=2)


def _thread(session: Session, office: Office) -> Thread:
    return session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))


def _told(session: Session) -> tuple[list[str], list[str]]:
    """The flows of the pushes that wait, and why items wait for staff in Ada Okafor's thread."""
    flows = [row.payload["flow"] for row in session.scalars(select(InboxRow).where(InboxRow.kind == "push"))]
    items = session.scalars(select(StaffItem.why).where(StaffItem.closed_at.is_(None), StaffItem.why == "talk_over"))
    return sorted(flows), list(items)


def test_two_school_hours_of_silence_end_a_talk_and_both_sides_know(office: Office) -> None:
    with office.database.write() as session:
        reply_as_staff(session, _thread(session, office), "Hello", by=SPEAKER, now=NOW)
        assert next_silent_talk(session) == OVER
        assert end_silent(session, now=OVER - timedelta(seconds=1)) == 0
        assert end_silent(session, now=OVER) == 1
        assert not is_taken(_thread(session, office), now=OVER)
        assert _told(session) == (["staff_words", "talk_over"], ["talk_over"])
        assert end_silent(session, now=OVER) == 0
    with office.database.read() as session:
        ended = session.scalars(select(LedgerRow).where(LedgerRow.verb == "end_talk")).one()
        assert (ended.actor, ended.subject_id) == (SYSTEM, office.ours.ids["thread of Ada Okafor"])


def test_each_word_of_staff_begins_the_two_hours_anew(office: Office) -> None:
    with office.database.write() as session:
        reply_as_staff(session, _thread(session, office), "Hello", by=SPEAKER, now=NOW)
        reply_as_staff(session, _thread(session, office), "Are you there?", by=SPEAKER, now=NOW + timedelta(hours=1))
        assert end_silent(session, now=OVER) == 0
        assert end_silent(session, now=OVER + timedelta(hours=1)) == 1


def test_a_thread_that_was_taken_in_silence_ends_in_silence_for_the_parent(office: Office) -> None:
    with office.database.write() as session:
        take(session, _thread(session, office), by=SPEAKER, now=NOW + timedelta(minutes=1))
        assert end_silent(session, now=OVER + timedelta(hours=1)) == 1
        assert _told(session) == ([], ["talk_over"])


def test_a_parent_who_wrote_to_nobody_is_told(office: Office) -> None:
    with office.database.write() as session:
        thread = _thread(session, office)
        take(session, thread, by=SPEAKER, now=NOW + timedelta(minutes=1))
        heard = {"thread_id": thread.id, "direction": "in", "body": "hello?", "purge_after": OVER + timedelta(days=9)}
        session.add(Message(school_id=office.ours.id, id="m" * 26, at=NOW + timedelta(minutes=5), **heard))
        session.flush()
        end_silent(session, now=OVER + timedelta(hours=1))
        assert _told(session) == (["talk_over"], ["talk_over"])


def test_where_the_lead_holds_the_thread_nothing_is_said_and_the_office_sees_nothing(office: Office) -> None:
    with office.database.write() as session:
        thread = _thread(session, office)
        reply_as_staff(session, thread, "Hello", by=SPEAKER, now=NOW)
        thread.lead_holds = True
        end_silent(session, now=OVER)
        assert _told(session) == (["staff_words"], [])


def test_a_talk_that_staff_close_is_over_and_waits_for_nobody(office: Office) -> None:
    with office.database.write() as session:
        thread = _thread(session, office)
        reply_as_staff(session, thread, "Hello", by=SPEAKER, now=NOW)
        close(session, thread, by=SPEAKER, now=NOW + timedelta(minutes=9))
        assert end_silent(session, now=OVER) == 0
        assert _told(session) == (["staff_words"], [])


def test_writing_answers_what_waited_for_an_answer_in_that_thread_alone(office: Office) -> None:
    with office.database.write() as session:
        ours, other = _thread(session, office).id, office.ours.ids["thread of nobody"]
        for thread_id in (ours, other):
            for why in ("asked_for_a_person", "said_in_talk", "contradiction"):
                raise_items(session, [StaffNote(school_id=office.ours.id, why=why, thread_id=thread_id)], now=NOW)
        reply_as_staff(session, _thread(session, office), "Hello", by=SPEAKER, now=NOW)
        open_ = select(StaffItem.thread_id, StaffItem.why).where(
            StaffItem.closed_at.is_(None), StaffItem.thread_id.in_([ours, other])
        )
        left = {(thread_id == ours, why) for thread_id, why in session.execute(open_)}
        assert {why for mine, why in left if mine} == {"contradiction"}
        assert {"asked_for_a_person", "said_in_talk"} <= {why for mine, why in left if not mine}
