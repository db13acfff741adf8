"""Leave on record: asked for once, decided once and in advance, told to whoever asked, and looked at afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import set_calendar
from school.leave import Ask, LeaveRefused, NewDecision, TakenBack, ask_leave, decide_leave, remind, take_back
from school.leave_after import aftermath
from school.records.attendance import Absence, RegisterMark
from school.records.database import Database
from school.records.leave import LeaveRequest, LeaveSession
from school.records.leave_queries import next_reminder, sessions_asked
from school.records.messaging import InboxRow, Thread
from school.records.people import Line
from school.records.staff import Hold, StaffItem
from school.rules.calendar import Session, Term
from tests.school.made_up import EARLY, LEO, MOTHER, PHONES, SAM, add_family

AUTUMN = Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18))
THURSDAY, FRIDAY = date(2026, 12, 3), date(2026, 12, 4)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HEAD = {"actor": "user:head", "user_id": "head"}


@pytest.fixture
def school(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        set_calendar(session, "s", terms=(AUTUMN,), closed=(), actor="system", now=EARLY)
        session.add(Line(school_id="s", id="line", channel="sms", address="+447700900990"))
        session.flush()
        thread = Thread(school_id="s", id="t", line_id="line", channel="sms", address=PHONES[MOTHER],
                        contact_id=MOTHER, last_at=EARLY, created_at=EARLY)  # fmt: skip
        session.add(thread)
    return database


def ask(session: DatabaseSession, *days: date, frame: str = "t.1", children: tuple[str, ...] = (SAM,)) -> LeaveRequest:
    sessions = tuple((child, day, half) for child in children for day in days or (THURSDAY, FRIDAY) for half in Session)
    asked = Ask(
        school_id="s", thread_id="t", contact_id=MOTHER, frame=frame, message_id=f"m-{frame}", words=(f"m-{frame}",),
        reason="family_event", sessions=sessions, at=NOW,
    )  # fmt: skip
    return ask_leave(session, [asked], now=NOW)[0]


def items(session: DatabaseSession) -> list[tuple[str, bool]]:
    rows = session.query(StaffItem).order_by(StaffItem.id)
    return [(row.why, row.urgent) for row in rows if row.why.startswith("leave")]


def pushed(session: DatabaseSession) -> list[dict[str, object]]:
    return [row.payload["fills"] for row in session.query(InboxRow) if row.payload["flow"] == "leave_decision"]


def absences(session: DatabaseSession) -> list[tuple[str, date, str, str | None, str | None]]:
    rows = session.query(Absence).order_by(Absence.day, Absence.session)
    return [(row.pupil_id, row.day, row.session, row.reason_category, row.proposed_code) for row in rows]


def test_a_request_for_siblings_is_one_request_with_every_session(school: Database) -> None:
    with school.write() as session:
        row = ask(session, children=(SAM, LEO))
        asked = sessions_asked(session, "s", [row.id])[row.id]
        assert len(asked) == 8
        assert (row.first, row.last, row.status) == (THURSDAY, FRIDAY, "asked")
        assert items(session) == [("leave", False)]
        assert absences(session) == []


def test_the_same_sessions_asked_for_again_are_the_same_request_with_newer_words(school: Database) -> None:
    with school.write() as session:
        first, again = ask(session), ask(session, frame="t.9")
        assert first.id == again.id
        assert again.words == ["m-t.9"]
        assert session.query(LeaveSession).count() == 4
        assert ask(session, FRIDAY, frame="t.11").id != first.id


def test_what_the_head_grants_is_on_record_and_told_without_a_code_of_its_own(school: Database) -> None:
    with school.write() as session:
        row = ask(session, FRIDAY)
        assert decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        session.flush()
        assert pushed(session) == [{"who": [SAM], "decision": "granted", "why": "", "days": ["2026-12-04"]}]
        assert absences(session) == [(SAM, FRIDAY, half, "leave_granted", None) for half in ("AM", "PM")]
        assert (row.status, row.told_at, row.decided_by) == ("granted", NOW, "user:head")


def test_a_refusal_has_its_reason_and_puts_nothing_on_record(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        with pytest.raises(LeaveRefused) as refused:
            decide_leave(session, row, NewDecision(decision="refused"), now=NOW, **HEAD)
        assert refused.value.code == "no_reason"
        assert row.status == "asked"
        decide_leave(session, row, NewDecision(decision="refused", why="tests"), now=NOW, **HEAD)
        assert pushed(session)[0]["why"] == "tests"
        assert absences(session) == []


def test_some_of_the_days_are_granted_and_only_those_are_told_as_granted(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        new = NewDecision(decision="part", days=(FRIDAY,), why="long")
        decide_leave(session, row, new, now=NOW, **HEAD)
        assert pushed(session)[0]["days"] == ["2026-12-04"]
        assert {each[1] for each in absences(session)} == {FRIDAY}


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewDecision(decision="part", days=(), why="long"), "nothing"),
        (NewDecision(decision="part", days=(THURSDAY, FRIDAY), why="long"), "nothing"),
        (NewDecision(decision="part", days=(date(2026, 12, 7),), why="long"), "not_asked"),
        (NewDecision(decision="part", days=(FRIDAY,), why="because"), "no_reason"),
    ],
)
def test_a_part_is_some_of_what_was_asked_with_a_reason(school: Database, new: NewDecision, code: str) -> None:
    with school.write() as session:
        with pytest.raises(LeaveRefused) as refused:
            decide_leave(session, ask(session), new, now=NOW, **HEAD)
        assert refused.value.code == code


def test_what_has_begun_is_never_granted_but_the_days_to_come_can_be(school: Database) -> None:
    during = datetime(2026, 12, 3, 8, 45, tzinfo=UTC)
    with school.write() as session:
        row = ask(session)
        with pytest.raises(LeaveRefused) as refused:
            decide_leave(session, row, NewDecision(decision="granted"), now=during, **HEAD)
        assert refused.value.code == "begun"
        decide_leave(session, row, NewDecision(decision="part", days=(FRIDAY,), why="long"), now=during, **HEAD)
        assert row.status == "part"


def test_a_request_is_decided_once_and_not_after_it_was_taken_back(school: Database) -> None:
    with school.write() as session:
        row, other = ask(session, FRIDAY), ask(session, THURSDAY, frame="t.2")
        decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        gone = TakenBack(school_id="s", thread_id="t", contact_id=MOTHER, frame="t.2", message_id="m0")
        take_back(session, [gone], now=NOW)
        assert other.status == "withdrawn"
        for each, code in ((row, "decided"), (other, "withdrawn")):
            with pytest.raises(LeaveRefused) as refused:
                decide_leave(session, each, NewDecision(decision="granted"), now=NOW, **HEAD)
            assert refused.value.code == code


def test_taking_back_what_was_decided_is_for_staff_and_changes_nothing(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        gone = TakenBack(school_id="s", thread_id="t", contact_id=MOTHER, frame="t.1", message_id="m0")
        take_back(session, [gone], now=NOW)
        assert row.status == "granted"
        assert ("leave_not_wanted", False) in items(session)


def test_a_frame_of_another_thread_takes_nothing_back(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        gone = TakenBack(school_id="s", thread_id="other", contact_id=MOTHER, frame="t.1", message_id="m0")
        take_back(session, [gone], now=NOW)
        assert row.status == "asked"


def test_the_head_is_reminded_two_school_days_before_and_only_of_what_is_undecided(school: Database) -> None:
    with school.write() as session:
        row, decided = ask(session), ask(session, date(2026, 12, 10), frame="t.2")
        decide_leave(session, decided, NewDecision(decision="refused", why="tests"), now=NOW, **HEAD)
        session.flush()
        # Thursday less two school days is Tuesday, when the office opens at eight.
        assert next_reminder(session) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
        assert remind(session, now=datetime(2026, 12, 1, 7, 59, tzinfo=UTC)) == 0
        assert remind(session, now=datetime(2026, 12, 1, 8, 0, tzinfo=UTC)) == 1
        assert items(session)[-1] == ("leave_undecided", True)
        assert (row.remind_at, next_reminder(session)) == (None, None)


def test_leave_that_begins_tomorrow_is_reminded_of_at_once(school: Database) -> None:
    with school.write() as session:
        row = ask(session, date(2026, 11, 25))
        assert row.remind_at == NOW


def test_what_asked_staff_to_decide_is_closed_once_it_is_decided_or_taken_back(school: Database) -> None:
    with school.write() as session:
        row, other = ask(session, FRIDAY), ask(session, THURSDAY, frame="t.2")
        assert other.status == "asked"
        decide_leave(session, row, NewDecision(decision="refused", why="tests"), now=NOW, **HEAD)
        gone = TakenBack(school_id="s", thread_id="t", contact_id=MOTHER, frame="t.2", message_id="m0")
        left = [item.closed_by for item in session.query(StaffItem).order_by(StaffItem.id)]
        assert left == ["user:head", None]
        take_back(session, [gone], now=NOW)
        assert [item.closed_by for item in session.query(StaffItem)] == ["user:head", "contact:mother"]


def test_a_family_that_is_held_is_not_told_and_staff_see_it(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        session.add(Hold(school_id="s", id="h", pupil_id=LEO, at=NOW))
        session.add(Hold(school_id="s", id="h2", pupil_id=SAM, at=NOW))
        session.flush()
        assert not decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        assert pushed(session) == []
        assert row.told_at is None
        assert ("leave_not_told", True) in items(session)


def mark(session: DatabaseSession, day: date, code: str) -> None:
    for half in ("AM", "PM"):
        shown = "\\" if code == "/" and half == "PM" else code
        row = RegisterMark(school_id="s", pupil_id=SAM, day=day, session=half, code=shown, taken_at=NOW, taken_by="x")
        session.add(row)
    session.flush()


def test_whoever_stays_away_longer_than_granted_shows(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        for day, code in ((THURSDAY, "C"), (FRIDAY, "C"), (date(2026, 12, 7), "N"), (date(2026, 12, 8), "O")):
            mark(session, day, code)
        mark(session, date(2026, 12, 9), "/")
        mark(session, date(2026, 12, 10), "I")
        asked = sessions_asked(session, "s", [row.id])[row.id]
        found = aftermath(session, row, asked, now=datetime(2026, 12, 11, 12, 0, tzinfo=UTC))
        # Monday and Tuesday; what is missed after the child was back is another matter.
        assert found.overstayed == {SAM: 4}
        assert len(found.marks) == 4


def test_whoever_is_back_in_time_has_not_overstayed(school: Database) -> None:
    with school.write() as session:
        row = ask(session)
        decide_leave(session, row, NewDecision(decision="granted"), now=NOW, **HEAD)
        mark(session, date(2026, 12, 7), "/")
        asked = sessions_asked(session, "s", [row.id])[row.id]
        assert aftermath(session, row, asked, now=NOW + timedelta(days=20)).overstayed == {}
