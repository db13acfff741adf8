"""School days, sessions and searches, on the shapes that real schools' years have."""

from datetime import date, time, timedelta

import pytest

from school.rules.calendar import Calendar, CalendarEnds, DayTimes, Session, Term, weekdays_only

# A year as an English academy really ran it: INSET on the listed first day of a term and on its last two,
# and Easter Monday inside a term.
ACADEMY = Calendar(
    terms=(
        Term(first=date(2024, 9, 2), last=date(2024, 10, 25), name="Autumn 1"),
        Term(first=date(2024, 11, 4), last=date(2024, 12, 20), name="Autumn 2"),
        Term(first=date(2025, 1, 6), last=date(2025, 2, 14), name="Spring 1"),
        Term(first=date(2025, 2, 24), last=date(2025, 4, 4), name="Spring 2"),
        Term(first=date(2025, 4, 21), last=date(2025, 5, 23), name="Summer 1"),
        Term(first=date(2025, 6, 2), last=date(2025, 7, 22), name="Summer 2"),
    ),
    closed=frozenset(
        {
            *(date(2024, 9, 2), date(2025, 1, 10), date(2025, 6, 2), date(2025, 7, 21), date(2025, 7, 22)),
            *(date(2025, 4, 21), date(2025, 5, 5)),
        }
    ),
)


def test_a_term_that_opens_with_an_inset_day_begins_for_pupils_on_the_next_day():
    assert not ACADEMY.is_school_day(date(2024, 9, 2))
    assert ACADEMY.on_or_after(date(2024, 9, 2)) == date(2024, 9, 3)
    assert ACADEMY.next_school_day(date(2024, 8, 1)) == date(2024, 9, 3)


def test_a_term_that_closes_with_inset_days_ends_for_pupils_before_them():
    assert ACADEMY.previous_school_day(date(2025, 9, 1)) == date(2025, 7, 18)


def test_easter_monday_inside_a_term_is_no_school_day():
    assert ACADEMY.next_school_day(date(2025, 4, 4)) == date(2025, 4, 22)


def test_the_year_of_that_academy_has_the_190_days_that_pupils_must_have():
    # 40 + 35 + 30 + 30 + 25 + 37 weekdays in its terms, less five INSET days, Easter Monday and May Day.
    days = ACADEMY.school_days(date(2024, 9, 1), date(2025, 8, 31))
    assert len(days) == 40 + 35 + 30 + 30 + 25 + 37 - 7 == 190
    assert len(ACADEMY.sessions(date(2024, 9, 1), date(2025, 8, 31))) == 2 * len(days)


def test_half_term_and_christmas_are_stepped_over():
    assert ACADEMY.next_school_day(date(2024, 10, 25)) == date(2024, 11, 4)
    assert ACADEMY.next_school_day(date(2024, 12, 20)) == date(2025, 1, 6)
    assert ACADEMY.previous_school_day(date(2025, 1, 6)) == date(2024, 12, 20)


def test_three_days_off_from_the_friday_before_half_term_end_on_the_tuesday_after_it():
    assert ACADEMY.last_of(date(2024, 10, 25), 3) == date(2024, 11, 5)


def test_days_off_said_on_a_saturday_begin_on_monday():
    assert ACADEMY.last_of(date(2024, 9, 7), 1) == date(2024, 9, 9)
    assert ACADEMY.last_of(date(2024, 9, 7), 2) == date(2024, 9, 10)


def test_a_weekend_inside_a_term_is_never_a_school_day():
    assert not any(ACADEMY.is_school_day(date(2024, 9, day)) for day in (7, 8, 14, 15, 21, 22, 28, 29))


@pytest.mark.parametrize("terms", [(), (Term(first=date(2020, 9, 1), last=date(2021, 7, 20)),)])
def test_where_term_dates_have_run_out_every_search_says_so(terms):
    calendar = Calendar(terms=terms)
    today = date(2026, 11, 24)
    assert not calendar.is_school_day(today)
    assert calendar.school_days(today, today + timedelta(days=30)) == ()
    for search in (calendar.next_school_day, calendar.previous_school_day, calendar.on_or_after):
        with pytest.raises(CalendarEnds, match="400 days"):
            search(today)
    with pytest.raises(CalendarEnds):
        calendar.last_of(today, 1)


def test_a_search_looks_exactly_400_days_ahead():
    today = date(2026, 1, 1)
    for distance, found in ((399, True), (400, True), (401, False), (402, False)):
        day = today + timedelta(days=distance)
        calendar = Calendar(terms=(Term(first=day, last=day),))
        if day.weekday() > 4:
            continue
        if found:
            assert calendar.next_school_day(today) == day
            assert calendar.last_of(today, 1) == day
        else:
            with pytest.raises(CalendarEnds):
                calendar.next_school_day(today)


def test_an_absurd_number_of_days_ends_at_once_and_fewer_than_one_is_refused():
    with pytest.raises(CalendarEnds):
        weekdays_only().last_of(date(2026, 11, 24), 99_999_999)
    for count in (0, -1):
        with pytest.raises(ValueError, match="fewer than one"):
            weekdays_only().last_of(date(2026, 11, 24), count)


def test_the_ends_of_time_are_no_crash():
    with pytest.raises(CalendarEnds):
        weekdays_only().next_school_day(date.max)
    with pytest.raises(CalendarEnds):
        weekdays_only().previous_school_day(date.min)


def test_whether_term_dates_reach_a_day_is_told_apart_from_a_holiday():
    assert ACADEMY.covers(date(2024, 12, 25))
    assert ACADEMY.covers(date(2024, 9, 2))
    assert ACADEMY.covers(date(2025, 7, 22))
    assert not ACADEMY.covers(date(2024, 9, 1))
    assert not ACADEMY.covers(date(2025, 7, 23))
    assert not Calendar(terms=()).covers(date(2025, 1, 1))
    assert weekdays_only().covers(date(1999, 1, 1))


def test_without_term_dates_every_weekday_counts_but_those_closed():
    calendar = weekdays_only([date(2026, 12, 25), date(2026, 12, 28)])
    assert calendar.is_school_day(date(2026, 8, 3))
    assert calendar.next_school_day(date(2026, 12, 24)) == date(2026, 12, 29)


def test_a_leap_day_is_a_school_day_like_any_other():
    assert weekdays_only().next_school_day(date(2024, 2, 28)) == date(2024, 2, 29)
    assert weekdays_only().last_of(date(2024, 2, 28), 3) == date(2024, 3, 1)
    assert not weekdays_only().is_school_day(date(2032, 2, 29))  # a Sunday


def test_a_day_closed_to_one_year_group_is_open_to_the_others():
    calendar = Calendar(closed_by_year={"11": frozenset({date(2026, 6, 26)})})
    assert not calendar.is_school_day(date(2026, 6, 26), year="11")
    assert calendar.is_school_day(date(2026, 6, 26), year="10")
    assert calendar.is_school_day(date(2026, 6, 26))
    assert calendar.next_school_day(date(2026, 6, 25), year="11") == date(2026, 6, 29)
    assert len(calendar.sessions(date(2026, 6, 22), date(2026, 6, 26), year="11")) == 8


def test_sessions_come_in_the_order_in_which_they_are_held():
    assert weekdays_only().sessions(date(2026, 11, 27), date(2026, 11, 30)) == (
        (date(2026, 11, 27), Session.AM),
        (date(2026, 11, 27), Session.PM),
        (date(2026, 11, 30), Session.AM),
        (date(2026, 11, 30), Session.PM),
    )


def test_a_range_that_ends_before_it_begins_holds_nothing():
    assert weekdays_only().school_days(date(2026, 11, 25), date(2026, 11, 24)) == ()
    assert weekdays_only().sessions(date(2026, 11, 25), date(2026, 1, 1)) == ()


def test_a_term_cannot_end_before_it_begins_but_may_last_one_day():
    with pytest.raises(ValueError, match="before it begins"):
        Term(first=date(2026, 9, 2), last=date(2026, 9, 1))
    assert Term(first=date(2026, 9, 2), last=date(2026, 9, 2)).name == ""


# Times ---------------------------------------------------------------------------------------

YEAR_5 = DayTimes(
    starts=time(9, 15),
    register_closes=time(9, 30),
    morning_ends=time(12, 30),
    afternoon_starts=time(13, 30),
    afternoon_register_closes=time(13, 40),
    ends=time(15, 45),
)


def test_a_year_group_that_starts_later_has_its_own_times():
    calendar = Calendar(times_by_year={"5": YEAR_5})
    assert calendar.times_on(date(2026, 11, 24), year="5") == YEAR_5
    assert calendar.times_on(date(2026, 11, 24), year="6") == DayTimes()
    assert calendar.missed_sessions(date(2026, 11, 24), leaves=None, returns=time(9, 20)) == (Session.AM,)
    assert calendar.missed_sessions(date(2026, 11, 24), leaves=None, returns=time(9, 20), year="5") == ()


def test_the_last_day_of_a_term_may_have_times_of_its_own_for_everybody():
    early = DayTimes(afternoon_starts=time(12, 0), afternoon_register_closes=time(12, 10), ends=time(13, 0))
    calendar = Calendar(times_by_year={"5": YEAR_5}, times_by_day={date(2026, 12, 18): early})
    assert calendar.times_on(date(2026, 12, 18), year="5") == early
    assert calendar.times_on(date(2026, 12, 17), year="5") == YEAR_5


@pytest.mark.parametrize(
    "wrong",
    [
        {"register_closes": time(8, 45)},
        {"register_closes": time(8, 30)},
        {"morning_ends": time(9, 0)},
        {"afternoon_starts": time(11, 59)},
        {"afternoon_register_closes": time(13, 0)},
        {"ends": time(13, 10)},
    ],
)
def test_times_out_of_order_and_registers_that_never_open_are_refused(wrong):
    with pytest.raises(ValueError, match="follow each other"):
        DayTimes(**wrong)


def test_a_session_knows_its_bounds_and_its_register():
    times = DayTimes()
    assert times.bounds(Session.AM) == (time(8, 45), time(12, 0))
    assert times.bounds(Session.PM) == (time(13, 0), time(15, 15))
    assert times.register(Session.PM) == (time(13, 0), time(13, 15))


# Care rule 30 ----------------------------------------------------------------------------------

DAY = date(2026, 11, 24)
BOTH = (Session.AM, Session.PM)


@pytest.mark.parametrize(
    ("leaves", "returns", "missed"),
    [
        (None, None, BOTH),
        (time(10, 30), None, (Session.PM,)),  # ill at half past ten and home: / in the morning, I in the afternoon
        (time(11, 0), time(12, 30), ()),  # the dentist at eleven: present at both registers
        (time(12, 0), None, (Session.PM,)),  # home at lunch
        (time(13, 0), None, (Session.PM,)),  # gone as the afternoon register opens
        (time(13, 1), None, ()),  # gone just after it
        (time(14, 0), None, ()),
        (time(8, 45), time(11, 0), (Session.AM,)),  # gone as the register opens
        (time(8, 46), time(11, 0), ()),
        (None, time(9, 14), ()),  # back before it closes: late, which is present
        (None, time(9, 15), (Session.AM,)),  # back as it closes
        (None, time(13, 14), (Session.AM,)),
        (None, time(13, 15), BOTH),
        (time(14, 0), time(14, 0), ()),
        (time(14, 0), time(10, 0), ()),  # times that contradict each other file nothing
    ],
)
def test_a_session_is_missed_only_by_a_child_who_is_away_while_its_register_is_open(leaves, returns, missed):
    assert weekdays_only().missed_sessions(DAY, leaves=leaves, returns=returns) == missed


def test_nothing_is_missed_on_a_day_without_school():
    assert weekdays_only().missed_sessions(date(2026, 11, 28), leaves=None, returns=None) == ()
    assert weekdays_only([DAY]).missed_sessions(DAY, leaves=None, returns=None) == ()
