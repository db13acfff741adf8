"""Days and hours of a text that cannot be what they would be filed as: past, another's, or at odds with one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from conversations.acts import Clause, Days, Kind, Part, Topic
from conversations.hearing.contradictions import COMES
from conversations.hearing.names import CHILD
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found, Segment

NOON = time(12)
# No appointment is before this.
EARLIEST = time(7)
# So many words at most stand between the two days of a range: "de la 4 la 6 martie".
APART = 2


def gone_by(clauses: Sequence[Clause], moment: Moment) -> bool:
    """Whether somebody is to come in today at an hour that is past already."""
    late = [clause for clause in clauses if clause.topic is Topic.LATENESS]
    return any(
        isinstance(m.value, time) and m.value < moment.now and moment.today == moment.likely
        for clause in late
        if not any(each.kind is Kind.DAYS for each in clause.mentions)
        for m in clause.mentions
    )


def two_hours(clauses: Sequence[Clause]) -> bool:
    """Whether one appointment has two hours of its own: "at ten past two, for twenty to three"."""
    booked = [clause for clause in clauses if clause.topic is Topic.APPOINTMENT]
    return any(len({m.value for m in each.mentions if m.kind is Kind.TIME and m.role == "at"}) > 1 for each in booked)


def at_odds(clause: Clause) -> bool:
    """Whether what a report says of its days and hours cannot all be so.

    "She goes in on Monday, home for two weeks": a return on Monday, and two weeks from today. "The dentist at 2" lasts
    no three days. "In only until lunch, the doctor's at 13:20": a morning, and an hour after it.
    """
    said = [(m.role, m.value) for m in clause.mentions if isinstance(m.value, Days)]
    ends = [each.last for role, each in said if role == "until" and each.last]
    spans = [each for role, each in said if role == "on" and each.first and each.last and each.first < each.last]
    if any(span.first <= end < span.last for span in spans for end in ends):  # type: ignore[operator]
        return True
    if clause.topic in {Topic.SICKNESS, Topic.ABSENCE_OTHER} and (spans or ends):
        # "I'll fetch him at 12, he's back on Friday": half of today, and all of the days after.
        halved = any(m.kind is Kind.PART and m.value is not Part.ALL for m in clause.mentions)
        return halved or any(m.kind is Kind.TIME and m.role == "collect" for m in clause.mentions)
    hours = [m.value for m in clause.mentions if m.role == "at" and isinstance(m.value, time)]
    if clause.topic is not Topic.APPOINTMENT or not hours:
        return False
    halves = {m.value for m in clause.mentions if m.kind is Kind.PART}
    before, after = all(hour < NOON for hour in hours), all(hour >= NOON for hour in hours)
    return bool(spans) or (after and Part.AM in halves) or (before and Part.PM in halves)


def of_another_hour(filing: Sequence[Clause], told: Sequence[Segment], found: Found) -> bool:
    """ "I see my doctor at 9, Maya will be late", "we left at 5 for her scan": an hour that is not the child's own."""
    hours = [(clause.topic, m) for clause in filing for m in clause.mentions if isinstance(m.value, time)]
    if any(topic is Topic.APPOINTMENT and m.value < EARLIEST for topic, m in hours):  # type: ignore[operator]
        return True
    booked = [
        segment
        for segment in told
        if segment.has("appointment")
        and not segment.has("say.late", "say.arriving")
        and not any(person.kind == CHILD for person in segment.people)
    ]
    spans = [(found.words[each.first].start, found.words[each.last - 1].end) for each in booked]
    late = [m for topic, m in hours if topic is Topic.LATENESS]
    if not late and any(clause.topic is Topic.LATENESS for clause in filing):
        return any(clock.kind is Kind.TIME for each in booked for clock in each.clocks)
    return any(first <= m.span[0] < last for first, last in spans for m in late) or any(
        m.rule == "clock.bare" and m.value >= NOON and not said_to_come(m.span[0], told, found)  # type: ignore[operator]
        for m in late
    )


def hour_or_date(found: Found, clauses: Sequence[Clause]) -> bool:
    """Whether somebody is late on a day written as an hour may be: "we'll be there 9.10"."""
    late = [clause for clause in clauses if clause.topic is Topic.LATENESS]
    dotted = {word.start for word in found.words if word.kind == "dotted"}
    return any(
        m.kind is Kind.DAYS and m.span[0] in dotted and not timed(clause) for clause in late for m in clause.mentions
    )


def half_a_range(found: Found) -> bool:
    """Whether a bare number taken for an hour stands right before a day of the month: "off from 4 to 6 March"."""
    dates = {first for first, _, _, rule in found.days if rule == "date.day_month"}
    bare = [clock.last for clock in found.clocks if clock.rule == "clock.bare"]
    return any(0 < first - last <= APART for last in bare for first in dates)


def timed(clause: Clause) -> bool:
    """Whether a clause has a time, or minutes."""
    return any(mention.kind in {Kind.TIME, Kind.MINUTES} for mention in clause.mentions)


def said_to_come(place: int, told: Sequence[Segment], found: Found) -> bool:
    """ "He'll be late, he was up until 3": a bare hour of the afternoon is an arrival where coming stands beside it."""
    clocks = [(clock, each) for each in told for clock in each.clocks if found.words[clock.first].start <= place]
    clock, segment = clocks[-1] if clocks else (None, None)
    if clock and {each.norm for each in found.words[max(0, clock.first - 3) : clock.first]} & found.small["awake_at"]:
        return False
    return clock is None or any(
        sign.hit.concept in {*COMES, "say.late", "say.arriving"}
        and (-1 <= clock.first - sign.hit.last <= BESIDE or 0 <= sign.hit.first - clock.last <= BESIDE)
        for sign in (segment.signs if segment else ())
    )


# So many words at most stand between an hour and the coming that it is of.
BESIDE = 3
