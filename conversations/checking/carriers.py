"""Words that carriers act on before a text reaches us: nothing of ours may ask for one."""

from __future__ import annotations

import re
from collections.abc import Set

# Opting out, opting in, and the carrier's own help, when it is the whole text.
ACTED_ON = frozenset({
    "STOP", "STOPALL", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "UNSUBSCRIBE",
    "START", "UNSTOP", "YES",
    "HELP", "INFO",
})  # fmt: skip
ASKS = re.compile(
    r"\b(?:reply|text|send|answer|write|say)\s+(?:with\s+)?[\"'“‘]?(" + "|".join(sorted(ACTED_ON)) + r")\b",
    re.IGNORECASE,
)
LOUD = re.compile(r"[^\W\d_]+")


def asked_for(words: str, more: Set[str] = frozenset()) -> set[str]:
    """The carrier words that a text of ours asks for, or that it is as a whole, as a label would be.

    `more` are a language's own words for the same, in capitals: they count where they stand in capitals or alone.
    """
    taken = ACTED_ON | more
    found = {word for word in LOUD.findall(words) if word in taken and word.upper() == word != word.lower()}
    found |= {match.group(1).upper() for match in ASKS.finditer(words)}
    whole = words.strip(" .!?¡¿؟\"'").upper()
    return found | ({whole} & taken)
