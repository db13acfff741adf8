"""A phrase as a graph of its words: what comes after an alternative is built once, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeAlias

from conversations.hearing.phrases import END, MARKUP, PhraseError

Node: TypeAlias = dict[str, Any]
"""The words that may come next, each with the node that follows; under END what is said by then."""

Spell: TypeAlias = Callable[[str], Sequence[str]]
"""A word of a phrase as the words that texts will have."""


class Graphs:
    """Builds the graphs of one pack's phrases. Nodes are never changed once they are built: they are shared.

    `yields_to` are words that mean something else in the pack that stands before this one: they make no phrase by
    themselves, and none at all where they would be spelled as another word.
    """

    def __init__(self, sets: Mapping[str, Sequence[str]], spell: Spell, *, yields_to: Set[str] = frozenset()) -> None:
        self._sets, self._spell, self._yields_to = sets, spell, yields_to
        self._members: dict[str, list[list[str]]] = {}

    def of(self, phrase: str, said: Mapping[str, str]) -> Node:
        """The graph of a phrase, whose ends say `said`. Raises PhraseError where it cannot be read."""
        tokens = MARKUP.findall(phrase)
        node, rest = self._either(tokens, 0, {END: dict(said)}, phrase)
        if rest != len(tokens):
            raise PhraseError(f"{phrase!r}: a bracket too many")
        # A phrase that may be nothing at all says nothing.
        return self._yielded({word: below for word, below in node.items() if word != END}, tokens, phrase)

    def _yielded(self, graph: Node, tokens: list[str], phrase: str) -> Node:
        """The graph without the single words that yield, where no other single word is spelled alike."""
        if not self._yields_to:
            return graph
        alone, _ = self._alone(tokens, 0, phrase)
        kept = {tuple(self._spell(word)) for word in alone - self._yields_to}
        for path in {tuple(self._spell(word)) for word in alone & self._yields_to} - kept:
            graph = without_end(graph, path)
        # "Are <who>" yields as a whole: "are Tudor control" is Romanian for "Tudor has a check-up".
        for path in (tuple(entry.split()) for entry in self._yields_to if " " in entry):
            graph = without_end(graph, path)
        return graph

    def _alone(self, tokens: list[str], at: int, phrase: str) -> tuple[frozenset[str], bool]:
        """The words that alone make one of the alternatives from a place on, and whether one may be nothing at all."""
        words: frozenset[str] = frozenset()
        empty = False
        while True:
            end = _row_end(tokens, at)
            pieces = [
                self._piece_alone(tokens, first, last, phrase) for first, last in _pieces(tokens, at, end, phrase)
            ]
            for number, (able, _) in enumerate(pieces):
                if all(nothing for other, (_, nothing) in enumerate(pieces) if other != number):
                    words |= able
            empty = empty or all(nothing for _, nothing in pieces)
            at = end
            if at < len(tokens) and tokens[at] == "|":
                at += 1
                continue
            return words, empty

    def _piece_alone(self, tokens: list[str], first: int, last: int, phrase: str) -> tuple[frozenset[str], bool]:
        piece = tokens[first]
        if piece in "([":
            words, empty = self._alone(tokens[first + 1 : last], 0, phrase)
            return words, empty or piece == "["
        if piece.startswith("<") and piece[1:-1] in self._sets:
            found = [self._alone(member, 0, phrase) for member in self._set(piece[1:-1])]
            return frozenset().union(*(words for words, _ in found)), any(empty for _, empty in found)
        return frozenset({piece}), False

    def _either(self, tokens: list[str], at: int, tail: Node, phrase: str) -> tuple[Node, int]:
        """The alternatives from a place on, up to the bracket that ends them, each leading to `tail`."""
        found: list[Node] = []
        while True:
            end = _row_end(tokens, at)
            found.append(self._row(tokens, at, end, tail, phrase))
            at = end
            if at < len(tokens) and tokens[at] == "|":
                at += 1
                continue
            return union(found), at

    def _row(self, tokens: list[str], at: int, end: int, tail: Node, phrase: str) -> Node:
        """The words from a place to an end, from the last to the first, so that each is built on what follows it."""
        node = tail
        for first, last in reversed(_pieces(tokens, at, end, phrase)):
            node = self._piece(tokens, first, last, node, phrase)
        return node

    def _piece(self, tokens: list[str], first: int, last: int, tail: Node, phrase: str) -> Node:
        piece = tokens[first]
        if piece in "([":
            inner, _ = self._either(tokens[first + 1 : last], 0, tail, phrase)
            return union([inner, tail]) if piece == "[" else inner
        if piece.startswith("<") and piece[1:-1] in self._sets:
            return union([
                self._either(member, 0, tail, phrase)[0] for member in self._set(piece[1:-1])
            ])  # fmt: skip
        spelled = self._spell(piece)
        if not tail or (piece in self._yields_to and tuple(spelled) != (piece,)):
            return {}
        node = tail
        for word in reversed(spelled):
            node = {word: node}
        return node

    def _set(self, name: str) -> list[list[str]]:
        if name not in self._members:
            self._members[name] = [MARKUP.findall(member) for member in self._sets[name]]
        return self._members[name]


def _pieces(tokens: Sequence[str], at: int, end: int, phrase: str) -> list[tuple[int, int]]:
    """The pieces of a row, words and brackets, each by its first and last token."""
    found: list[tuple[int, int]] = []
    while at < end:
        last = _closing(tokens, at, phrase) if tokens[at] in "([" else at
        found.append((at, last))
        at = last + 1
    return found


def _row_end(tokens: Sequence[str], at: int) -> int:
    """Where the row that begins at a place ends: at a bar, or at a bracket that it did not open."""
    depth = 0
    for place in range(at, len(tokens)):
        if tokens[place] in "([":
            depth += 1
        elif tokens[place] in ")]":
            if not depth:
                return place
            depth -= 1
        elif tokens[place] == "|" and not depth:
            return place
    return len(tokens)


def _closing(tokens: Sequence[str], at: int, phrase: str) -> int:
    """The bracket that closes the one at a place."""
    open_ones: list[str] = []
    for place in range(at, len(tokens)):
        if tokens[place] in "([":
            open_ones.append({"(": ")", "[": "]"}[tokens[place]])
        elif tokens[place] in ")]":
            if tokens[place] != open_ones.pop():
                break
            if not open_ones:
                return place
    raise PhraseError(f"{phrase!r}: a bracket is not closed")


def union(nodes: Sequence[Node]) -> Node:
    """One node that leads wherever any of them leads."""
    different = list({id(node): node for node in nodes}.values())
    if len(different) == 1:
        return different[0]
    made: Node = {}
    for node in different:
        for word, below in node.items():
            if word not in made:
                made[word] = below
            elif word == END:
                made[word] = {**made[word], **below}
            else:
                made[word] = union([made[word], below])
    return made


def without_end(node: Node, path: Sequence[str]) -> Node:
    """The node without what is said at the end of a path; what is said further on stays."""
    if not path:
        return {word: below for word, below in node.items() if word != END}
    first, *rest = path
    return {**node, first: without_end(node[first], rest)} if first in node else node
