"""Days beside each other of which two things are told: "not Wednesday, Thursday", "off today, tomorrow as usual"."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.hearing.atoms import Atom
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, Person
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit

# The letters that a day is written in.
OF_A_DAY = frozenset("WDXONoM")
# What is said of a day on which all is as ever, or on which it will be tried.
USUAL = frozenset({"say.present", "say.better", "scope.hypothetical"})
# How soon after its day that is said: "tomorrow we'll try".
AFTER = 3
# What ends an absence, and the letters of the words before its last day: "off until Wednesday".
ENDS = frozenset("UTJ")
# What tells of coming in, as a phrase or in the letters right behind its day: "Thursday she is back".
RETURNS = frozenset({"say.present", "say.arriving"})
COMES = frozenset({"B", ".B", "..B"})


def put_apart(
    found: Sequence[Atom], words: Sequence[Word], hits: Sequence[Hit], people: Sequence[Person], lexicon: Lexicon
) -> list[Atom]:
    """The atoms with a full stop for each comma between days of which two things are told: they are no list.

    "Maya is ill today, and tomorrow Sam has the dentist": the day right before another child's name is that child's.
    A day that ends an absence and the one of the return are none either, whatever joins them.
    """
    usual = {hit.first - gap for hit in hits if hit.concept in USUAL for gap in range(AFTER)}
    returns = {hit.first - gap for hit in hits if hit.concept in RETURNS for gap in range(AFTER)}
    nots = {hit.last for hit in hits if hit.concept == "scope.negator"}
    ours = [each for each in people if each.kind == CHILD and each.choices]
    others = {b.first for b in ours if any(a.first < b.first and a.choices != b.choices for a in ours)}
    result = list(found)
    for at, atom in enumerate(found):
        if atom.letter in {"&", ","} and ends_between(found, at, returns):
            result[at] = atom._replace(letter="B")
            result[at - 2] = found[at - 2]._replace(letter="U")
            continue
        if atom.letter == "T" and lasts_to(found, at, hits):
            result[at] = atom._replace(letter="U")
        if atom.letter != "," or not at or found[at - 1].letter not in OF_A_DAY:
            continue
        joined = any(each.letter == "&" for each in found[at + 1 : at + 2])
        begin = at + 1 + joined
        first, last = at - 1, begin
        while first and _of_a_day(found[first - 1], words, lexicon):
            first -= 1
        while last < len(found) and _of_a_day(found[last], words, lexicon):
            last += 1
        before = found[first].first - 1
        denied = before >= 0 and (words[before].norm in lexicon.small["not"] or before + 1 in nots)
        told = found[last - 1].last in usual
        if last > begin and (found[last - 1].last in others or (not joined and (denied or told))):
            result[at] = atom._replace(letter="!")
    return result


def _of_a_day(atom: Atom, words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether an atom is a part of a day's name, or the small word before it."""
    return atom.letter in OF_A_DAY or (atom.letter == "j" and words[atom.first].norm in lexicon.small["on_days"])


def ends_between(found: Sequence[Atom], at: int, returns: set[int]) -> bool:
    """ "Off until Wednesday and Thursday she is back": one weekday ends an absence, and the next is the return."""
    letters = "".join(atom.letter for atom in found[max(0, at - 2) : at + 2])
    if at < 2 or letters[0] not in ENDS or letters[1] != "W" or letters[3:] != "W":
        return False
    after = "".join(atom.letter for atom in found[at + 2 :])
    return after[: after.find("B") + 1] in COMES or (after[:1] in {"", "."} and found[at + 1].last in returns)


def lasts_to(found: Sequence[Atom], at: int, hits: Sequence[Hit]) -> bool:
    """ "She is off to Thursday": a "to" right behind an absence, with no day before it, says until when."""
    day = "".join(atom.letter for atom in found[at + 1 : at + 2])
    away = any(hit.concept == "say.absent" and hit.first < found[at].first <= hit.last for hit in hits)
    return away and day in {"W", "D"} and not any(atom.letter in OF_A_DAY for atom in found[:at])
