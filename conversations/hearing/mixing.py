"""Two languages in one thread: which of them a text is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from conversations.hearing.normalise import key

PLACEHOLDER = re.compile(r"<[a-z_]+>")
WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)*")
# Sections whose entries are names, or settings of the pack, and no words of a sentence.
NO_WORDS = {"pack", "scripts", "child_names", "first_names", "languages", "name_endings", "affixes"}


def vocabulary(table: Mapping[str, Any]) -> frozenset[str]:
    """Every word that a pack knows in any of its tables, folded."""
    found: set[str] = set()
    for section, entries in table.items():
        if section in NO_WORDS:
            continue
        for name, phrases in entries.items():
            written = [name] if section == "spelling" else []
            for phrase in [*written, *phrases]:
                found.update(key(word) for word in WORD.findall(PLACEHOLDER.sub(" ", phrase)))
    return frozenset(found)


def borrowed(text: str, own: Set[str], other: Set[str]) -> bool:
    """Whether more of a text is known to the other language alone than to the thread's own alone."""
    words = [key(word) for word in WORD.findall(text)]
    return sum(word in other and word not in own for word in words) > 2 * sum(
        word in own and word not in other for word in words
    )
