"""Orders to the service in a parent's own words count where a text reports nothing besides."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.acts import Command, Heard
from conversations.checking.sentences import family
from conversations.hearing import hear
from conversations.language import load

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo("Europe/London"))


def heard(text: str, code: str) -> Heard:
    """What is heard in a text by the parent of Maya and Sam."""
    return hear(text, None, load(code), family("Maya/9, Sam/5", NOW))


@pytest.mark.parametrize(
    ("code", "text", "command", "target"),
    [
        ("ro", "Vă rog frumos scoateți-mă de pe lista asta, nu mai sunt la școala voastră", Command.STOP, None),
        ("pl", "Przez pomyłkę wysłałam stop, proszę znowu wysyłać wiadomości", Command.START, None),
        ("pl", "Z polskiego proszę przełączyć na angielski, mąż będzie odpisywał", Command.LANGUAGE, "en"),
        ("ar", "ممكن الرسائل تكون بالعربي لو سمحتم؟ زوجي ما بيعرف انكليزي", Command.LANGUAGE, "ar"),
        ("en", "How does this number work then, what do I write if he's ill?", Command.HELP, None),
        ("en", "Could these messages come in Polish please, my mother reads them now", Command.LANGUAGE, "pl"),
        ("ur", "chutti ki ittela kaise deni hai? yahan likhna hai ya phone karna hai", Command.HELP, None),
    ],
)
def test_an_order_within_a_text_is_obeyed(code: str, text: str, command: Command, target: str | None) -> None:
    made = heard(text, code)
    assert (made.command, made.target) == (command, target)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Maya is poorly, what do I write if she's poorly?"),
        ("ro", "Maya are febră și nu vine azi, vă rog opriți mesajele"),
        ("pl", "Maya ma gorączkę, dziś jej nie będzie, nie wysyłajcie mi wiadomości"),
        ("pl", "proszę nie wyłączać wiadomości"),
        ("ur", "Maya bimar hai aaj nahi aayegi, message band karein"),
    ],
)
def test_a_report_or_a_no_before_it_leaves_an_order_to_be_read(code: str, text: str) -> None:
    assert heard(text, code).command is None


def test_a_worry_stands_above_an_order() -> None:
    made = heard("mój mąż nas bije, nie wysyłajcie mi wiadomości", "pl")
    assert made.command is None
    assert made.worry is not None
