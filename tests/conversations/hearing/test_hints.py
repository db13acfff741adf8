"""Two hints near each other are a worry; one alone, or two far apart, are none."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.checking.sentences import family
from conversations.hearing import hear
from conversations.hearing.hints import NEAR, PAIRS
from conversations.language import load, table

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo("Europe/London"))


def worry(text: str) -> str | None:
    """What worries in a text by the parent of Maya and Sam."""
    return hear(text, None, load("en"), family("Maya/9, Sam/5", NOW)).worry


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Sam came back with marks on his back and won't tell me how", "violence"),
        ("Maya won't be alone with her uncle", "disclosure"),
        ("Maya has new trainers and two phones and won't say where from", "exploitation"),
        ("coach gives Maya lifts home and is always texting her", "staff"),
    ],
)
def test_two_hints_are_a_worry(text: str, category: str) -> None:
    assert worry(text) == category


@pytest.mark.parametrize(
    "text",
    [
        "Maya has new trainers for PE",
        "Sam won't tell me how the trip was",
        "her uncle will drop Maya off",
        "coach says training is at four",
    ],
)
def test_one_hint_alone_is_none(text: str) -> None:
    assert worry(text) is None


def test_june_is_no_lice() -> None:
    text = "Please can Maya have time off from 21 June to 22 June for a family wedding abroad"
    assert hear(text, None, load("ur"), family("Maya/9, Sam/5", NOW)).worry is None


def test_two_hints_far_apart_are_none() -> None:
    between = " ".join(["and then we had tea"] * (NEAR // 5 + 1))
    assert worry(f"Maya has new trainers {between} and won't tell me how the trip was") is None


def test_a_doubtful_word_worries_beside_a_child_alone() -> None:
    assert worry("I think Sam is in a gang") is not None
    assert worry("the road is closed, some gang dug it up") is None


def test_every_pair_is_of_groups_that_english_has() -> None:
    english = set(table("en")["hint"])
    assert {name for pair in PAIRS for name in (pair.first, pair.second)} == english
