"""Brings dates whose small words follow ("Monday from Wednesday until") into the order that the grammar reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversations.hearing.atoms import Atom
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word

FROM, UNTIL, BACK, END, TOO, DAY = ">", "<", "~", "$", "+", "#"
AFTER = frozenset({FROM, UNTIL, BACK, END, TOO, DAY})
# What a date is made of, and how a count ends.
DATE = frozenset("WMNOoXDntlgwdevyhqfcaAr1Z")
UNITS = frozenset("edwvyh")
PAST, PRESENT, AHEAD = -1, 0, 1
# A day's part and small words, and then a comma or the end of the sentence.
ENDS_CLAUSE = re.compile("(?:Pj*)?(?:[,!]|$)")
# The last number of a clock's face, and of a month.
LAST_HOUR, LAST_OF_MONTH = 12, 31


def in_order(found: list[Atom], words: Sequence[Word], lexicon: Lexicon) -> list[Atom]:
    """The atoms with each word that follows its date put before it; "from" between two dates becomes "to"."""
    found = numbered(found, words, lexicon)
    if not any(is_open(atom) or atom.letter in AFTER for atom in found):
        return found
    tenses = Tenses(words, lexicon)
    found = [settled(atom, found[at + 1 :], tenses) if is_open(atom) else atom for at, atom in enumerate(found)]
    result: list[Atom] = []
    for at, atom in enumerate(found):
        if atom.letter not in AFTER:
            result.append(atom)
            continue
        if atom.letter == TOO:
            too(result, atom)
            continue
        if atom.letter == DAY:
            of_month(result, atom)
            continue
        begin = date_before(result)
        ahead = atom.letter == BACK and date_follows(found, at)
        if atom.letter == BACK and not lexicon.small["past_final"]:
            # "Off today back on Friday", "back after the weekend": where the word may stand on either side.
            ahead = ahead or "".join(each.letter for each in found[at + 1 : at + 3]).startswith(("Tk", "k", "Uk", "jk"))
            begin = None if ahead else begin
        if begin is None:
            result.append(atom._replace(letter="B" if ahead else "j" if atom.letter == FROM else "_"))
        elif atom.letter == END:
            result[begin:] = [Atom("E", result[begin].first, result[begin].first), *stretched(result[begin:], atom)]
        elif atom.letter == FROM:
            since(result, begin, atom, joined_to(found, at), tenses.after[atom.last])
        else:
            ends(result, begin, atom)
    return result


def numbered(found: list[Atom], words: Sequence[Word], lexicon: Lexicon) -> list[Atom]:
    """ "19 until", "24 and 25 on": a bare number that is no hour, with a small word that follows days, is one.

    What is listed before it or leads up to it ("11 from 19 until") is a day of the month too, however small.
    """
    small, none = lexicon.small, frozenset[str]()
    result = list(found)
    for at in reversed(range(len(found) - 1)):
        atom, after, before = found[at], result[at + 1], words[found[at].first - 1].norm if found[at].first else ""
        if atom.letter != "N" or not isinstance(atom.value, int) or not 1 <= atom.value <= LAST_OF_MONTH:
            continue
        follows = words[atom.last].norm in small.get("numbered_after", none) and atom.value > LAST_HOUR
        beyond = next((each.letter for each in result[at + 2 : at + 3]), "")
        leads = after.letter == "O" or (after.letter in {"&", "-", ",", FROM} and beyond == "O")
        if (follows or leads) and before not in small.get("numbered_not", none):
            result[at] = atom._replace(letter="O")
    days = {atom.first for atom, was in zip(result, found, strict=True) if atom.letter != was.letter}
    joined = {"O", "j", "&", "-", FROM}
    marked: list[Atom] = []
    for atom in result:
        if atom.first in days and (not marked or marked[-1].letter not in joined):
            # The grammar reads a day of the month behind a small word.
            marked.append(Atom("j", atom.first, atom.first))
        marked.append(atom)
        if atom.first in days and any(each.first == atom.last and each.letter == UNTIL for each in result):
            marked.append(Atom("j", atom.last, atom.last))
    return marked


def too(result: list[Atom], atom: Atom) -> None:
    """ "Tomorrow too": today as well."""
    if result and result[-1].letter == "D" and result[-1].value == 1:
        day = result.pop()
        today = Atom("D", day.first, day.first, 0)
        result.extend([today, Atom("&", day.first, day.first), day._replace(last=atom.last)])
    else:
        result.append(atom._replace(letter="j"))


def of_month(result: list[Atom], atom: Atom) -> None:
    """ "12 date": the 12th."""
    if result and result[-1].letter == "N":
        number = result.pop()
        ends = Atom("j", atom.last, atom.last)
        result.extend([Atom("j", number.first, number.first), number._replace(letter="O", last=atom.last), ends])
    else:
        result.append(atom._replace(letter="j"))


def date_before(atoms: Sequence[Atom]) -> int | None:
    """Where the date that ends a row of atoms begins, small words that belong to it left aside."""
    last = len(atoms)
    while last and atoms[last - 1].letter == "j":
        last -= 1
    first = last
    while first and atoms[first - 1].letter in DATE | {"j", "E"}:
        first -= 1
    while first < last and atoms[first].letter == "j":
        first += 1
    return first if first < last else None


def date_follows(found: Sequence[Atom], at: int) -> bool:
    """Whether a date stands right after an atom."""
    after = next((atom.letter for atom in found[at + 1 :] if atom.letter not in "j_"), "")
    return after in DATE


def joined_to(found: Sequence[Atom], at: int) -> str:
    """What "from" leads to: "T" to another date, "p" to a count of days, "" to neither."""
    rest = [atom.letter for atom in found[at + 1 :] if atom.letter != "j"]
    if not rest or rest[0] not in DATE:
        return ""
    return "p" if rest[0] in "Nfca" and len(rest) > 1 and rest[1] in UNITS else "T"


def stretched(atoms: list[Atom], by: Atom) -> list[Atom]:
    """The atoms of a date, of which the last also covers the word that followed it."""
    return [*atoms[:-1], atoms[-1]._replace(last=by.last)]


def since(result: list[Atom], begin: int, atom: Atom, joined: str, told: int | None) -> None:
    """ "From" after a date: to another one, for so long, since then where it is not ahead, or from then on."""
    group = result[begin:]
    if joined:
        result.append(atom._replace(letter=joined))
        return
    fixed = any(each.letter in "MXOo" or (each.letter == "D" and each.value == 0) for each in group)
    letter = "F" if told == AHEAD or fixed else "S"
    result[begin:] = [Atom(letter, group[0].first, group[0].first), *stretched(group, atom)]


def ends(result: list[Atom], begin: int, atom: Atom) -> None:
    """ "Until" or "back" after a date; at the end of a range or a count nothing is added by it."""
    group = result[begin:]
    before = next((each.letter for each in reversed(result[:begin]) if each.letter != "j"), "")
    counted = any(each.letter in UNITS for each in group) and any(each.letter in "Nfca" for each in group)
    if before in {"T", "U", "p"} or counted:
        result[-1] = result[-1]._replace(last=atom.last)
        return
    letter = "U" if atom.letter == UNTIL else "B"
    result[begin:] = [Atom(letter, group[0].first, group[0].first), *stretched(group, atom)]


# Yesterday or tomorrow -----------------------------------------------------------------------


class Tenses:
    """The tense of the nearest verb from each word on in its sentence, and of the nearest before it in its clause."""

    def __init__(self, words: Sequence[Word], lexicon: Lexicon) -> None:
        self.words = words
        self.done = lexicon.small.get("done", frozenset())
        self.opens = [0] * (len(words) + 1)
        self.before: list[int | None] = [None] * (len(words) + 1)
        self.after: list[int | None] = [None] * (len(words) + 1)
        self.told = told = [told_by(word.norm, lexicon) for word in words]
        for at, word in enumerate(words):
            mark = word.kind == "mark"
            self.opens[at + 1] = at + 1 if mark else self.opens[at]
            self.before[at + 1] = None if mark else self.before[at] if told[at] is None else told[at]
        for at, word in reversed(list(enumerate(words))):
            ends = (word.kind == "mark" and word.norm != ",") or word.norm in lexicon.small["breaks"]
            self.after[at] = None if ends else self.after[at + 1] if told[at] is None else told[at]

    def goes_on(self, at: int) -> bool:
        """ "Aaj nahi aye ga, kal bhi nahi": a clause without a verb goes on with one before it that looks ahead."""
        start = self.opens[at]
        comma = bool(start) and self.words[start - 1].norm == ","
        return comma and self.before[start - 1] == AHEAD

    def just_done(self, day: Atom, after: Sequence[Atom]) -> bool:
        """ "He fell yesterday, rests until Friday": behind its verb, a day ends a clause that tells what is past."""
        at = day.first - 1
        if at < 0 or not ENDS_CLAUSE.match("".join(atom.letter for atom in after)):
            return False
        done = at > 0 and self.told[at] == PRESENT and self.words[at - 1].norm in self.done
        return done or self.told[at] == PAST


def told_by(word: str, lexicon: Lexicon) -> int | None:
    """The tense of a verb; None for any other word."""
    small = lexicon.small
    if word in small["past_final"]:
        return PAST
    if word in small["present"]:
        return PRESENT
    return AHEAD if word in small["ahead"] else None


def is_open(atom: Atom) -> bool:
    """Whether a word is both yesterday and tomorrow."""
    return isinstance(atom.value, tuple) and atom.letter == "D"


def settled(atom: Atom, after: Sequence[Atom], tenses: Tenses) -> Atom:
    """A word that is both yesterday and tomorrow, told by the tense of its verb; open where no verb tells."""
    if not isinstance(atom.value, tuple):
        return atom
    ahead, behind = atom.value
    # "Kal dopahar se bukhar hai", since yesterday noon: a part of the day may stand between.
    follows = next((each.letter for each in after if each.first >= atom.last and each.letter not in "Pj"), "")
    told = PAST if tenses.just_done(atom, after) else tenses.after[atom.last]
    if told is None:
        told = tenses.before[atom.first]
    if told is None and tenses.goes_on(atom.first):
        told = AHEAD
    if told == PAST or (told != AHEAD and follows == FROM):
        return atom._replace(value=behind)
    return atom if told is None else atom._replace(value=ahead)
