"""A closing "thanks" without a full stop changes nothing of what stands before it; nor a picture before an "if"."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.checking.sentences import facts
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

ENGLISH = load("en")
CONTEXT = family("Maya/4, Sam/2", datetime(2026, 1, 26, 7, 32, tzinfo=LONDON))


@pytest.mark.parametrize(
    "text",
    [
        "Maya is in hospital and will be for a few days",
        "Maya's orthodontist appointment on the 12th has been changed to 9am on the 19th",
        "Maya was sick at 3am so 48 hours means back on Wednesday",
        "Maya is off sick, Jack too",
        "Orthodontist tomorrow for Maya, out from 10 please, the check is at half past",
        "The boat isn't running so there's no way of getting Maya and Sam over this morning",
    ],
)
def test_a_closing_thanks_changes_nothing(text: str) -> None:
    plain = facts(hear(text, None, ENGLISH, CONTEXT, weigh=False))
    assert plain
    for end in (" thanks", " thx", ". Thanks", " thanks x"):
        assert facts(hear(text + end, None, ENGLISH, CONTEXT, weigh=False)) == plain


def test_thanks_in_a_phrase_stay_in_it() -> None:
    heard = hear("Maya is off today many thanks", None, ENGLISH, CONTEXT, weigh=False)
    assert facts(heard) == facts(hear("Maya is off today", None, ENGLISH, CONTEXT, weigh=False))


def test_a_picture_before_an_if_takes_nothing_from_it() -> None:
    text = "😊 if Maya is not better, tomorrow she stays at home"
    assert Doubt.HYPOTHETICAL in hear(text, None, ENGLISH, CONTEXT, weigh=False).doubts
