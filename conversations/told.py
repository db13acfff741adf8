"""What a parent tells of a day, and what they choose for themselves: not to be asked, to be asked by number alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mood(StrEnum):
    """How a child's day was, as a parent says."""

    GOOD = "good"
    OK = "ok"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTold:
    """A parent said how a child's day was. `mood` is None where the words, kept with the message, name none.

    `prompt` is the id of what the school asked.
    """

    child: str
    mood: Mood | None
    prompt: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietChosen:
    """The parent wants to be asked no more how school was, or again. Everything else still reaches them."""

    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersChosen:
    """The parent wants every question as a menu with numbers, or in words and buttons again."""

    numbers: bool
