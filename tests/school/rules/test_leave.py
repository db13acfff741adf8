"""Leave in sessions: a table worked out by hand, and laws: what has begun is never a request, nor ever granted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from school.rules.calendar import Calendar, DayTimes, Session, Term
from school.rules.leave import begins, grantable, ground_of, is_in_advance, leave_sessions
from school.rules.register_code import NEVER_AUTOMATIC

LATER = DayTimes(
    starts=time(9, 30), register_closes=time(10, 0), morning_ends=time(12, 30), afternoon_starts=time(13, 30),
    afternoon_register_closes=time(13, 45), ends=time(15, 45),
)  # fmt: skip
SHORT = DayTimes(
    starts=time(8, 45), register_closes=time(9, 15), morning_ends=time(11, 30), afternoon_starts=time(12, 0),
    afternoon_register_closes=time(12, 15), ends=time(13, 30),
)  # fmt: skip
CALENDAR = Calendar(
    terms=(
        Term(name="Autumn 1", first=date(2026, 9, 1), last=date(2026, 10, 23)),
        Term(name="Autumn 2", first=date(2026, 11, 2), last=date(2026, 12, 18)),
        Term(name="Spring 1", first=date(2027, 1, 4), last=date(2027, 2, 12)),
        Term(name="Spring 2", first=date(2027, 2, 22), last=date(2027, 3, 25)),
        Term(name="Summer 1", first=date(2027, 4, 12), last=date(2027, 5, 28)),
        Term(name="Summer 2", first=date(2027, 6, 7), last=date(2027, 7, 21)),
    ),
    # INSET on the first days of term and the last of a half-term; the early May bank holiday lies in term.
    closed=frozenset(map(date.fromisoformat, ("2026-09-01", "2026-11-02", "2027-02-12", "2027-05-03", "2027-06-07"))),
    # Reception starts later; year 11 has an open evening to prepare.
    closed_by_year={
        "R": frozenset(map(date.fromisoformat, ("2026-09-02", "2026-09-03", "2026-09-04"))),
        "11": frozenset({date(2026, 10, 9)}),
    },
    times_by_year={"10": LATER},
    times_by_day={date(2026, 12, 18): SHORT},
)

# What is asked: first day, last day, then year=, leaves=, returns=, half=. After the arrow the sessions, by hand:
# 0914 is a whole day, 0914A and 0914P halves, 0914-0918 whole days in a row.
TABLE = """
2026-09-14 2026-09-14 -> 0914
2026-09-14 2026-09-18 -> 0914-0918
2026-09-14 2026-09-20 -> 0914-0918
2026-09-12 2026-09-20 -> 0914-0918
2026-09-17 2026-09-22 -> 0917-0918 0921-0922
2026-09-18 2026-09-21 -> 0918 0921
2026-09-19 2026-09-20 -> none
2026-08-31 2026-09-02 -> 0902
2026-09-01 2026-09-01 -> none
2026-09-01 2026-09-04 -> 0902-0904
2026-08-24 2026-08-28 -> none
2026-09-01 2026-09-08 year=R -> 0907-0908
2026-09-02 2026-09-04 year=R -> none
2026-09-02 2026-09-04 year=1 -> 0902-0904
2026-10-22 2026-10-23 -> 1022-1023
2026-10-22 2026-11-03 -> 1022-1023 1103
2026-10-23 2026-11-02 -> 1023
2026-10-26 2026-10-30 -> none
2026-10-26 2026-11-02 -> none
2026-10-30 2026-11-04 -> 1103-1104
2026-10-19 2026-11-06 -> 1019-1023 1103-1106
2026-10-09 2026-10-09 year=11 -> none
2026-10-09 2026-10-09 year=9 -> 1009
2026-10-08 2026-10-12 year=11 -> 1008 1012
2026-12-14 2026-12-18 -> 1214-1218
2026-12-16 2027-01-08 -> 1216-1218 0104-0108
2026-12-19 2027-01-03 -> none
2026-12-18 2027-01-04 -> 1218 0104
2027-02-08 2027-02-12 -> 0208-0211
2027-02-11 2027-02-22 -> 0211 0222
2027-02-12 2027-02-19 -> none
2027-02-15 2027-02-23 -> 0222-0223
2027-03-22 2027-03-29 -> 0322-0325
2027-03-25 2027-04-12 -> 0325 0412
2027-03-26 2027-04-09 -> none
2027-03-29 2027-04-13 -> 0412-0413
2027-04-30 2027-05-04 -> 0430 0504
2027-05-03 2027-05-03 -> none
2027-05-03 2027-05-07 -> 0504-0507
2027-05-24 2027-06-11 -> 0524-0528 0608-0611
2027-05-28 2027-06-07 -> 0528
2027-05-31 2027-06-04 -> none
2027-07-19 2027-07-30 -> 0719-0721
2027-07-21 2027-07-21 -> 0721
2027-07-22 2027-08-31 -> none
2026-09-15 2026-09-15 leaves=12:00 -> 0915P
2026-09-15 2026-09-15 leaves=12:59 -> 0915P
2026-09-15 2026-09-15 leaves=13:00 -> 0915P
2026-09-15 2026-09-15 leaves=13:01 -> none
2026-09-15 2026-09-15 leaves=14:30 -> none
2026-09-15 2026-09-15 leaves=08:45 -> 0915
2026-09-15 2026-09-15 leaves=09:00 -> 0915P
2026-09-15 2026-09-15 returns=09:14 -> none
2026-09-15 2026-09-15 returns=09:15 -> 0915A
2026-09-15 2026-09-15 returns=12:30 -> 0915A
2026-09-15 2026-09-15 returns=13:15 -> 0915
2026-09-15 2026-09-15 leaves=10:00 returns=12:00 -> none
2026-09-15 2026-09-15 leaves=12:30 returns=13:10 -> none
2026-09-15 2026-09-15 leaves=12:30 returns=14:00 -> 0915P
2026-09-15 2026-09-17 leaves=12:00 -> 0915P 0916-0917
2026-09-15 2026-09-17 returns=10:00 -> 0915-0916 0917A
2026-09-15 2026-09-17 leaves=12:00 returns=10:00 -> 0915P 0916 0917A
2026-09-12 2026-09-15 leaves=12:00 -> 0914-0915
2026-09-15 2026-09-15 half=AM -> 0915A
2026-09-15 2026-09-16 half=PM -> 0915P 0916P
2026-09-15 2026-09-15 year=10 leaves=13:20 -> 0915P
2026-09-15 2026-09-15 year=9 leaves=13:20 -> none
2026-09-15 2026-09-15 year=10 returns=09:45 -> none
2026-09-15 2026-09-15 year=9 returns=09:45 -> 0915A
2026-12-18 2026-12-18 leaves=12:10 -> none
2026-12-17 2026-12-17 leaves=12:10 -> 1217P
2026-12-18 2026-12-18 returns=12:15 -> 1218
2026-09-16 2026-09-15 -> none
"""
CASES = TABLE.strip().splitlines()


def asked(line: str) -> tuple[tuple[date, Session], ...]:
    first, last, *more = line.partition("->")[0].split()
    said = dict(each.split("=") for each in more)
    return leave_sessions(
        CALENDAR,
        date.fromisoformat(first),
        date.fromisoformat(last),
        year=said.get("year", ""),
        leaves=time.fromisoformat(said["leaves"]) if "leaves" in said else None,
        returns=time.fromisoformat(said["returns"]) if "returns" in said else None,
        halves=[Session(said["half"])] if "half" in said else tuple(Session),
    )


def by_hand(line: str) -> tuple[tuple[date, Session], ...]:
    found: list[tuple[date, Session]] = []
    for token in line.partition("->")[2].split():
        if token == "none":
            continue
        days, half = (token[:-1], token[-1]) if token[-1] in "AP" else (token, "")
        first, _, last = days.partition("-")
        day = _day(first)
        while day <= _day(last or first):
            found += [(day, each) for each in Session if not half or each.value[0] == half]
            day += timedelta(days=1)
    return tuple(found)


def _day(token: str) -> date:
    month = int(token[:2])
    return date(2026 if month >= 8 else 2027, month, int(token[2:]))


def test_the_table_has_at_least_sixty_cases() -> None:
    assert len(set(CASES)) >= 60


@pytest.mark.parametrize("line", CASES)
def test_the_sessions_of_a_request_are_those_worked_out_by_hand(line: str) -> None:
    assert asked(line) == by_hand(line)


def test_a_request_is_in_advance_until_the_moment_at_which_its_first_session_begins() -> None:
    sessions = leave_sessions(CALENDAR, date(2026, 9, 15), date(2026, 9, 16))
    starts = CALENDAR.moment(date(2026, 9, 15), time(8, 45))
    assert is_in_advance(CALENDAR, sessions, asked_at=starts - timedelta(seconds=1))
    assert not is_in_advance(CALENDAR, sessions, asked_at=starts)
    # What begins at this very moment can no longer be given, and all the rest can.
    assert grantable(CALENDAR, sessions, at=starts) == sessions[1:]
    assert grantable(CALENDAR, sessions, at=starts - timedelta(seconds=1)) == sessions
    # The year group's own day begins later.
    assert is_in_advance(CALENDAR, sessions, asked_at=starts, year="10")


def test_an_afternoon_can_be_asked_for_in_the_morning() -> None:
    sessions = leave_sessions(CALENDAR, date(2026, 9, 15), date(2026, 9, 15), leaves=time(12, 0))
    assert is_in_advance(CALENDAR, sessions, asked_at=CALENDAR.moment(date(2026, 9, 15), time(11, 59)))


def test_no_session_is_no_request() -> None:
    assert not is_in_advance(CALENDAR, (), asked_at=datetime(2026, 1, 1, tzinfo=UTC))


# Laws ----------------------------------------------------------------------------------------

days = st.dates(date(2026, 8, 20), date(2027, 8, 1))
moments = st.integers(0, 346 * 24 * 60).map(
    lambda minutes: datetime(2026, 8, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)
clock = st.none() | st.times(time(8, 0), time(16, 0)).map(lambda at: at.replace(second=0, microsecond=0))
years = st.sampled_from(["", "R", "10", "11"])


@given(first=days, length=st.integers(0, 40), at=moments, year=years, leaves=clock, returns=clock)
def test_what_has_begun_is_never_in_advance_and_never_grantable(
    first: date, length: int, at: datetime, year: str, leaves: time | None, returns: time | None
) -> None:
    sessions = leave_sessions(
        CALENDAR, first, first + timedelta(days=length), year=year, leaves=leaves, returns=returns
    )
    begun = [each for each in sessions if begins(CALENDAR, each, year=year) <= at]
    assert is_in_advance(CALENDAR, sessions, asked_at=at, year=year) == (bool(sessions) and not begun)
    assert set(grantable(CALENDAR, sessions, at=at, year=year)) == set(sessions) - set(begun)


@given(first=days, length=st.integers(0, 40), at=moments, later=st.integers(0, 10**6), year=years)
def test_a_request_that_is_too_late_is_too_late_for_ever(
    first: date, length: int, at: datetime, later: int, year: str
) -> None:
    sessions = leave_sessions(CALENDAR, first, first + timedelta(days=length), year=year)
    after = at + timedelta(seconds=later)
    if not is_in_advance(CALENDAR, sessions, asked_at=at, year=year):
        assert not is_in_advance(CALENDAR, sessions, asked_at=after, year=year)
    assert set(grantable(CALENDAR, sessions, at=after, year=year)) <= set(
        grantable(CALENDAR, sessions, at=at, year=year)
    )


@given(first=days, one=st.integers(0, 30), two=st.integers(0, 30), year=years, leaves=clock, returns=clock)
def test_more_days_never_take_a_session_away_and_each_stands_once_in_order(
    first: date, one: int, two: int, year: str, leaves: time | None, returns: time | None
) -> None:
    short, long = sorted((one, two))
    few = leave_sessions(CALENDAR, first, first + timedelta(days=short), year=year, leaves=leaves)
    many = leave_sessions(CALENDAR, first, first + timedelta(days=long), year=year, leaves=leaves)
    assert set(few) <= set(many)
    all_day = leave_sessions(CALENDAR, first, first + timedelta(days=long), year=year)
    timed = leave_sessions(CALENDAR, first, first + timedelta(days=long), year=year, leaves=leaves, returns=returns)
    assert set(timed) <= set(all_day)
    assert list(timed) == sorted(set(timed), key=lambda each: (each[0], each[1].value))
    assert all(CALENDAR.is_school_day(day, year=year) for day, _ in timed)


@given(reason=st.text(max_size=20) | st.sampled_from(["holiday", "interview", "traveller", "religious", "legal"]))
def test_every_reason_tells_the_head_what_to_look_at(reason: str) -> None:
    ground = ground_of(reason)
    assert ground.look
    # T follows a trade, and is never put forward from a text (care rule 25).
    assert ground.code != "T"
    assert "T" in NEVER_AUTOMATIC
