"""The small words of dates, one letter each, so that a grammar can be written over a text as over a word."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import date
from string import ascii_lowercase
from typing import NamedTuple

from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit

# What each letter stands for is what the grammar in `dates` is written in.
LETTERS = {
    "day.today": "D", "day.tomorrow": "D", "day.yesterday": "D", "day.after_tomorrow": "D",
    "day.before_yesterday": "D", "day.night_before": "_", "calendar.next": "n", "calendar.this": "t",
    "calendar.last": "l", "calendar.coming": "g", "calendar.on": "j", "calendar.from": "F", "calendar.until": "U",
    "calendar.including": "i", "calendar.to": "T", "calendar.and": "&", "calendar.or": "&", "calendar.since": "S",
    "calendar.between": "b", "calendar.for": "p", "calendar.back_after": "~",
    "calendar.back": "B", "calendar.not_back": "K",
    "calendar.before": "Y",
    "calendar.week": "w", "calendar.weeks": "v", "calendar.weekend": "k", "calendar.fortnight": "y",
    "calendar.day": "d", "calendar.days": "e", "calendar.hours": "h", "calendar.minutes": "m",
    "calendar.months": "q", "calendar.rest": "r", "calendar.end": "E", "calendar.start": "s", "calendar.all": "A",
    "calendar.week_of": "z", "calendar.week_after_next": "Z", "calendar.first_week": "1", "calendar.few": "f",
    "calendar.couple": "c", "calendar.one": "a", "calendar.while": "u", "calendar.now": "_", "calendar.every": "V",
    "calendar.feast": "_",
    "calendar.from_after": ">", "calendar.until_after": "<", "calendar.end_after": "$",
    "calendar.too_after": "+", "calendar.date_after": "#",
    "day.either": "D", "day.either_two": "D", "day.either_three": "D",
    "calendar.ahead": "H", "calendar.since_or_from": "I", "calendar.one_week": "Q",
    "calendar.on_day": "R", "calendar.likely": "%", "calendar.day_following": "^",
    "calendar.to_or_on": "J", "calendar.for_ahead": "=",
    "calendar.not_in": "G",
    "part.am": "P", "part.pm": "P", "part.lunch": "L",
}  # fmt: skip
OFFSETS: dict[str, int | tuple[int, int]] = {
    "day.today": 0, "day.tomorrow": 1, "day.yesterday": -1, "day.after_tomorrow": 2, "day.before_yesterday": -2,
    "day.either": (1, -1), "day.either_two": (2, -2), "day.either_three": (3, -3),
}  # fmt: skip
LAST_OF_MONTH = 31
# The value of an "or" that leaves open which of two days is meant.
EITHER = "either"
# Nothing else at school is counted so far: no eleventh lesson, no twelfth time.
SURE_ORDINAL = 11
# What a number before them counts.
UNITS = tuple("edhmvwqy")
# Of two readings of equal length the one that stands earlier in the table counts.
RANK = {concept: rank for rank, concept in enumerate(LETTERS)}
ENDS = {
    ".": "!",
    "!": "!",
    "?": "!",
    ";": "!",
    "\n": "!",
    ",": ",",
    "-": "-",
    "/": "/",
    ":": "_",
    "(": "_",
    ")": "_",
    "&": "&",
}


# A count of days or weeks at the end of what is read so far, and no "in" or "over" before it.
COUNTED = re.compile("(?:^|[.,_p])(?:[Nfca]j*[edvw]|y)$")


class Atom(NamedTuple):
    """One letter of the grammar: the words it covers and its value (an offset, weekday, month, number or days)."""

    letter: str
    first: int
    last: int
    value: object = None


def atoms(words: Sequence[Word], hits: Sequence[Hit], lexicon: Lexicon, taken: set[int]) -> list[Atom]:
    """The text as letters: the longest reading from each word; words that a clock time has taken are no dates."""
    best: dict[int, tuple[int, int, str]] = {}
    for hit in hits:
        if hit.concept in LETTERS or hit.concept.startswith(("weekday.", "month.")):
            rank = (hit.last, -RANK.get(hit.concept, -1), hit.concept)
            if hit.first not in best or rank > best[hit.first]:
                best[hit.first] = rank
    marked = {hit.last for hit in hits if hit.concept == "calendar.numbered"}
    leading = {hit.first for hit in hits if hit.concept == "calendar.since_or_from" and hit.last == hit.first + 1}
    found: list[Atom] = []
    at = 0
    while at < len(words):
        phrase = at in best and best[at][0] > at + 1
        atom = None if at in taken or phrase else number_or_date(words, at, lexicon)
        if atom is None and at in best and not any(each in taken for each in range(at, best[at][0])):
            last, _, concept = best[at]
            atom = named(concept, at, last)
            if concept == "calendar.back" and at and words[at - 1].norm in lexicon.small["not"]:
                # "Won't see you Thursday": away on that day.
                atom = None
            elif atom.letter == "D" and at in leading and COUNTED.search("".join(each.letter for each in found)):
                # "Trei zile de azi" begins today; "orele de azi" are today's.
                atom = Atom("I", at, at + 1)
            elif concept == "calendar.or" and not denied(words, at, lexicon):
                atom = atom._replace(value=EITHER)
            elif concept == "calendar.on" and comes_back(words, at, lexicon):
                atom = atom._replace(letter="_")
        if atom is None:
            # "The funeral is on the 20th so she is off": a new statement ends a date as a full stop would.
            other = "_" if words[at].norm in lexicon.small["breaks"] else "."
            if found and found[-1].letter == "N" and found[-1].first in marked:
                # "Pe 12 are control": so does a verb behind a number that a word for days of a month leads.
                other = "_" if words[at].norm in lexicon.small["verbs"] else other
            atom = Atom(ENDS.get(words[at].norm, other), at, at + 1)
        found.append(atom)
        at = atom.last
    joining = {(hit.first, hit.last) for hit in hits if hit.concept == "calendar.span_to"}
    moved = any(word.norm in lexicon.small.get("moved", ()) for word in words)
    # "Mutat de pe 3 pe 8": one day is put for another.
    found = spans_opened(days_led(found), set() if moved else joining)
    found = days_of_month(found, marked)
    return qualified_first(found) if lexicon.qualifiers_follow else found


def comes_back(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """ "Off today, in tomorrow": behind a comma the small word of a date is a return of its own, and no second day."""
    return at > 0 and words[at - 1].kind == "mark" and words[at].norm in lexicon.small.get("in_again", ())


def denied(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a "not" stands before a word in its sentence: "not in today or tomorrow" is both days."""
    nots, denies = lexicon.small["not"], lexicon.small.get("denies", frozenset())
    opens = {each.partition(" ")[0] for each in denies}
    while at and words[at - 1].kind != "mark":
        at -= 1
        norm = words[at].norm
        if norm in nots or norm in denies:
            return True
        if norm in opens and " ".join(word.norm for word in words[at : at + 2]) in denies:
            return True
    return False


# A "from" with its day, and the small word before the day that ends what it opened.
OPENED = re.compile("[FI]j*(?:[ntlg]?[WD][ng]?|[NO](?:j*M)?|X)([jJ])(?=[ntlg]?[WD]|[NO]j*M|O|X)")


def spans_opened(found: list[Atom], joining: Set[tuple[int, int]]) -> list[Atom]:
    """ "De la 4 la 6 martie": one word for "at" and "to" is a "to" only where a "from" opened the span."""
    if not joining:
        return found
    result = list(found)
    for match in OPENED.finditer("".join(atom.letter for atom in found)):
        atom = found[match.start(1)]
        if (atom.first, atom.last) in joining:
            result[match.start(1)] = atom._replace(letter="T")
    return result


def days_of_month(found: list[Atom], marked: set[int]) -> list[Atom]:
    """Bare numbers after a word that only days of a month have ("pe 4 și 6"), and what is listed after them."""
    result: list[Atom] = []
    for at, atom in enumerate(found):
        listed = len(result) > 1 and result[-1].letter in "&,-TU" and result[-2].letter == "O" and bool(marked)
        after = found[at + 1].letter if at + 1 < len(found) else ""
        is_day = isinstance(atom.value, int) and 1 <= atom.value <= LAST_OF_MONTH and after not in UNITS
        is_marked = atom.letter == "N" and is_day and (atom.first in marked or listed)
        result.append(atom._replace(letter="O") if is_marked else atom)
    return result


def qualified_first(found: list[Atom]) -> list[Atom]:
    """ "Marți viitoare", "săptămâna asta": the grammar reads "next" and "this" before what they qualify."""
    result = list(found)
    for at in range(len(result) - 1):
        head, after = result[at], result[at + 1]
        beyond = result[at + 2].letter if at + 2 < len(result) else ""
        if after.letter in "ntl" and (head.letter in "wqkv" or (head.letter == "W" and beyond not in ("w", "q"))):
            result[at] = after._replace(first=head.first, last=head.last)
            result[at + 1] = head._replace(first=after.first, last=after.last)
    return result


def days_led(found: list[Atom]) -> list[Atom]:
    """A word for "day" that leads what it dates ("day Monday", "day 5"): after a number it counts days instead."""
    if all(atom.letter != "R" for atom in found):
        return found
    letters = "".join(atom.letter for atom in found)
    result = list(found)
    for at, atom in enumerate(found):
        if atom.letter != "R":
            continue
        result[at] = atom._replace(letter="e" if letters[at - 1 : at] in {"N", "f", "c"} else "j")
        if letters[at - 1 : at] == "J":
            # "For day Monday" is on that day; "for Monday" may be until then.
            result[at - 1] = result[at - 1]._replace(letter="j")
        number = found[at + 1] if letters[at + 1 : at + 2] == "N" else None
        alone = letters[at + 2 : at + 3] not in {*"MFehmvwyd&T-U,J"} or letters[at + 2 : at + 3] == ""
        if number and alone and isinstance(number.value, int) and 1 <= number.value <= LAST_OF_MONTH:
            result[at + 1] = number._replace(letter="3")
    return result


def named(concept: str, first: int, last: int) -> Atom:
    """The atom of a phrase."""
    if concept.startswith("weekday."):
        return Atom("W", first, last, int(concept[8:]))
    if concept.startswith("month."):
        return Atom("M", first, last, int(concept[6:]))
    return Atom(LETTERS[concept], first, last, OFFSETS.get(concept))


TENS, ONES = range(20, 100, 10), range(1, 10)


def number_or_date(words: Sequence[Word], at: int, lexicon: Lexicon) -> Atom | None:
    """Digits and number words: a date, a day of the month, or a number."""
    word = words[at]
    if word.kind in {"iso", "full", "short"} or (
        word.kind == "dotted" and lexicon.dotted_dates and ":" not in word.norm
    ):
        parts = numeric(word)
        return Atom("X", at, at + 1, parts) if parts else None
    if of_another_calendar(words, at, lexicon):
        return None
    if word.kind == "number":
        return Atom("N", at, at + 1, int(word.norm)) if len(word.norm) <= 4 else None
    if word.kind != "word":
        return None
    pair = " ".join(each.norm for each in words[at : at + 2])
    if at + 1 < len(words) and pair in lexicon.ordinals:
        return spelled(lexicon.ordinals[pair], at, at + 2, lexicon)
    if word.norm in lexicon.ordinals:
        return spelled(lexicon.ordinals[word.norm], at, at + 1, lexicon)
    if word.norm in lexicon.numbers:
        value, last = lexicon.numbers[word.norm], at + 1
        ones = lexicon.numbers.get(words[last].norm, 0) if last < len(words) else 0
        # "Forty eight hours".
        return Atom("N", at, at + 2, value + ones) if value in TENS and ones in ONES else Atom("N", at, last, value)
    digits = word.norm.rstrip(ascii_lowercase)
    if {each.norm for each in words[at + 1 : at + 3]} & lexicon.small.get("other_months", frozenset()):
        # "9th and 10th Muharram".
        return None
    if digits.isdigit() and word.norm[len(digits) :] in lexicon.ordinal_endings and 1 <= int(digits) <= LAST_OF_MONTH:
        return Atom("O", at, at + 1, int(digits))
    return None


def of_another_calendar(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """ "10 Muharram", "9 and 10 Muharram": no day of a month of ours; "on 15, Muharram begins" is one."""
    months = lexicon.small.get("other_months", frozenset())
    after = [each.norm for each in words[at + 1 : at + 4]]
    joined = after[:1] and after[0] in lexicon.small["joins"] and len(after) > 2
    return bool(after) and (after[0] in months or (bool(joined) and after[2] in months))


def spelled(number: int, first: int, last: int, lexicon: Lexicon) -> Atom:
    """An ordinal in words: "the thirtieth" is a day of the month, "the third" may be anything."""
    return Atom("O" if lexicon.spelled_days or number >= SURE_ORDINAL else "o", first, last, number)


def numeric(word: Word) -> tuple[int, int, int | None] | None:
    """(day, month, year) of a date in figures, day first; None where no such date can be."""
    parts = [int(part) for part in word.norm.replace(".", "/").replace("-", "/").split("/")]
    if word.kind == "iso":
        parts.reverse()
    day, month, *years = parts
    year = years[0] + 2000 if years and years[0] < 100 else years[0] if years else None
    try:
        date(year or 2024, month, day)
    except ValueError:
        return None
    return day, month, year
