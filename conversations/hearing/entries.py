"""What single entries of a pack's tables come to: variants of spelling, names and what follows the number of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.hearing.normalise import fold, key


def nicknames(table: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Name on the roll -> other names that a parent may use, and the other way round."""
    result: dict[str, set[str]] = {}
    for name, others in table.items():
        for other in others:
            result.setdefault(key(name), set()).add(key(other))
            result.setdefault(key(other), set()).add(key(name))
    return {name: frozenset(others) for name, others in result.items()}


def endings_of_days(tables: Mapping[str, Any]) -> frozenset[str]:
    """What is written after the number of a day: "3rd", "14go". One letter alone is a class: "6a"."""
    own = tables.get("calendar", {}).get("ordinal_ending", ())
    return frozenset({"st", "nd", "rd", "th", *(each for each in own if len(each) > 1)})


def spellings(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Variant -> the usual word or words. A variant may keep its apostrophe where that tells it apart."""
    result: dict[str, tuple[str, ...]] = {}
    for usual_form, variants in table.items():
        words = tuple(key(word) for word in usual_form.split())
        for variant in variants:
            folded = fold(variant)[0]
            if (folded,) != words:
                result.setdefault(folded, words)
    return result
