"""What a name with a bare yes, no or auxiliary says after something was said of others: "Ben won't be in, Mia will"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from conversations.hearing.names import CHILD
from conversations.hearing.phrases import Hit

if TYPE_CHECKING:
    from conversations.hearing.segments import Found, Segment, Sign

# What is echoed: a yes after an absence is a presence, a no after a presence an absence.
PRESENT = frozenset({"say.present", "say.sent", "say.better", "claims_present.words"})
ABSENT = frozenset({"say.absent"})
# What an auxiliary after a name may say the contrary of.
TOLD = PRESENT | ABSENT | {"say.late", "sickness", "appointment", "leave"}


def echoes(cut: Sequence[Segment], found: Found) -> list[tuple[Segment, Hit]]:
    """Each stretch that only echoes the one before it, with the presence or absence that it stands for."""
    result: list[tuple[Segment, Hit]] = []
    for before, segment in itertools.pairwise(cut):
        if any(sign.table != "talk" for sign in segment.signs) or segment.question or before.question:
            continue
        said = bare(segment, found)
        stated = [sign for sign in before.signs if not (sign.hypothetical or sign.negated)]
        told = {f"{sign.table}.{sign.name}" for sign in stated}
        if said and said <= found.small["echoes_yes"] and told & ABSENT and not told & PRESENT:
            result.append((segment, Hit("say.present", segment.first, segment.last, "<who> yes")))
        elif said and said <= found.small["echoes_no"] and told & PRESENT and not told & ABSENT:
            result.append((segment, Hit("say.absent", segment.first, segment.last, "<who> no")))
        elif said and said <= found.small["echoes_no"] and contrary(stated, segment, found):
            result.append((segment, Hit("say.present", segment.first, segment.last, "<who> no")))
        elif said & found.small.get("auxiliaries", frozenset()):
            result.extend((segment, hit) for hit in by_auxiliary(segment, said, stated, found))
    return result


def contrary(stated: Sequence[Sign], segment: Segment, found: Found) -> bool:
    """Whether a bare no behind a name denies what was said of another: "Maja ma gorączkę, Jan nie".

    "Maja nie idzie, Jan nie" says the same of both, and "Maja jest chora, a nie Jan" puts a name right.
    """
    if any(word.norm in found.small["echoes_no"] for word in found.words[segment.first : segment.people[0].first]):
        return False
    news = [sign.hit for sign in stated if sign.table in {"sickness", "say"}]
    told = leading(news)
    denied = any(word.norm in found.small["not"] for hit in told for word in found.words[hit.first : hit.last])
    return bool(told) and not denied and all(hit.concept.startswith(("sickness.", "say.absent")) for hit in told)


def by_auxiliary(segment: Segment, said: set[str], stated: Sequence[Sign], found: Found) -> list[Hit]:
    """What a bare auxiliary stands for: the contrary in "Ben won't be in, Mia will", the same in "and Mia won't"."""
    nots = found.small["not"]
    news = [sign.hit for sign in stated if f"{sign.table}.{sign.name}" in TOLD or sign.table in TOLD]
    told = leading(news)
    denied = {any(found.words[at].norm in nots for at in range(hit.first, hit.last)) for hit in told}
    if not said <= found.small["auxiliaries"] | nots or len(denied) != 1:
        return []
    # "Neither will Leo".
    spoken = {word.norm for word in found.words[segment.first : segment.last]}
    if denied == {bool(said & nots) or bool(spoken & found.small.get("denies", frozenset()))}:
        return [hit._replace(first=segment.first, last=segment.last) for hit in told]
    concepts = {hit.concept for hit in news}
    concept = "say.absent" if concepts & PRESENT and not concepts & ABSENT else "say.present"
    return [Hit(concept, segment.first, segment.last, "<who> <auxiliary>")]


def leading(hits: Sequence[Hit]) -> list[Hit]:
    """Those that begin in no other: "be in" and "in tomorrow" say nothing of their own in "won't be in tomorrow"."""
    return [
        hit
        for hit in hits
        if not any(
            other.first < hit.first < other.last or (other.first == hit.first and other.last > hit.last)
            for other in hits
        )
    ]


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
