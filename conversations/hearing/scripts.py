"""Tells whether a name in Arabic letters (Arabic, Urdu, Persian) and one in Latin letters are the same name."""

from __future__ import annotations

import re
from functools import lru_cache

ARABIC = re.compile(r"[\u0620-\u06ff]+")
LATIN = re.compile(r"[a-z]+")
SHORTEST = 2

# Latin letters -> the letters that may stand for them in Arabic script, folded as texts are. Vowels may be unwritten.
TO_ARABIC = {
    "tch": "تش|چ|چ", "sch": "ش|سک", "ch": "تش|چ|ش|ک|خ", "sh": "ش|سه|سح|س", "th": "ث|ت|ذ|ته|تح|ط|ظ",
    "kh": "خ|که|کح|ک|ق", "gh": "غ|ق|گه|جه", "dh": "ذ|ظ|ض|ده|د", "ph": "ف|په", "ck": "ک", "dj": "ج", "zh": "ژ|ظ",
    "woo": "وو?", "wou": "وو?", "wu": "وو?", "iy": "[یعے]{1,2}",
    "oo": "و", "ou": "و|او", "ee": "ی|ے", "aa": "[اعی]{1,2}",
    "b": "ب|پ", "p": "ب|پ", "t": "ت|ط|ٹ", "j": "ج|ژ|ی|چ", "h": "ه|ح", "d": "د|ض|ڈ", "r": "ر|ڑ", "z": "ز|ذ|ظ|ض",
    "s": "س|ص|ث|ز|سح", "c": "ک|س|ق|ص|تش", "k": "ک|ق", "q": "ق|ک", "g": "ج|غ|گ|ق", "f": "ف|ڤ", "v": "ف|ڤ|و",
    "l": "ل", "m": "م", "n": "ن|ں", "w": "و", "x": "کس|کص|گز|ز|س", "y": "ی|ای|ے",
    "a": "[اعهیے]{0,2}", "e": "[ایهعے]{0,2}", "i": "[ایعے]{0,2}", "o": "[واعی]{0,2}", "u": "[واعی]{0,2}",
}  # fmt: skip
FIRST_VOWEL = "[اع][اویع]?"
LAST_VOWEL = {"a": "[اهیعے]{1,2}", "i": "[یے]", "o": "و", "u": "[وا]{1,2}", "y": "[یے]"}
# A letter of Arabic script -> how it is written in Latin letters; short vowels may stand between any two.
TO_LATIN = {
    "ا": "[aeiou]{0,2}", "ب": "[bp]", "پ": "p", "ت": "th?", "ث": "(?:th|s|t)", "ج": "(?:dj|j|g|ge)", "چ": "(?:ch|tch)",
    "ح": "h", "خ": "(?:kh|k|ch|h)", "د": "d", "ذ": "(?:dh|th|z|d)", "ر": "r", "ز": "[zs]", "ژ": "(?:zh|j|g)",
    "س": "(?:s|c)", "ش": "(?:sh|ch|sch|s)", "ص": "[sc]", "ض": "(?:dh|d|z)", "ط": "t", "ظ": "(?:dh|z|th)",
    "ع": "[aeiou]{0,2}", "غ": "(?:gh|g)", "ف": "(?:f|ph|v)", "ڤ": "v", "ق": "(?:q|k|g|gh|c)", "ک": "(?:k|ck|c|ch|q)",
    "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n", "ه": "(?:h|a|ah|e|eh)?", "و": "(?:w|v|ou|oo|o|u|au|aw)",
    "ی": "(?:ay|ai|ei|ey|ee|ie|ia|iya|y|i|e|a|ah)", "ے": "(?:e|ay|ey|ai)", "ٹ": "t", "ڈ": "d", "ڑ": "r",
}  # fmt: skip
CHUNK = re.compile("|".join(sorted(TO_ARABIC, key=len, reverse=True)))
SHORT_VOWELS = "[aeiou]{0,2}"


def squeezed(word: str) -> str:
    """A word with repeated letters once: doubled letters are written in one script and not in the other."""
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=4096)
def pattern(name: str) -> re.Pattern[str] | None:
    """What a folded name looks like in the other script, doubled letters once; None where it cannot be told."""
    if LATIN.fullmatch(name) and len(name) >= SHORTEST:
        return re.compile(in_arabic(re.sub(r"([^aeiou])\1+", r"\1", name)))
    plain = squeezed(name)
    if ARABIC.fullmatch(plain) and len(plain) >= SHORTEST and all(letter in TO_LATIN for letter in plain):
        letters = [TO_LATIN[letter] for letter in plain.replace("تش", "چ")]
        return re.compile(SHORT_VOWELS.join(letters) + SHORT_VOWELS)
    return None


def in_arabic(name: str) -> str:
    """The pattern of a Latin name in Arabic script. Every consonant is written, and a vowel that ends the name."""
    chunks = CHUNK.findall(name)
    if chunks[:1] == ["iy"]:
        chunks[:1] = "iy"
    made: list[str] = []
    for place, chunk in enumerate(chunks):
        last = place == len(chunks) - 1
        if place == 0 and chunk in "aeiou":
            made.append(FIRST_VOWEL)
        elif last and chunk in LAST_VOWEL and len(chunks) > 1:
            # "Yahya", "Mia": what ends in two vowels need not write the last.
            made.append(LAST_VOWEL[chunk] if chunks[-2] not in (*"aeiouy", "iy") else f"(?:{LAST_VOWEL[chunk]})?")
        elif last and chunk == "h" and place and chunks[place - 1] in "aeiou":
            made.append("[هحا]?")
        else:
            made.append(f"(?:{TO_ARABIC[chunk]})")
    return "".join(made)


def consonants(name: str) -> re.Pattern[str] | None:
    """The pattern of a Latin name of which every long vowel is written as itself: "Rehan" is no "Rohan"."""
    if not LATIN.fullmatch(name):
        return None
    vowels = {
        "a": "[اهعی]?",
        "e": "[یاع]?",
        "i": "[یاع]?",
        "o": "و?",
        "u": "و?",
        "oo": "و",
        "ee": "ی",
        "aa": "[اع]{1,2}",
    }
    chunks = CHUNK.findall(re.sub(r"([^aeiou])\1+", r"\1", name))
    return re.compile("".join(vowels.get(chunk, f"(?:{TO_ARABIC[chunk]})") for chunk in chunks))


def same(word: str, name: re.Pattern[str]) -> bool:
    """Whether a folded word is the name of that pattern."""
    return len(word) > SHORTEST and any(name.fullmatch(form) for form in {word, squeezed(word)})


@lru_cache(maxsize=4096)
def written(word: str, name: str) -> bool:
    """Whether a folded word is this name in the other script."""
    look = pattern(name)
    return look is not None and same(word, look)
