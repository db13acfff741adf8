"""The one who fetches a child at the end of the day is late: no lateness of the child's is filed for it."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Topic
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 3, 3, 14, 5, tzinfo=LONDON)
ONE = family("Zofia/4", NOW)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "I'll be 10 min late picking up Zofia, tram is stuck"),
        ("en", "running late to collect Zofia, stuck in traffic"),
        ("pl", "spóźnię się po Zofię jakieś 10 min, tramwaj stoi i nie rusza"),
        ("pl", "będę 15 min później po dziecko, korek"),
        ("ro", "intarzii 10 min sa o iau pe Zofia, e trafic"),
        ("ro", "ajung cu 10 min mai tarziu dupa Zofia, trafic"),
    ],
)
def test_who_fetches_is_late_and_not_the_child(code: str, text: str) -> None:
    assert [clause.topic for clause in hear(text, None, load(code), ONE, weigh=False).clauses] == [Topic.COLLECTION]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Zofia late, dentist. And I'll be late picking her up"),
        ("pl", "Zofia chora, zostaje w domu. Spóźnię się po Zofię"),
    ],
)
def test_beside_another_report_it_makes_a_doubt(code: str, text: str) -> None:
    assert Doubt.COMPETING in hear(text, None, load(code), ONE, weigh=False).doubts


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "running late, tram is stuck"),
        ("pl", "Zofia spóźni się 10 minut, tramwaj stoi"),
        ("ro", "Zofia intarzie 10 min, e trafic"),
    ],
)
def test_a_child_who_is_late_still_is(code: str, text: str) -> None:
    assert [clause.topic for clause in hear(text, None, load(code), ONE, weigh=False).clauses] == [Topic.LATENESS]
