"""Names as a language bends them: "Zosia" is also "Zosi" and "Zosią"; how endings change, its pack says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.hearing.normalise import key

# No name is so short that an ending is all of it.
SHORTEST_STEM = 1


def folded_endings(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """`[name_endings]` as texts are folded: ending of the plain name -> endings that it may have instead."""
    return {key(ending): tuple(dict.fromkeys(map(key, others))) for ending, others in table.items()}


def bent(name: str, endings: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """All other forms of a folded name: those of the longest ending that the table has for it."""
    for length in range(len(name) - SHORTEST_STEM, -1, -1):
        ending = name[len(name) - length :]
        if ending in endings:
            stem = name[: len(name) - length]
            return frozenset(stem + other for other in endings[ending]) - {name}
    return frozenset()
