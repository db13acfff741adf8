"""What every channel is: what it takes in, what it sends, and what a failed send tells us to do next.

SendError
├── Refused            nothing was sent: queue it again, after `after` where the provider says so
│   └── Misconfigured  nothing was sent, and nothing will be until somebody mends our settings
├── Unsure             it may have been sent: never send it again before there is evidence
└── Rejected           nothing was sent, and this message never will be
    ├── OptedOut       the person stopped us: write it down, send nothing more
    └── Unreachable    nobody can be reached at this address: the office must ask for another
BadRequest             what knocked at our door is not what the provider sends
└── Forged             it does not carry the provider's signature or secret
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from conversations.shaping import Abilities

Kind: TypeAlias = Literal["text", "press", "contact", "stop", "start", "left"]

# Carriers act on these before we see them (guarantees, trap 6), so every channel takes them as they do: alone in a
# message, whatever the case. Twilio's own list for STOP and START; HELP stays a question for the conversation.
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START_WORDS = frozenset({"start", "unstop"})
# Where no carrier stands between, only what can mean nothing else stops us: "end" and "cancel" are words of a talk.
PLAIN_STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "optout"})

# A text that nobody typed: a whole book. What is beyond goes to nobody, so it is cut where the store's limit is.
LONGEST = 10_000


# What a failed send tells us to do -----------------------------------------------------------


class SendError(Exception):
    """A message that was not, or may not have been, handed to the provider; `code` says why, without words of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(SendError):  # noqa: N818  it says what happened
    """Nothing was sent: queue the message again, after `after` if the provider named a time."""

    def __init__(self, code: str, after: timedelta | None = None) -> None:
        super().__init__(code)
        self.after = after


class Misconfigured(Refused):
    """Nothing was sent because our own credentials or settings are wrong; no message will go until they are mended."""


class Unsure(SendError):  # noqa: N818  it says what happened
    """The answer was lost: the message may be on its way, so only evidence may queue it again."""


class Rejected(SendError):  # noqa: N818  it says what happened
    """The provider will never take this message."""


class OptedOut(Rejected):
    """The person has stopped us on this channel."""


class Unreachable(Rejected):
    """Nobody can be reached at this address."""


class BadRequest(Exception):  # noqa: N818  it says what happened
    """A request that is not what the provider sends; `reason` may be shown, and says nothing personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forged(BadRequest):
    """A request at our door without the provider's signature or secret."""


# What comes and goes -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One thing that a person did on a channel.

    `line` is our own address, `pool` the sending service that it belongs to, where a provider has such a thing.
    `at` is the provider's time, None where it gives none (the time is then that of our receipt). `provider_id` is
    unique on the channel and the same when the provider repeats itself. `payload` by kind: press `token`, `key`;
    contact `phone` (E.164); start `code` (of an invitation, or empty).
    """

    channel: str
    line: str
    sender: str
    provider_id: str
    text: str = ""
    kind: Kind = "text"
    at: datetime | None = None
    media: int = 0
    pool: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departing:
    """One message to hand to a provider. `id` is ours, and comes back in the provider's reports.

    `buttons` are (label, data) in order; data is the question's token, a colon and the option's key.
    `useful_for` is how long the message is worth delivering; None leaves it to the provider.
    """

    id: str
    line: str
    to: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    useful_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The provider has taken a message and calls it `provider_id`."""

    provider_id: str


Progress: TypeAlias = Literal["sent", "delivered", "undelivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a provider says later about a message: `id` is ours if it came back, `provider_id` theirs."""

    channel: str
    id: str
    provider_id: str
    progress: Progress
    code: str = ""


@runtime_checkable
class Channel(Protocol):
    """A way to reach people: `name` as in the records, what its screen can show, and how many sends may run at once.

    `lanes` 0 means that a send takes no time, so that it needs no thread of its own.
    """

    name: str
    abilities: Abilities
    lanes: int

    def send(self, message: Departing) -> Sent:
        """Hands one message to the provider, within ten seconds; raises a `SendError`, and nothing else."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...


# What a phone can show: an SMS is words alone, within one segment where they fit.
SMS_SCREEN = Abilities(buttons=0, label=0, charset="gsm7", segments=1)
# A bot may put buttons under its words; their labels are cut by phones at about this length.
TELEGRAM_SCREEN = Abilities(buttons=8, label=40, charset="unicode", segments=0)


# Texts as they come --------------------------------------------------------------------------

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def cleaned(text: str) -> str:
    """A text as it can be stored: without NUL and broken surrogates, which no database takes, and of bounded length.

    Marks of direction, joiners and emoji stay: they belong to the words.
    """
    return _UNSTORABLE.sub("", text)[:LONGEST]


def carrier_word(text: str) -> Literal["stop", "start"] | None:
    """Whether a whole message is one of the words on which carriers act."""
    return _word_of(text, STOP_WORDS)


def said_to_a_bot(text: str) -> Literal["stop", "start"] | None:
    """Whether a whole message stops us, or lets us write again, where no carrier acts on it."""
    return _word_of(text, PLAIN_STOP_WORDS)


def _word_of(text: str, stops: frozenset[str]) -> Literal["stop", "start"] | None:
    word = text.strip().strip(".!").casefold()
    if word in stops:
        return "stop"
    return "start" if word in START_WORDS else None
