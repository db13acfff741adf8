"""Laws that hold for every calendar, whatever its terms, closures and times."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from school.rules.calendar import Calendar, CalendarEnds, DayTimes, Session, Term

DAYS = st.dates(min_value=date(2023, 8, 1), max_value=date(2027, 8, 31))
NEAR = st.integers(min_value=0, max_value=500)


@st.composite
def day_times(draw):
    minutes = draw(st.lists(st.integers(min_value=0, max_value=1439), min_size=6, max_size=6, unique=True))
    return DayTimes(
        **dict(
            zip(
                ("starts", "register_closes", "morning_ends", "afternoon_starts", "afternoon_register_closes", "ends"),
                (time(minute // 60, minute % 60) for minute in sorted(minutes)),
                strict=True,
            )
        )
    )


@st.composite
def calendars(draw):
    terms = None
    if draw(st.booleans()):
        bounds = sorted(draw(st.lists(DAYS, max_size=12)))
        terms = tuple(Term(first=a, last=b) for a, b in zip(bounds[::2], bounds[1::2], strict=False))
    closed = frozenset(draw(st.lists(DAYS, max_size=20)))
    by_year = {"5": frozenset(draw(st.lists(DAYS, max_size=5)))}
    return Calendar(terms=terms, closed=closed, closed_by_year=by_year, times=draw(day_times()))


CALENDARS = calendars()
YEARS = st.sampled_from(["", "5", "6"])
TIMES = st.none() | st.times(max_value=time(23, 59))


@given(CALENDARS, DAYS, st.integers(min_value=1, max_value=60), YEARS)
def test_counting_days_and_finding_the_last_of_them_undo_each_other(calendar, first, count, year):
    try:
        last = calendar.last_of(first, count, year=year)
    except CalendarEnds:
        assert len(calendar.school_days(first, first + timedelta(days=400), year=year)) < count
        return
    days = calendar.school_days(first, last, year=year)
    assert len(days) == count
    assert days[-1] == last


@given(CALENDARS, DAYS, NEAR, YEARS)
def test_every_school_day_has_two_sessions_and_no_other_day_has_any(calendar, first, span, year):
    last = first + timedelta(days=span)
    days = calendar.school_days(first, last, year=year)
    sessions = calendar.sessions(first, last, year=year)
    assert len(sessions) == 2 * len(days)
    assert list(sessions) == sorted(sessions)
    assert {day for day, _ in sessions} == set(days)


@given(CALENDARS, DAYS, NEAR, NEAR, YEARS)
def test_two_stretches_side_by_side_hold_as_many_days_as_the_whole(calendar, first, one, two, year):
    middle = first + timedelta(days=one)
    last = middle + timedelta(days=two)
    left = calendar.school_days(first, middle, year=year)
    right = calendar.school_days(middle + timedelta(days=1), last, year=year)
    assert left + right == calendar.school_days(first, last, year=year)


@given(CALENDARS, DAYS, YEARS)
def test_next_and_previous_undo_each_other_on_school_days(calendar, day, year):
    assume(calendar.is_school_day(day, year=year))
    try:
        following = calendar.next_school_day(day, year=year)
    except CalendarEnds:
        return
    assert following > day
    assert calendar.previous_school_day(following, year=year) == day
    assert calendar.school_days(day, following, year=year) == (day, following)


@given(CALENDARS, DAYS, YEARS)
def test_what_is_a_school_day_for_a_year_group_is_one_for_the_school(calendar, day, year):
    assert not calendar.is_school_day(day, year=year) or calendar.is_school_day(day)


@given(CALENDARS, DAYS)
def test_weekends_and_closed_days_never_have_school(calendar, day):
    assert not (calendar.is_school_day(day) and (day.weekday() > 4 or day in calendar.closed))


@given(CALENDARS, DAYS, TIMES, TIMES)
def test_who_is_away_longer_misses_no_less(calendar, day, leaves, returns):
    whole = set(calendar.missed_sessions(day, leaves=None, returns=None))
    part = set(calendar.missed_sessions(day, leaves=leaves, returns=returns))
    assume(leaves is None or returns is None or leaves < returns)
    assert part <= set(calendar.missed_sessions(day, leaves=None, returns=returns)) <= whole
    assert part <= set(calendar.missed_sessions(day, leaves=leaves, returns=None)) <= whole
    assert whole == (set(Session) if calendar.is_school_day(day) else set())


@given(CALENDARS, DAYS, TIMES, TIMES)
def test_who_is_there_for_a_minute_of_the_open_register_has_not_missed_it(calendar, day, leaves, returns):
    missed = calendar.missed_sessions(day, leaves=leaves, returns=returns)
    for session in missed:
        opens, closes = calendar.times.register(session)
        there_before = leaves is not None and leaves > opens
        there_after = returns is not None and returns < closes
        assert not there_before
        assert not there_after


@given(CALENDARS, st.datetimes(datetime(2023, 8, 1), datetime(2027, 7, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_opening_is_ahead_open_and_the_first(calendar, at):
    hours = {"opens": time(8, 0), "closes": time(16, 0)}
    try:
        opening = calendar.next_opening(at, **hours)
    except CalendarEnds:
        return
    assert opening > at
    assert calendar.is_open(opening, **hours)
    assert not calendar.is_open(opening - timedelta(microseconds=1), **hours)
    # Between now and then nothing opens: only what is open already stays so until it closes.
    if not calendar.is_open(at, **hours):
        steps = (at + timedelta(hours=hour) for hour in range(int((opening - at) / timedelta(hours=1))))
        assert not any(calendar.is_open(step, **hours) for step in steps)
