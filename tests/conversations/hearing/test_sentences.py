"""Every sentence of a language's `hears.txt` is heard as it says there."""

from __future__ import annotations

import pytest

from conversations.hearing import hear
from conversations.language import available, load
from tests.conversations.hearing.sentences import Sentence, differences, facts, sentences

ALL = [(code, sentence) for code in available() for sentence in sentences(code)]


@pytest.mark.parametrize(("code", "sentence"), ALL, ids=[f"{code}-{each.line}" for code, each in ALL])
def test_a_sentence_is_heard_as_its_translator_wrote_down(code: str, sentence: Sentence) -> None:
    heard = facts(hear(sentence.text, None, load(code), sentence.context, weigh=False))
    assert differences(sentence.wanted, heard) == [], f"line {sentence.line}: {sentence.text!r} was heard as {heard}"


@pytest.mark.parametrize("code", available())
def test_every_sentence_has_a_label(code: str) -> None:
    assert all(sentence.wanted for sentence in sentences(code))


def test_english_has_more_than_150_sentences() -> None:
    assert len(sentences("en")) > 150


def test_a_wrong_label_is_seen() -> None:
    heard = ["sickness  child=Sam  days=12 Nov  reason=gi"]
    assert differences(["sickness  child=Sam  days=12 Nov"], heard) == []
    assert differences(["sickness  child=Leo  days=12 Nov"], heard) == ["not heard: child=Leo", "heard: child=Sam"]
    assert differences(["sickness  child=Sam"], heard) == ["heard: days=12 Nov"]
    assert differences(["nothing"], heard) == heard
