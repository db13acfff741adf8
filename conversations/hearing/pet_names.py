"""Pet forms of a child's name that no list has: "Kasieńka" is Kasia, "Mareczek" Marek, where nobody else fits."""

from __future__ import annotations

from collections.abc import Mapping

# So much of a name must be left, and so many of its last letters may give way to a pet ending.
SHORTEST_STEM = 3
MOST_LOST = 2


def pet_of(word: str, names: Mapping[str, tuple[str, ...]], endings: frozenset[str]) -> tuple[str, ...]:
    """The one child of whose name a word is a pet form, by the endings that a pack has; nobody where two would fit."""
    found: set[str] = set()
    for name, ids in names.items():
        stem = _shared(word, name)
        if stem >= max(SHORTEST_STEM, len(name) - MOST_LOST) and word[stem:] in endings:
            found.update(ids)
    return tuple(found) if len(found) == 1 else ()


def short_of(word: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The one child whose name a first name of its own begins: "Kim" is Kimberly where no other child fits."""
    found = {
        each
        for name, ids in names.items()
        if name.startswith(word) and len(name) - len(word) >= MOST_LOST
        for each in ids
    }
    return tuple(found) if len(word) >= SHORTEST_STEM and len(found) == 1 else ()


def _shared(word: str, name: str) -> int:
    """How many letters two words begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
