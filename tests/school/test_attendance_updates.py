"""The half-termly update: prepared below the mark, looked through by staff, sent once, to those who may be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session as DatabaseSession

from school.absences import state_absences
from school.attendance_figures import bereaved
from school.attendance_updates import (
    UpdateRefused,
    drop,
    is_first_day,
    prepare_at_start,
    prepare_update,
    review,
    send_update,
)
from school.calendars import calendar_of, set_calendar
from school.prompt_pauses import set_pause
from school.records.attendance import RegisterMark
from school.records.database import Database
from school.records.messaging import InboxRow
from school.records.people import Line, Pupil, Right
from school.records.staff import Hold, StaffItem
from school.records.update_queries import children_of_update
from school.rules.attendance import Tally
from school.rules.budget import in_hours
from school.rules.calendar import Calendar, Term
from school.rules.codes import parse
from school.rules.days_missed import is_below, longest_illness
from tests.school.made_up import EARLY, GRAN, LEO, SAM, add_family, said

FIRST, LAST = date(2026, 9, 7), date(2026, 10, 23)
TERMS = (
    Term(name="Autumn 1", first=FIRST, last=LAST),
    Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
)
# The first morning after half-term, London's own time.
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BY: dict[str, Any] = {"actor": "user:office", "now": NOW}


@pytest.fixture
def school(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
        set_calendar(session, "s", terms=TERMS, closed=(), actor="system", now=EARLY)
        session.add(Line(school_id="s", id="line", channel="sms", address="+447700900990"))
        # Gran may be told of Leo alone, and a court bars the fourth.
        session.get_one(Right, ("s", GRAN, SAM)).may_be_told = False
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            if day.weekday() < 5:
                for pupil in (SAM, LEO):
                    for half, code in (("AM", "/"), ("PM", "\\")):
                        row = RegisterMark(
                            school_id="s",
                            pupil_id=pupil,
                            day=day,
                            session=half,
                            code=code,
                            taken_at=EARLY,
                            taken_by="x",
                        )
                        session.add(row)
    return database


def absent(session: DatabaseSession, pupil: str, days: int, code: str = "I", first: date = FIRST) -> None:
    day = first
    while days:
        if day.weekday() < 5:
            for half in ("AM", "PM"):
                session.get_one(RegisterMark, ("s", pupil, day, half)).code = code
            days -= 1
        day += timedelta(days=1)
    session.flush()


def children(session: DatabaseSession, update_id: str) -> dict[str, tuple[int, bool, str]]:
    rows = children_of_update(session, "s", update_id)
    return {child.pupil_id: (child.missed, child.left_out, child.why) for child, _ in rows}


def pushed(session: DatabaseSession) -> list[dict[str, object]]:
    return [row.payload["fills"] for row in session.query(InboxRow) if row.payload["flow"] == "attendance_update"]


@pytest.mark.parametrize(
    ("attended", "possible", "percent", "below"),
    [(66, 70, 95, True), (67, 70, 95, False), (57, 60, 95, False), (56, 60, 95, True), (27, 29, 95, False)],
)
def test_the_mark_is_on_whole_sessions_and_not_on_too_few(
    attended: int, possible: int, percent: int, below: bool
) -> None:
    tally = Tally(present=attended, authorised=possible - attended)
    assert is_below(tally, percent=percent) is below


def test_an_illness_in_a_row_is_not_broken_by_a_session_that_nobody_marked() -> None:
    ill, here = parse("I", on=FIRST), parse("/", on=FIRST)
    assert longest_illness([ill, ill, None, ill, here, ill]) == 3
    assert longest_illness([here, None]) == 0


def test_only_children_below_the_mark_are_in_it_with_what_they_missed(school: Database) -> None:
    with school.write() as session:
        # 70 sessions: two days are 4 of them, 94.3%; one day is 97.1%.
        absent(session, SAM, 2, "M")
        absent(session, LEO, 1, "M")
        row = prepare_update(session, "s", **BY)
        assert (row.first, row.last, row.status) == (FIRST, LAST, "prepared")
        assert children(session, row.id) == {SAM: (4, False, "")}
        assert pushed(session) == []


def bereave(session: DatabaseSession, pupil: str, *, now: datetime, day: date = FIRST) -> None:
    """A death in the family is told."""
    state_absences(
        session, [said(pupil_id=pupil, day=day, kind="absence_other", reason_category="bereavement")], now=now
    )


def test_bereavement_long_illness_and_held_children_are_left_out_until_staff_say_otherwise(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 10, "I")
        absent(session, LEO, 9, "I")
        row = prepare_update(session, "s", **BY)
        assert children(session, row.id) == {SAM: (20, True, "long_illness"), LEO: (18, False, "")}
        drop(session, row, **BY)
        bereave(session, LEO, now=EARLY - timedelta(days=60))
        row = prepare_update(session, "s", **BY)
        # A brother mourns as well.
        assert children(session, row.id) == {SAM: (20, True, "bereavement"), LEO: (18, True, "bereavement")}
        drop(session, row, **BY)
        session.add(Hold(school_id="s", id="h", pupil_id=SAM, at=NOW))
        session.flush()
        assert children(session, prepare_update(session, "s", **BY).id)[SAM][2] == "held"


def test_totals_are_off_after_a_death_until_staff_lift_it_and_not_only_for_a_time(school: Database) -> None:
    """Care rule 17."""
    spring = NOW + timedelta(days=120)
    with school.write() as session:
        bereave(session, SAM, now=EARLY)
        assert bereaved(session, "s", [SAM, LEO], now=spring) == {SAM, LEO}
        for pupil in (SAM, LEO):
            set_pause(session, session.get_one(Pupil, ("s", pupil)), on=False, actor="user:office", now=spring)
        assert bereaved(session, "s", [SAM, LEO], now=spring) == set()


def test_a_death_that_is_told_after_the_update_was_prepared_stops_its_text(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        row = prepare_update(session, "s", **BY)
        bereave(session, LEO, now=NOW + timedelta(hours=1), day=date(2026, 11, 2))
        send_update(session, row, actor="user:office", now=NOW + timedelta(hours=2))
        assert pushed(session) == []


def test_whom_staff_put_in_knowing_of_a_death_is_told(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        bereave(session, SAM, now=EARLY)
        row = prepare_update(session, "s", **BY)
        review(session, row, SAM, left_out=False, why="", **BY)
        send_update(session, row, **BY)
        assert [each["missed"] for each in pushed(session)] == [[[SAM, 6]], [[SAM, 6]]]


def test_one_text_an_adult_with_all_the_children_that_they_may_hear_of(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        absent(session, LEO, 2, "M")
        row = send_update(session, prepare_update(session, "s", **BY), **BY)
        days = [FIRST.isoformat(), LAST.isoformat()]
        both = {"missed": [[LEO, 4], [SAM, 6]], "days": days}
        # Each home alike: one parent never waits for the other to pass it on.
        assert sorted(pushed(session), key=str) == sorted([both, both, {"missed": [[LEO, 4]], "days": days}], key=str)
        assert (row.status, row.families, row.unreached, row.ended_by) == ("sent", 3, 0, "user:office")


def test_whom_staff_leave_out_is_not_told_of(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        absent(session, LEO, 2, "M")
        row = prepare_update(session, "s", **BY)
        with pytest.raises(UpdateRefused):
            review(session, row, LEO, left_out=True, why="", **BY)
        review(session, row, LEO, left_out=True, why="complex", **BY)
        review(session, row, SAM, left_out=True, why="other", **BY)
        review(session, row, SAM, left_out=False, why="", **BY)
        send_update(session, row, **BY)
        assert [each["missed"] for each in pushed(session)] == [[[SAM, 6]], [[SAM, 6]]]


def test_what_is_sent_or_dropped_is_over(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        row = prepare_update(session, "s", **BY)
        with pytest.raises(UpdateRefused) as twice:
            prepare_update(session, "s", **BY)
        assert twice.value.code == "there_already"
        send_update(session, row, **BY)
        for again in (lambda: send_update(session, row, **BY), lambda: drop(session, row, **BY)):
            with pytest.raises(UpdateRefused) as ended:
                again()
            assert ended.value.code == "ended"
        assert len(pushed(session)) == 2


def test_a_family_that_is_held_meanwhile_gets_nothing_and_staff_see_it(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        row = prepare_update(session, "s", **BY)
        session.add(Hold(school_id="s", id="h", pupil_id=SAM, at=NOW))
        session.flush()
        assert send_update(session, row, **BY).unreached == 2
        assert pushed(session) == []
        assert [item.why for item in session.query(StaffItem)] == ["update_not_sent"] * 2


def test_before_a_half_term_is_over_there_is_none_to_prepare(school: Database) -> None:
    with school.write() as session, pytest.raises(UpdateRefused) as refused:
        prepare_update(session, "s", actor="x", now=datetime(2026, 9, 30, 9, 0, tzinfo=UTC))
    assert refused.value.code == "no_term"


def test_the_daily_round_prepares_once_and_asks_staff_to_look(school: Database) -> None:
    with school.write() as session:
        absent(session, SAM, 3, "M")
        prepare_at_start(session, "s", now=NOW)
        prepare_at_start(session, "s", now=NOW)
        assert [item.why for item in session.query(StaffItem)] == ["update_to_review"]
        assert pushed(session) == []


def test_a_half_term_begins_on_its_first_school_day() -> None:
    calendar = Calendar(terms=TERMS, closed=frozenset({date(2026, 11, 2)}))
    assert is_first_day(calendar, date(2026, 11, 3))
    assert not is_first_day(calendar, date(2026, 11, 2))
    assert not is_first_day(calendar, date(2026, 11, 4))
    assert is_first_day(calendar, FIRST)


@pytest.mark.parametrize(("hour", "day", "at"), [(7, 2, (7, 30)), (12, 2, (12, 0)), (19, 3, (7, 30)), (23, 3, (7, 30))])
def test_nothing_is_sent_at_night(school: Database, hour: int, day: int, at: tuple[int, int]) -> None:
    with school.read() as session:
        calendar = calendar_of(session, "s")
    now = datetime(2026, 11, 2, hour, 0, tzinfo=UTC)
    assert in_hours(calendar, now, first=time(7, 30), last=time(19, 0)) == datetime(2026, 11, day, *at, tzinfo=UTC)
