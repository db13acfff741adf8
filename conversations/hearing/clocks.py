"""The shape of a time found in a text, and where the phrases of time stand in it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import time
from typing import NamedTuple

from conversations.acts import Kind, Part
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit


class Clock(NamedTuple):
    """A time found: the words, the kind (TIME, MINUTES or PART), its value, its role and the rule that found it."""

    first: int
    last: int
    kind: Kind
    value: time | int | Part
    role: str
    rule: str


class Found(dict[tuple[str, int], int]):
    """Where phrases of time stand: (concept, first) -> past the last; `ends` turned round; `opens` with a greeting.

    `hour` is that of the last time so far, `past` where its words end, `taken` where
    what says behind it what it is for does; `nots` the words that deny.
    """

    def __init__(self, hits: Sequence[Hit], greetings: Set[int] = frozenset()) -> None:
        super().__init__()
        self.greetings, self.opens = greetings, False
        self.hour: int | None = None
        self.past = self.taken = 0
        self.nots: Set[str] = frozenset()
        for hit in hits:
            place = (hit.concept, hit.first)
            self[place] = max(self.get(place, 0), hit.last)
        self.ends: dict[int, list[tuple[str, int]]] = {}
        for (concept, first), last in self.items():
            self.ends.setdefault(last, []).append((concept, first))


def number(words: Sequence[Word], at: int, lexicon: Lexicon) -> int | None:
    """A number in digits or words."""
    if at >= len(words):
        return None
    word = words[at]
    if word.kind == "number":
        return int(word.norm) if len(word.norm) <= 4 else None
    return lexicon.numbers.get(word.norm) if word.kind == "word" else None


# Roles ---------------------------------------------------------------------------------------
ROLES = (
    ("time.collect", "collect"),
    ("time.back", "back"),
    ("time.by", "arrive"),
    ("calendar.until", "until"),
    ("calendar.from", "from"),
)
UNTIL_OR_BY = frozenset({"calendar.until", "time.by"})

# What no word that a time goes with stands behind.
APART = frozenset({".", ",", ";", "\n"})
AFTER = (("calendar.until_after", "until"), ("time.collect_after", "collect"), ("time.back_after", "back"))


def role_after(words: Sequence[Word], last: int, found: Found, *, opens: bool = False) -> str:
    """What a time is for, by the words that follow it, in languages that put them there; "" where none do.

    Where an hour `opens` what is said, its verb may stand right behind: "at 1 I fetch him, at 2 he is seen".
    """
    near = range(last, min(last + 4, len(words)))
    end = next((at for at in near if words[at].norm in APART or ("calendar.and", at) in found), last + 4)
    roles = (
        (role, at)
        for at in range(last, end)
        for concept, role in AFTER
        if (concept, at) in found
        and not (role == "collect" and not (opens and at == last) and leads(found[concept, at], found))
        and not (role == "back" and denied(words, at, found))
    )
    meant, at = next(((role, at) for role, at in roles if role != "until" or at == last), ("", 0))
    if opens and meant and at == last:
        found.taken = max(found[concept, at] for concept, _ in AFTER if (concept, at) in found)
    return meant


def denied(words: Sequence[Word], at: int, found: Found) -> bool:
    """Whether a "not" stands beside a word of coming back: "dentist 1 baje hai, wapas nahi aye ga"."""
    return any(word.norm in found.nots for word in (*words[at - 1 : at], *words[at + 1 : at + 2]))


def role(words: Sequence[Word], at: int, found: Found) -> str:
    """What a time is for, by the nearest of the words before it: it is collected, comes back, is until then."""
    names = dict(ROLES)
    best = (0, "at")
    # "Do lekarza o 15": an "until" or a "by" that is apart from the word before the time is of something else.
    # So is one apart from "za kwadrans dwunasta", which says itself when: "do dentysty jutro za kwadrans dwunasta".
    alone = at if ("calendar.ahead", at) in found else 0
    led_from = min([first for concept, first in found.ends.get(at, ()) if concept == "time.at"], default=alone)
    for last in range(max(0, at - 3), at + 1):
        if any(words[between].norm in APART for between in range(last, at)) or other_hours(last, led_from, found):
            continue
        for concept, first in found.ends.get(last, ()):
            if (concept == "time.back" and of_week(first, found)) or first < found.taken:
                continue
            if concept in names and first < at and (concept not in UNTIL_OR_BY or last >= led_from):
                best = max(best, (last * 100 - first, names[concept]))
    return best[1]


def other_hours(last: int, led_from: int, found: Found) -> bool:
    """ "I fetch him at 11 as at 11:45 he is seen": what leads up to one hour says nothing of the next "at".

    "Back at 10 or at 11" is the same of both.
    """
    joined = any(concept == "calendar.or" for concept, _ in found.ends.get(led_from, ()))
    return last < found.past <= led_from and not joined


def of_week(at: int, found: Found) -> bool:
    """Whether a word that may be "coming" says which week or weekday it is that comes: "the week that comes, at 11"."""
    before = (concept for concept, _ in found.ends.get(at, ()))
    return ("calendar.next", at) in found and any(each.startswith(("calendar.week", "weekday.")) for each in before)


def opening(words: Sequence[Word], at: int, found: Found, on_days: Set[str]) -> bool:
    """Whether nothing but a day stands before an hour in what is said: "on Friday at 1 I fetch him"."""
    start = min([first for concept, first in found.ends.get(at, ()) if concept == "time.at"], default=at)
    days = [first for name, first in found.ends.get(start, ()) if name.startswith(("day.", "weekday."))]
    start = min(days, default=start)
    start -= bool(days and start and words[start - 1].norm in on_days)
    return not start or words[start - 1].norm in APART


def leads(last: int, found: Found) -> bool:
    """Whether an hour of its own follows words that may also stand behind one: "dentist at 3, I fetch him at 2"."""
    return any(("time.at", at) in found for at in (last - 1, last, last + 1))
