"""The translator's tool: it begins a language, checks it, and shows what is heard of each line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conversations.checking import Finding, Report, Score
from howwasschool.cli import main


def run(*arguments: str, typed: str = "") -> Result:
    """`howwasschool language …`, with lines piped in."""
    return CliRunner().invoke(main, ["language", *arguments], input=typed)


# Beginning ------------------------------------------------------------------------------------


def test_a_new_language_is_begun_and_told_what_to_do_next(tmp_path: Path) -> None:
    ran = run("new", "pt", "--folder", str(tmp_path))
    assert ran.exit_code == 0, ran.output
    assert {path.name for path in (tmp_path / "pt").iterdir()} == {"chats", "hears.txt", "lexicon.toml", "messages.po"}
    assert "Portuguese begins in" in ran.output
    assert "language check pt" in ran.output


def test_a_language_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "pt").mkdir()
    (tmp_path / "pt" / "lexicon.toml").write_text("mine", encoding="utf-8")
    ran = run("new", "pt", "--folder", str(tmp_path))
    assert ran.exit_code == 1
    assert "is there already, and nothing was written" in ran.output
    assert [path.name for path in (tmp_path / "pt").iterdir()] == ["lexicon.toml"]
    assert (tmp_path / "pt" / "lexicon.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("code", ["klingon", "xx", "../pt", "PT", "pt_BR"])
def test_what_is_no_language_is_not_begun(code: str, tmp_path: Path) -> None:
    ran = run("new", code, "--folder", str(tmp_path))
    assert ran.exit_code == 1
    assert "is no language of CLDR" in ran.output
    assert list(tmp_path.iterdir()) == []


# Checking -------------------------------------------------------------------------------------


def checked(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    """The check finds these."""
    report = Report(findings=findings, scores=(Score(name="messages", have=3, of=4),))
    monkeypatch.setattr("conversations.checking.check", lambda _pack: report)


WRONG = Finding(file="locales/en/hears.txt", line=3, says="something is wrong", do="Mend it")
SMALL = Finding(file="locales/en/messages.po", says="something is missing", do="Write it", fails=False)


def test_what_fails_is_said_in_one_line_each_and_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch, WRONG, SMALL)
    ran = run("check", "en")
    assert ran.exit_code == 1
    assert ran.output.splitlines() == [
        "locales/en/hears.txt:3: something is wrong. Mend it.",
        "locales/en/messages.po: warning: something is missing. Write it.",
        "messages: 3 of 4 (75%)",
        "1 to mend, 1 warnings",
    ]


def test_warnings_alone_pass_and_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch, SMALL)
    ran = run("check", "en", "--quiet")
    assert ran.exit_code == 0
    assert ran.output.splitlines() == ["messages: 3 of 4 (75%)", "This language ships."]


def test_a_language_that_is_not_there_is_said_so() -> None:
    ran = run("check", "xx")
    assert ran.exit_code == 1
    assert "there is no language 'xx'" in ran.output


# Trying ---------------------------------------------------------------------------------------


def test_a_line_is_shown_with_its_words_its_clauses_and_what_would_be_done() -> None:
    ran = run("try", "en", "--now", "2024-11-12 07:31:00", typed="Maya is poorly today, back Friday\n\nxyzzy plugh\n")
    assert ran.exit_code == 0, ran.output
    first, second = ran.output.strip().split("\n\n")
    assert first.splitlines()[0] == "Maya is poorly today, back Friday"
    assert "    sickness  child=Maya  reason=unspecified  days=12 Nov  until=14 Nov" in first.splitlines()
    assert "  Filed at once: sickness" in first.splitlines()
    assert "  on record: Maya, Thu 14 Nov 2024 (AM, PM): sickness" in first.splitlines()
    assert "“back Friday” – the last day away: Thu 14 Nov 2024" in first
    assert "  “is poorly”  sickness.unspecified [" in first
    assert "  in no table: xyzzy, plugh" in second.splitlines()
    assert "    nothing" in second.splitlines()


def test_another_family_and_a_worry_are_shown() -> None:
    ran = run(
        "try", "en", "--children", "Ola/3", "--now", "2024-11-12 09:31:00", typed="her dad hits her\nola is ill\n"
    )
    worry, ill = ran.output.strip().split("\n\n")
    assert "For the safeguarding lead alone; nothing is filed" in worry
    assert "to a person because" not in worry
    assert "on record: Ola, Tue 12 Nov 2024" in ill


def test_a_language_without_a_pack_cannot_be_tried() -> None:
    ran = run("try", "xx", typed="hello\n")
    assert ran.exit_code == 1
    assert "there is no language 'xx'" in ran.output
