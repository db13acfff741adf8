"""The thanks at the end of a text: it ends what stands before it, as a full stop would."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word

# A text of fewer words may be about the thanks: "no thanks", "leave it thanks".
FEWEST = 4
# So far before it a phrase may begin that it ends.
REACH = 6


def put_off(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """The words, with a full stop before a closing "thanks" that has none and belongs to no phrase before it."""
    last = len(words)
    while last and words[last - 1].kind == "mark":
        last -= 1
    polite = lexicon.small.get("sign_offs", frozenset())
    first = last
    while first and words[first - 1].norm in polite:
        first -= 1
    if first == last or first < FEWEST or words[first - 1].kind == "mark":
        return list(words)
    near = words[max(0, first - REACH) : first + 1]
    if any(hit.first < len(near) - 1 < hit.last for hit in lexicon.topics.find(near)):
        # "Many thanks", "a dormit prea mult".
        return list(words)
    end = words[first - 1].end
    return [*words[:first], Word(norm=".", start=end, end=end, kind="mark"), *words[first:]]
