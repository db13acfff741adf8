"""What a statement of days dates where something is booked or asked for: the days of it, or the one of coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from conversations.acts import Topic
from conversations.hearing.other_days import Dated
from conversations.hearing.reports import Report
from conversations.hearing.resolving import Moment, Span, following
from conversations.hearing.roles import PRESENCE, only_present
from conversations.hearing.segments import Found, Segment
from conversations.hearing.weighing import Decision


def planned(
    dated: Dated, segment: Segment, report: Report, decision: Decision, found: Found, moment: Moment
) -> Dated | None:
    """A statement of days where something is booked or asked for: the day on which all is as usual again ends it."""
    first, last, said, rule = dated
    if decision.topic is Topic.APPOINTMENT and in_again(segment, report):
        return None
    counted = rule.startswith("days.duration") and decision.topic is Topic.APPOINTMENT
    if counted and any(each[:2] != dated[:2] for other in report.segments for each in other.days):
        # "Monday and Tuesday at the hospital, off for two days": the days have been named.
        return None
    others = [other for other in report.segments if other is not segment]
    over = said.last is not None and said.last < moment.today
    if said.role == "on" and any(other.days for other in others):
        near = {found.words[at].norm for at in range(max(segment.first, first - 5), first)}
        done = bool(near & found.small.get("done_words", frozenset()))
        if (over and (done or not segment.signs)) or (done and not segment.signs):
            # "Off Wednesday to Friday. The form was emailed last week", "I sent the form in on Monday".
            return None
    ends = any(each[2].role == "until" and each[0] > first for each in segment.days)
    if decision.topic is Topic.APPOINTMENT and said.open_ended:
        return None
    if decision.topic is Topic.LEAVE and rule == "date.since_or_from" and said.role == "since" and said.first:
        # "Can she have the day off for Friday's match": what is asked for is no day that is past.
        day = following(said.first.weekday(), moment.today)
        return first, last, Span(first=day, last=day), rule
    if decision.topic is Topic.LEAVE and away_overnight(dated, segment, report, found):
        return None
    plain = in_again(segment, report)
    again = plain or in_again(segment, report, would=True)
    if decision.topic is Topic.LEAVE and said.first is not None and not ends and again:
        if plain and all(each[2].first and each[2].first > said.first for other in others for each in other.days):
            # "Away for a funeral tomorrow, today they are in school".
            return None
        day = said.first if plain else behind(said.first, rule, segment, report)
        return first, last, Span(first=None, last=moment.back_to(day), role="until"), rule + ".in"
    if decision.topic is Topic.LEAVE and said.role == "until" and said.last and rule.startswith("days.back"):
        after = {word.norm for word in found.words[last : last + 3]}
        day = said.last + timedelta(days=1)
        if after & found.small.get("evening", frozenset()) and moment.calendar.is_school_day(day):
            # "We fly back on Friday night": that day is missed as well.
            return first, last, replace(said, last=day), rule
    return booked(dated)


def behind(day: date, rule: str, segment: Segment, report: Report) -> date:
    """ "We fly on Thursday 12th, he's in school on Wednesday": a weekday of return is the next behind all others."""
    others = [each[2] for other in report.segments if other is not segment for each in other.days]
    latest = max((at for said in others for at in (said.first, said.last) if at is not None), default=day)
    while rule == "date.weekday" and day < latest:
        day += timedelta(days=7)
    return day


def away_overnight(dated: Dated, segment: Segment, report: Report, found: Found) -> bool:
    """ "We fly late on Thursday evening, she's not in on Friday": a day of which only the evening is told."""
    after = [word.norm for word in found.words[dated[1] : dated[1] + 2]]
    late = bool(set(after) & found.small.get("evening", frozenset())) and dated[2].role == "on"
    # "Travelling up on Wednesday night, the funeral is on Thursday".
    day = dated[2].first
    planned_for = [said.first for s in report.segments for _, _, said, _ in s.days if said.role == "on" and said.first]
    then = day is not None and any(other > day for other in planned_for)
    away = any(s.has("say.absent") and s.days for s in report.segments)
    return late and not segment.has("say.absent") and (then or away)


def in_again(segment: Segment, report: Report, *, would: bool = False) -> bool:
    """ "Dentist Thursday, back to normal on Friday": a day of which only that is told is no day away.

    With `would`, as a request tells it: "he would be in school on Friday".
    """
    kinds = {f"{sign.table}.{sign.name}" for sign in segment.signs}
    hedged = bool(kinds) and kinds <= PRESENCE and all(s.hypothetical and not s.negated for s in segment.signs)
    present = hedged if would else only_present(segment)
    return present and any(other.days for other in report.segments if other is not segment)


def booked(dated: Dated) -> Dated:
    """ "For Monday" is on that day where something is planned, whatever else the word may say."""
    first, last, said, rule = dated
    return (first, last, Span(first=said.last, last=said.last), rule) if rule == "days.to_or_on" else dated
