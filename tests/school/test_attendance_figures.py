"""How often a child was away: counted in sessions, for those who asked, and honest about what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session as DatabaseSession

from school.absences import state_absences
from school.attendance_figures import Question, answer, figures
from school.calendars import Closure, set_calendar
from school.records.attendance import RegisterMark
from school.records.database import Database
from school.records.item_queries import items_about
from school.records.messaging import InboxRow, Thread
from school.records.people import Line
from school.rules.calendar import Session, Term
from tests.school.made_up import EARLY, LEO, MOTHER, PHONES, SAM, add_family, said

AUTUMN = Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18))
SUMMER = Term(name="Autumn 1", first=date(2026, 9, 1), last=date(2026, 9, 4))
# Both registers of Monday 23 November are closed.
EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def school(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        inset = Closure(day=date(2026, 11, 20), kind="inset")
        set_calendar(session, "s", terms=(SUMMER, AUTUMN), closed=(inset,), actor="system", now=EARLY)
    return database


def mark(session: DatabaseSession, pupil: str, first: date, last: date, code: str, half: str = "") -> None:
    """Marks every day, weekends too, from `first` to `last`: what is no session must not count."""
    for number in range((last - first).days + 1):
        for each in (half,) if half else ("AM", "PM"):
            day = first + timedelta(days=number)
            shown = "\\" if code == "/" and each == "PM" else code
            row = RegisterMark(school_id="s", pupil_id=pupil, day=day, session=each, code=shown, taken_at=EARLY)
            row.taken_by = "system"
            session.merge(row)


def counted(session: DatabaseSession, pupil: str = SAM, now: datetime = EVENING):
    return figures(session, "s", [pupil], now=now)[pupil]


def test_sessions_of_the_term_and_of_the_year_are_counted_apart(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 9, 1), date(2026, 11, 23), "/")
        mark(session, SAM, date(2026, 9, 2), date(2026, 9, 2), "I")
        mark(session, SAM, date(2026, 11, 9), date(2026, 11, 9), "M", "AM")
        mark(session, SAM, date(2026, 11, 10), date(2026, 11, 10), "L", "AM")
        found = counted(session)
    assert found.term is not None
    # The two half-terms are 59 days apart here, so they are two terms.
    assert (found.term.absent, found.year.absent, found.year.late, found.year.unmarked) == (1, 3, 1, 0)


def test_a_mark_on_a_closed_day_or_a_weekend_counts_for_nothing(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 19), date(2026, 11, 22), "O")
        assert counted(session).year.absent == 2


def test_a_session_without_a_mark_is_missing_and_no_absence(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 16), date(2026, 11, 18), "/")
        found = counted(session)
    # Thursday and Monday are not marked; the INSET day is no session.
    assert (found.year.absent, found.year.unmarked) == (0, 4)


def test_a_register_that_is_still_open_is_not_missing(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 16), date(2026, 11, 19), "/")
        assert counted(session, now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC)).year.unmarked == 0
        assert counted(session, now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC)).year.unmarked == 1


def test_before_the_first_mark_a_child_was_not_here_and_nothing_is_missing(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 23), date(2026, 11, 23), "/")
        found = counted(session)
        assert (found.year.possible, found.year.unmarked) == (2, 0)
        assert not counted(session, LEO).is_counted


def test_an_n_that_somebody_explained_is_not_without_a_reason(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 23), date(2026, 11, 23), "N")
        assert counted(session).no_reason == 2
        state_absences(session, [said(session=Session.AM)], now=EARLY)
        assert counted(session).no_reason == 1


def test_a_pupil_of_another_school_has_no_figures(school: Database) -> None:
    with school.write() as session:
        add_family(session, "z")
        session.flush()
        assert figures(session, "z", ["nobody"], now=EVENING) == {}


def asks(session: DatabaseSession, *pupils: str) -> None:
    session.add(Line(school_id="s", id="line", channel="sms", address="+447700900990"))
    session.flush()
    thread = Thread(school_id="s", id="t", line_id="line", channel="sms", address=PHONES[MOTHER], contact_id=MOTHER,
                    last_at=EARLY, created_at=EARLY)  # fmt: skip
    session.add(thread)
    session.flush()
    answer(session, [Question(thread=thread, pupil_ids=pupils, message_id="m", contact_id=MOTHER)], now=EVENING)
    session.flush()


def pushed(session: DatabaseSession) -> list[tuple[str, object]]:
    rows = session.query(InboxRow).order_by(InboxRow.id)
    return [(str(row.payload["flow"]), row.payload["fills"]) for row in rows]


def test_figures_are_put_in_line_for_the_thread_that_asked(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 23), date(2026, 11, 23), "I")
        asks(session, SAM)
        assert pushed(session) == [("attendance", {"figures": [[SAM, 2, 2, 0, 0, 0]]})]
        assert not items_about(session, "s", {"m"})


def test_where_one_of_two_cannot_be_counted_a_person_is_told_of_that_one(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 23), date(2026, 11, 23), "/")
        asks(session, SAM, LEO)
        assert [flow for flow, _ in pushed(session)] == ["attendance", "attendance_person"]
        assert [(item.why, item.pupil_ids) for item in items_about(session, "s", {"m"})] == [
            ("attendance_query", [LEO])
        ]


def test_after_a_death_in_the_family_nothing_is_counted_until_the_days_of_quiet_are_over(school: Database) -> None:
    with school.write() as session:
        mark(session, SAM, date(2026, 11, 23), date(2026, 11, 23), "/")
        state_absences(session, [said(kind="absence_other", reason_category="bereavement")], now=EARLY)
        asks(session, SAM)
        assert [flow for flow, _ in pushed(session)] == ["attendance_person"]
