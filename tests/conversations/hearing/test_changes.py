"""What puts something right, and what only sounds as if it did."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Change
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 1, 27, 7, 40, tzinfo=LONDON)


def changes(text: str, code: str, names: str = "Maya/4, Leo/2") -> set[Change]:
    return {clause.change for clause in hear(text, None, load(code), family(names, NOW)).clauses}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ro", "Maya are răceală, adică tușește și are 38, nu vine azi"),
        ("pl", "Maya ma gorączkę, znaczy prawie 39, dziś nie przyjdzie"),
        ("pl", "Maya dziś zostaje w domu, to jednak ospa"),
    ],
)
def test_that_is_and_after_all_before_an_illness_take_nothing_back(code: str, text: str) -> None:
    assert changes(text, code) == {Change.ADDS}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ro", "Maya lipsește joi, adică vineri, are dentist"),
        ("ro", "Maya lipsește azi, adică Leo"),
        ("pl", "Maya ma dentystę w czwartek, to znaczy w piątek"),
        ("en", "Maya is off today, I mean Leo"),
    ],
)
def test_that_is_before_another_day_or_child_puts_right(code: str, text: str) -> None:
    assert changes(text, code) == {Change.INSTEAD}


def test_figures_that_count_minutes_are_no_temperature() -> None:
    (clause,) = hear("Am stat 40 de minute în trafic, Maya întârzie", None, load("ro"), family("Maya/4", NOW)).clauses
    assert clause.topic == "lateness"
