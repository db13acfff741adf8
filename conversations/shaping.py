"""From what is said to what a channel can show: numbered menus or buttons, GSM-7 where it can be, segments counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from conversations.acts import Say
from conversations.context import Context
from conversations.speaking import Voice
from school.rules.sms import downgraded, is_gsm7, segments_of

# The longest message that a chat takes.
MOST_CHARACTERS = 4096

# Under these messages a chat has a button that shares the phone's own number, so that nobody types a code.
ASKS_FOR_NUMBER = frozenset({"unknown.chat"})
# The key of that button. No answer of a conversation comes of it: the channel tells whose number it is.
SHARE_NUMBER = "share_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can show.

    `buttons`: how many stand under a message (0: options are a numbered menu), `label`: after how many characters
    one is cut (0: not). `gsm7` texts are downgraded and counted; `segments` is the budget of one message, 0 where
    the channel does not count.
    """

    buttons: int
    label: int
    charset: Literal["gsm7", "unicode"]
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to send: its text, billed segments (1 where the channel does not count), buttons as (key, label).

    `keys` are the message keys that it was made of, without a word of anybody's.
    """

    text: str
    segments: int
    encoding: Literal["gsm7", "ucs2", "unicode"]
    buttons: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()


def shape(says: Sequence[Say], *, lang: str, abilities: Abilities, context: Context) -> tuple[Outbound, ...]:
    """The messages of one turn: joined to one where it fits a segment, else at most two, the question last."""
    says = [say for number, say in enumerate(says) if say not in says[:number]]
    if not says:
        return ()
    whole = _shortest(says, lang, abilities, context)
    if _fits(whole, abilities):
        return (whole,)
    if len(says) == 1:
        return tuple(_shortest([part], lang, abilities, context) for part in _halves(says[0]))
    return tuple(_shortest(part, lang, abilities, context) for part in (says[:-1], says[-1:]))


def _halves(say: Say) -> tuple[Say, ...]:
    """What reads back more than a message holds, in two of them."""
    facts = say.args.get("facts")
    if not isinstance(facts, tuple) or len(facts) < 2:
        return (say,)
    middle = (len(facts) + 1) // 2
    return tuple(replace(say, args={**say.args, "facts": part}) for part in (facts[:middle], facts[middle:]))


def _shortest(says: Sequence[Say], lang: str, abilities: Abilities, context: Context) -> Outbound:
    return shortest(says, Voice(lang=lang, context=context), abilities)


def shortest(says: Sequence[Say], voice: Voice, abilities: Abilities) -> Outbound:
    """One message of all that is said, briefly where it does not fit otherwise."""
    full = _outbound(says, voice, abilities)
    return full if _fits(full, abilities) else _outbound(says, replace(voice, briefly=True), abilities)


def _fits(message: Outbound, abilities: Abilities) -> bool:
    if not abilities.segments:
        return len(message.text) <= MOST_CHARACTERS
    # Other scripts hold 70 characters a segment: they get one more (`design.md`, section 3).
    return message.segments <= abilities.segments + (message.encoding == "ucs2")


def _outbound(says: Sequence[Say], voice: Voice, abilities: Abilities) -> Outbound:
    keys = tuple(say.key for say in says)
    text = " ".join(voice.render(say) for say in says)
    options = says[-1].options
    labels = [(option.key, voice.label(option)) for option in options]
    if abilities.buttons and ASKS_FOR_NUMBER & set(keys):
        labels = [(SHARE_NUMBER, voice.render(Say(key=SHARE_NUMBER)))]
    if abilities.buttons >= len(labels) and abilities.charset == "unicode":
        cut = tuple((key, label[: abilities.label] if abilities.label else label) for key, label in labels)
        return Outbound(text=text, segments=1, encoding="unicode", buttons=cut, keys=keys)
    menu = "\n".join([text, *(f"{number} {label}" for number, (_, label) in enumerate(labels, start=1))])
    if abilities.charset == "unicode":
        return Outbound(text=menu, segments=1, encoding="unicode", keys=keys)
    plain = downgraded(menu)
    encoding: Literal["gsm7", "ucs2"] = "gsm7" if is_gsm7(plain) else "ucs2"
    return Outbound(text=plain, segments=segments_of(plain), encoding=encoding, keys=keys)
