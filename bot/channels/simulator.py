"""The channel on which nothing leaves the house: the demo's phone, the rehearsal's provider and the tests' fake."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from bot.channels.base import (
    Arrived,
    Departing,
    Kind,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    SendError,
    Sent,
    Unreachable,
    Unsure,
    carrier_word,
    cleaned,
    said_to_a_bot,
)
from conversations.shaping import Abilities

Fault: TypeAlias = Literal["refuse", "busy", "lose", "fail", "hang", "stopped", "nobody", "reject", "credentials"]

# How long a provider that was told to hang stays silent before the channel would give up on it.
HANG_SECONDS = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A message that would have left the house; `number` counts them from 1."""

    number: int
    provider_id: str
    message: Departing


class Simulator:
    """Takes every message and keeps it in `gone`, unless a fault was ordered; hands in what a made-up phone says.

    Its ids begin with a lot drawn anew, because records outlive it: an id that came back would be a repeat.
    """

    def __init__(self, name: str, abilities: Abilities, *, lanes: int = 0) -> None:
        self.name = name
        self.abilities = abilities
        self.lanes = lanes
        self.gone: list[Gone] = []
        self.released = threading.Event()
        self.hang_seconds = HANG_SECONDS
        self._prefix = f"simulated-{secrets.token_hex(5)}"
        self._faults: deque[tuple[Fault, timedelta | None]] = deque()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._texts = itertools.count(1)
        self._files: dict[str, bytes] = {}

    # Out --------------------------------------------------------------------------------------

    def order(self, *faults: Fault, after: timedelta | None = None) -> None:
        """The next sends meet these faults, one each: `lose` takes the message and loses the answer,
        `fail` loses the answer without taking it, `hang` stays silent until `released` is set.
        """
        with self._lock:
            self._faults.extend((fault, after) for fault in faults)

    def send(self, message: Departing) -> Sent:
        """Keeps the message, or raises what the ordered fault tells us to do."""
        with self._lock:
            fault, after = self._faults.popleft() if self._faults else (None, None)
        if fault == "hang":
            self.released.wait(self.hang_seconds)
        if fault is None or fault == "lose":
            sent = self._keep(message)
            if fault is None:
                return sent
        raise _meaning(fault, after)

    def close(self) -> None:
        """Sends that hang come back."""
        self.released.set()

    def _keep(self, message: Departing) -> Sent:
        with self._lock:
            number = next(self._numbers)
            provider_id = f"{self._prefix}-{message.id}-{number}"
            self.gone.append(Gone(number=number, provider_id=provider_id, message=message))
        return Sent(provider_id=provider_id)

    # In ---------------------------------------------------------------------------------------

    def text(
        self,
        line: str,
        sender: str,
        text: str,
        *,
        id: str = "",  # noqa: A002
        media: int = 0,
        file: bytes | None = None,
    ) -> Arrived:
        """A text as a parent's phone would send it; a given `id` is the provider's, so that a repeat can be made.

        `file` is what came with it, where this channel's files can be fetched.
        """
        payload = {}
        if file is not None:
            payload["file"] = f"{self._prefix}-file-{len(self._files)}"
            self._files[payload["file"]] = file
        words = cleaned(text)
        kind: Kind = (carrier_word(words) if self.name == "sms" else said_to_a_bot(words)) or "text"
        return Arrived(
            channel=self.name,
            line=line,
            sender=sender,
            provider_id=id or f"{self._prefix}-in-{next(self._texts)}",
            text=words,
            kind=kind,
            media=media if file is None else 1,
            payload=payload,
        )

    def fetch(self, reference: str, *, largest: int) -> bytes:
        """What a made-up phone sent; raises Rejected for what is not here or too large."""
        found = self._files.get(reference)
        if found is None or len(found) > largest:
            raise Rejected("size")
        return found

    def press(self, line: str, sender: str, data: str, *, id: str = "") -> Arrived:  # noqa: A002
        """A press on a button that carried `data`."""
        token, _, key = data.partition(":")
        return Arrived(
            channel=self.name,
            line=line,
            sender=sender,
            provider_id=id or f"{self._prefix}-in-{next(self._texts)}",
            kind="press",
            payload={"token": token, "key": key},
        )

    def join(self, line: str, sender: str, *, phone: str = "", code: str = "") -> Arrived:
        """A chat that begins with a code of the school's, or in which somebody shares the own phone number."""
        return Arrived(
            channel=self.name,
            line=line,
            sender=sender,
            provider_id=f"{self._prefix}-in-{next(self._texts)}",
            kind="contact" if phone else "start",
            payload={"phone": phone} if phone else {"code": code},
        )


def _meaning(fault: Fault, after: timedelta | None) -> SendError:
    match fault:
        case "refuse":
            return Refused("connect", after)
        case "busy":
            return Refused("http_429", after)
        case "stopped":
            return OptedOut("21610")
        case "nobody":
            return Unreachable("30005")
        case "reject":
            return Rejected("http_400")
        case "credentials":
            return Misconfigured("20003", after)
        case "lose" | "fail" | "hang":
            return Unsure("timeout" if fault == "hang" else "connection_lost")
