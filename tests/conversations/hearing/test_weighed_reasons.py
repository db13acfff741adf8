"""A reason by weight: only where the tables know none, only what nothing else hangs on, and with its words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conversations.acts import Heard, Kind, Mention, Topic
from conversations.context import CHECKIN
from conversations.hearing import hear, weighed_reasons
from conversations.hearing.classifier import reasons
from conversations.hearing.weighed_reasons import MAY, REASON, UNTOLD, reasoned
from conversations.hearing.weighing import ORDERS, Decision
from conversations.language import load
from howwasschool.hear import heard
from tests.conversations.hearing.sentences import LONDON, family

ROUNDS = Path(__file__).parents[2] / "corpus" / "rounds"
UNSEEN = sorted(ROUNDS.glob("fresh_?.jsonl"))
# What is said of it leads elsewhere, or is answered with condolences: never by weight.
FIRM = {"bereavement", "religious", "suspension", "interview", "legal", "performance_sport", "traveller"}
ENGLISH = load("en")
CONTEXT = family("Sam/2, Leo/5", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))


def reason_in(text: str, *, expects: str = "") -> list[Mention]:
    """The reasons that are heard in a text of Sam's and Leo's parent."""
    told: Heard = hear(text, None, ENGLISH, replace(CONTEXT, expects=expects))
    return [mention for clause in told.clauses for mention in clause.mentions if mention.kind is Kind.REASON]


def test_only_what_nothing_hangs_on_is_said_by_weight() -> None:
    assert not FIRM & {reason for allowed in MAY.values() for reason in allowed}
    tables = {"lateness": "travel"}
    for topic, allowed in MAY.items():
        known = {*ORDERS[tables.get(topic, topic)].split(), "transport", "refusal", "child_unwell", "weather"}
        assert allowed <= known, topic


def test_every_answer_is_a_reason_of_a_topic() -> None:
    topics = {str(topic) for topic in Topic}
    for answer in reasons().answers[REASON]:
        topic, _, reason = answer.partition("/")
        assert topic in topics
        assert reason


def test_what_the_tables_know_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError("asked for a reason that the tables have")

    monkeypatch.setattr(weighed_reasons, "counted", lambda *_: never())
    (mention,) = reason_in("sam was sick all night so hes not in today")
    assert mention.value == "gi"
    assert mention.rule != "classifier"


def test_two_stories_have_no_reason_by_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed_reasons, "counted", lambda *_: pytest.fail("two stories"))
    two = [Decision(topic=Topic.SICKNESS, reason="unspecified"), Decision(topic=Topic.LATENESS, reason="unspecified")]
    assert reasoned(two, two, None, [], (CONTEXT, None, ENGLISH.lexicon)) == two  # type: ignore[arg-type]


def test_how_was_school_is_answered_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed_reasons, "counted", lambda *_: pytest.fail("a mood"))
    reason_in("sam was poorly", expects=CHECKIN)


def test_on_unseen_texts_most_reasons_that_are_weighed_are_right() -> None:
    weighed, right = 0, 0
    for record in records():
        found = heard(record)
        told = [why for why in found.get("why", ()) if why["rule"] == "classifier"]
        expected = record["expected"]
        said = found.get("reason_category")
        if expected["intent"] != found["intent"] or said in UNTOLD or not told or not expected["reason_category"]:
            continue
        weighed += 1
        right += said == expected["reason_category"]
    assert weighed >= 20
    assert right / weighed >= 0.8, f"{right} of {weighed}"


def records() -> list[dict[str, Any]]:
    """Texts that neither a table nor a weight was made by."""
    lines = [line for path in UNSEEN for line in path.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]
