"""Where a text turns from a child who is in to one who stays, by sentences of the same build in several languages."""

from __future__ import annotations

import pytest

from howwasschool.hear import played
from tests.conversations.hearing.families import heard_of

NOW = "2026-03-03T08:00+00:00"


def row(text: str, lang: str = "en") -> dict[str, object]:
    """What becomes of a text of a family with two children."""
    return heard_of(text, lang, NOW, "Maya", "Jan")


@pytest.mark.parametrize(
    "text",
    [
        "Maya is better so she's in, but Jan woke up boiling so he's stopping with me",
        "Maya will be in today. Jan didn't sleep, he's staying home",
        "Jan has a fever. Maya is coming in today, he's staying in bed",
        "Jan is ill, Maya is in, he's staying home",
    ],
)
def test_who_is_in_does_not_stay_at_home(text: str) -> None:
    heard = row(text)
    assert (heard["act"], heard["children"]) == ("file", ["Jan Kowal"])


@pytest.mark.parametrize(
    "text",
    [
        "Maya has a cough but Jan woke up shivering so he's staying home",
        "Maya is ill, Jan is fine, she's staying home",
        "Maya was sick all night so I won't be sending her or her brother in",
    ],
)
def test_who_of_two_stays_is_asked_where_nobody_is_said_to_be_in(text: str) -> None:
    assert row(text)["act"] == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "Jan is ill, not Maya, he's staying home",
        "Both Maya and Jan have a bug, they'll be off today",
        "Jan has a temperature, he's off. Maya is in",
    ],
)
def test_what_is_plain_is_filed(text: str) -> None:
    assert row(text)["act"] == "file"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Please excuse Jan from PE today as he has hurt his foot"),
        ("en", "Can Jan sit out games, he twisted his ankle yesterday"),
        ("pl", "Proszę zwolnić Jana dziś z wf, boli go kolano"),
        ("ro", "Jan e scutit de sport azi, îl doare genunchiul"),
        ("ur", "جان کو آج سوئمنگ سے چھٹی دے دیں، کان میں درد ہے"),
        ("ar", "جان معفي من الرياضة اليوم رجله توجعه"),
    ],
)
def test_who_only_misses_a_lesson_is_never_filed_as_off(lang: str, text: str) -> None:
    assert row(text, lang)["act"] != "file"


def test_a_child_let_off_school_is_no_child_let_off_a_lesson() -> None:
    heard = row("Please excuse Jan from school today, he has hurt his foot")
    assert (heard["act"], heard["intent"]) == ("file", "sickness")


@pytest.mark.parametrize(
    "text",
    [
        "Jan is brewing something, all hot and clammy, and Maya's ankle has blown up it's a no from the pair of them",
        "Jan has a bug and will be off till Thursday, and Maya till Friday, both have colds",
        "Jan was sick, I'll collect him at 12 and he'll be back on Friday",
    ],
)
def test_what_would_be_filed_for_one_or_for_half_is_asked_where_the_text_says_more(text: str) -> None:
    assert row(text)["act"] == "ask"


def test_a_child_who_may_be_tired_today_is_in() -> None:
    assert row("The car broke down and we walked, Maya may be tired today")["act"] == "ask"


def test_a_club_that_is_to_be_told_leaves_out_no_lesson() -> None:
    assert row("Maya has a temp, please let the football club know")["act"] == "file"


def test_twins_of_three_children_are_the_two_of_one_year() -> None:
    names = {"Maya": "2N", "Jan": "6P", "Ola": "2K"}
    children = [{"name": name, "known_as": None, "class": made} for name, made in names.items()]
    record = {"id": "t", "lang": "en", "text": "The twins have a bug, off today", "now": NOW}
    heard = played({**record, "children": children, "context": None}).row()
    assert heard["children"] == ["Maya", "Ola"]
