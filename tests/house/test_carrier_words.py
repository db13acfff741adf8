"""Nothing of ours asks for a word that a carrier acts on before we see it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.house.sources import ROOT

# What carriers and Twilio act on when it is the whole text: opting out, opting in, and their own help.
ACTED_ON = {
    "STOP", "STOPALL", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "UNSUBSCRIBE",
    "START", "UNSTOP", "YES",
    "HELP", "INFO",
}  # fmt: skip
ASKS = re.compile(
    r"\b(?:reply|text|send|answer|write|say)\s+(?:with\s+)?[\"'“‘]?(" + "|".join(ACTED_ON) + r")\b", re.IGNORECASE
)
PACKS = sorted((ROOT / "locales").glob("*/messages.po"))


def asked_for(words: str) -> set[str]:
    """The carrier words that a text of ours asks for, or that it is as a whole, as a label would be."""
    found = {word for word in re.findall(r"\b[A-Z]+\b", words) if word in ACTED_ON}
    found |= {match.group(1).upper() for match in ASKS.finditer(words)}
    whole = words.strip(" .!?¡¿\"'").upper()
    return found | ({whole} & ACTED_ON)


def test_there_is_a_pack_to_look_at() -> None:
    assert ROOT / "locales" / "en" / "messages.po" in PACKS


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.parent.name)
def test_no_text_and_no_label_asks_for_a_carrier_word(pack: Path) -> None:
    with pack.open("rb") as po:
        catalogue = read_po(po, locale=pack.parent.name)
    found = {}
    for message in catalogue:
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.id and (words := set().union(*(asked_for(text) for text in said))):
            found[str(message.id)] = words
    assert len(catalogue) > 0
    assert not found


@pytest.mark.parametrize(
    "lexicon", sorted((ROOT / "locales").glob("*/lexicon.toml")), ids=lambda path: path.parent.name
)
def test_a_carrier_word_means_to_us_what_it_means_to_the_carrier(lexicon: Path) -> None:
    commands = tomllib.loads(lexicon.read_text(encoding="utf-8"))["command"]
    found = {
        name: words
        for name, phrases in commands.items()
        if name not in {"stop", "start", "help"} and (words := {str(phrase).upper() for phrase in phrases} & ACTED_ON)
    }
    assert not found


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("Reply STOP to end this", {"STOP"}),
        ("Yes", {"YES"}),
        ("please text 'help'", {"HELP"}),
        ("Is he poorly until the end of the week?", set()),
        ("1 Yes, all week 2 No", set()),
        ("We can help. Please ring the school.", set()),
    ],
)
def test_a_planted_carrier_word_is_found(planted: str, found: set[str]) -> None:
    assert asked_for(planted) == found
