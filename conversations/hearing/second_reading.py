"""Where the classifier is sure of other days than the tables heard, both are put before the parent: one digit decides.

"In the ambulance at 2, off today. Monday: wait and see": the tables hear today and Monday, the words of the text are
those of one day. Of such texts either was right about as often, so neither is filed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from conversations.acts import Change, Clause, Days, Kind, Mention, Topic
from conversations.doubt import Doubt
from conversations.hearing.distances import FAR, read_as
from conversations.hearing.resolving import Moment
from school.rules.calendar import CalendarEnds

# As likely as this the other days must be, start and length together, and what was heard no likelier than that.
SECOND_FROM = 0.8
FIRST_UP_TO = 0.1
# What is asked about for these alone may be asked better.
SOFT = frozenset({Doubt.UNSURE, Doubt.DATES, Doubt.UNHEARD, Doubt.BY_WEIGHT})
REPORTS = frozenset({Topic.SICKNESS, Topic.ABSENCE_OTHER})
RULE = "days.weighed"


def asked_better(
    clauses: Sequence[Clause], doubts: tuple[Doubt, ...], answers: Mapping[str, Mapping[str, float]], moment: Moment
) -> tuple[list[Clause], tuple[Doubt, ...]]:
    """The clauses and doubts of a text that is asked about anyway, with the question which of two days is meant."""
    if not doubts or not SOFT.issuperset(doubts):
        return list(clauses), doubts
    made = read_twice(clauses, answers, moment)
    if made == list(clauses):
        return made, doubts
    return made, tuple(dict.fromkeys([*(each for each in doubts if each is not Doubt.UNSURE), Doubt.DATES]))


def read_twice(clauses: Sequence[Clause], answers: Mapping[str, Mapping[str, float]], moment: Moment) -> list[Clause]:
    """The clauses; the only report among them with a second reading of its days, where that is likely."""
    told = [clause for clause in clauses if clause.topic in REPORTS and clause.change is Change.ADDS]
    if len(told) != 1 or not answers:
        return list(clauses)
    days = [mention for mention in told[0].mentions if mention.kind is Kind.DAYS]
    other = likelier(read_as(told[0], moment), answers, moment)
    if other is None or not all(mention.sure for mention in days):
        return list(clauses)
    return [doubled(clause, days, other, moment) if clause is told[0] else clause for clause in clauses]


def likelier(heard: Mapping[str, str], answers: Mapping[str, Mapping[str, float]], moment: Moment) -> Days | None:
    """The days that the classifier is sure of, where what was heard is hardly likely; None where it is not."""
    starts, lengths = answers["start"], answers["length"]
    start, length = max(starts, key=starts.__getitem__), max(lengths, key=lengths.__getitem__)
    if (start, length) == (heard["start"], heard["length"]) or starts[start] * lengths[length] < SECOND_FROM:
        return None
    if starts.get(heard["start"], 0.0) * lengths.get(heard["length"], 0.0) > FIRST_UP_TO:
        return None
    if not (start.isdigit() and length.isdigit()) or FAR in (int(start), int(length)):
        # Which day that is, its name does not tell.
        return None
    try:
        first = onwards(moment.likely, int(start), moment)
        return Days(first=first, last=onwards(first, int(length), moment))
    except CalendarEnds:
        return None


def onwards(day: date, steps: int, moment: Moment) -> date:
    """So many school days on."""
    for _ in range(steps):
        day = moment.calendar.next_school_day(day)
    return day


def doubled(clause: Clause, days: Sequence[Mention], other: Days, moment: Moment) -> Clause:
    """The clause with both readings of its days, in place of all that it says of them."""
    heard = [mention.value for mention in days if isinstance(mention.value, Days)]
    first = min((each.first or moment.likely for each in heard), default=moment.likely)
    last = max((each.last or each.first or moment.likely for each in heard), default=moment.likely)
    begins = clause.span[0]
    both = Mention(
        kind=Kind.DAYS,
        value=Days(first=first, last=last, open_ended=any(each.open_ended for each in heard)),
        role="on",
        span=days[0].span if days else (begins, begins),
        concept="days",
        rule=RULE,
        sure=False,
        alternatives=(other,),
    )
    return replace(clause, mentions=(*(each for each in clause.mentions if each.kind is not Kind.DAYS), both))
