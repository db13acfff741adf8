"""A day beside "until" or "back" that nobody can read: how long a child is off is asked, and not taken for one day."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Days
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

FAMILY = family("Maya/4", datetime(2026, 3, 3, 8, 0, tzinfo=LONDON))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Maya is ill and off till thrusdy"), ("en", "Maya poorly, back on wendsdy"),
        ("en", "Maya ill, off till half term"), ("en", "Maya is off sick until January"),
        ("pt", "Maya doente, em casa até às férias"),
        ("pl", "Maya chora, w domu do pjontku"), ("ro", "Maya e bolnava, sta acasa pana vnireii"),
        ("ur", "Maya bimar hai jumerraat tak nahi aayegi"), ("ar", "مايا مريضة الى الجمعة"),
        ("uk", "Майя хвора, вдома до четвргу"), ("pt", "Maya doente, em casa até sxta"),
    ],
)  # fmt: skip
def test_a_day_that_nobody_can_read_is_asked(code: str, text: str) -> None:
    assert Doubt.DATES in hear(text, None, load(code), FAMILY).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Maya is ill and off till thursdy"), ("en", "Maya is ill until the cough goes"),
        ("en", "Maya is off today, she was up being sick till just gone 2"), ("en", "Maya is ill until further notice"),
        ("en", "Maya is ill, off from today until Friday, thanks Mrs Brabblewick"),
        ("pl", "Maya chora do piątku, zwolnienie zaniosę do sekretariatu"), ("ro", "Maya e racita pana joi"),
        ("uk", "Майя хвора, вдома до п'ятниці"),
    ],
)  # fmt: skip
def test_an_end_that_is_read_is_not_asked_for(code: str, text: str) -> None:
    assert Doubt.DATES not in hear(text, None, load(code), FAMILY).doubts


@pytest.mark.parametrize("text", ["Maya has the dentist on wendsdy at 10", "Maya is off thrusdy"])
def test_what_looks_like_a_day_may_be_one(text: str) -> None:
    assert Doubt.DATES in hear(text, None, load("en"), FAMILY).doubts


def test_the_name_of_a_day_with_one_slip_is_that_day() -> None:
    [clause] = hear("Maya is ill, off till wednezday", None, load("en"), FAMILY).clauses
    assert [m.value.last.day for m in clause.mentions if isinstance(m.value, Days) and m.value.last] == [4]
