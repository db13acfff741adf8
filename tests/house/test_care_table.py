"""The table of the rules of care names all thirty, and tests, transcripts and pages that exist."""

from __future__ import annotations

import re

import pytest

from api.app import PREFIX, create_app
from howwasschool.clock import real
from howwasschool.demo.pages import ROLES
from school.records.database import Database
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
def test_a_rule_is_shown_by_a_transcript_or_a_page_that_exists(rule: int, pages: frozenset[str]) -> None:
    chats = ROOT / "locales" / "en" / "chats"
    parts = _parts(ROWS[rule][1])
    assert parts
    assert [part for part in parts if part not in pages and not (chats / f"{part}.txt").is_file()] == []


@pytest.fixture
def pages(sqlite_url: str) -> frozenset[str]:
    """What staff may look at: each door of the API, and each role of the demo."""
    database = Database(sqlite_url)
    paths = create_app(database, now=real).openapi()["paths"]
    database.close()
    doors = {f"{method.upper()} {path.removeprefix(PREFIX)}" for path, methods in paths.items() for method in methods}
    return frozenset(doors | {f"demo: {label}" for _, label in ROLES})
