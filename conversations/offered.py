"""What answers the school's own offers and requests, as effects: accepted, declined, asked about; and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Answer(StrEnum):
    """What a parent makes of an offer of support. Silence is none of them."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """A parent answered an offer. `message` is the text or press that did it.

    `consent` names the question that they said yes to, where their yes lets the school speak with others: its exact
    words as they were sent are kept. `time` is one of the moments that were offered (ISO 8601), "" where none is.
    """

    offer: str
    answer: Answer
    message: str = ""
    time: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTakenBack:
    """A parent takes back what they said to an offer: whatever it was, they have agreed to nothing."""

    offer: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSent:
    """A parent sent a picture or document for which staff had asked: the request, and the text that it came with."""

    request: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathTold:
    """A death was told in words that file nothing: nothing that was asked of the family is asked any more (rule 17)."""

    children: tuple[str, ...]


Offered: TypeAlias = OfferAnswered | OfferTakenBack | EvidenceSent | DeathTold
"""Whatever becomes of what the school offered or asked to be shown."""
