"""Every word of a pack that says how a day was is heard as that where it was asked, and reports no absence."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from conversations.acts import Topic
from conversations.context import CHECKIN
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

LOCALES = Path(__file__).parents[3] / "locales"
CONTEXT = replace(family("Maya/4", datetime(2026, 1, 27, 16, 0, tzinfo=LONDON)), expects=CHECKIN)
# A phrase with a choice in it stands for many.
PATTERN = set("([<")


def plain_phrases() -> list[tuple[str, str, str]]:
    """Language, mood and phrase."""
    found = []
    for path in sorted(LOCALES.glob("*/lexicon.toml")):
        moods = tomllib.loads(path.read_text(encoding="utf-8")).get("mood", {})
        found += [(path.parent.name, mood, each) for mood, told in moods.items() for each in told
                  if not PATTERN & set(each)]  # fmt: skip
    return found


@pytest.mark.parametrize("code", sorted({code for code, _, _ in plain_phrases()}))
def test_how_a_day_was_is_no_absence(code: str) -> None:
    language = load(code)
    phrases = [(mood, phrase) for of, mood, phrase in plain_phrases() if of == code]
    assert len(phrases) > 10
    odd = [
        (mood, phrase, [clause.topic for clause in heard.clauses])
        for mood, phrase in phrases
        for heard in [hear(phrase, None, language, CONTEXT)]
        if [clause.topic for clause in heard.clauses] != [Topic.CHECKIN_REPLY]
    ]
    assert odd == []


def test_an_absence_of_another_day_is_heard_beside_how_the_day_was() -> None:
    heard = hear("not bad at all, she won't be in tomorrow", None, load("en"), CONTEXT)
    assert Topic.CHECKIN_REPLY not in [clause.topic for clause in heard.clauses]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("meh. bit wobbly at dinner time but says she'll go again tomorrow", Topic.CHECKIN_REPLY),
        ("bit tired and upset but she will be in tomorrow", Topic.CHECKIN_REPLY),
        ("ok but she was sick at tea time, she won't be in tomorrow", Topic.SICKNESS),
        ("fine, dentist tomorrow at 10 so she will be in after", Topic.APPOINTMENT),
    ],
)
def test_coming_again_tomorrow_is_no_absence(text: str, topic: Topic) -> None:
    (clause,) = hear(text, None, load("en"), CONTEXT).clauses
    assert clause.topic is topic
