"""Children with days of their own in one story: "both have a bug, Leo till Wednesday, Maya all week" is two reports.

Each day is of the child whose name, or whose "he" or "she", stands before it in its sentence. What is told of them
together is of each. It is only tried where `reports.crossed` has found that the days differ, and what comes of it is
read back to the parent before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conversations.acts import Clause, Kind
from conversations.hearing.names import CHILD, Person
from conversations.hearing.own_hours import AWAY
from conversations.hearing.reports import Report
from conversations.hearing.roles import only_present, tells
from conversations.hearing.segments import Segment


def reports_each(made: Clause, report: Report) -> list[Report]:
    """The report, or one for each child, where every day in it is of one child and no child lacks one."""
    named = [each.value for each in made.mentions if each.kind is Kind.CHILDREN and not each.role]
    whom = {child for value in named for child in ids(value)}
    if made.topic not in AWAY or any(segment.clocks for segment in report.segments):
        return [report]
    owned = owners(report.segments)
    dated = [owned[segment.number] for segment in report.segments if segment.days]
    theirs = {person.choices[0][0]: person for person in reversed(dated) if person is not None}
    if None in dated or len(theirs) < 2 or not whom <= theirs.keys():
        return [report]
    if any(is_aside(child, report, owned) for child in theirs.keys() - whom):
        return [report]
    return [
        replace(report, names=[person], segments=[s for s in report.segments if is_of(owned[s.number], child)])
        for child, person in sorted(theirs.items(), key=lambda pair: pair[1].first)
    ]


def is_aside(child: str, report: Report, owned: Mapping[int, Person | None]) -> bool:
    """Whether a child whom the story does not name is in school, or has a story of their own."""
    present = {each for person in report.present for choice in person.choices for each in choice}
    theirs = [each for each in report.segments if (person := owned[each.number]) and person.choices[0] == (child,)]
    stories = any(sign.table != "say" and tells(sign) for each in theirs for sign in each.signs)
    return child in present or stories or any(only_present(each) for each in theirs)


def ids(value: object) -> tuple[str, ...]:
    """The children that a mention holds."""
    return value if isinstance(value, tuple) else ()


def is_of(person: Person | None, child: str) -> bool:
    """Whether something belongs to a child, or to all of them."""
    return person is None or person.choices[0] == (child,)


def owners(segments: Sequence[Segment]) -> Mapping[int, Person | None]:
    """For each stretch the one child of whom it speaks; None where it speaks of several, or of nobody in particular."""
    result: dict[int, Person | None] = {}
    sentence, last = -1, None
    for segment in segments:
        named = [person for person in segment.people if person.kind == CHILD and person.choices]
        single = {person.choices[0] for person in named if len(person.choices) == 1}
        one = next(iter(single)) if len(single) == 1 and all(person.choices[0] in single for person in named) else ()
        if len(one) == 1:
            last = next(person for person in named if person.choices[0] == one)
        elif named or segment.sentence != sentence:
            last = None
        sentence = segment.sentence
        result[segment.number] = last
    return result
