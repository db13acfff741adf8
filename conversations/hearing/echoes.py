"""What a name with a bare yes or no says after something was said of others: "the boys won't be in, Rosie yes"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conversations.hearing.names import CHILD
from conversations.hearing.phrases import Hit

if TYPE_CHECKING:
    from conversations.hearing.segments import Found, Segment

# What is echoed: a yes after an absence is a presence, a no after a presence an absence.
PRESENT = frozenset({"say.present", "say.sent", "say.better", "claims_present.words"})
ABSENT = frozenset({"say.absent"})


def echoes(cut: Sequence[Segment], found: Found) -> list[tuple[Segment, Hit]]:
    """Each stretch that only echoes the one before it, with the presence or absence that it stands for."""
    result: list[tuple[Segment, Hit]] = []
    for before, segment in itertools.pairwise(cut):
        if any(sign.table != "talk" for sign in segment.signs) or segment.question or before.question:
            continue
        said = bare(segment, found)
        told = {f"{sign.table}.{sign.name}" for sign in before.signs if not (sign.hypothetical or sign.negated)}
        if said and said <= found.small["echoes_yes"] and told & ABSENT and not told & PRESENT:
            result.append((segment, Hit("say.present", segment.first, segment.last, "<who> yes")))
        elif said and said <= found.small["echoes_no"] and told & PRESENT and not told & ABSENT:
            result.append((segment, Hit("say.absent", segment.first, segment.last, "<who> no")))
    return result


def bare(segment: Segment, found: Found) -> set[str]:
    """The words of a stretch beside a child's name, without what only leads or softens it; empty without a name."""
    named = {at for person in segment.people if person.kind == CHILD for at in range(person.first, person.last)}
    small = found.small
    light = small["beside_names"] | small["joins"] | small["openers"] | small["breaks"]
    light -= small["echoes_yes"] | small["echoes_no"]
    spoken = [
        word.norm
        for at, word in enumerate(found.words[segment.first : segment.last], start=segment.first)
        if at not in named and word.kind != "mark"
    ]
    return set(spoken) - light if named else set()
