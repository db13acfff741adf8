"""Clocks: the real one runs, a rehearsal's stands where it was put."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from howwasschool.clock import RehearsalClock, real

MORNING = datetime(2026, 3, 3, 8, 12, tzinfo=UTC)


def test_the_real_clock_is_aware_and_runs() -> None:
    assert real().tzinfo is UTC
    assert real() <= real()


def test_a_rehearsals_clock_runs_until_it_is_moved_and_then_stands_still() -> None:
    clock = RehearsalClock()
    assert abs(clock() - real()) < timedelta(seconds=5)
    clock.move(MORNING)
    assert clock() == clock() == MORNING


def test_a_rehearsal_goes_on_where_it_stood() -> None:
    assert RehearsalClock(MORNING)() == MORNING


def test_a_clock_is_moved_in_any_zone_and_answers_in_utc() -> None:
    clock = RehearsalClock()
    clock.move(MORNING.astimezone(timezone(timedelta(hours=5))))
    assert clock() == MORNING
    assert clock().tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        RehearsalClock().move(MORNING.replace(tzinfo=None))
