"""Finds the phrases of a language's tables in a text: a tree of words, walked once from every word."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from conversations.hearing.normalise import Word

MARKUP = re.compile(r"[\[\]()|]|<[a-z_]+>|[^\[\]()|<>\s]+")
# Words that may stand inside a phrase without being part of it: "won't [actually] be in", "broke [her] wrist".
MOST_SKIPPED = 2
# A phrase that stands for more sequences than this cannot be looked over: it fills the memory of whoever checks it.
MOST_ROWS = 1_000_000
END = ""


class Hit(NamedTuple):
    """A phrase found: its concept, the words it covers (first, and one past the last), and the phrase as written."""

    concept: str
    first: int
    last: int
    phrase: str


class PhraseError(ValueError):
    """A phrase of a language pack that cannot be read; the message says which and why."""


def expand(phrase: str, sets: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """All word sequences that a phrase stands for: `[x]` is optional, `(a|b)` either, `<name>` one of a set."""
    tokens = MARKUP.findall(phrase)
    sequences, rest = _either(tokens, 0, sets, phrase)
    if rest != len(tokens):
        raise PhraseError(f"{phrase!r}: a bracket too many")
    return [sequence for sequence in dict.fromkeys(sequences) if sequence]


def _either(
    tokens: list[str], at: int, sets: Mapping[str, Sequence[str]], phrase: str
) -> tuple[list[tuple[str, ...]], int]:
    found: list[tuple[str, ...]] = []
    while True:
        one, at = _row(tokens, at, sets, phrase)
        found.extend(one)
        if at < len(tokens) and tokens[at] == "|":
            at += 1
            continue
        return found, at


def _row(
    tokens: list[str], at: int, sets: Mapping[str, Sequence[str]], phrase: str
) -> tuple[list[tuple[str, ...]], int]:
    parts: list[list[tuple[str, ...]]] = []
    while at < len(tokens) and tokens[at] not in ")]|":
        piece = tokens[at]
        if piece in "([":
            inner, at = _either(tokens, at + 1, sets, phrase)
            if at >= len(tokens) or tokens[at] != {"(": ")", "[": "]"}[piece]:
                raise PhraseError(f"{phrase!r}: a bracket is not closed")
            parts.append([*inner, ()] if piece == "[" else inner)
        elif piece.startswith("<") and piece[1:-1] in sets:
            parts.append([words for member in sets[piece[1:-1]] for words in expand(member, sets)])
        else:
            parts.append([(piece,)])
        at += 1
    if math.prod(map(len, parts)) > MOST_ROWS:
        raise PhraseError(f"{phrase!r} says more than {MOST_ROWS} things at once: write it as several")
    return [tuple(itertools.chain.from_iterable(row)) for row in itertools.product(*parts)], at


class Phrasebook:
    """A tree of all phrases of some tables; `<who>` in a phrase stands for any person, `<n>` for any number.

    `<language>` stands for the name of any language.
    """

    def __init__(self, fillers: Set[str] = frozenset()) -> None:
        self.tree: dict[str, Any] = {}
        self.fillers = fillers
        self.words: set[str] = set()
        self._own: dict[int, dict[str, Any]] = {}

    def add(self, graph: Mapping[str, Any]) -> None:
        """Files a phrase's graph. Its nodes are shared with other phrases, so a node is copied before it is changed."""
        self._merge(self.tree, graph)

    def _merge(self, into: dict[str, Any], graph: Mapping[str, Any]) -> None:
        for word, below in graph.items():
            held = into.get(word)
            if held is None or held is below:
                into[word] = below
            elif word == END:
                into[word] = {**held, **below}
            else:
                if id(held) not in self._own:
                    held = dict(held)
                    self._own[id(held)] = into[word] = held
                self._merge(held, below)

    def close(self) -> None:
        """All phrases are in: the words that any of them uses are known now."""
        self._own.clear()
        seen: set[int] = set()
        left = [self.tree]
        while left:
            node = left.pop()
            if id(node) not in seen:
                seen.add(id(node))
                self.words.update(word for word in node if word != END)
                left.extend(below for word, below in node.items() if word != END)

    def find(self, words: Sequence[Word], people: Mapping[int, int] | None = None, symbol: str = "<who>") -> list[Hit]:
        """All phrases in the text, of each concept the longest from each word.

        `people` are the places (first word, one past the last) of what `symbol` stands for.
        """
        norms, numbers = spoken(words)
        hits: list[Hit] = []
        tree, people = self.tree, people or {}
        for first, norm in enumerate(norms):
            if norm in tree or first in numbers or first in people:
                best = self._longest(norms, numbers, first, people, symbol)
                hits.extend(Hit(concept, first, last, phrase) for concept, (last, phrase) in best.items())
        return hits

    def entire(
        self, words: Sequence[Word], people: Mapping[int, int] | None = None, symbol: str = "<who>"
    ) -> dict[str, Hit]:
        """The phrases that all of the words together are, by concept."""
        norms, numbers = spoken(words)
        best = self._longest(norms, numbers, 0, people or {}, symbol)
        return {each: Hit(each, 0, last, phrase) for each, (last, phrase) in best.items() if last == len(norms)}

    def _longest(
        self, norms: list[str], numbers: set[int], first: int, people: Mapping[int, int], symbol: str
    ) -> dict[str, tuple[int, str]]:
        """Each concept with a phrase from this word on: one past the longest one's last word, and the phrase."""
        best: dict[str, tuple[int, str]] = {}
        stack: list[tuple[dict[str, Any], int, int]] = [(self.tree, first, 0)]
        length, fillers = len(norms), self.fillers
        while stack:
            node, at, skipped = stack.pop()
            ends = node.get(END)
            if ends and not skipped:
                for concept, phrase in ends.items():
                    if concept not in best or best[concept][0] < at:
                        best[concept] = (at, phrase)
            if at >= length or (ends and len(node) == 1):
                continue
            norm = norms[at]
            if norm in node:
                stack.append((node[norm], at + 1, 0))
            if at in numbers and "<n>" in node:
                stack.append((node["<n>"], at + 1, 0))
            if at in people and symbol in node:
                stack.append((node[symbol], people[at], 0))
            if norm in fillers and first < at and skipped < MOST_SKIPPED:
                stack.append((node, at + 1, skipped + 1))
        return best


def spoken(words: Sequence[Word]) -> tuple[list[str], set[int]]:
    """The words as they are looked up, and the places of numbers."""
    return [word.norm for word in words], {at for at, word in enumerate(words) if word.kind in {"number", "dotted"}}


def outermost(hits: Sequence[Hit], keeps: Callable[[Hit, Hit], bool]) -> list[Hit]:
    """The hits that lie in no longer hit, save where `keeps(inner, outer)` lets both stand."""
    ordered = sorted(hits, key=lambda hit: (hit.first, -hit.last))
    kept = []
    wide: list[Hit] = []
    for hit in ordered:
        # Only what began before and has not ended can hold this one.
        wide = [other for other in wide if other.last > hit.first]
        size = hit.last - hit.first
        if all(other.last < hit.last or other.last - other.first <= size or keeps(hit, other) for other in wide):
            kept.append(hit)
        wide.append(hit)
    return kept
