"""Worries that no table names: by the weights of a whole text, and of a sentence of it read by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from conversations.acts import Clause, Topic
from conversations.hearing import hear
from conversations.hearing.by_sentence import Sentence, likeliest_worry
from conversations.hearing.calls import calls, is_name, kept_words
from conversations.hearing.finding import find, moment_of
from conversations.hearing.names import CHILD, Person
from conversations.hearing.segments import Found, Segment, segments
from conversations.hearing.warnings import WEIGHED, cautions
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

ENGLISH = load("en")
CONTEXT = family("Sam/2, Leo/5", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
NOTHING = Found(words=(), hits=(), people=(), days=(), clocks=(), small={})
REPORT = "Sam is off today with a bad cold and a temperature, and he has the dentist tomorrow at 10. "


def test_a_worry_by_weight_needs_no_word_of_the_tables() -> None:
    assert cautions(NOTHING, ENGLISH.lexicon, (), {"safeguarding": 0.99}).worry == WEIGHED
    assert cautions(NOTHING, ENGLISH.lexicon, (), {"safeguarding": 0.1}).worry is None
    assert cautions(NOTHING, ENGLISH.lexicon, (), {}).worry is None


@pytest.mark.parametrize(
    ("code", "text"), [("en", "Sam can't breathe and his lips are blue"), ("pl", "Sam nie może oddychać, ma sine usta")]
)
def test_who_is_to_ring_999_now_is_told_so_whatever_weighs(code: str, text: str) -> None:
    made = hear(text, None, load(code), CONTEXT)
    assert made.red_flag
    assert made.worry is None


def test_a_worry_that_ends_in_what_do_i_do_is_no_order() -> None:
    text = "Sam has just told me an older man off Snapchat is paying him to carry packages. I am shaking. What do I do"
    made = hear(text, None, ENGLISH, CONTEXT)
    assert made.worry
    assert made.command is None
    assert hear("What do I do", None, ENGLISH, CONTEXT).command == "help"


@pytest.mark.parametrize(
    ("text", "worry"),
    [
        ("Sam's coat has gone missing, it's blue", None),
        ("Sam has gone missing, he isn't at his dad's and his phone is off", "missing"),
    ],
)
def test_a_phrase_that_is_harmless_as_often_as_not_needs_a_likely_worry(text: str, worry: str | None) -> None:
    assert hear(text, None, ENGLISH, CONTEXT).worry == worry


def test_a_text_about_a_child_of_theirs_is_a_worry_sooner() -> None:
    named = replace(NOTHING, people=(Person(0, 1, CHILD, (("Sam",),), "name"),))
    likely = {"safeguarding": 0.3}
    assert cautions(NOTHING, ENGLISH.lexicon, (), likely).worry is None
    assert cautions(named, ENGLISH.lexicon, (), likely).worry == WEIGHED
    assert cautions(NOTHING, ENGLISH.lexicon, (Clause(topic=Topic.SICKNESS),), likely).worry == WEIGHED
    assert cautions(NOTHING, ENGLISH.lexicon, (), {"safeguarding": 0.35}).worry is None
    assert cautions(named, ENGLISH.lexicon, (), {"safeguarding": 0.1}).worry is None


def test_a_sentence_that_reads_as_a_worry_by_itself_is_one_behind_a_long_report() -> None:
    whole = {"safeguarding": 0.001}
    assert cautions(NOTHING, ENGLISH.lexicon, (), whole, Sentence(0, 0, 0.8)).worry == WEIGHED
    assert cautions(NOTHING, ENGLISH.lexicon, (), whole, Sentence(0, 0, 0.6)).worry is None
    looked_for = (Clause(topic=Topic.CLAIMS_PRESENT),)
    assert cautions(NOTHING, ENGLISH.lexicon, looked_for, whole, Sentence(0, 0, 0.8)).worry is None


@pytest.mark.parametrize(
    "worry",
    [
        "His sister says there's nothing in the fridge and nobody has been home since Tuesday",
        "I don't think I can keep him safe at home any more",
        "He told his nan that uncle comes into his room at night",
    ],
)
def test_a_report_in_front_of_it_hides_no_worry(worry: str) -> None:
    assert hear(worry, None, ENGLISH, CONTEXT).worry
    assert hear(REPORT + worry, None, ENGLISH, CONTEXT).worry
    assert hear(REPORT, None, ENGLISH, CONTEXT).worry is None


def test_of_one_sentence_there_is_no_other_reading() -> None:
    found, cut = read_in("Sam is off today with a bad cold")
    assert likeliest_worry(found, cut, CONTEXT, ENGLISH.lexicon) is None
    found, cut = read_in(f"{REPORT}We have nothing to eat and nowhere to sleep tonight.")
    worst = likeliest_worry(found, cut, CONTEXT, ENGLISH.lexicon)
    assert worst is not None
    assert found.words[worst.first].norm == "we"
    assert likeliest_worry(found, cut, CONTEXT, load("pt").lexicon) is None


def read_in(text: str) -> tuple[Found, list[Segment]]:
    """The first steps of hearing."""
    lexicon = ENGLISH.lexicon
    names = calls(CONTEXT, lexicon)
    words = lexicon.words(text, kept=kept_words(names), is_name=is_name(names))
    found = find(words, CONTEXT, lexicon, names, moment_of(words, CONTEXT, lexicon))
    return found, segments(found)


@pytest.mark.parametrize("topic", [Topic.CLAIMS_PRESENT, Topic.COLLECTION])
def test_a_child_who_is_looked_for_at_once_is_a_worry_only_where_that_is_plain(topic: Topic) -> None:
    clauses = (Clause(topic=topic),)
    assert cautions(NOTHING, ENGLISH.lexicon, clauses, {"safeguarding": 0.95}).worry is None
    assert cautions(NOTHING, ENGLISH.lexicon, clauses, {"safeguarding": 0.98}).worry == WEIGHED


def test_where_a_child_is_is_answered_whatever_it_weighs() -> None:
    clauses = (Clause(topic=Topic.WHEREABOUTS),)
    assert cautions(NOTHING, ENGLISH.lexicon, clauses, {"safeguarding": 0.99}).worry is None
