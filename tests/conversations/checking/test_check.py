"""A pack is heard as its translator wrote down, is tried well enough, and hears nothing that is not there."""

from __future__ import annotations

import pytest

from conversations.checking import Pack, check, is_language
from conversations.checking import read as read_pack
from conversations.checking.exercise import check_exercise
from conversations.checking.overhearing import check_overhearing, check_sentences
from conversations.checking.sentences import SentenceRefused, differences, read
from conversations.language import available, table
from tests.conversations.checking.packs import begun, pack, says


@pytest.mark.parametrize("code", [code for code in available() if table(code).get("pack", {}).get("ships")])
def test_a_language_that_ships_passes(code: str) -> None:
    report = check(read_pack(code))
    assert [str(each) for each in report.findings if each.fails] == []
    assert {score.name for score in report.scores} == {
        "required concepts", "messages", "sentences heard as written", "phrases exercised by a sentence",
    }  # fmt: skip


def test_a_pack_that_was_just_begun_fails_and_can_be_read_all_the_same() -> None:
    report = check(begun("tr"))
    assert report.failed
    assert says(list(report.findings), "there are 0 sentences")


def test_what_is_no_toml_is_one_finding() -> None:
    (finding,) = check(begun("tr", lexicon="[pack\n")).findings
    assert "this is no TOML" in finding.says


def test_a_folder_without_its_files_says_how_to_begin() -> None:
    assert all("language new tr" in each.do for each in check(Pack(code="tr", files={})).findings)


def test_a_sentence_that_is_heard_otherwise_is_found_with_its_line() -> None:
    wrong = pack(hears=("    sickness  child=Maya  days=12 Nov\n", "    lateness  child=Maya\n"))
    (finding,) = says(check_sentences(wrong)[0], "is heard otherwise")
    assert wrong.files["hears.txt"].splitlines()[(finding.line or 0) - 1] == "maya aint well 2day she wont b in"


@pytest.mark.parametrize(
    ("text", "line"),
    [("maya is ill\n    sickness\n", 1), ("# today: soon\n", 1), ("\n    sickness\n", 2)],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(SentenceRefused) as refused:
        read(text)
    assert refused.value.line == line
    findings, score = check_sentences(begun("tr", hears=text))
    assert [each.line for each in findings] == [line]
    assert score.of == 0


def test_a_required_table_that_no_sentence_tries_fails() -> None:
    untried = pack(hears=("how does this work\n    command=help\n", ""))
    (finding,) = says(check_exercise(untried)[0], "command.help")
    assert finding.fails
    assert finding.line


def test_too_few_sentences_are_too_few_phrases() -> None:
    few = "\n".join(pack().files["hears.txt"].splitlines()[:12])
    short = pack()
    findings, _ = check_exercise(type(short)(code="en", files={**short.files, "hears.txt": few, "chats/": ""}))
    assert len([each for each in findings if each.fails]) > 3


def test_a_table_that_hears_too_much_is_found() -> None:
    greedy = pack(lexicon=("unspecified = [\n", 'unspecified = [\n  "great match last night", '))
    assert says(check_overhearing(greedy), "is none of ours, and files")


def test_only_languages_of_cldr_can_be_begun() -> None:
    assert [is_language(code) for code in ("pt", "tr", "cy", "xx", "klingon", "pt_BR", "", "..")] == [
        True, True, True, False, False, False, False, False,
    ]  # fmt: skip


def test_differences_name_what_is_missing_and_what_is_too_much() -> None:
    assert differences(["worry"], []) == ["not heard: worry"]
