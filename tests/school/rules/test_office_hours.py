"""When somebody reads: office hours on school days, through nights, holidays and both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from school.rules.calendar import Calendar, CalendarEnds, Term, weekdays_only

LONDON = ZoneInfo("Europe/London")
HOURS: dict[str, Any] = {"opens": time(8, 0), "closes": time(16, 0)}
SCHOOL = Calendar(
    terms=(
        Term(first=date(2026, 9, 1), last=date(2026, 12, 18)),
        Term(first=date(2027, 1, 4), last=date(2027, 7, 21)),
    ),
    closed=frozenset({date(2026, 11, 27)}),
)


def utc(*parts: Any) -> datetime:
    return datetime(*parts).replace(tzinfo=UTC)  # noqa: DTZ001


def test_an_office_is_open_from_its_first_minute_until_just_before_its_last():
    assert not SCHOOL.is_open(utc(2026, 11, 24, 7, 59, 59), **HOURS)
    assert SCHOOL.is_open(utc(2026, 11, 24, 8, 0), **HOURS)
    assert SCHOOL.is_open(utc(2026, 11, 24, 15, 59, 59, 999_999), **HOURS)
    assert not SCHOOL.is_open(utc(2026, 11, 24, 16, 0), **HOURS)


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 28), date(2026, 11, 27), date(2026, 12, 25), date(2026, 12, 21), date(2027, 8, 3)],
    ids=["Saturday", "INSET", "Christmas", "holiday", "summer"],
)
def test_nobody_reads_at_noon_on_a_day_without_school(day):
    assert not SCHOOL.is_open(datetime.combine(day, time(12), tzinfo=LONDON), **HOURS)


def test_in_summer_time_eight_in_the_morning_is_seven_in_utc():
    assert SCHOOL.is_open(utc(2026, 9, 8, 7, 0), **HOURS)
    assert not SCHOOL.is_open(utc(2026, 9, 8, 15, 0), **HOURS)


def test_around_the_october_change_the_office_keeps_its_local_hour():
    # The clocks go back on Sunday 25 October 2026.
    friday = SCHOOL.next_opening(utc(2026, 10, 22, 20, 0), **HOURS)
    monday = SCHOOL.next_opening(utc(2026, 10, 23, 20, 0), **HOURS)
    assert friday == utc(2026, 10, 23, 7, 0)
    assert monday == utc(2026, 10, 26, 8, 0)
    assert (friday.hour, monday.hour) == (8, 8)


def test_around_the_march_change_the_office_keeps_its_local_hour():
    # The clocks go forward on Sunday 28 March 2027.
    assert SCHOOL.next_opening(utc(2027, 3, 25, 20, 0), **HOURS) == utc(2027, 3, 26, 8, 0)
    assert SCHOOL.next_opening(utc(2027, 3, 28, 0, 30), **HOURS) == utc(2027, 3, 29, 7, 0)


def test_before_school_the_next_opening_is_this_morning_and_while_open_it_is_tomorrow():
    assert SCHOOL.next_opening(utc(2026, 11, 24, 3, 0), **HOURS) == utc(2026, 11, 24, 8, 0)
    assert SCHOOL.next_opening(utc(2026, 11, 24, 8, 0), **HOURS) == utc(2026, 11, 25, 8, 0)
    assert SCHOOL.next_opening(utc(2026, 11, 24, 23, 59), **HOURS) == utc(2026, 11, 25, 8, 0)


def test_after_the_last_day_before_an_inset_day_the_office_opens_on_monday():
    assert SCHOOL.next_opening(utc(2026, 11, 26, 18, 0), **HOURS) == utc(2026, 11, 30, 8, 0)


def test_at_christmas_the_office_opens_in_january():
    assert SCHOOL.next_opening(utc(2026, 12, 25, 9, 0), **HOURS) == utc(2027, 1, 4, 8, 0)


def test_half_past_midnight_in_summer_belongs_to_the_local_day():
    # 23:30 UTC on Sunday is 00:30 on Monday in London.
    assert SCHOOL.next_opening(utc(2026, 9, 6, 23, 30), **HOURS) == utc(2026, 9, 7, 7, 0)


def test_where_term_dates_have_run_out_no_opening_is_made_up():
    with pytest.raises(CalendarEnds):
        SCHOOL.next_opening(utc(2027, 7, 21, 18, 0), **HOURS)


def test_a_moment_without_a_zone_and_hours_that_never_open_are_refused():
    for ask in (SCHOOL.is_open, SCHOOL.next_opening):
        with pytest.raises(ValueError, match="without a time zone"):
            ask(datetime(2026, 11, 24, 9, 0), **HOURS)  # noqa: DTZ001
        with pytest.raises(ValueError, match="office hours"):
            ask(utc(2026, 11, 24, 9, 0), opens=time(16), closes=time(8))


def test_an_opening_in_the_hour_that_october_repeats_is_never_in_the_past():
    # In London that hour is always a Sunday's; in Cairo it was the last of Thursday 30 October 2025.
    calendar = Calendar(timezone="Africa/Cairo")
    for minutes in range(0, 24 * 60, 7):
        at = datetime(2025, 10, 30, 12, 0, tzinfo=UTC) + timedelta(minutes=minutes)
        for here in (at, at.astimezone(ZoneInfo("Africa/Cairo"))):
            assert calendar.next_opening(here, opens=time(23, 15), closes=time(23, 45)).astimezone(UTC) > at


def test_a_local_time_that_march_skips_moves_on_by_the_hour():
    moment = weekdays_only().moment(date(2027, 3, 28), time(1, 30))
    assert moment == utc(2027, 3, 28, 1, 30)
    assert moment.hour == 2


def test_a_local_time_that_october_shows_twice_is_the_first_of_the_two():
    moment = weekdays_only().moment(date(2026, 10, 25), time(1, 30))
    # Compared in UTC, because Python holds a repeated time equal to nothing in another zone.
    assert moment.astimezone(UTC) == utc(2026, 10, 25, 0, 30)
