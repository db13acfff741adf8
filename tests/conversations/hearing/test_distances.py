"""How far days lie from the likeliest one, in school days, and what a story is read as."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.acts import Clause, Days, Kind, Mention, Part, Topic, Value
from conversations.hearing import hear
from conversations.hearing.distances import FAR, distance, length_class, read_as, start_class
from conversations.hearing.resolving import Moment
from conversations.language import load
from school.rules.calendar import weekdays_only
from tests.conversations.hearing.sentences import LONDON, family

CALENDAR = weekdays_only()
# A Tuesday.
TODAY = date(2026, 1, 27)
MORNING = Moment(today=TODAY, now=time(7, 32), past=False, calendar=CALENDAR)
ENGLISH = load("en")
CONTEXT = family("Maya/4, Sam/2", datetime(2026, 1, 27, 7, 32, tzinfo=LONDON))


def said(kind: Kind, value: Value, role: str = "on") -> Mention:
    """A mention of no span."""
    return Mention(kind=kind, value=value, role=role, span=(0, 0), concept="", rule="")


@pytest.mark.parametrize(("day", "steps"), [(27, 0), (28, 1), (30, 3), (31, 4), (26, -1)])
def test_a_distance_counts_school_days(day: int, steps: int) -> None:
    assert distance(TODAY, date(2026, 1, day), CALENDAR) == steps


@given(st.dates(date(2025, 9, 1), date(2026, 7, 1)), st.integers(0, 400))
def test_a_later_day_is_never_nearer(first: date, more: int) -> None:
    steps = [distance(first, first + timedelta(days=each), CALENDAR) for each in range(more, more + 9)]
    assert steps == sorted(steps)
    assert max(steps) <= FAR


def test_the_end_of_the_calendar_is_far() -> None:
    summer = weekdays_only(closed=[TODAY + timedelta(days=each) for each in range(1, 2000)])
    assert distance(TODAY, TODAY + timedelta(days=30), summer) in {1, FAR}


def test_where_an_absence_begins_and_how_long_it_lasts_have_names() -> None:
    assert start_class(None, TODAY, CALENDAR) == "none"
    assert start_class(date(2026, 1, 26), TODAY, CALENDAR) == "past"
    assert start_class(date(2026, 1, 28), TODAY, CALENDAR) == "1"
    assert length_class(TODAY, None, CALENDAR) == "open"
    assert length_class(TODAY, TODAY, CALENDAR) == "0"
    assert length_class(TODAY, date(2026, 2, 2), CALENDAR) == "4"


@pytest.mark.parametrize(
    ("mentions", "topic", "expected"),
    [
        ((), Topic.SICKNESS, ("0", "0", "all")),
        ((said(Kind.DAYS, Days(last=date(2026, 1, 29)), "until"),), Topic.SICKNESS, ("0", "2", "all")),
        ((said(Kind.DAYS, Days(first=date(2026, 1, 28), last=date(2026, 1, 28))),), Topic.SICKNESS, ("1", "0", "all")),
        ((said(Kind.DAYS, Days(first=TODAY, open_ended=True)),), Topic.SICKNESS, ("0", "open", "all")),
        ((said(Kind.PART, Part.PM, ""),), Topic.SICKNESS, ("0", "0", "pm")),
        ((), Topic.LATENESS, ("0", "0", "am")),
        ((), Topic.APPOINTMENT, ("0", "0", "null")),
        ((said(Kind.TIME, time(14, 15), "at"),), Topic.APPOINTMENT, ("0", "0", "pm")),
        ((said(Kind.TIME, time(9, 15), "at"),), Topic.APPOINTMENT, ("0", "0", "am")),
    ],
)
def test_a_story_is_read_as_it_would_be_filed(
    mentions: tuple[Mention, ...], topic: Topic, expected: tuple[str, str, str]
) -> None:
    read = read_as(Clause(topic=topic, mentions=mentions), MORNING)
    assert (read["start"], read["length"], read["part"]) == expected


@pytest.mark.parametrize(
    "text", ["Maya is off until Thursday", "Maya is poorly", "Sam is off tomorrow", "Sam back Friday"]
)
def test_plain_days_are_as_likely_as_they_were_heard(text: str) -> None:
    assert hear(text, None, ENGLISH, CONTEXT).doubts == ()
