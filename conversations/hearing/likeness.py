"""Whether two words are nearly one: heard alike, typed with a letter too many, or one slip apart."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

SHORTEST_TYPO = 4
SHORTEST_PREFIX = 3

SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("c", "k"),
    ("ie", "i"),
    ("ey", "i"),
    ("y", "i"),
    ("ee", "i"),
    ("z", "s"),
    ("x", "ks"),
)


def sound(word: str) -> str:
    """A name as it is heard, where spellings differ: Zac and Zak, Sara and Sarah, Jaiden and Jayden."""
    for letters, plain in SOUNDS:
        word = word.replace(letters, plain)
    return squeezed(word[:1] + word[1:].replace("h", "")).removesuffix("e")


def squeezed(word: str) -> str:
    """A word with repeated letters once: "Samm", "Leooo"."""
    return "".join(letter for at, letter in enumerate(word) if not at or letter != word[at - 1])


def one_slip(a: str, b: str) -> bool:
    """Whether one letter was left out, added, changed or swapped with its neighbour."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return a == b
    first = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[first:], b[first:]
    return (
        rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or rest_a[1:] == rest_b[1:]
        or (rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:])
    )


def alike(word: str, name: str) -> str:
    """The rule by which a typed word may be this name, or "": a short form, or one slip with the first letter right."""
    for form in {word, word.removesuffix("s")}:
        if squeezed(form) == squeezed(name) and len(form) >= SHORTEST_PREFIX:
            return "name.slip"
        if len(form) >= SHORTEST_PREFIX and name.startswith(form) and len(form) < len(name):
            return "name.short"
        if (
            len(form) >= SHORTEST_TYPO - 1
            and len(name) >= SHORTEST_TYPO
            and form[0] == name[0]
            and one_slip(form, name)
        ):
            return "name.slip"  # "sum" is not Sam: in three letters, one changed is too many.
        if len(form) >= 6 and len(name) >= 6 and form[0] == name[0] and sorted(form) == sorted(name):
            return "name.slip"
    return ""


# Shorter words have too many neighbours that are words of their own ("cough" and "couch").
SHORTEST_CORRECTED = 6


def shortened(word: str) -> set[str]:
    """The word with any one letter but the first left out."""
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}


def corrected(word: str, near: Mapping[str, str]) -> str | None:
    """The long word that this unknown one is a single slip away from, if there is one."""
    if len(word) < SHORTEST_CORRECTED - 1:
        return None
    if word in near:
        return near[word]
    for form in shortened(word):
        if form in near:
            return near[form]
    return None


# So much of two words is the same, where one may be the other in a hurry: "wendsdy" and "wednesday".
SO_LIKE = 0.75


@lru_cache(maxsize=4096)
def like_one(word: str, names: frozenset[str]) -> bool:
    """Whether an unknown word looks like one of some long names, with the same first letter."""
    if len(word) < SHORTEST_CORRECTED - 1:
        return False
    return bool(get_close_matches(word, [name for name in names if name[0] == word[0]], n=1, cutoff=SO_LIKE))
