"""A name with a bare auxiliary behind it says the contrary of what was said of another child, or the same."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Kind
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

FAMILY = family("Maya/4, Sam/5, Leo/6", datetime(2026, 1, 27, 7, 40, tzinfo=LONDON))
MAYA, SAM, LEO = FAMILY.children


def meant(text: str, code: str = "en") -> tuple[set[str], set[str]]:
    """The children of whom something is told, and those who are named and not meant."""
    told: set[str] = set()
    aside: set[str] = set()
    for clause in hear(text, None, load(code), FAMILY).clauses:
        for mention in clause.mentions:
            if mention.kind is Kind.CHILDREN and isinstance(mention.value, tuple):
                (aside if mention.role == "not" else told).update(mention.value)
    return told, aside


@pytest.mark.parametrize(
    "text",
    [
        "Maya will not be coming tomorrow, Sam will", "Maya's away today but Sam isn't", "Maya has a bug, Sam doesn't",
        "Maya isn't attending and Sam is", "Maya can't make it in, Sam can", "Maya will be late in, Sam won't be",
    ],
)  # fmt: skip
def test_a_bare_auxiliary_says_the_contrary(text: str) -> None:
    assert meant(text) == ({MAYA.id}, {SAM.id})


def test_it_says_so_of_all_who_are_named_before_it() -> None:
    assert meant("Maya won't be in on Friday, Sam and Leo will") == ({MAYA.id}, {SAM.id, LEO.id})


@pytest.mark.parametrize(
    "text", ["Maya won't be in and Sam won't either", "Maya is off and Sam is too", "Maya and Sam are off, both are"]
)
def test_an_auxiliary_that_agrees_adds_a_child(text: str) -> None:
    assert meant(text) == ({MAYA.id, SAM.id}, set())


def test_a_list_of_names_is_one_stretch() -> None:
    text = "request leave for Maya, Leo and Sam from 23rd to 24th February to attend my cousin's graduation in Lagos"
    assert meant(text) == ({MAYA.id, SAM.id, LEO.id}, set())
    assert meant("Not Maya, Leo and Sam are off") == ({LEO.id, SAM.id}, {MAYA.id})


def test_all_of_them_behind_a_report_of_one_are_all_meant() -> None:
    assert meant("Sam has been sick so we'll be in at ten, all three") == ({MAYA.id, SAM.id, LEO.id}, set())
    assert meant("Sam has a bug. All of them had it last week")[0] == {SAM.id}


@pytest.mark.parametrize(
    "text", ["Maya chora a Leo nie", "Maya ma gorączkę, Leo już nie", "Maya zostaje w domu, Leo nie"]
)
def test_a_bare_no_behind_a_name_denies_what_was_said_of_another(text: str) -> None:
    assert meant(text, "pl") == ({MAYA.id}, {LEO.id})


def test_a_bare_no_before_a_name_puts_it_right() -> None:
    assert LEO.id not in meant("Maya jest chora, a nie Leo", "pl")[0]
