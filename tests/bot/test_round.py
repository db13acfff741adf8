"""The daily round: what is due runs once, at its time, whoever looks, and over the clock changes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.clock import Job, Round, Today
from school.records.database import Database
from tests.school.made_up import add_family

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HALF_PAST_NINE = time(9, 30)


class Runs:
    """A job at half past nine on school days, and when it ran."""

    def __init__(self) -> None:
        self.ran: list[tuple[date, datetime]] = []
        self.broken = False

    def due(self, today: Today) -> Iterable[datetime]:
        if today.calendar.is_school_day(today.day):
            yield today.calendar.moment(today.day, HALF_PAST_NINE).astimezone(UTC)

    def work(self, session: Session, today: Today, now: datetime) -> None:
        if self.broken:
            raise RuntimeError("no")
        self.ran.append((today.day, now))


class Moment:
    """A clock that a test puts."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def school(database: Database) -> Database:
    with database.write() as session:
        add_family(session)
    return database


def round_of(database: Database, runs: Runs, clock: Moment) -> Round:
    return Round(database, [Job(name="sheet", due=runs.due, work=runs.work)], now=clock)


def test_a_job_runs_once_at_its_time_and_not_before(school: Database) -> None:
    runs, clock = Runs(), Moment(MONDAY)
    daily = round_of(school, runs, clock)
    assert daily.run_due() == 0
    clock.now = MONDAY + timedelta(hours=2, minutes=30)
    assert [daily.run_due() for _ in range(3)] == [1, 0, 0]
    assert runs.ran == [(MONDAY.date(), clock.now)]


def test_a_job_that_was_missed_for_too_long_is_left_out(school: Database) -> None:
    runs, clock = Runs(), Moment(MONDAY + timedelta(hours=4, minutes=31))
    assert round_of(school, runs, clock).run_due() == 0


def test_half_past_nine_is_half_past_nine_in_summer_and_in_winter(school: Database) -> None:
    runs, clock = Runs(), Moment(MONDAY)
    daily = round_of(school, runs, clock)
    friday, monday = datetime(2026, 10, 23, 0, 0, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)
    assert daily.next_due(friday, friday + timedelta(days=1)) == friday.replace(hour=8, minute=30)
    assert daily.next_due(friday + timedelta(hours=12), monday + timedelta(days=1)) == monday.replace(hour=9, minute=30)


def test_a_job_that_fails_is_tried_again(school: Database) -> None:
    runs, clock = Runs(), Moment(MONDAY + timedelta(hours=2, minutes=30))
    daily = round_of(school, runs, clock)
    runs.broken = True
    assert daily.run_due() == 0
    runs.broken = False
    assert daily.run_due() == 1


def test_two_processes_that_look_at_once_run_a_job_once(school: Database) -> None:
    runs, clock = Runs(), Moment(MONDAY + timedelta(hours=2, minutes=30))
    rounds = [round_of(school, runs, clock) for _ in range(8)]
    threads = [threading.Thread(target=each.run_due) for each in rounds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs.ran) == 1


def test_nothing_is_due_where_there_are_no_jobs(school: Database) -> None:
    assert Round(school, [], now=Moment(MONDAY)).next_due(MONDAY, MONDAY + timedelta(days=400)) is None
