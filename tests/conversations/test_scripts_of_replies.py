"""A parent is answered in the script that they write: Urdu in Urdu letters or in Roman ones, by one pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from conversations.acts import LanguageSet, Text
from conversations.language import NoSuchLanguage, load
from conversations.speaking import Voice
from conversations.state import State, dump
from conversations.state import load as load_state
from conversations.turn import turn
from tests.conversations.hearing.sentences import LONDON, family

CONTEXT = family("Hamza/4", datetime(2026, 3, 3, 7, 40, tzinfo=LONDON))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("حمزہ بیمار ہے", "ur"),
        ("hamza bimar hai", "ur_Latn"),
        ("حمزہ ko fever", "ur_Latn"),
        ("Hamza کو بخار ہے آج نہیں آئے گا", "ur"),
    ],
)
def test_most_letters_choose_the_script(text: str, code: str) -> None:
    assert load("ur").written(text) == code


@pytest.mark.parametrize("text", ["0", "2", "👍", "", "؟"])
def test_a_text_without_letters_leaves_the_script_as_it_was(text: str) -> None:
    assert load("ur").written(text) == "ur"
    assert load("ur_Latn").written(text) == "ur_Latn"


def test_the_script_is_kept_in_the_state_of_the_thread() -> None:
    made = turn(State(lang="ur"), Text(id="m", text="hamza bimar hai"), CONTEXT, load("ur"))
    kept = load_state(dump(made.state))
    assert kept.lang == "ur_Latn"
    again = turn(kept, Text(id="n", text="0"), CONTEXT, load(kept.lang))
    assert again.state.lang == "ur_Latn"
    said = Voice(lang=again.state.lang, context=CONTEXT).render(again.says[0])
    assert said.isascii()


def test_who_asks_for_urdu_in_roman_letters_is_answered_so_and_the_record_says_urdu() -> None:
    context = replace(CONTEXT, languages=("en", "ur"))
    made = turn(State(lang="ur"), Text(id="m", text="urdu mein message bhejein"), context, load("ur"))
    assert made.state.lang == "ur_Latn"
    assert [each for each in made.effects if isinstance(each, LanguageSet)] == [LanguageSet(language="ur")]


def test_both_scripts_are_heard_by_the_same_tables() -> None:
    assert load("ur_Latn").lexicon is load("ur").lexicon


def test_a_language_of_one_script_has_no_other() -> None:
    with pytest.raises(NoSuchLanguage):
        load("en_Latn")
    assert load("en").written("حمزہ") == "en"


def test_a_telephone_number_keeps_its_order_where_text_runs_from_the_right() -> None:
    def numbers(lang: str) -> str:
        return str(Voice(lang=lang, context=CONTEXT)._number("01632 960123"))

    assert numbers("ur") == "01632\u00a0960123"
    assert numbers("ur_Latn") == numbers("en") == "01632 960123"
