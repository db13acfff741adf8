"""What puts something right, and what only sounds as if it did."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Change, Topic
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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Maya has a fever today, the doctor's appointment got cancelled"),
        ("en", "Dentist has been cancelled. Maya has a fever today, she's at home"),
        ("ur", "مایا کو بخار ہے آج، ڈاکٹر کی اپائنٹمنٹ کینسل ہو گئی"),
    ],
)
def test_an_illness_beside_a_visit_that_is_taken_back_is_not_taken_back_with_it(language: str, text: str) -> None:
    clauses = hear(text, None, load(language), family("Maya/4, Leo/2", NOW), weigh=False).clauses
    assert [(clause.topic, clause.change) for clause in clauses] == [(Topic.SICKNESS, Change.ADDS)]


@pytest.mark.parametrize(
    "text",
    [
        "Maya's dentist is cancelled, she will be in",
        "The fever is gone, the doctor is cancelled, Maya is coming in",
        "Ignore my last message, Maya was ill yesterday, the dentist is cancelled and she's in school",
    ],
)
def test_a_visit_that_is_taken_back_with_the_child_in_school_stays_taken_back(text: str) -> None:
    clauses = hear(text, None, load("en"), family("Maya/4, Leo/2", NOW), weigh=False).clauses
    assert any(clause.change is Change.WITHDRAWS for clause in clauses)
