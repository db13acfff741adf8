"""What the documentation names exists: commands, targets, folders, links and the checks of decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from howwasschool.cli import COMMANDS
from howwasschool.play.command import played
from tests.house.sources import ROOT, tracked

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
# Languages are described together; what lies deeper than two folders is described with its parent.
LANGUAGE = re.compile(r"locales/[a-z]{2,3}(_[A-Z][a-z]{3})?$")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _code(page: Path) -> list[str]:
    """What a page sets in code, fenced or in a line."""
    return [fenced or inline for fenced, inline in CODE.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_target_on_a_page_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for code in _code(page) for name in re.findall(r"^\$? ?make ([a-z-]+)", code, re.MULTILINE)}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_on_a_page_exists(page: Path) -> None:
    code = _code(page)
    named = {
        name for text in code for name in re.findall(r"^\$? ?(?:\.venv/bin/)?howwasschool ([a-z]+)", text, re.MULTILINE)
    }
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_shows_the_two_commands() -> None:
    code = "\n".join(_code(ROOT / "README.md"))
    assert "make demo" in code
    assert "make test" in code


def _folders() -> set[str]:
    """The folders of the first two levels that hold tracked files."""
    folders = {_name(parent) for path in tracked() for parent in path.parents if ROOT in parent.parents}
    return {folder for folder in folders if folder.count("/") < 2 and not LANGUAGE.match(folder)}


def test_the_architecture_has_a_line_for_every_folder_and_for_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([^`]+)/` \|", page, re.MULTILINE))
    assert named == _folders()


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    assert DECISIONS


@pytest.mark.parametrize("page", DECISIONS, ids=_name)
def test_a_decision_is_one_page_and_ends_with_the_check_that_enforces_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8").strip()
    assert re.match(rf"# {int(page.name[:4])}\. \S", text)
    assert len(text.split()) <= 450
    last = text.split("\n\n")[-1]
    assert last.startswith("Check: ")
    checks = re.findall(r"`([^`]+)`", last)
    assert checks
    for check in checks:
        name, _, function = check.partition("::")
        path = ROOT / name
        assert path.is_file() or [*path.rglob("test_*.py"), *path.rglob("*.txt")], f"{check} is not there"
        assert not function or f"def {function}(" in path.read_text(encoding="utf-8"), f"{check} is not there"


def test_the_conversations_of_the_readme_are_what_the_house_says(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    conversations = re.findall(r"```text\n(title: .*?\n)```", readme, re.DOTALL)
    assert len(conversations) >= 2
    for number, conversation in enumerate(conversations):
        transcript = tmp_path / f"{number}.txt"
        transcript.write_text(conversation, encoding="utf-8")
        assert played(transcript, tmp_path) == []
