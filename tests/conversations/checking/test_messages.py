"""What is wrong with what a pack says: each planted fault is found, and nothing else is."""

from __future__ import annotations

import pytest
from babel import Locale

from conversations.checking.carriers import asked_for
from conversations.checking.messages import check_messages
from conversations.checking.plurals import counts_as_cldr, header
from conversations.checking.scaffold import scaffold
from tests.conversations.checking.packs import begun, pack, says


def test_the_english_messages_have_nothing_wrong() -> None:
    findings, score = check_messages(pack())
    assert findings == []
    assert score.have == score.of > 90


def test_a_message_that_is_not_translated_is_a_warning_and_lowers_the_score() -> None:
    findings, score = check_messages(begun("tr"))
    assert len(findings) == score.of
    assert not any(each.fails for each in findings)
    assert score.have == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Ring 999 now. Don't wait for school to reply.", "Reply STOP now.", "asks for STOP"),
        ("{names} is off {days}.", "{name} is off {days}.", "lacks {names} and has {name}"),
        ("{names} is off {days}.", "{names} is off {days.", "brace that is not closed"),
        ("plural=(n != 1)", "plural=(n > 4)", "are not those of English in CLDR"),
        ('msgid "thanks"', 'msgid "thanx"', "thanx is no message of ours"),
        ('msgstr "Both"', 'msgstr "Office"', "is also command.person in 'en'"),
        ("This could be serious.", "This could be serious. " * 9, "takes 2 segments"),
        ("Sorry, I didn't get that.", "Przepraszam, ąę łóż.", ""),
        ("Sorry, I didn't get that.", "دوبارہ " * 30, "takes 4 segments"),
    ],
)
def test_a_planted_fault_is_found(old: str, new: str, said: str) -> None:
    findings, _ = check_messages(pack(messages=(old, new)))
    if not said:
        assert findings == []
        return
    found = says(findings, said)
    assert found, [str(each) for each in findings]
    assert all((each.fails and each.line) or "CLDR" in said for each in found)


@pytest.mark.parametrize("code", ["en", "pl", "ar", "ro", "ur", "tr", "pt", "cy", "uk", "lt", "zh", "ga", "sl", "so"])
def test_the_header_of_a_new_pack_counts_as_cldr_does(code: str) -> None:
    plurals = header(code)
    number, _, expression = plurals.removeprefix("nplurals=").rstrip(";").partition("; plural=")
    assert counts_as_cldr(code, int(number), expression)
    assert f'"Plural-Forms: {plurals}\\n"' in scaffold(code)["messages.po"]


def test_counting_otherwise_than_cldr_is_seen() -> None:
    assert not counts_as_cldr("pl", 2, "(n != 1)")
    assert not counts_as_cldr("en", 2, "(n > 3)")
    assert not counts_as_cldr("en", 3, "(n != 1)")
    assert not counts_as_cldr("en", 2, "n +")
    assert Locale.parse("pl").plural_form(2) == "few"


def test_a_language_has_carrier_words_of_its_own() -> None:
    assert asked_for("Odpisz KONIEC.", frozenset({"KONIEC"})) == {"KONIEC"}
    assert asked_for("Koniec", frozenset({"KONIEC"})) == {"KONIEC"}
    assert asked_for("To koniec lekcji.", frozenset({"KONIEC"})) == set()
