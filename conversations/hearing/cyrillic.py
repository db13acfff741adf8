"""How a name in Latin letters may be written in Cyrillic ones, and the other way round: "Danylo" is "Данило"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
LATIN = re.compile(r"[a-z]+")
# So many spellings of one name are enough; a long name of doubtful letters would have thousands.
MOST_SPELLINGS = 96

# Latin letters -> the letters that may stand for them, folded as texts are: one letter for "й" and "и", "ї" and "і".
TO_CYRILLIC: Mapping[str, str] = {
    "shch": "щ", "aya": "ая|аия", "iia": "ія|ия|я", "iya": "ія|ия|я", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч",
    "sh": "ш", "ie": "є|іе",
    "ya": "я", "ja": "я", "ia": "ія|ия|я", "yu": "ю", "ju": "ю", "iu": "ю", "ye": "є|е", "je": "є|е",
    "ii": "іи", "iy": "іи", "yi": "и|і", "yy": "ии", "oo": "у", "ee": "і", "ph": "ф", "th": "т", "ck": "к", "ai": "аи",
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г|ґ", "h": "г|х", "i": "і|и", "j": "и|дж",
    "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у",
    "v": "в", "w": "в", "x": "кс", "y": "и|і", "z": "з",
}  # fmt: skip
# Where a name begins with them, or ends.
FIRST_CYRILLIC: Mapping[str, str] = {"e": "е|є", "ia": "я", "ie": "є"}
# After those a soft sign may be written where no vowel follows: "Olha", "Vasyl".
SOFTENED = frozenset("ln")
# Cyrillic letters, folded -> how they are written in Latin ones.
TO_LATIN: Mapping[str, str] = {
    "іи": "ii|iy|i", "ия": "iia|iya|ia", "ія": "iia|ia|iya",
    "а": "a", "б": "b", "в": "v", "г": "h|g", "ґ": "g", "д": "d", "е": "e", "є": "ie|ye|e", "ж": "zh", "з": "z",
    "и": "y|i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh|h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ю": "iu|yu",
    "я": "ia|ya", "ы": "y", "э": "e",
}  # fmt: skip
FIRST_LATIN: Mapping[str, str] = {"є": "ye|e", "ю": "yu", "я": "ya"}


@lru_cache(maxsize=4096)
def respelt(name: str) -> frozenset[str]:
    """The spellings of a folded name in the other of the two scripts; none where it is in a third."""
    if LATIN.fullmatch(name):
        return _made(name, TO_CYRILLIC, FIRST_CYRILLIC, SOFTENED)
    if CYRILLIC.fullmatch(name):
        return _made(name, TO_LATIN, FIRST_LATIN, frozenset())
    return frozenset()


def _made(name: str, table: Mapping[str, str], first: Mapping[str, str], softened: frozenset[str]) -> frozenset[str]:
    longest = max(map(len, table))
    found, at = [""], 0
    while at < len(name):
        chunk = next(
            (name[at : at + length] for length in range(longest, 0, -1) if name[at : at + length] in table), ""
        )
        if not chunk:
            return frozenset()
        forms = (first.get(chunk) if at == 0 else None) or table[chunk]
        at += len(chunk)
        ends = [form + soft for form in forms.split("|") for soft in _soft(chunk, name[at : at + 1], softened)]
        found = [start + end for start in found for end in ends][:MOST_SPELLINGS]
    return frozenset(found)


def _soft(chunk: str, after: str, softened: frozenset[str]) -> tuple[str, ...]:
    """What may stand behind a letter that is softened where no vowel and not the same letter follows."""
    return ("", "ь") if chunk in softened and after not in {*"aeiouyj", chunk} - {""} else ("",)


def bends_cyrillic(endings: Mapping[str, object]) -> bool:
    """Whether the endings of names that a thread's packs have are in Cyrillic letters."""
    return any(CYRILLIC.fullmatch(ending) for ending in endings)
