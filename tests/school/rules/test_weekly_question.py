"""Each week has one of the five questions, each in its turn."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from school.rules.weekly_question import QUESTIONS, question_of, week_of_day


@given(day=st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_a_week_has_one_question_and_five_weeks_have_all_of_them(day):
    monday = week_of_day(day)
    assert monday.weekday() == 0
    assert monday <= day < monday + timedelta(days=7)
    assert {question_of(monday + timedelta(days=each)) for each in range(7)} == {question_of(day)}
    assert {question_of(day + timedelta(weeks=each)) for each in range(QUESTIONS)} == set(range(1, QUESTIONS + 1))
