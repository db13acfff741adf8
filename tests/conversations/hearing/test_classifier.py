"""The classifier: what it may turn a text into, what it never may, and how well it does on texts kept from it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.acts import Change, Topic
from conversations.context import CHECKIN
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.hearing.classifier import TOPIC, classifier, packed, read, unpacked, word_features
from conversations.hearing.distances import NONE as NO_DAYS
from conversations.hearing.overruling import FINER, INTO, NONE, overruled
from conversations.hearing.reports import Report
from conversations.hearing.segments import Found
from conversations.hearing.weighing import Decision
from conversations.language import load
from howwasschool.hear import heard, played
from tests.by_hand.train_classifier import answers_of
from tests.conversations.hearing.sentences import LONDON, family

ENGLISH = load("en")
CONTEXT = family("Sam/2, Leo/5", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
ROUNDS = Path(__file__).parents[2] / "corpus" / "rounds"
# The classifier learned from none of these.
UNSEEN = ("fresh_7", "fresh_8", "fresh_11", "fresh_12")
NOTHING = Found(words=(), hits=(), people=(), days=(), clocks=(), small={})


def turned(decision: Decision, likely: dict[str, float], *others: Decision, expects: str = "") -> Decision:
    """What becomes of the first decision."""
    words = ENGLISH.lexicon.words("sam is not coming in", kept=frozenset(), is_name=lambda _: False)
    found = Found(words=words, hits=(), people=(), days=(), clocks=(), small=ENGLISH.lexicon.small)
    context = replace(CONTEXT, expects=expects)
    reports = [Report() for _ in (decision, *others)]
    return overruled([decision, *others], reports, found, context, likely)[0]


# What it is -----------------------------------------------------------------------------------


def test_chances_are_chances_and_the_same_each_time() -> None:
    words, others = frozenset({"poorly", "today"}), ["tables:sickness", "children:1"]
    chances = classifier().chances(words, others)
    assert set(chances) == {TOPIC, "start", "length", "part", "several"}
    assert all(math.isclose(sum(answers.values()), 1.0) for answers in chances.values())
    assert chances == classifier().chances(words, others)
    assert max(chances[TOPIC], key=lambda topic: chances[TOPIC][topic]) == "sickness"


def test_each_word_counts_with_its_parts_and_a_sign_for_a_name_has_none() -> None:
    assert word_features("sick") == ["w:sick", *(f"p:{part}" for part in _parts("^sick$"))]
    assert word_features("@child") == ["w:@child"]
    assert word_features("no") == ["w:no"]


def _parts(word: str) -> list[str]:
    return [word[at : at + size] for size in (3, 4, 5) for at in range(len(word) - size + 1)]


def test_a_weight_moves_its_answer_alone() -> None:
    answers = {TOPIC: ["a", "b"], "start": ["0", "1"]}
    stored = {"languages": ["en"], "answers": answers, "bias": [0, 0, 0, 0], "unit": 10, "weights": {"w:x": [1, 20]}}
    chances = read(stored).chances(frozenset({"x"}), [])
    assert math.isclose(chances[TOPIC]["b"], 1 / (1 + math.exp(-2.0 * math.sqrt(9.0))))
    assert chances["start"] == {"0": 0.5, "1": 0.5}
    assert read(stored).chances(frozenset({"y"}), [])[TOPIC] == {"a": 0.5, "b": 0.5}


@given(st.lists(st.dictionaries(st.integers(0, 6), st.integers(-(10**4), 10**4)), max_size=30))
def test_packed_weights_add_up_answer_by_answer(rows: list[dict[int, int]]) -> None:
    total = sum(packed(row, 7) for row in rows)
    assert unpacked(total, 7) == tuple(sum(row.get(at, 0) for row in rows) for at in range(7))


def test_another_thread_may_empty_what_is_kept_at_any_moment() -> None:
    class Emptied(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            """Gone as soon as it was put in."""

    made = replace(classifier(), kept=Emptied())
    assert made.votes("poorly") == classifier().votes("poorly")


def test_a_text_without_words_is_no_fault() -> None:
    assert classifier().chances(frozenset(), [])


def test_what_it_may_turn_a_text_into_are_topics() -> None:
    assert {topic for topic in INTO if topic != NONE} <= {str(topic) for topic in Topic}
    assert set(INTO) <= set(classifier().topics)


def test_a_language_that_it_was_not_taught_is_heard_by_tables_alone() -> None:
    text = "A Maya está doente hoje"
    context = family("Maya/2", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
    assert "pt" not in classifier().languages
    assert hear(text, None, load("pt"), context) == hear(text, None, load("pt"), context, weigh=False)


# What it may turn -----------------------------------------------------------------------------


def test_another_topic_needs_to_be_likely() -> None:
    late = Decision(topic=Topic.LATENESS, reason="unspecified")
    assert turned(late, {"sickness": 0.7, "lateness": 0.3}).topic is Topic.SICKNESS
    doubted = turned(late, {"sickness": 0.55, "lateness": 0.45})
    assert (doubted.topic, doubted.doubts) == (Topic.LATENESS, (Doubt.COMPETING,))
    assert turned(late, {"sickness": 0.45, "lateness": 0.4}) == late


def test_a_lateness_of_which_every_word_is_known_is_no_appointment() -> None:
    context = family("Maya/4", datetime(2026, 3, 11, 8, 10, tzinfo=LONDON))
    clauses = hear("maya aaj lunch ke baad aayegi", None, load("ur"), context).clauses
    assert [clause.topic for clause in clauses] == [Topic.LATENESS]


def test_an_illness_that_keeps_a_child_away_is_no_appointment_by_weight_alone() -> None:
    context = family("Taimoor/4", datetime(2026, 1, 23, 8, 19, tzinfo=LONDON))
    text = "Taimoor ko subah fits paray hain, ambulance mein hoon uske sath, please mark absent"
    clauses = hear(text, None, load("ur"), context).clauses
    assert [clause.topic for clause in clauses] == [Topic.SICKNESS]


def test_nobody_is_made_ill_by_a_guess() -> None:
    away = Decision(topic=Topic.ABSENCE_OTHER, reason="unspecified")
    assert turned(away, {"sickness": 0.8, "absence_other": 0.2}) == away
    assert turned(away, {"sickness": 0.9, "absence_other": 0.1}).topic is Topic.SICKNESS


def test_a_relative_who_is_ill_makes_no_child_ill() -> None:
    decision = Decision(topic=Topic.ABSENCE_OTHER, reason="family_emergency")
    assert turned(decision, {"sickness": 0.9}) is decision


def test_a_text_of_which_nothing_was_heard_needs_more() -> None:
    nothing = Decision(topic=None)
    assert turned(nothing, {"sickness": 0.9, "none": 0.1}).topic is Topic.SICKNESS
    assert turned(nothing, {"sickness": 0.8, "none": 0.2}) == nothing


def test_what_no_table_heard_is_asked_about() -> None:
    assert turned(Decision(topic=None), {"sickness": 0.99}).doubts == (Doubt.BY_WEIGHT,)


def test_the_words_that_weighed_are_named() -> None:
    assert turned(Decision(topic=None), {"sickness": 0.9}).weighed


@pytest.mark.parametrize("topic", sorted(FINER))
def test_what_the_tables_tell_apart_more_finely_stays(topic: Topic) -> None:
    assert turned(Decision(topic=topic), {"sickness": 0.99}) == Decision(topic=topic)


@pytest.mark.parametrize("doubt", [Doubt.QUESTION, Doubt.REQUEST, Doubt.HYPOTHETICAL])
def test_what_a_rule_forbids_stays(doubt: Doubt) -> None:
    asked = Decision(topic=Topic.SICKNESS, doubts=(doubt,))
    assert turned(asked, {"absence_other": 0.99}) == asked


def test_nothing_heard_never_becomes_a_child_to_be_looked_for_nor_none_of_our_business() -> None:
    nothing = Decision(topic=None)
    assert turned(nothing, {"claims_present": 0.999}) == nothing
    assert turned(nothing, {"none": 0.999}) == nothing


def test_a_child_who_set_off_is_looked_for_after_a_chase_where_that_is_next_to_certain() -> None:
    nothing = Decision(topic=None)
    assert turned(nothing, {"claims_present": 0.96}, expects="chase").topic is Topic.CLAIMS_PRESENT
    assert turned(nothing, {"claims_present": 0.9, "none": 0.1}, expects="chase") == nothing


@pytest.mark.parametrize(
    "text", ["Walked himself, left 8.15 with Callum from over the road", "eh? watched her through the gate at 8.35"]
)
def test_who_saw_a_child_off_in_words_of_no_table_is_heard_after_a_chase(text: str) -> None:
    context = replace(family("Maya/4, Leo/1", CONTEXT.now), expects="chase", expects_child="maya")
    assert Topic.CLAIMS_PRESENT in [clause.topic for clause in hear(text, None, ENGLISH, context).clauses]


def test_leave_that_no_table_heard_needs_less_for_it_is_read_back() -> None:
    assert turned(Decision(topic=None), {"leave": 0.7, "none": 0.3}).topic is Topic.LEAVE
    assert turned(Decision(topic=None), {"leave": 0.5, "none": 0.5}).topic is None


@pytest.mark.parametrize(
    "text", ["maya", "same for him", "hi its about this morning", "leo too", "ok", "She is with her father today"]
)
def test_after_a_chase_few_words_send_nobody_looking(text: str) -> None:
    context = replace(family("Maya/4, Leo/1", CONTEXT.now), expects="chase", expects_child="maya")
    assert Topic.CLAIMS_PRESENT not in [clause.topic for clause in hear(text, None, ENGLISH, context).clauses]


def test_a_report_is_passed_by_only_where_that_is_next_to_certain() -> None:
    ill = Decision(topic=Topic.SICKNESS, reason="gi")
    doubted = turned(ill, {"none": 0.9, "sickness": 0.1})
    assert (doubted.topic, doubted.doubts) == (Topic.SICKNESS, (Doubt.COMPETING,))
    assert turned(ill, {"none": 0.97, "sickness": 0.03}).topic is Topic.SICKNESS
    assert turned(ill, {"none": 0.999, "sickness": 0.001}).topic is Topic.OTHER_SCHOOL_MATTER
    late = Decision(topic=Topic.LATENESS, reason="unspecified")
    assert turned(late, {"none": 0.97, "lateness": 0.03}).topic is Topic.OTHER_SCHOOL_MATTER
    assert turned(ill, {"attendance_query": 0.9, "sickness": 0.1}).topic is Topic.SICKNESS


@pytest.mark.parametrize(
    ("code", "text"), [("en", "sick"), ("ar", "مريضة"), ("ro", "bolnava"), ("pl", "chora"), ("ur", "bimar")]
)
def test_a_word_or_two_are_never_passed_by(code: str, text: str) -> None:
    context = family("Maya/4", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
    (clause,) = hear(text, None, load(code), context).clauses
    assert clause.topic is Topic.SICKNESS


def test_a_cause_that_the_tables_name_is_not_lost_for_none() -> None:
    leave = Decision(topic=Topic.LEAVE, reason="holiday")
    assert turned(leave, {"absence_other": 0.99}) == leave


def test_two_stories_and_an_answer_to_how_the_day_was_stay() -> None:
    ill, late = Decision(topic=Topic.SICKNESS), Decision(topic=Topic.LATENESS)
    assert turned(ill, {"barrier": 0.99}, late) == ill
    assert turned(ill, {"barrier": 0.99}, expects=CHECKIN) == ill


def test_a_no_stays_a_no_and_a_change_of_mind_agrees_with_itself() -> None:
    denied = Decision(topic=None, negated=True)
    assert turned(denied, {"sickness": 0.99}) == denied
    instead = Decision(topic=Topic.SICKNESS, change=Change.INSTEAD)
    assert turned(instead, {"correction": 0.99}) == instead


def test_what_changes_something_said_before_needs_more() -> None:
    change = Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS)
    assert turned(change, {"sickness": 0.8}) == change
    assert turned(change, {"sickness": 0.9}).topic is Topic.SICKNESS


def test_what_is_asked_becomes_no_report_by_weight() -> None:
    asked = Decision(topic=Topic.OTHER_SCHOOL_MATTER, question=True)
    assert turned(asked, {"absence_other": 0.99}) == asked
    assert turned(replace(asked, question=False), {"absence_other": 0.99}).topic is Topic.ABSENCE_OTHER


def test_the_illness_of_somebody_else_passes_where_the_tables_doubt_it_too() -> None:
    ill = Decision(topic=Topic.SICKNESS, reason="fever")
    doubted = replace(ill, doubts=(Doubt.OTHER_SUBJECT,))
    assert turned(ill, {"none": 0.8}).topic is Topic.SICKNESS
    assert turned(doubted, {"none": 0.8}).topic is Topic.OTHER_SCHOOL_MATTER
    assert turned(doubted, {"none": 0.55}).topic is Topic.SICKNESS


def test_nine_of_ten_worrying_texts_kept_from_it_raise_an_alarm_and_few_that_only_sound_so() -> None:
    def alarms(name: str) -> list[bool]:
        lines = (ROUNDS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [heard(json.loads(line))["act"] == "safeguarding" for line in lines]

    worrying, harmless = alarms("worrying_fresh"), alarms("alarming_fresh")
    assert sum(worrying) >= 0.88 * len(worrying)
    assert sum(harmless) <= 0.25 * len(harmless)


# How well -------------------------------------------------------------------------------------


def test_on_texts_kept_from_it_it_is_mostly_right_and_where_it_is_sure_nearly_always() -> None:
    sure: list[bool] = []
    told: list[bool] = []
    for name in UNSEEN:
        for line in (ROUNDS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            likely = _answers(record).get(TOPIC)
            if not likely:
                continue
            best = max(likely, key=lambda topic: likely[topic])
            expected = record["expected"]
            right = best in {expected["intent"], *expected.get("accept", ()), *expected.get("also", ())}
            told.append(right)
            if likely[best] >= 0.9:
                sure.append(right)
    assert sum(told) >= 0.93 * len(told)
    assert sum(sure) >= 0.97 * len(sure)
    assert len(sure) > 0.7 * len(told)


def test_on_texts_kept_from_it_it_knows_where_most_absences_begin_and_how_long_they_last() -> None:
    told: dict[str, list[bool]] = {question: [] for question in ("start", "length", "part")}
    for name in UNSEEN:
        for line in (ROUNDS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            answers = _answers(record)
            expected = answers_of(record)
            if answers and expected["start"] != NO_DAYS:
                for question, rights in told.items():
                    chances = answers[question]
                    rights.append(max(chances, key=lambda each: chances[each]) == expected[question])
    assert {question: sum(rights) >= 0.88 * len(rights) for question, rights in told.items()} == dict.fromkeys(
        told, True
    )


def _answers(record: dict[str, Any]) -> dict[str, dict[str, float]]:
    hearing = vars(import_module("conversations.hearing"))
    kept: Any = hearing["chances"]
    seen: dict[str, dict[str, float]] = {}

    def spy(*given: Any) -> dict[str, dict[str, float]]:
        seen.update(kept(*given))
        return dict(seen)

    hearing["chances"] = spy
    try:
        played(record)
    finally:
        hearing["chances"] = kept
    return seen
