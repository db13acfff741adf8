"""Turns what a parent typed into words that tables can be compared with, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

# A text of ten segments has 1,530 characters; what stands beyond this is left to a person.
LONGEST = 2000
# 1,600 characters of English are some 320 words; junk can be more.
MOST_WORDS = 400

PIECE = re.compile(
    r"(?P<iso>\d{4}-\d\d?-\d\d?(?!\d))"
    r"|(?P<full>\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<short>\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<dotted>\d{1,2}[.:]\d{1,2}(?!\d)|\d{1,2}h\d\d(?![^\W_])|(?<!\d)(?:3[5-9]|4[0-2]),\d(?![\d,]))"
    r"|(?P<day>\d{1,2}-(?:go|tego|ego|mego|szego|giego|th|st|nd|rd|lea|го|те|ого)(?![^\W_]))"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*'?)"
    r"|(?P<line>\n)"
    r"|(?P<mark>[^\w\s])"
)
GLUED = re.compile(r"(\d+)([^\W\d_]+)")
MARKS = frozenset(".,!?;:-/()\n£$€%")
SAME = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": ".",
    "؟": "?",
    "،": ",",
    "۔": ".",
    "؛": ";",
    "•": "\n",
    "\r": "\n",
    "\t": " ",
    "\x00": " ",
}


class Word(NamedTuple):
    """One word, number or mark: its folded form, its place in the text, and what sort of thing it is.

    Kinds: word, number (digits alone), dotted (10.30, 10:30, 10h30), short (12/3), full (12.3.25), iso, mark.
    `typed` has its accents still; of a word that was taken apart, each part has the whole.
    """

    norm: str
    start: int
    end: int
    kind: str
    typed: str = ""


@lru_cache(maxsize=4096)
def folded(character: str) -> str:
    """One character without case, accents and look-alikes; nothing for marks that cannot be seen."""
    if character in SAME:
        return SAME[character]
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Cs", "Co", "Cn", "Sk"}:
        return ""
    if category == "Cc":
        return "\n" if character == "\n" else " "
    plain = unicodedata.normalize("NFKD", character.casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"})
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else LETTERS.get(c, c) for c in kept)


# Letters that Unicode does not take apart, and the Arabic and Urdu forms that keyboards mix.
LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ة": "ه",
    "ۃ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ۀ": "ه",
    "أ": "ا",
    "إ": "ا",
    "ٱ": "ا",
    "ـ": "",
    "ء": "",
}


def fold(text: str) -> tuple[str, list[int] | None]:
    """The text folded, and for each folded character its place in the original (None: the same place)."""
    if text.isascii() and text.isprintable():
        return text.lower(), None
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in folded(character):
            characters.append(plain)
            places.append(place)
    return "".join(characters), places


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """The form under which a word is looked up: folded and without apostrophes."""
    return fold(word)[0].replace("'", "")


def pieces(
    text: str,
    spelling: Mapping[str, tuple[str, ...]],
    units: Set[str],
    kept: Set[str] = frozenset(),
    split: Callable[[str], tuple[str, ...]] | None = None,
) -> list[Word]:
    """The words and marks of a text in order.

    `spelling` turns a variant into the usual word or words, save those in `kept`; a number glued to one of `units`
    ("15mins") is split; `split` takes a word apart that has small words written onto it.
    Pictures that no table knows are dropped, so that a smile changes nothing.
    """
    plain, places = fold(text[:LONGEST])
    words: list[Word] = []
    for match in PIECE.finditer(plain):
        kind = match.lastgroup or "mark"
        first, last = match.span()
        start, end = (first, last) if places is None else (places[first], places[last - 1] + 1)
        norm = match.group()
        kind, norm = as_read(kind, norm)
        if kind == "word":
            bare = norm.replace("'", "")
            if bare in kept:
                words.append(Word(bare, start, end, "word"))
            else:
                found = spelled(norm.rstrip("'"), start, end, spelling, units)
                if split is not None:
                    found = [each for word in found for each in apart(word, split, spelling)]
                words.extend(with_accents(found, text[start:end], parted=split is not None))
        elif kind in {"mark", "line"}:
            if norm in spelling:
                words.extend(Word(usual, start, end, "word") for usual in spelling[norm])
                if ends_there(text, end):
                    words.append(Word(".", start, end, "mark"))
            elif norm not in MARKS and words and ends_there(text, end) and words[-1].kind != "mark":
                words.append(Word(".", start, end, "mark"))
            elif norm in MARKS and not (words and words[-1].norm == norm):
                words.append(Word(norm, start, end, "mark"))
        else:
            # "10h30" is how some languages write 10:30, and "38,7" how they write 38.7.
            words.append(Word(norm.replace("h", ":").replace(",", "."), start, end, kind))
        if len(words) >= MOST_WORDS:
            break
    return words


def as_read(kind: str, norm: str) -> tuple[str, str]:
    """What a piece is: "3.4.26" a date, and "14-go" or "14-th" a word whose ending is tied to its number."""
    if kind == "day":
        return "word", norm.replace("-", "")
    return ("full" if kind == "sep" else kind), norm


def with_accents(found: Sequence[Word], text: str, *, parted: bool) -> Sequence[Word]:
    """The words that a word stands for, knowing how it was typed; of several, only words that were `parted` do."""
    if len(found) > 1 and not parted:
        return found
    typed = as_typed(text)
    return [each._replace(typed=typed) if len(found) == 1 or each.kind == "word" else each for each in found]


def as_typed(text: str) -> str:
    """A word with its accents, in small letters."""
    return unicodedata.normalize("NFC", text).casefold()


def ends_there(text: str, end: int) -> bool:
    """Whether a picture stands where a full stop could: a space and a capital letter follow it."""
    after = text[end : end + 4].lstrip(" \ufe0f\u200d")
    symbol = unicodedata.category(text[end - 1]) in {"So", "Sk"}
    return symbol and after[:1].isupper() and not text[end : end + 1].isalpha()


def apart(word: Word, split: Callable[[str], tuple[str, ...]], spelling: Mapping[str, tuple[str, ...]]) -> list[Word]:
    """A word and the small words written onto it, in the usual spelling, each with its own place where that is told."""
    parts = (word.norm,) if word.kind != "word" or word.norm.isascii() else split(word.norm)
    if len(parts) == 1:
        usual = spelling.get(parts[0], parts) if parts[0] != word.norm else parts
        return [word._replace(norm=each, kind="number" if each.isdigit() else word.kind) for each in usual]
    exact = word.end - word.start == sum(map(len, parts))
    ends = [word.start + sum(map(len, parts[: at + 1])) if exact else word.end for at in range(len(parts))]
    starts = [word.start, *(ends[:-1] if exact else [word.start] * (len(parts) - 1))]
    return [
        Word(usual, start, end, "number" if usual.isdigit() else "word")
        for norm, start, end in zip(parts, starts, ends, strict=True)
        for usual in spelling.get(norm, (norm,))
    ]


def spelled(norm: str, start: int, end: int, spelling: Mapping[str, tuple[str, ...]], units: Set[str]) -> list[Word]:
    """One run of letters and digits as the word or words it stands for."""
    for form in (norm, norm.replace("'", "")):
        if form in spelling:
            return [Word(usual, start, end, "number" if usual.isdigit() else "word") for usual in spelling[form]]
    stem, _, ending = norm.rpartition("'")
    if len(stem) > 1 and f"'{ending}" in spelling:
        # "My husband's got flu", "the boiler's gone": an ending that says nothing of its own.
        after = [Word(usual, start, end, "word") for usual in spelling[f"'{ending}"]]
        return [*spelled(stem, start, end, spelling, units), *after]
    opening, _, rest = norm.partition("'")
    if len(rest) > 1 and f"{opening}'" in spelling:
        # "T'runs": a beginning of that sort.
        return spelled(rest, start, end, spelling, units)
    bare = norm.replace("'", "")
    if bare.isdigit():
        return [Word(bare, start, end, "number")]
    glued = GLUED.fullmatch(bare)
    if glued and glued[2] in units:
        cut = min(start + len(glued[1]), end)
        tail = spelling.get(glued[2], (glued[2],))
        return [Word(glued[1], start, cut, "number"), *(Word(usual, cut, end, "word") for usual in tail)]
    return [Word(bare, start, end, "word")]


def glued(words: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    """Marks that end no word: the stop of an abbreviation before a figure ("godz. 9"), the hyphen of "azi-noapte"."""
    parts = [rf"(?<=\b{re.escape(word)})\.(?=\s?\d)" for word in words.get("abbreviated", ())]
    parts += [rf"(?<=\b{re.escape(word)})-(?=[^\W\d_])" for word in words.get("tied", ())]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def answered(words: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    """The space after a "no" that answers and denies nothing of what follows: "no he is in school"."""
    then = "|".join(re.escape(word) for word in words.get("no_then", ()))
    parts = [rf"(?<=\A{re.escape(word)})\s(?=(?:{then})\b)" for word in words.get("no_first", ())]
    return re.compile("|".join(parts), re.IGNORECASE) if parts and then else None


# So many words a number is said in at most: "al-hadi 'ashara", eleven, is two, and three with its ending apart.
MOST_OF_NUMBER = 3


def joined_numbers(words: Sequence[Word], numbers: Mapping[tuple[str, ...], int]) -> list[Word]:
    """The words, with a number that is said in several of them as one: "الحادية عشرة" is 11."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        for size in range(min(MOST_OF_NUMBER, len(words) - at), 1, -1):
            value = numbers.get(tuple(word.norm for word in words[at : at + size]))
            if value is not None:
                found.append(Word(str(value), words[at].start, words[at + size - 1].end, "number"))
                at += size
                break
        else:
            found.append(words[at])
            at += 1
    return found
