"""Conditions: what hangs on an "if" is not said for certain, whether it stands before or behind."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conversations.hearing.names import CHILD, FIRST, PRONOUN, WE
from conversations.hearing.resolving import Span

if TYPE_CHECKING:
    from conversations.hearing.segments import Found, Segment

# What a condition can be about.
STATES = frozenset({"sickness", "say"})


def find_conditions(cut: Sequence[Segment], found: Found) -> None:
    """ "If she is no better tomorrow, I'll keep her off", and "I'll keep her off tomorrow if she is no better"."""
    for before, segment in itertools.pairwise(cut):
        same = before.sentence == segment.sentence
        segment.depends = same and is_condition(before, before.first, found) and not reports(before, found)
        if same and ends_in_condition(segment, cut, found) and any(is_later(each, found) for each in before.days):
            before.hangs_before = before.last
    for segment in cut:
        segment.hangs_before = max(segment.hangs_before, hanging(segment, found))


def is_condition(segment: Segment, start: int, found: Found) -> bool:
    """Whether what begins at a word is an "if" about a child, or about how somebody is."""
    conditional, openers = found.small["conditional"], found.small["openers"]
    inside = range(start, segment.last)
    # A picture before it is no word: "😊 if she is no better".
    spoken = (found.words[at].norm for at in inside if found.words[at].norm.strip("'").isalnum())
    first = next((norm for norm in spoken if norm not in openers - conditional), "")
    return first in conditional and (
        any(person.first in inside and person.kind in {CHILD, PRONOUN} for person in segment.people)
        or any(hit.concept.partition(".")[0] in STATES for hit in found.hits_in(inside))
        # "If it is not gone by Friday": what has to end by a day is an illness.
        or (any(day[0] in inside for day in segment.days) and denied(inside, found))
    )


def denied(inside: range, found: Found) -> bool:
    """Whether both an "if" that means nothing else and a "not" stand among some words."""
    return {"scope.hypothetical", "scope.negator"} <= {hit.concept for hit in found.hits_in(inside)}


def reports(segment: Segment, found: Found) -> bool:
    """ "If you could let Maya's teacher know": manners around a report."""
    return any(hit.concept == "scope.reporting" for hit in found.hits_in(range(segment.first, segment.last)))


def ends_in_condition(segment: Segment, cut: Sequence[Segment], found: Found) -> bool:
    """Whether a stretch is an "if" that says nothing of its own and ends its sentence."""
    after = cut[segment.number + 1] if segment.number + 1 < len(cut) else None
    told = any(
        hit.concept.startswith("say.") and hit.concept != "say.better"
        for hit in found.hits_in(range(segment.first, segment.last))
    )
    last = after is None or after.sentence != segment.sentence
    return last and not told and is_condition(segment, segment.first, found)


def is_later(dated: tuple[int, int, Span, str], found: Found) -> bool:
    """Whether a statement of days begins after today."""
    return dated[2].first is not None and dated[2].first > found.today


def hanging(segment: Segment, found: Found) -> int:
    """The word of an "if" in the middle of a stretch, of a day to come, on which what stands before it hangs; or -1."""
    within, weighs = found.small["if_within"], found.small["weighs"]
    # "In for nine if I can get him dressed" is as sure as it gets.
    mine = {person.first for person in segment.people if person.kind in {FIRST, WE}}
    for at in range(segment.first + 1, segment.last):
        word, before = found.words[at].norm, found.words[at - 1].norm
        if word in within and before not in weighs and at + 1 not in mine and is_condition(segment, at, found):
            days = [each for each in segment.days if each[0] < at]
            return at if all(is_later(each, found) for each in days) else -1
    return -1
