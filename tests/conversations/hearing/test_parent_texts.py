"""The labelled texts of every language, through the product's own turn: nothing untrue is filed, most is at once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conversations.language import available
from howwasschool.hear import heard

CORPUS = Path(__file__).parents[2] / "corpus" / "parent_texts.jsonl"
INTENTS = {"sickness", "lateness", "appointment", "absence_other", "correction", "smalltalk", "none"}
REPORTS = {"sickness", "lateness", "appointment", "absence_other"}


def _texts(code: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["lang"] == code and row["expected"]["intent"] in INTENTS]


def _untrue(expected: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether something was filed that the text does not say."""
    if row["act"] != "file":
        return False
    if expected.get("items"):
        return _reports(expected["items"]) != _reports(row.get("items", []))
    if "items" in expected:
        return sorted(map(_item, expected["items"])) != sorted(map(_item, row.get("items") or []))
    intents = {expected["intent"], *expected.get("accept", []), *expected.get("also", [])}
    ends = [expected["end"], *_many(expected.get("accept_end"))]
    days = expected["intent"] not in REPORTS or (row["start"] == expected["start"] and row["end"] in ends)
    return row["intent"] not in intents or sorted(row["children"]) != sorted(expected["children"]) or not days


def _item(item: dict[str, Any]) -> tuple[list[str], str, str]:
    return sorted(item["children"]), str(item["start"]), str(item["end"])


def _reports(items: list[dict[str, Any]]) -> list[tuple[list[str], str, str]]:
    return sorted((sorted(item["children"]), item["start"], item["end"]) for item in items)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def _answers(code: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(row, heard(row)) for row in _texts(code)]


@pytest.mark.parametrize("code", available())
def test_nothing_untrue_is_filed(code: str) -> None:
    assert [row["id"] for row, found in _answers(code) if _untrue(row["expected"], found)] == []


@pytest.mark.parametrize("code", available())
def test_most_ordinary_reports_are_filed_at_once(code: str) -> None:
    ordinary = [(row, found) for row, found in _answers(code) if _is_ordinary(row)]
    assert sum(found["act"] == "file" for _, found in ordinary) >= 0.95 * len(ordinary)


def _is_ordinary(row: dict[str, Any]) -> bool:
    return not row["hard"] and row["expected"]["intent"] in REPORTS
