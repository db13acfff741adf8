"""What a school sends unasked: which texts may wait, in which hours, how many a week, and which go as one (rule 23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from school.rules.calendar import Calendar

Kind: TypeAlias = tuple[str, str]
"""(purpose, flow) of what the school starts."""


class Manner(StrEnum):
    """How a text that may wait speaks: it asks something, it tells something, or it is somebody's own words."""

    ASKS = "asks"
    TELLS = "tells"
    WORDS = "words"


MAY_WAIT: Mapping[Kind, Manner] = MappingProxyType(
    {
        ("prompt", "how_was_school"): Manner.ASKS,
        ("back_today", "back_today"): Manner.ASKS,
        ("notice", "attendance_update"): Manner.TELLS,
        ("notice", "support"): Manner.ASKS,
        ("notice", "evidence_ask"): Manner.TELLS,
        ("broadcast", "broadcast"): Manner.WORDS,
    }
)
"""What counts in a family's budget and keeps to its hours. A broadcast of a closure is said to be urgent."""

CANNOT_WAIT: frozenset[Kind] = frozenset(
    {
        ("chase", "absence"),
        ("chase", "back_today"),
        ("chase", "late.overdue"),
        ("chase", "social_worker"),
        ("chase", "all_clear"),
        ("notice", "leave_decision"),
        ("safeguarding", "on_call"),
        ("worry", "on_call"),
        ("reply", "attendance"),
        ("reply", "attendance_person"),
        ("reply", "evidence_kept"),
        ("reply", "evidence_unread"),
        ("notice", "talk_over"),
        ("staff", "staff_words"),
    }
)
"""Care rule 23: replies, chases, closures, all-clears, decisions and safeguarding escape every cap and quiet hour."""

# Whatever waits is news for a week; a day more, so that the whole of the next week's budget is open to it.
OF_USE = timedelta(days=8)
# So many matters in one text are the most that anybody reads, and of so many segments.
MOST_TOGETHER, MOST_SEGMENTS = 3, 4
DAYS_OF_WEEK = 7


def may_wait(purpose: str, flow: str, *, urgent: bool = False) -> bool:
    """Whether a text counts in the budget and keeps to the hours. What nobody has thought of goes at once."""
    return not urgent and (purpose, flow) in MAY_WAIT


# Hours and weeks -----------------------------------------------------------------------------


def in_hours(calendar: Calendar, now: datetime, *, first: time, last: time) -> datetime:
    """`now` where it is between those local times of day, else the next moment (UTC) at which it is."""
    local = calendar.local(now)
    if first <= local.time() < last:
        return now
    day = local.date() if local.time() < first else local.date() + timedelta(days=1)
    return calendar.moment(day, first).astimezone(UTC)


def week_of(calendar: Calendar, now: datetime) -> date:
    """The Monday of the week whose budget a text of this moment is from."""
    day = calendar.local(now).date()
    return day - timedelta(days=day.weekday())


def next_week(calendar: Calendar, now: datetime, *, first: time) -> datetime:
    """When the next week's budget begins to be used (UTC)."""
    return calendar.moment(week_of(calendar, now) + timedelta(days=DAYS_OF_WEEK), first).astimezone(UTC)


# What goes as one ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that is due: who is told in which thread, how it speaks, of about how many segments, until when."""

    id: str
    thread: str
    manner: Manner
    segments: int
    until: datetime


def together(due: Sequence[Text]) -> list[tuple[Text, ...]]:
    """The texts of one family as few as make sense, what is soonest of no use first.

    In one thread only, one question at most and that last, and no longer than is read.
    """
    groups: list[list[Text]] = []
    for text in sorted(due, key=lambda each: (each.until, each.id)):
        group = next((each for each in groups if _fits(text, each)), None)
        if group is None:
            groups.append([text])
        else:
            group.append(text)
    return [tuple(sorted(each, key=lambda text: (text.manner is Manner.ASKS, text.id))) for each in groups]


def _fits(text: Text, group: Sequence[Text]) -> bool:
    asks = sum(each.manner is Manner.ASKS for each in (*group, text))
    return (
        group[0].thread == text.thread
        and asks <= 1
        and len(group) < MOST_TOGETHER
        and sum(each.segments for each in group) + text.segments <= MOST_SEGMENTS
    )


def first_of(count: int, groups: Sequence[tuple[Text, ...]], *, cap: Mapping[str, int]) -> int:
    """How many of these texts, in their order, fit a week in which `count` went; `cap` is by thread."""
    fitting = 0
    for group in groups:
        if count + fitting >= cap[group[0].thread]:
            break
        fitting += 1
    return fitting
