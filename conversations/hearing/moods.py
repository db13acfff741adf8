"""How a day was, in a parent's words: good, so-so or hard, where the words say so plainly and deny nothing."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import Kind, Mention
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit
from conversations.hearing.timed_mentions import span

SECTION = "mood."
# A 'not' reaches so many words on (or back, in languages where it follows): "it was not really a good day".
REACH = 4
NEGATORS = ("scope.negator", "scope.negator_after")


def moods(words: Sequence[Word], hits: Sequence[Hit], lexicon: Lexicon) -> tuple[Mention, ...]:
    """The moods that a text tells, in order; `hits` are what else was found in it.

    Of phrases that overlap the longest counts. One that a 'not' outside it may deny says nothing: better no mood than
    the wrong one.
    """
    negators = [hit for hit in hits if hit.concept in NEGATORS]
    return tuple(
        Mention(
            kind=Kind.MOOD,
            value=hit.concept.removeprefix(SECTION),
            span=span(words, hit.first, hit.last),
            concept=hit.concept,
            rule=hit.phrase[:60],
        )
        for hit in phrases(words, lexicon)
        if not any(_denies(negator, hit) for negator in negators)
    )


def phrases(words: Sequence[Word], lexicon: Lexicon) -> list[Hit]:
    """The phrases of how a day was, in order; of those that overlap the longest."""
    told = [hit for hit in lexicon.whole.find(words) if hit.concept.startswith(SECTION)]
    kept: list[Hit] = []
    for hit in sorted(told, key=lambda each: (each.first - each.last, each.first)):
        if not any(_overlap(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda each: each.first)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first < other.last and other.first < one.last


def _denies(negator: Hit, hit: Hit) -> bool:
    if _overlap(negator, hit):
        return False
    if negator.concept == "scope.negator":
        return 0 <= hit.first - negator.last < REACH
    return 0 <= negator.first - hit.last < REACH
