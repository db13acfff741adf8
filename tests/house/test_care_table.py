"""The table of the rules of care names all thirty, and tests and transcripts that exist."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "care.md"
ROW = re.compile(r"\| (\d+)\. [^|]+ \| ([^|]*) \|([^|]*)\|")
ROWS = {int(number): (tests, chats) for number, tests, chats in ROW.findall(PAGE.read_text(encoding="utf-8"))}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _is_a_test(named: str) -> bool:
    file, _, function = named.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and (not function or f"\ndef {function}(" in path.read_text(encoding="utf-8"))


def test_all_thirty_rules_are_there_in_order() -> None:
    assert list(ROWS) == list(range(1, 31))


@pytest.mark.parametrize("rule", sorted(ROWS))
def test_a_rule_has_a_test_that_exists_or_is_said_to_be_open(rule: int) -> None:
    parts = _parts(ROWS[rule][0])
    assert parts
    assert [part for part in parts if not part.startswith("open") and not _is_a_test(part)] == []


@pytest.mark.parametrize("rule", sorted(ROWS))
def test_a_rules_transcripts_exist(rule: int) -> None:
    chats = ROOT / "locales" / "en" / "chats"
    assert [part for part in _parts(ROWS[rule][1]) if not (chats / f"{part}.txt").is_file()] == []
