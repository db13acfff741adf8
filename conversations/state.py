"""A conversation's memory between texts: filled slots and the question on the parent's screen, codes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conversations.acts import Json

SCHEMA = 1

How: TypeAlias = Literal["said", "chosen", "default", "told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What a slot holds, and how it came to hold it: defaults yield to anything said."""

    value: Json
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One piece of business under way; `id` is the thread's id, a dot and the revision that opened it."""

    id: str
    flow: str
    fills: Mapping[str, Fill] = field(default_factory=dict)
    status: Literal["open", "committed"] = "open"
    misses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The question that the parent sees: which slot of which frame, and the keys of its options in order."""

    token: str
    frame: str
    slot: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A thread's memory. `stack` holds at most three frames, `recent` the last one finished, for corrections."""

    schema: int = SCHEMA
    rev: int = 0
    lang: str = "en"
    stack: tuple[Frame, ...] = ()
    recent: Frame | None = None
    ask: Ask | None = None
