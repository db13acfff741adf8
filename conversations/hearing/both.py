"""Tells apart a word that is "both" as well as a day: in Arabic "al-itnein" are the two of them, or Monday."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from conversations.context import Context
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import Person
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit

Parts: TypeAlias = tuple[Context, Lexicon]


def days_and_people(
    days: Sequence[Hit], people: Sequence[Person], topics: Sequence[Hit], words: Sequence[Word], parts: Parts
) -> tuple[list[Hit], list[Person]]:
    """The small words and the people of a text, where each such word is one of them only."""
    _, lexicon = parts
    listed = lexicon.small.get("both_too", frozenset())
    places = [at for at, word in enumerate(words) if word.norm in listed]
    both = {at for at in places if means_both(at, people, topics, words, parts)}
    alone = set(places) - both
    kept = [hit for hit in days if not (hit.concept.startswith("weekday.") and both & {*range(hit.first, hit.last)})]
    left = [each for each in people if not (each.rule == "people.pair" and {*range(each.first, each.last)} <= alone)]
    return kept, left


def means_both(at: int, people: Sequence[Person], topics: Sequence[Hit], words: Sequence[Word], parts: Parts) -> bool:
    """Whether it is "both": the answer to "who?", after two names, or before what both of them have."""
    context, lexicon = parts
    if len(context.children) < 2:
        return False
    before = words[at - 1].norm if at else "."
    named = any(
        each.last == at and each.first > 1 and words[each.first - 1].norm in lexicon.small["joins"] for each in people
    )
    grouped = any(each.rule in {"people.pair", "people.all", "people.them"} and each.last == at for each in people)
    follows = next((each for each in people if each.rule == "people.them" and at < each.first <= at + 2), None)
    ill = any(hit.first == at + 1 and hit.concept.startswith("sickness.") for hit in topics)
    caught = any(hit.last == at and hit.concept.startswith("sickness.") for hit in topics)
    theirs = any(
        each.rule in {"people.them", "people.pair", "people.all"} and at - 5 < each.first < at for each in people
    )
    opens = not before.isalnum() or before in lexicon.small["breaks"] or before in lexicon.greetings
    return (
        context.expects == "child"
        or named
        or grouped
        or (caught and theirs)
        or (opens and (ill or follows is not None))
    )
