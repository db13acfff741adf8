"""The shape of a time found in a text, and where the phrases of time stand in it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import time
from typing import NamedTuple

from conversations.acts import Kind, Part
from conversations.hearing.phrases import Hit


class Clock(NamedTuple):
    """A time found: the words, the kind (TIME, MINUTES or PART), its value, its role and the rule that found it."""

    first: int
    last: int
    kind: Kind
    value: time | int | Part
    role: str
    rule: str


class Found(dict[tuple[str, int], int]):
    """Where phrases of time stand: (concept, first) -> past the last; `ends` turned round; `opens` with a greeting.

    `hour` is that of the last time so far.
    """

    def __init__(self, hits: Sequence[Hit], greetings: Set[int] = frozenset()) -> None:
        super().__init__()
        self.greetings, self.opens = greetings, False
        self.hour: int | None = None
        for hit in hits:
            place = (hit.concept, hit.first)
            self[place] = max(self.get(place, 0), hit.last)
        self.ends: dict[int, list[tuple[str, int]]] = {}
        for (concept, first), last in self.items():
            self.ends.setdefault(last, []).append((concept, first))
