"""What a text says by the weight of its words: linear classifiers, learned offline, beside the tables.

Tables know what somebody thought of; a classifier knows how often a word, a part of a word or a phrase of a table stood
in texts of which topic. It has no chance in it and no library: a sum of weights that can be read
(`tests/by_hand/train_classifier.py` makes `classifier.json` anew, the same each time). It names the topic; and of a
report where it begins, how long it lasts, which half is missed and whether it is several: how likely what the tables
heard of these is. It never hears whom a text is about, and languages that it was not taught are heard by tables alone.
"""

from __future__ import annotations

import itertools
import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from conversations.context import Context
from conversations.hearing.clocks import Clock
from conversations.hearing.distances import placed
from conversations.hearing.names import CHILD
from conversations.hearing.resolving import Moment, Span
from conversations.hearing.segments import Found, Segment, Sign
from conversations.hearing.weighing import Decision

# Parts of words that are counted, in letters, its ends counted as letters too.
PARTS = (3, 4, 5)
SHORTEST = 3
# From this hour on a text is more often of the next day.
LATE = 15
# A long text has more of everything: what is counted is shared out among this many.
SHARE = 9.0
# So many words' sums are kept, for parents use the same ones.
MOST_KEPT = 8192
# So many words are named as the reason.
MOST_NAMED = 3
NAME, TIME, DATE, FIGURE = "@child", "#time", "#day", "#"
# In one whole number each answer has 32 bits, counted from the middle: no sum of a text comes near their end.
LEVEL = 1 << 31


TOPIC = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """What is asked, and the answers to each; what speaks for each answer before anything is read, and what each
    feature adds to each of them, in units and `packed`. The answers of all questions are numbered in a row.
    """

    languages: frozenset[str]
    answers: Mapping[str, tuple[str, ...]]
    bias: tuple[float, ...]
    unit: int
    weights: Mapping[str, int]
    kept: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def topics(self) -> tuple[str, ...]:
        """The answers to what a text is about: the first ones."""
        return self.answers[TOPIC]

    def chances(self, words: frozenset[str], others: Sequence[str]) -> dict[str, dict[str, float]]:
        """How likely each answer to each question is; those to one add up to one."""
        count, total = len(others), 0
        for word in words:
            parts, votes = self.votes(word)
            count += parts
            total += votes
        for feature in others:
            total += self.weights.get(feature, 0)
        scale = math.sqrt(SHARE / max(1, count)) / self.unit
        odds = [bias + scale * each for bias, each in zip(self.bias, unpacked(total, len(self.bias)), strict=True)]
        found, at = {}, 0
        for question, names in self.answers.items():
            found[question] = dict(zip(names, shares(odds[at : at + len(names)]), strict=True))
            at += len(names)
        return found

    def votes(self, word: str) -> tuple[int, int]:
        """How many features a word has, and what they add to all answers together."""
        known = self.kept.get(word)
        if known is None:
            parts = word_features(word)
            known = len(parts), sum(self.weights.get(part, 0) for part in parts)
            if len(self.kept) >= MOST_KEPT:
                # Texts are heard in several threads: what was looked up stays in hand, whoever empties this.
                self.kept.clear()
            self.kept[word] = known
        return known


def packed(weights: Mapping[int, int], size: int) -> int:
    """The weights for all of `size` answers as one whole number: to add two of these adds them answer by answer."""
    return int.from_bytes(struct.pack(f"<{size}I", *(weights.get(at, 0) + LEVEL for at in range(size))), "little") - (
        _level(size)
    )


def unpacked(total: int, size: int) -> tuple[int, ...]:
    """What a sum of such numbers comes to for each answer."""
    fields = struct.unpack(f"<{size}I", (total + _level(size)).to_bytes(4 * size, "little"))
    return tuple(each - LEVEL for each in fields)


@cache
def _level(size: int) -> int:
    return int.from_bytes(struct.pack(f"<{size}I", *([LEVEL] * size)), "little")


def shares(odds: Sequence[float]) -> list[float]:
    """Chances that add up to one."""
    highest = max(odds)
    powers = [math.exp(each - highest) for each in odds]
    whole = sum(powers)
    return [power / whole for power in powers]


@cache
def classifier() -> Classifier:
    """The classifier as trained."""
    return _stored("classifier.json")


@cache
def reasons() -> Classifier:
    """The one that is asked for a reason, as trained: its answers name a topic and a reason, "leave/holiday"."""
    return _stored("reasons.json")


def _stored(file: str) -> Classifier:
    return read(json.loads(resources.files("conversations.hearing").joinpath(file).read_text("utf-8")))


def read(stored: Mapping[str, Any]) -> Classifier:
    """A classifier in the shape of its file: each feature has answers and its weights for them by turns."""
    size = len(stored["bias"])
    return Classifier(
        languages=frozenset(stored["languages"]),
        answers={question: tuple(names) for question, names in stored["answers"].items()},
        bias=tuple(stored["bias"]),
        unit=stored["unit"],
        weights={
            feature: packed(dict(zip(row[::2], row[1::2], strict=True)), size)
            for feature, row in stored["weights"].items()
        },
    )


def weightiest(
    found: Found, trained: Classifier, number: int, first: int = 0, last: int | None = None
) -> tuple[int, ...]:
    """The words that speak most for an answer, in their order: why it was heard; no name, no day and no mark.

    At least one, where there is any word. `first` and `last`: only of the words from there to there.
    """
    of = range(first, len(found.words) if last is None else last)
    aside = {at for person in found.people for at in range(person.first, person.last)}
    aside |= {at for first, last, _, _ in found.days for at in range(first, last)}
    telling = [at for at in of if at not in aside and found.words[at].kind == "word"]
    size = len(trained.bias)
    weighed = sorted((-unpacked(trained.votes(found.words[at].norm)[1], size)[number], at) for at in telling or of)
    return tuple(sorted(at for rank, (weight, at) in enumerate(weighed[:MOST_NAMED]) if weight < 0 or not rank))


# What is counted -----------------------------------------------------------------------------


def word_features(word: str) -> list[str]:
    """A word, and its parts where it is long enough to have any."""
    ends = f"^{word}$"
    parts = [f"p:{ends[at : at + size]}" for size in PARTS for at in range(len(ends) - size + 1)]
    return [f"w:{word}", *(parts if len(word) >= SHORTEST and word[0] not in "@#" else ())]


def counted(
    found: Found, segments: Sequence[Segment], decisions: Sequence[Decision], context: Context, moment: Moment
) -> tuple[frozenset[str], list[str]]:
    """The words of a text, names and figures apart, and whatever else is counted of it, each once."""
    words = spelled(found)
    others = {f"b:{one} {other}" for one, other in itertools.pairwise(("<", *words, ">"))}
    others.update(f"s:{each}" for segment in segments for sign in segment.signs for each in _sign(sign))
    others.update(_day(span, found) for _, _, span, _ in found.days)
    others.update(_clock(clock) for clock in found.clocks)
    others.update(placed(found, moment))
    others.update(each for decision in decisions for each in _decision(decision))
    return frozenset(words), sorted(others | _written(context))


def counted_in(found: Found, sentence: Sequence[Segment], context: Context) -> tuple[frozenset[str], list[str]]:
    """The same of one sentence by itself, as though nothing else were written; without what tables made of the text."""
    first, last = sentence[0].first, sentence[-1].last
    words = spelled(found, first, last)
    others = {f"b:{one} {other}" for one, other in itertools.pairwise(("<", *words, ">"))}
    others.update(f"s:{each}" for segment in sentence for sign in segment.signs for each in _sign(sign))
    others.update(_day(span, found) for at, _, span, _ in found.days if first <= at < last)
    others.update(_clock(clock) for clock in found.clocks if first <= clock.first < last)
    return frozenset(words), sorted(others | _written(context))


def _written(context: Context) -> set[str]:
    """When a text is written, and to what."""
    return {
        f"expects:{context.expects or ''}",
        f"children:{min(3, len(context.children))}",
        f"late:{context.now.hour >= LATE}",
    }


def spelled(found: Found, first: int = 0, last: int | None = None) -> list[str]:
    """The words in order; a child's name, a time, a day in figures and a number each as one sign."""
    named = {
        at
        for person in found.people
        if person.kind == CHILD and person.rule.startswith("name")
        for at in range(person.first, person.last)
    }
    timed = {at for clock in found.clocks for at in range(clock.first, clock.last)}
    dated = {at for first, last, _, _ in found.days for at in range(first, last)}
    words: list[str] = []
    for at, word in enumerate(found.words[first:last], start=first):
        if at in named:
            if words[-1:] != [NAME]:
                words.append(NAME)
        elif word.kind in {"word", "mark"}:
            words.append(word.norm)
        else:
            words.append(TIME if at in timed else DATE if at in dated else FIGURE)
    return words


def _sign(sign: Sign) -> Iterator[str]:
    """A phrase of the tables, with and without its scope."""
    yield f"{sign.table}.{sign.name}"
    scope = zip("nhqr", (sign.negated, sign.hypothetical, sign.question, sign.request), strict=True)
    yield f"{sign.table}.{sign.name}|{sign.about}|{''.join(letter for letter, holds in scope if holds)}"


def _day(span: Span, found: Found) -> str:
    first = span.first
    when = "none" if first is None else "past" if first < found.today else "today" if first == found.today else "ahead"
    return f"day:{span.role}:{when}:{'many' if span.first != span.last else ''}"


def _clock(clock: Clock) -> str:
    return f"clock:{clock.kind}:{clock.rule}"


def _decision(decision: Decision) -> Iterator[str]:
    """What the tables made of it."""
    yield f"tables:{decision.topic or ''}{decision.change}"
    if decision.reason:
        yield f"reason:{decision.reason}"
