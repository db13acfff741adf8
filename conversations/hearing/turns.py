"""Where a text turns from one child to another: who is in by the words before, and who stays at home behind them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from conversations.hearing.names import CHILD, FIRST, GROUPS, OTHER, UNKNOWN, Person
from conversations.hearing.roles import only_present, same, tells
from conversations.hearing.segments import Found, Segment, Sign

# What says that somebody is in school or on the way, and that somebody stays away.
COMES = frozenset({"say.present", "say.sent", "claims_present.words"})
STAYS = frozenset({"say.absent", "say.home"})
NOT_OURS = frozenset({OTHER, UNKNOWN})


def turn(rows: Sequence[tuple[Segment, list[Person]]]) -> int | None:
    """The stretch from which a report is of another child; None where it is of one child or all of it is told of all.

    "Maya is better so she's in, but Leo woke up boiling so he's stopping here": one is in, and nothing that we know is
    said beside the other's name but that somebody stays away. That can only be the other.
    """
    for at, (_, names) in enumerate(rows):
        if not told_beside(rows, at):
            continue
        earlier = [person for _, each in rows[:at] for person in each if person.kind == CHILD]
        if not earlier or same(names, earlier):
            continue
        before = [sign for each, _ in rows[:at] for sign in each.signs if sign.stands]
        if any(concept(sign) in COMES for sign in before) and not any(concept(sign) in STAYS for sign in before):
            return at
    return None


def told_beside(rows: Sequence[tuple[Segment, list[Person]]], at: int, *, ill: bool = False) -> bool:
    """Whether a stretch is of one child and says nothing that we know, and the next that does says who stays away.

    With `ill`, or who is ill: "Nour is off till Friday, and her brother Sami only today has been sick".
    """
    segment, names = rows[at]
    if len(names) != 1 or names[0].kind != CHILD or len(names[0].choices) != 1 or len(names[0].choices[0]) != 1:
        return False
    if any(tells(sign) for sign in segment.signs) or any(person.kind == OTHER for person in segment.people):
        return False
    after = next((row for row in rows[at + 1 :] if row[1] or any(tells(sign) for sign in row[0].signs)), None)
    if after is None or after[1] or after[0].sentence != segment.sentence:
        return False
    if any(person.rule in {"people.them", *GROUPS} for person in after[0].people):
        # "For both Maya and Leo, they'll be off".
        return False
    return any(
        sign.stands and (concept(sign) in STAYS or (ill and sign.table == "sickness")) and sign.about not in NOT_OURS
        for sign in after[0].signs
    )


def left_beside(segments: Sequence[Segment], children: frozenset[str], found: Found) -> bool:
    """Whether somebody stays away by a stretch right behind another child's name than these are.

    "Maya has a cough but Leo woke up boiling so he's stopping here".
    """
    rows = [(each, [person for person in each.people if person.kind in {CHILD, UNKNOWN}]) for each in segments]
    return any(
        told_beside(rows, at, ill=True)
        and not only_present(segment)
        and not children & {*names[0].choices[0]}
        and not is_denied(names[0], found)
        for at, (segment, names) in enumerate(rows)
    )


def back_later(segments: Sequence[Segment], children: frozenset[str]) -> bool:
    """ "Maya is back on Wednesday but Leo is off all week": who comes back then is away till then."""
    for segment in segments:
        named = {child for p in segment.people if p.kind == CHILD for choice in p.choices for child in choice}
        back = any(said.role == "until" and rule.startswith("days.back") for _, _, said, rule in segment.days)
        if named and back and not named & children:
            return True
    return False


def left_of_all(segments: Sequence[Segment], children: frozenset[str]) -> bool:
    """ "Leo is hot and clammy and Maya's ankle has blown up, so it's a no from the pair of them": of both, not one."""
    named = [each for segment in segments for each in segment.people if each.kind == CHILD and each.choices]
    groups = [person for person in named if person.rule in GROUPS and len(person.choices[0]) > 1]
    names = {child for person in named if person.rule.startswith("name") for child in person.choices[0]}
    # "The twins: Leo has a temperature. Maya is fine and coming in".
    fine = {
        child
        for segment in segments
        if only_present(segment)
        and any(concept(sign) in COMES and sign.about not in {FIRST, OTHER} for sign in segment.signs)
        for person in segment.people
        if person.kind == CHILD and person.rule.startswith("name")
        for choice in person.choices
        for child in choice
    }
    sets = [{*person.choices[0]} for person in groups]
    return any(children < each <= names and not each - children <= fine for each in sets)


def is_denied(person: Person, found: Found) -> bool:
    """ "Not Leo", "Leo not": whose name stands beside a "not" does not stay behind for it."""
    near = [*found.words[max(0, person.first - 1) : person.first], *found.words[person.last : person.last + 2]]
    return any(word.norm in found.small["not"] | found.small["not_behind"] for word in near)


def stays_instead(segment: Segment, before: Sequence[Segment]) -> bool:
    """Whether a stretch without a name says who stays at home, behind one that says that another child is in."""
    stays = any(sign.stands and concept(sign) in STAYS for sign in segment.signs)
    comes = any(sign.stands and concept(sign) in COMES for each in before for sign in each.signs)
    return stays and comes and not segment.against and not segment.days


def fine_beside(segments: Sequence[Segment]) -> bool:
    """ "Maya is ill, Leo is fine, she's staying home": "she" may be either, and nobody is said to be in."""
    people = [person for each in segments for person in each.people if person.kind == CHILD]
    named = {person.choices[0] for person in people if person.choices}
    for one, other in itertools.pairwise(segments):
        fine = only_present(one) and not any(concept(sign) in COMES for sign in one.signs)
        stays = any(sign.stands and concept(sign) in STAYS for sign in other.signs)
        whom = [any(person.kind == CHILD for person in each.people) for each in (one, other)]
        apart = one.sentence != other.sentence or bool(one.days) or other.against
        if len(named) > 1 and fine and stays and whom == [True, False] and not apart:
            return True
    return False


def concept(sign: Sign) -> str:
    """The name of what a sign says."""
    return f"{sign.table}.{sign.name}"
