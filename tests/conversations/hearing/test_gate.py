"""The gate asks before something is filed, can be read, and does nothing else."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path

import pytest

from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.hearing.gate import gate, is_risky
from conversations.language import load
from tests.by_hand import train_gate
from tests.by_hand.verdicts import is_wrong
from tests.conversations.hearing.sentences import LONDON, family

ENGLISH = load("en")
CONTEXT = family("Sam/2, Leo/5", datetime(2024, 11, 12, 7, 31, tzinfo=LONDON))
CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize(
    "text",
    [
        "Sam poorly today",
        "Sam poorly today, Leo has the dentist tomorrow at 10",
        "Leo has the dentist at 10.30",
        "sam and leo both off with a bug",
        "sam late, overslept",
    ],
)
def test_a_plain_report_is_not_asked_about(text: str) -> None:
    assert Doubt.UNSURE not in hear(text, None, ENGLISH, CONTEXT).doubts


def test_what_is_counted_is_what_was_learned() -> None:
    trained = gate()
    assert len(trained.weights) >= 20
    assert all(scale > 0 for _, _, scale in trained.weights.values())
    usual = {name: centre for name, (_, centre, _) in trained.weights.items()}
    assert not is_risky(usual | {"idle": 0.3}), "most of its words are in a story"
    unsure = {"idle": 0.9, "idle_count": 3.0, "likely": 0.0}
    assert is_risky(usual | unsure), "next to none of them is, and its topic is not plain"
    assert not is_risky(usual | {"likely": 2.0}), "that alone is no reason"


def test_it_asks_from_where_its_training_says() -> None:
    assert gate().asks_from == pytest.approx(train_gate.EASIER - math.log(train_gate.COST), abs=1e-4)


def test_more_words_that_no_story_uses_never_make_it_surer() -> None:
    trained = gate()
    usual = {name: centre for name, (_, centre, _) in trained.weights.items()}
    odds = [trained.odds(usual | {"idle": share}) for share in (0.1, 0.4, 0.7, 0.9)]
    assert odds == sorted(odds)


def test_the_gate_asks_about_wrong_ones_far_oftener_than_about_right_ones() -> None:
    """On the texts that it learned from, so this holds the file to the code; its worth is measured elsewhere."""
    from howwasschool.hear import played

    asked: dict[bool, list[bool]] = {True: [], False: []}
    for line in (CORPUS / "rounds" / "practice_2.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        case = played(record)
        row = case.row()
        heard = hear(record["text"], case.before.ask, case.language, case.context)
        if row["act"] == "file" or heard.doubts == (Doubt.UNSURE,):
            asked[is_wrong(record["expected"], row | {"act": "file"})].append(Doubt.UNSURE in heard.doubts)
    shares = {wrong: sum(each) / len(each) for wrong, each in asked.items()}
    assert shares[True] > 2 * shares[False]
