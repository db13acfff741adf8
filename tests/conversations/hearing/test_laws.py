"""Laws of hearing: it never raises, is quick, and does not mind case, spacing, manners or pictures around a text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.acts import Heard, Kind
from conversations.hearing import hear
from conversations.language import available, load, table
from conversations.state import Ask
from tests.conversations.hearing.sentences import LONDON, facts, family, sentences

ENGLISH = load("en")
CONTEXT = family("Sam/2, Leo/5", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
# Sentences that stand by themselves; a question mark or an order is changed by what is put around it.
REPORTS = [
    each
    for each in sentences("en")
    if each.wanted[0].split("  ")[0] in {"sickness", "appointment", "lateness", "absence_other"}
    and "?" not in each.text
]


def heard(text: str) -> Heard:
    return hear(text, None, ENGLISH, CONTEXT)


@given(st.text(max_size=300))
def test_no_text_makes_hearing_raise(text: str) -> None:
    assert isinstance(heard(text), Heard)


@given(st.lists(st.sampled_from(sorted(ENGLISH.lexicon.known)), max_size=40))
def test_no_row_of_known_words_makes_hearing_raise(words: list[str]) -> None:
    assert isinstance(heard(" ".join(words)), Heard)


@given(
    st.sampled_from(REPORTS),
    st.sampled_from(["", "hi ", "Good morning, ", "Hello. ", "😊 ", "\u200f", "  "]),
    st.sampled_from(["", " ", ".", "!!", " thanks", ". Thank you x", " 🙈", "\n", "\u200e\0"]),
    st.sampled_from([str, str.upper, str.lower, str.title]),
)
def test_case_spacing_manners_and_pictures_change_nothing(report, before, after, case) -> None:
    plain = facts(hear(report.text, None, ENGLISH, report.context, weigh=False))
    dressed = facts(hear(before + case(report.text) + after, None, ENGLISH, report.context, weigh=False))
    assert [line for line in dressed if line != "smalltalk"] == plain


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 1600, "maya " * 320, "not " * 400, "1 " * 800, "🤒" * 1600, "mon " * 400, "at 9 " * 320, "12/3 " * 320),
        *(
            "\0" * 1600,
            "\u200f\u202e" * 800,
            "nan is in hospital and she " * 60,
            "(" * 1600,
            "poorly until monday " * 80,
            "bye Maya " * 177,
            "thurs. " * 228,
            "andrei, " * 200,
            "may i Maya and Maya " * 80,
        ),
    ],
)
def test_junk_of_ten_segments_is_heard_in_a_blink(text: str) -> None:
    heard(text)
    started = perf_counter()
    heard(text)
    # 50 ms alone on the machine; the tests may share it.
    assert perf_counter() - started < 0.25


def test_every_mention_and_every_sign_says_where_it_stands_and_by_which_rule() -> None:
    for report in REPORTS:
        for clause in hear(report.text, None, ENGLISH, report.context).clauses:
            for mention in clause.mentions:
                first, last = mention.span
                assert 0 <= first < last <= len(report.text)
                assert mention.rule
                assert mention.concept
            assert clause.evidence
            assert all(0 <= each.span[0] < each.span[1] <= len(report.text) for each in clause.evidence)


def test_spans_point_into_the_text_as_it_was_typed() -> None:
    text = "Ｓam’s   póorly 🤒 tomorrow"
    context = CONTEXT
    (clause,) = hear(text, None, ENGLISH, context).clauses
    spoken = {mention.concept: text[slice(*mention.span)] for mention in clause.mentions}
    assert spoken["child"] == "Ｓam’s"
    assert spoken["days"] == "tomorrow"


def test_numbers_labels_and_answers_count_only_as_whole_messages() -> None:
    ask = Ask(token="t", frame="f", slot="s", options=("back", "still_off"))
    assert hear("2", ask, ENGLISH, CONTEXT).pick == 2
    assert hear("the second one", ask, ENGLISH, CONTEXT).pick == 2
    assert hear("Option 1.", ask, ENGLISH, CONTEXT).pick == 1
    assert hear("still poorly", ask, ENGLISH, CONTEXT).option == "still_off"
    assert hear("yep thats right", ask, ENGLISH, CONTEXT).answer == "yes"
    assert hear("👍🏽", None, ENGLISH, CONTEXT).answer == "yes"
    assert hear("nope", None, ENGLISH, CONTEXT).answer == "no"
    assert hear("sam has been sick 2 times", ask, ENGLISH, CONTEXT).pick is None
    assert hear("yes sam is poorly", ask, ENGLISH, CONTEXT).answer is None


@pytest.mark.parametrize("code", available())
def test_a_text_may_end_in_any_word_of_the_tables(code: str) -> None:
    language = load(code)
    words = sorted(language.lexicon.days.words | set(language.lexicon.ordinals) | set(language.lexicon.numbers))
    for word in words:
        hear(f"Maya {word}", None, language, CONTEXT)
        hear(f"Maya off {word} {word}", None, language, CONTEXT)


@pytest.mark.parametrize("code", available())
def test_who_has_no_child_here_may_write_of_anybody(code: str) -> None:
    """Of every role that the tables know: a helper whose time is over, or a contact without a right, texts on."""
    language, nobody = load(code), replace(CONTEXT, children=())
    for phrases in table(code)["people"].values():
        for phrase in phrases if isinstance(phrases, list) else ():
            words = re.sub(r"[^\w' ]+", " ", str(phrase))
            clauses = hear(f"{words} is ill", None, language, nobody).clauses
            named = [each for clause in clauses for each in clause.mentions if each.kind is Kind.CHILDREN]
            assert not any(isinstance(each.value, tuple) and any(each.value) for each in named), phrase
