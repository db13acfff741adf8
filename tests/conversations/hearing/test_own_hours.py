"""Several children with an hour each: a clause for each where the text says whose hour it is, a question elsewhere."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from conversations.acts import Heard, Kind
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

FAMILY = family("Maya/4, Sam/2", datetime(2026, 3, 10, 8, 0, tzinfo=LONDON))


def heard(text: str) -> Heard:
    """A text as it is heard on a Tuesday."""
    return hear(text, None, load("en"), FAMILY)


def seen(text: str) -> list[tuple[int, list[time]]]:
    """How many children each clause of a text is about, and its hours."""
    return [
        (
            len({m.value for m in clause.mentions if m.kind is Kind.CHILDREN and m.role == ""}),
            [m.value for m in clause.mentions if isinstance(m.value, time)],
        )
        for clause in heard(text).clauses
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dentist today, Maya 9.30 Sam 2pm", "Dentist today, 9.30 Maya and 2pm Sam",
        "Maya has a dentist appointment at 9.30, Sam at 2",
    ],
)  # fmt: skip
def test_each_child_has_the_hour_beside_the_name(text: str) -> None:
    assert seen(text) == [(1, [time(9, 30)]), (1, [time(14)])]


def test_hours_without_an_owner_are_asked_about() -> None:
    assert Doubt.UNSURE in heard("Maya and Sam have the dentist today 9.30 and 2pm").doubts


def test_one_hour_is_of_both() -> None:
    text = "Maya and Sam have the dentist at 9.30, back by 10.30"
    assert [hours for _, hours in seen(text)] == [[time(9, 30), time(10, 30)]]
