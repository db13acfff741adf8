"""Which illnesses a question names, in the family's language and in English; none where it is another's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TypeAlias

from conversations.acts import Clause, Topic
from conversations.doubt import Doubt
from conversations.hearing.names import OTHER
from conversations.hearing.normalise import Word, key
from conversations.hearing.segments import Found

Phrase: TypeAlias = tuple[str, ...]
ENGLISH, FILE = "en", "illness.toml"
ANY_ENDING = "*"


def ailments(
    words: Sequence[Word], found: Found, clauses: Sequence[Clause], doubts: Sequence[Doubt], *, code: str
) -> tuple[str, ...]:
    """The keys of the illnesses that a question is about, each once; () for a text that asks nothing.

    A brother's chickenpox says nothing of the child who asks to come in, so a person answers that.
    """
    asks = Doubt.QUESTION in doubts or any(
        clause.question or clause.topic is Topic.ILLNESS_QUESTION for clause in clauses
    )
    if not asks or any(person.kind == OTHER for person in found.people):
        return ()
    spoken = [word.norm for word in words if word.kind != "mark"]
    known = {**phrases(ENGLISH), **phrases(code.partition("_")[0])}
    places: dict[str, list[int]] = {}
    for start, word in enumerate(spoken):
        places.setdefault(word, []).append(start)
    at: dict[int, tuple[int, str]] = {}
    for phrase, ailment in known.items():
        length = len(phrase)
        for start in _begins(phrase[0], places):
            run = spoken[start : start + length]
            if len(run) == length and all(map(_is, phrase, run)) and length > at.get(start, (0, ""))[0]:
                at[start] = (length, ailment)
    # "German measles" is no measles: what lies within a longer phrase is not named by itself.
    covered = {start + step for start, (length, _) in at.items() for step in range(1, length)}
    return tuple(dict.fromkeys(ailment for start, (_, ailment) in sorted(at.items()) if start not in covered))


def _begins(wanted: str, places: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """Where a phrase may begin, by its first word."""
    if wanted.endswith(ANY_ENDING):
        return [start for word, starts in places.items() if _is(wanted, word) for start in starts]
    return places.get(wanted, ())


def _is(wanted: str, said: str) -> bool:
    return said.startswith(wanted[:-1]) if wanted.endswith(ANY_ENDING) else said == wanted


@cache
def phrases(code: str) -> dict[Phrase, str]:
    """A language's words for illnesses; none where it has no list."""
    file = resources.files("locales").joinpath(code, FILE)
    if not file.is_file():
        return {}
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        tuple(_folded(word) for word in phrase.split()): ailment
        for ailment, found in listed.items()
        for phrase in found
    }


def _folded(word: str) -> str:
    return key(word[:-1]) + ANY_ENDING if word.endswith(ANY_ENDING) else key(word)
