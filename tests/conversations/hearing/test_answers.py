"""A question that stands: a no in other words is a no, and a child or a day that is named is its answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from conversations.acts import Change, Topic
from conversations.hearing import hear
from conversations.language import load
from conversations.state import Ask
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2026, 1, 27, 7, 40, tzinfo=LONDON)
SURE = Ask(token="1", frame="f", slot="sure", options=("yes", "no"))
WHO = Ask(token="1", frame="f", slot="who", options=("c0", "c1"))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "nope thats not what I said"), ("en", "Not quite, leave it"), ("en", "not exactly. Wrong child"),
        ("pl", "nie, źle zrozumieliście"), ("pl", "nope, nie ten dzień"), ("ro", "nu nu, ati inteles gresit"),
        ("ur", "nahi, galat likha hai aap ne"), ("ar", "لا مو مايا اللي قصدته"),
    ],
)  # fmt: skip
def test_what_begins_with_a_no_and_tells_nothing_else_is_a_no(code: str, text: str) -> None:
    heard = hear(text, SURE, load(code), family("Maya/4", NOW))
    assert (heard.answer, heard.clauses) == ("no", ())


@pytest.mark.parametrize("text", ["no it's Thursday", "no, Sam has a bug", "no problem, thanks", "nan is in hospital"])
def test_what_tells_more_than_a_no_is_no_bare_no(text: str) -> None:
    heard = hear(text, SURE, load("en"), family("Maya/4, Sam/5", NOW))
    assert heard.answer is None
    assert heard.clauses != ()


def test_a_yes_with_a_name_is_a_yes_where_nobody_else_could_be_meant() -> None:
    assert hear("yes, Maya thanks", SURE, load("en"), family("Maya/4", NOW)).answer == "yes"
    assert hear("yes, Sam thanks", SURE, load("en"), family("Maya/4, Sam/5", NOW)).answer is None


@pytest.mark.parametrize(
    ("code", "text"),
    [("ur", "han ji bilkul yehi baat hai, aisay hi likh dein"), ("ro", "mda, exact cum ati scris, asa e bine")],
)
def test_a_yes_in_many_words_is_one_by_their_weight(code: str, text: str) -> None:
    context = replace(family("Maya/4", NOW), expects="")
    assert hear(text, SURE, load(code), context).answer == "yes"
    assert hear(text, None, load(code), context).answer is None


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "It was for Leon, sorry, should have said"), ("pl", "To o Leona chodziło"), ("ar", "أقصد ليون")],
)
def test_whom_a_parent_meant_answers_who_is_off(code: str, text: str) -> None:
    heard = hear(text, WHO, load(code), family("Maya/4, Leon/5", NOW))
    assert [(clause.topic, clause.change) for clause in heard.clauses] == [(None, Change.ADDS)]
    assert hear(text, None, load(code), family("Maya/4, Leon/5", NOW)).clauses[0].topic is Topic.CORRECTION


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "the big one Maya, the little one is fine"),
        ("ur", "bara wala Maya, chhota to theek thaak khel raha hai"),
        ("en", "Leon is fine, it's Maya"),
    ],
)  # fmt: skip
def test_a_child_who_is_well_is_no_answer_to_who_is_off(code: str, text: str) -> None:
    heard = hear(text, WHO, load(code), family("Maya/6, Leon/2", NOW))
    named = [mention for clause in heard.clauses for mention in clause.mentions if mention.role != "not"]
    assert [mention.value for mention in named] == [("Maya",)]


@pytest.mark.parametrize(
    "text", ["choti ki nahi, Maya ki baat kar raha hoon", "Leon nahi, Maya", "Leon ki nahi. Maya ki"]
)
def test_a_child_with_a_not_behind_it_is_no_answer_to_who_is_off(text: str) -> None:
    heard = hear(text, WHO, load("ur"), family("Maya/6, Leon/2", NOW))
    named = [mention for clause in heard.clauses for mention in clause.mentions if mention.role != "not"]
    assert [mention.value for mention in named] == [("Maya",)]
