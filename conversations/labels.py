"""The options of a question as they were shown: a text that is a label, word for word, counts as its button."""

from __future__ import annotations

from conversations.acts import Say
from conversations.context import Context
from conversations.frame import Slot
from conversations.language import Language
from conversations.speaking import Voice
from conversations.state import Ask, Frame

# No label is longer, and a text that is need not be compared.
MOST_CHARACTERS = 120


def labelled(text: str, ask: Ask, slot: Slot, frame: Frame, *, context: Context, language: Language) -> str | None:
    """The key of the option whose label the text is; None where it is none's, or two's."""
    if not ask.options or slot.ask is None or len(text) > MOST_CHARACTERS:
        return None
    wanted = _words(text, language)
    if not wanted:
        return None
    voice = Voice(lang=language.code, context=context)
    options = [option for option in slot.ask(frame, context).options if option.key in ask.options]
    found = [option.key for option in options if _words(voice.label(option), language) == wanted]
    return found[0] if len(found) == 1 else None


def shown_again(ask: Ask, slot: Slot, frame: Frame, *, context: Context) -> Say | None:
    """The question as it was shown; None where its day is over, or where it would offer something else by now."""
    if slot.ask is None or ask.day != context.now.date():
        return None
    again = slot.ask(frame, context)
    return again if tuple(option.key for option in again.options) == ask.options else None


def _words(text: str, language: Language) -> tuple[str, ...]:
    return tuple(word.norm for word in language.lexicon.words(text) if word.kind != "mark")
