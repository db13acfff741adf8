"""All the children but one: "everyone except Sam", "apart from Sam they are all ill", "Sam ke ilawa sab"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conversations.context import Context
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word

if TYPE_CHECKING:
    from conversations.hearing.names import Person

GROUPS = frozenset({"people.pair", "people.all", "people.rest"})
# How many words may lie between all of them and the one who is taken out.
NEAR, FAR = 2, 10
STOPS = frozenset(".!?;\n")
# "Both" is of so many.
PAIR = 2
# How many words say "except", at the most.
LONGEST = 3


def taken_out(people: list[Person], words: Sequence[Word], context: Context, lexicon: Lexicon) -> list[Person]:
    """The people of a text, where a child who is taken out of all is no longer meant, and all are the others."""
    for person in people:
        where = excepted(person, words, lexicon)
        group = next((each for each in people if where and stands_by(each, where, words)), None)
        if where is None or len(person.choices) != 1 or len(context.children) < PAIR:
            continue
        if tells_of(person, words, lexicon):
            if group is not None and group.first < person.first:
                # "The kids are off, except Sam has an exam": who is off is asked.
                return [each._replace(choices=()) if each is group else each for each in people]
            continue
        if group is None:
            if where[0] < person.first and where[1] == person.last:
                # "All off except Sam": of whom it is told is asked.
                return [each._replace(choices=()) if each is person else each for each in people]
            continue
        left = tuple(child.id for child in context.children if child.id not in person.choices[0])
        told = bool(left) and (group.rule != "people.pair" or len(left) == PAIR)
        others = group._replace(choices=(left,) if told else (), rule="people.rest", kind=person.kind)
        return [others if each is group else each for each in people if each is not person]
    return people


def excepted(person: Person, words: Sequence[Word], lexicon: Lexicon) -> tuple[int, int] | None:
    """From where to where a child's name and its "except" stand; none where it has none."""
    if not person.rule.startswith("name") or person.kind != "child":
        return None
    for length in range(LONGEST, 0, -1):
        before = " ".join(word.norm for word in words[max(0, person.first - length) : person.first])
        if before in lexicon.small["except"]:
            return person.first - length, person.last
        behind = " ".join(word.norm for word in words[person.last : person.last + length])
        if behind in lexicon.small.get("except_after", ()):
            return person.first, person.last + length
    return None


def tells_of(person: Person, words: Sequence[Word], lexicon: Lexicon) -> bool:
    """ "Nothing wrong except Sam has a cough": something is told of who is taken out.

    Where verbs come last, what stands behind a name is no verb.
    """
    after = words[person.last].norm if person.last < len(words) else ""
    verbs = lexicon.small["verbs"] | lexicon.small["name_verbs"]
    return after in verbs and not lexicon.small["past_final"]


def stands_by(group: Person, where: tuple[int, int], words: Sequence[Word]) -> bool:
    """Whether a word for all the children stands right behind an exception, or before it in the same sentence."""
    first, last = where
    if group.rule not in GROUPS:
        return False
    near, far = (last, group.first) if group.first >= last else (group.last, first)
    behind = group.first >= last
    parted = any(word.kind == "mark" and (behind or word.norm in STOPS) for word in words[near:far])
    return not parted and 0 <= far - near <= (NEAR if group.first >= last else FAR)
