"""How far the days of a text lie from the day that it is likeliest about, in school days: what the classifier counts.

"Thursday" is another day each day; two school days ahead is the same each week.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from conversations.acts import Clause, Days, Kind, Part, Topic
from conversations.hearing.resolving import Moment, Span
from conversations.hearing.segments import Found
from school.rules.calendar import Calendar, CalendarEnds

# What is further off is only far.
FAR = 6
NONE, PAST, OPEN, NULL = "none", "past", "open", "null"
NOON = time(12, 0)
# How many words before and after a day are counted with it: "should be BETTER BY Thursday".
NEAR = 2
# Hours that an appointment lies by, the likeliest first.
AT = ("at", "collect", "from")


def distance(first: date, day: date, calendar: Calendar) -> int:
    """How many school days `day` lies after `first`, at most FAR; -1 where it lies before."""
    if day < first:
        return -1
    steps = 0
    try:
        while first < day and steps < FAR:
            first = calendar.next_school_day(first)
            steps += 1
    except CalendarEnds:
        return FAR
    return steps


def start_class(start: date | None, likely: date, calendar: Calendar) -> str:
    """Where an absence begins: so many school days from the likeliest day, before it, or nowhere."""
    if start is None:
        return NONE
    steps = distance(likely, start, calendar)
    return PAST if steps < 0 else str(steps)


def length_class(start: date | None, end: date | None, calendar: Calendar) -> str:
    """How many school days an absence goes on after its first: "0" for one day, "open" where nobody says."""
    if start is None:
        return NONE
    return OPEN if end is None else str(max(0, distance(start, end, calendar)))


def read_as(clause: Clause, moment: Moment) -> dict[str, str]:
    """What was heard of days and halves in one story, as the classifier names it."""
    days = [mention.value for mention in clause.mentions if isinstance(mention.value, Days)]
    first = min((each.first or moment.likely for each in days), default=moment.likely)
    last: date | None = max((each.last or each.first or moment.likely for each in days), default=first)
    if any(each.open_ended for each in days):
        last = None
    return {
        "start": start_class(first, moment.likely, moment.calendar),
        "length": length_class(first, last, moment.calendar),
        "part": half(clause),
    }


def half(clause: Clause) -> str:
    """The part of the day that is missed, as far as a clause tells by itself."""
    said = [mention.value for mention in clause.mentions if isinstance(mention.value, Part)]
    if said:
        return str(said[0])
    if clause.topic is Topic.LATENESS:
        return str(Part.AM)
    hours = {m.role: m.value for m in clause.mentions if m.kind is Kind.TIME and isinstance(m.value, time)}
    at = next((hours[role] for role in AT if role in hours), None)
    if clause.topic is Topic.APPOINTMENT:
        return NULL if at is None else str(Part.AM if at < NOON else Part.PM)
    return str(Part.ALL)


def placed(found: Found, moment: Moment) -> Iterator[str]:
    """What is counted of the days and hours of a text: by which rule, how far off, and between which words."""
    norms = [word.norm for word in found.words]
    for first, last, span, rule in found.days:
        ends = f"{span.role}:{_far(span.first, moment)}:{_far(span.last, moment)}"
        yield f"far:{ends}"
        yield f"rule:{rule}:{ends}"
        about = f"{span.role}:{_near(span, moment)}"
        yield from (f"day-{first - at}:{norms[at]}:{about}" for at in range(max(0, first - NEAR), first))
        yield from (f"day+{at - last + 1}:{norms[at]}:{about}" for at in range(last, min(len(norms), last + NEAR)))
    for clock in found.clocks:
        if clock.first:
            yield f"clock-1:{norms[clock.first - 1]}"
        if clock.last < len(norms):
            yield f"clock+1:{norms[clock.last]}"
    yield f"days:{min(3, len(found.days))}:{min(2, len(found.clocks))}"


def _far(day: date | None, moment: Moment) -> str:
    return start_class(day, moment.likely, moment.calendar)


def _near(span: Span, moment: Moment) -> str:
    """How far off in few words."""
    steps = _far(span.first or span.last, moment)
    return steps if steps in {NONE, PAST, "0", "1"} else "ahead"
