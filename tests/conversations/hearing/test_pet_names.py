"""Pet forms and short forms of a child's name that no list has, and who is never taken for one."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.acts import Kind
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 1, 27, 7, 40, tzinfo=LONDON)


def children(text: str, code: str, names: str) -> list[object]:
    heard = hear(text, None, load(code), family(names, NOW))
    return [m.value for clause in heard.clauses for m in clause.mentions if m.kind is Kind.CHILDREN and m.role != "not"]


@pytest.mark.parametrize(
    ("text", "code", "names"),
    [
        ("Kasieńka ma gorączkę", "pl", "Kasia/4, Marek/2"), ("Mareczkowi ucho dokucza", "pl", "Marek/4, Kasia/2"),
        ("Tosiaczek dziś ze mną, gorączka", "pl", "Tosia/4, Kasia/2"), ("Maxie has a fever", "en", "Max/4, Ben/2"),
        ("Kim has a fever", "en", "Kimberly/4, Ben/2"),
    ],
)  # fmt: skip
def test_a_pet_form_is_the_one_child_whom_it_fits(text: str, code: str, names: str) -> None:
    assert children(text, code, names) == [(next(iter(family(names, NOW).children)).id,)]


def test_a_first_name_is_no_short_form_beside_another_child_of_ours() -> None:
    second = family("Kimberly/4, Ben/2", NOW).children[1].id
    assert children("Kim will collect Ben at 2, dentist", "en", "Kimberly/4, Ben/2") == [(second,)]


def test_whoever_a_child_fell_out_with_is_not_away_too() -> None:
    first = family("Ivan/4, Alma/2", NOW).children[0].id
    assert children("Ivan s-a certat cu soră-sa, vine mai târziu", "ro", "Ivan/4, Alma/2") == [(first,)]
    both = children("Ivan și sora lui sunt bolnavi", "ro", "Ivan/4, Alma/2")
    assert {each for value in both for each in value} == {"Ivan", "Alma"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("names", ["Iulian/4, Iulia/2", "Iulian/4, Iuliana/2"])
def test_a_name_and_the_small_word_after_it_are_no_other_name(names: str) -> None:
    first = family(names, NOW).children[0].id
    assert children("Iulian a avut febră, nu vine azi", "ro", names) == [(first,)]


def test_a_name_that_is_a_word_too_is_a_name_behind_an_and() -> None:
    first, second = (child.id for child in family("Alesia/4, Maxim/2", NOW).children)
    assert children("Alesia și Maxim nu vin azi", "ro", "Alesia/4, Maxim/2") == [(first,), (second,)]
    assert children("Alesia întârzie maxim 10 minute", "ro", "Alesia/4, Maxim/2") == [(first,)]
