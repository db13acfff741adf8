"""How likely each sentence by itself is a worry: a few words of one are lost in the weights of a long report."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from conversations.context import Context
from conversations.hearing.classifier import TOPIC, classifier, counted_in
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.segments import Found, Segment

WORRY = "safeguarding"
# Of fewer words nothing can be told.
FEWEST_WORDS = 3


class Sentence(NamedTuple):
    """A sentence, from its first word to one past its last, and how likely it alone would be a worry."""

    first: int
    last: int
    worry: float


def likeliest_worry(found: Found, segments: Sequence[Segment], context: Context, lexicon: Lexicon) -> Sentence | None:
    """The sentence that is likeliest a worry, where a text has several; None in a language without weights."""
    trained = classifier()
    if lexicon.codes[0] not in trained.languages:
        return None
    sentences = [list(group) for _, group in itertools.groupby(segments, key=lambda each: each.sentence)]
    if len(sentences) == 1:
        return None
    weighed = [
        Sentence(
            sentence[0].first,
            sentence[-1].last,
            trained.chances(*counted_in(found, sentence, context))[TOPIC].get(WORRY, 0.0),
        )
        for sentence in sentences
        if sum(segment.spoken for segment in sentence) >= FEWEST_WORDS
    ]
    return max(weighed, key=lambda each: each.worry, default=None)
