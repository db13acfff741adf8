"""Worries that no single phrase tells: a fear and a grown-up, marks and nobody who says how, presents from a stranger.

Each hint is harmless alone. Two of them near each other are read by the safeguarding lead (care.md, rule 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, OTHER
from conversations.hearing.phrases import Hit
from conversations.hearing.segments import Found, introduces

# So many words apart two hints are still of one matter: a long sentence, or two short ones.
NEAR = 30
# A doubtful word counts so near a child.
CLOSE = 10


class Pair(NamedTuple):
    """Two groups of hints, and what is worried about where both are said."""

    first: str
    second: str
    category: str


PAIRS = (
    Pair("fear", "adult", "disclosure"),
    Pair("fear", "home", "disclosure"),
    Pair("unwilling", "adult", "disclosure"),
    Pair("change", "adult", "disclosure"),
    Pair("marks", "unexplained", "violence"),
    Pair("marks", "home", "violence"),
    Pair("marks", "cover", "violence"),
    Pair("cover", "heat", "self_harm"),
    Pair("cover", "blade", "self_harm"),
    Pair("blade", "alone", "self_harm"),
    Pair("farewell", "gone", "self_harm"),
    Pair("pills", "counting", "self_harm"),
    Pair("eating", "weight", "self_harm"),
    Pair("online", "lure", "exploitation"),
    Pair("online", "teaching", "exploitation"),
    Pair("older", "lure", "exploitation"),
    Pair("older", "riches", "exploitation"),
    Pair("older", "unexplained", "exploitation"),
    Pair("riches", "unexplained", "exploitation"),
    Pair("riches", "nights", "exploitation"),
    Pair("nights", "unexplained", "exploitation"),
    Pair("cars", "older", "exploitation"),
    Pair("cars", "riches", "exploitation"),
    Pair("cars", "nights", "exploitation"),
    Pair("journey", "wed", "exploitation"),
    Pair("journey", "rite", "exploitation"),
    Pair("journey", "no_return", "exploitation"),
    Pair("wed", "young", "exploitation"),
    Pair("wed", "no_return", "exploitation"),
    Pair("hatred", "teaching", "exploitation"),
    Pair("hatred", "online", "exploitation"),
    Pair("secret", "adult", "sexual"),
    Pair("secret", "intimate", "sexual"),
    Pair("intimate", "adult", "sexual"),
    Pair("intimate", "school_adult", "staff"),
    Pair("contact", "school_adult", "staff"),
    Pair("secret", "school_adult", "staff"),
    Pair("fear", "school_adult", "staff"),
    Pair("marks", "school_adult", "staff"),
    Pair("control", "adult", "violence"),
    Pair("control", "hiding", "violence"),
    Pair("hiding", "adult", "violence"),
    Pair("rage", "adult", "violence"),
    Pair("absent_parent", "young_carer", "neglect"),
    Pair("absent_parent", "alone", "neglect"),
    Pair("absent_parent", "hungry", "neglect"),
    Pair("unfit", "adult", "neglect"),
    Pair("hungry", "other_child", "neglect"),
    Pair("dirty", "other_child", "neglect"),
    Pair("dirty", "hungry", "neglect"),
    Pair("out_late", "other_child", "neglect"),
    Pair("young_carer", "hungry", "neglect"),
    Pair("reported", "deed", "disclosure"),
    Pair("honour", "journey", "exploitation"),
    Pair("honour", "no_return", "exploitation"),
    Pair("honour", "honour", "exploitation"),
    Pair("gang", "threat", "weapon"),
    Pair("carrying", "threat", "weapon"),
    Pair("carrying", "gang", "weapon"),
    Pair("bereft", "bereft", "self_harm"),
    Pair("bereft", "farewell", "self_harm"),
    Pair("bereft", "gone", "self_harm"),
    Pair("bereft", "change", "self_harm"),
    Pair("bereft", "reported", "self_harm"),
    Pair("bereft", "alone", "self_harm"),
    Pair("farewell", "change", "self_harm"),
    Pair("destined", "destined", "exploitation"),
    Pair("destined", "journey", "exploitation"),
    Pair("destined", "wed", "exploitation"),
    Pair("destined", "rite", "exploitation"),
    Pair("destined", "no_return", "exploitation"),
    Pair("destined", "gone", "exploitation"),
    Pair("destined", "change", "exploitation"),
    Pair("destined", "reported", "exploitation"),
    Pair("procured", "procured", "exploitation"),
    Pair("procured", "riches", "exploitation"),
    Pair("procured", "older", "exploitation"),
    Pair("procured", "nights", "exploitation"),
    Pair("procured", "cars", "exploitation"),
    Pair("procured", "unexplained", "exploitation"),
    Pair("procured", "gang", "exploitation"),
    Pair("threatened", "threatened", "exploitation"),
    Pair("threatened", "gang", "exploitation"),
    Pair("threatened", "riches", "exploitation"),
    Pair("threatened", "nights", "exploitation"),
    Pair("threatened", "threat", "exploitation"),
    Pair("threatened", "reported", "exploitation"),
    Pair("sworn", "sworn", "exploitation"),
    Pair("sworn", "hatred", "exploitation"),
    Pair("sworn", "online", "exploitation"),
    Pair("sworn", "teaching", "exploitation"),
    Pair("sworn", "change", "exploitation"),
    Pair("groomed", "groomed", "sexual"),
    Pair("groomed", "adult", "sexual"),
    Pair("groomed", "setting", "sexual"),
    Pair("groomed", "reported", "sexual"),
    Pair("groomed", "change", "sexual"),
    Pair("groomed", "secret", "sexual"),
    Pair("groomed", "school_adult", "staff"),
    Pair("intimate", "setting", "sexual"),
    Pair("setting", "school_adult", "staff"),
    Pair("deed", "setting", "disclosure"),
    Pair("deed", "punished", "violence"),
    Pair("out_late", "punished", "violence"),
    Pair("hungry", "punished", "neglect"),
    Pair("alone", "punished", "violence"),
    Pair("filmed", "filmed", "violence"),
    Pair("filmed", "control", "violence"),
    Pair("filmed", "adult", "violence"),
    Pair("haven", "child_asks", "disclosure"),
    Pair("haven", "unwilling", "disclosure"),
    Pair("haven", "fear", "disclosure"),
    Pair("unwilling", "home", "disclosure"),
    Pair("absent_parent", "absent_parent", "neglect"),
    Pair("dirty", "dirty", "neglect"),
    Pair("alone", "other_child", "neglect"),
    Pair("absent_parent", "other_child", "neglect"),
)


def hinted(found: Found, lexicon: Lexicon, cleared: Set[int]) -> Iterator[tuple[str, Hit]]:
    """(category, hit) of every worry that two hints make together, or a doubtful word and a child do.

    `cleared` are the words that are known to be none.
    """
    places = {person.first: person.last for person in found.people}
    found_hits = lexicon.hints.find(found.words, places)
    writes = {p.first for p in found.people if p.kind == OTHER and introduces(p, found.words, found.small)}
    hits = [hit for hit in found_hits if not set(range(hit.first, hit.last)) <= cleared and not signs(hit, writes)]
    if not hits:
        return
    groups: dict[str, list[Hit]] = {}
    ours = [person for person in found.people if person.kind == CHILD or person.rule == "people.pronoun"]
    for hit in hits:
        section, _, name = hit.concept.partition(".")
        if section == "worry_weak" and any(abs(each.first - hit.first) <= CLOSE for each in ours):
            yield name, hit
        elif section == "hint":
            groups.setdefault(name, []).append(hit)
    for pair in PAIRS:
        if pair.first in groups and pair.second in groups:
            yield from ((pair.category, hit) for hit in together(groups[pair.first], groups[pair.second]))


def signs(hit: Hit, writes: Set[int]) -> bool:
    """ "It's Poppy's mum": who only says who writes is no grown-up to be afraid of."""
    return hit.concept == "hint.adult" and not writes.isdisjoint(range(hit.first, hit.last))


def together(first: Sequence[Hit], second: Sequence[Hit]) -> list[Hit]:
    """The first two hits of two groups that stand near each other and share no word; () where none do."""
    for one in first:
        for other in second:
            apart = max(one.first, other.first) - min(one.last, other.last)
            if 0 <= apart <= NEAR and one.phrase != other.phrase:
                return [one, other]
    return []
