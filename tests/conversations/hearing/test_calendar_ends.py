"""A school whose term dates end tomorrow, began yesterday or were never entered is heard like any other: no error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from conversations.acts import AbsenceStated, Days, Text
from conversations.hearing import hear
from conversations.language import available, load
from conversations.state import State
from conversations.turn import turn
from school.rules.calendar import HORIZON, weekdays_only
from tests.conversations.hearing.sentences import LONDON, family, sentences

MONDAY = date(2026, 3, 2)
FAR = range(1, HORIZON.days + 60)


def after(today: date) -> Iterable[date]:
    """All the days that follow."""
    return (today + timedelta(days=each) for each in FAR)


def soon(today: date) -> Iterable[date]:
    """All that follow on tomorrow."""
    return (today + timedelta(days=each) for each in FAR if each > 1)


def before(today: date) -> Iterable[date]:
    """All the days that went before."""
    return (today - timedelta(days=each) for each in FAR)


def around(today: date) -> Iterable[date]:
    """Every other day."""
    return [*before(today), *after(today)]


def everywhere(today: date) -> Iterable[date]:
    """All days: no school at all is known."""
    return [*around(today), today]


@pytest.mark.parametrize("closed", [after, soon, before, around, everywhere])
@pytest.mark.parametrize("code", available())
def test_no_sentence_raises_at_the_end_of_the_known_calendar(code, closed) -> None:
    language = load(code)
    calendars = {}
    for sentence in sentences(code):
        day = sentence.context.now.date()
        if day not in calendars:
            calendars[day] = weekdays_only(closed=closed(day))
        context = replace(sentence.context, calendar=calendars[day])
        made = turn(State(), Text(id="m", text=sentence.text), context, language)
        assert made.readings, f"line {sentence.line} was not read"


def test_a_count_that_outlasts_the_known_calendar_keeps_its_first_day() -> None:
    closed = weekdays_only(closed=[MONDAY + timedelta(days=each) for each in FAR if each > 2])
    context = replace(family("Maya/4", datetime(2026, 3, 2, 8, tzinfo=LONDON)), calendar=closed)
    heard = hear("Maya needs 3 days off for a wedding, from Tuesday", None, load("en"), context)
    days = [m.value for clause in heard.clauses for m in clause.mentions if isinstance(m.value, Days)]
    assert [each.first for each in days] == [date(2026, 3, 3)]
    assert [each.last for each in days] == [None]


def test_an_illness_that_outlasts_the_known_calendar_is_filed_for_every_day_up_to_its_end() -> None:
    closed = weekdays_only(closed=[MONDAY + timedelta(days=each) for each in FAR if each > 2])
    context = replace(family("Maya/4", datetime(2026, 3, 2, 8, tzinfo=LONDON)), calendar=closed)
    made = turn(State(), Text(id="m", text="Maya is off for 2 weeks with a broken leg"), context, load("en"))
    filed = {each.day for each in made.effects if isinstance(each, AbsenceStated)}
    assert filed == {MONDAY, date(2026, 3, 3), date(2026, 3, 4)}
