"""Two children with an hour or a day each in one story: "dentist on the 14th, Isla half nine, Fergus at two" is two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from conversations.acts import Clause, Days, Kind, Mention, Topic
from conversations.hearing.normalise import Word

# What an hour is for that each of several children may have: seen then, or coming then.
OWN = {Topic.APPOINTMENT: frozenset({"at"}), Topic.LATENESS: frozenset({"at", "arrive"})}
# How many words may stand between them: "Leo has a hospital appointment on the 19th at 9".
NEAR = 8


# What several children may each have on a day of their own.
AWAY = frozenset({Topic.SICKNESS, Topic.APPOINTMENT, Topic.ABSENCE_OTHER, Topic.LEAVE})


class Pair(NamedTuple):
    """A child, their hour or day, and where the two begin."""

    child: Mention
    own: Mention
    start: int


def one_each(made: Clause, words: Sequence[Word]) -> list[Clause]:
    """The clause, or one for each child where each has an hour or a day of their own beside their name."""
    pairs = paired(made, words) or paired_days(made, words)
    if not pairs:
        return [made]
    shared = [each for each in made.mentions if not any(each in pair for pair in pairs)]
    result = []
    for number, pair in enumerate(pairs):
        ends = pairs[number + 1].start if number + 1 < len(pairs) else len(words) and words[-1].end + 1
        own = [each for each in shared if theirs(each, pair, ends, pairs, shared)]
        result.append(replace(made, mentions=(pair.child, *own, pair.own)))
    return result


def hours_of_several(made: Clause) -> tuple[list[Mention], list[Mention]]:
    """The children of a clause, and its hours that may be theirs."""
    roles = OWN.get(made.topic, frozenset()) if made.topic else frozenset()
    children = [each for each in made.mentions if each.kind is Kind.CHILDREN and each.role == ""]
    hours = [each for each in made.mentions if each.kind is Kind.TIME and each.role in roles]
    return children, hours


def not_told_apart(made: Clause, words: Sequence[Word]) -> bool:
    """ "Maya and Sam have the dentist at 9.30 and 2": several children and several hours, and nothing says whose."""
    children, hours = hours_of_several(made)
    several = len({child for each in children for child in alone(each)}) > 1
    return several and (fetched_apart(made) or (len({each.value for each in hours}) > 1 and not paired(made, words)))


def fetched_apart(made: Clause) -> bool:
    """ "I'll fetch Leo at 1 and Maya at 3, Leo has the dentist": an hour of one behind that of being fetched."""
    fetched = [each for each in made.mentions if each.kind is Kind.TIME and each.role in {"at", "collect"}]
    if made.topic is not Topic.APPOINTMENT or not any(each.role == "collect" for each in fetched):
        return False
    named = [each for each in made.mentions if each.kind is Kind.CHILDREN]
    before = [[each for each in named if each.span < hour.span] for hour in fetched]
    whose = {max(each, key=lambda child: child.span).value for each in before if each}
    return len(whose) > 1 and len({each.value for each in fetched}) > 1


def paired(made: Clause, words: Sequence[Word]) -> list[Pair]:
    """Each child of a clause with the hour beside them; none where the two do not alternate all through."""
    return alternating(*hours_of_several(made), words)


def paired_days(made: Clause, words: Sequence[Word]) -> list[Pair]:
    """ "Leo is off Thursday and Maya Friday": each child of a clause with the days beside them, and no others."""
    children, _ = hours_of_several(made)
    days = [each for each in made.mentions if each.kind is Kind.DAYS]
    plain = all(each.role in {"on", "until"} and each.sure and is_closed(each) for each in days)
    timed = any(each.kind is Kind.TIME for each in made.mentions)
    return alternating(children, days, words) if made.topic in AWAY and plain and not timed else []


def is_closed(mention: Mention) -> bool:
    """Whether a mention of days has an end."""
    return isinstance(mention.value, Days) and mention.value.last is not None and not mention.value.open_ended


def alternating(children: list[Mention], hours: list[Mention], words: Sequence[Word]) -> list[Pair]:
    """Each child with what stands beside them; none where the two do not alternate all through."""
    named = [alone(each) for each in children]
    apart = len(set(named)) == len(named) and all(len(each) == 1 for each in named)
    if len(children) < 2 or len(children) != len(hours) or not apart or len({each.value for each in hours}) < 2:
        return []
    children.sort(key=lambda each: each.span)
    hours.sort(key=lambda each: each.span)
    for first, second in ((children, hours), (hours, children)):
        order = [each for pair in zip(first, second, strict=True) for each in pair]
        if order == sorted(order, key=lambda each: each.span) and all(
            close(*pair, words) for pair in zip(first, second, strict=True)
        ):
            starts = [each.span[0] for each in first]
            return [Pair(*each) for each in zip(children, hours, starts, strict=True)]
    return []


def alone(mention: Mention) -> tuple[str, ...]:
    """The children of a mention that is sure of them."""
    return mention.value if isinstance(mention.value, tuple) and mention.sure else ()


def close(one: Mention, other: Mention, words: Sequence[Word]) -> bool:
    """Whether few words stand between two mentions."""
    return sum(one.span[1] <= word.start < other.span[0] and word.kind == "word" for word in words) <= NEAR


def theirs(each: Mention, pair: Pair, ends: int, pairs: Sequence[Pair], shared: Sequence[Mention]) -> bool:
    """Whether a mention that is no hour belongs to a child: said beside them, or of all."""
    if each.kind is Kind.REASON:
        return True
    beside = pair.start <= each.span[0] < ends
    first = each.span[0] < pairs[0].start
    if each.kind is Kind.DAYS:
        return beside or first or sum(other.kind is Kind.DAYS for other in shared) == 1
    return beside or first or each.kind is Kind.CHILDREN
