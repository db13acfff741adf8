"""The ladder of a morning's chase: whom to text next about an unexplained absence, and when it is staff's to ring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


class Outcome(StrEnum):
    """What became of a text to a contact."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    FAILED = "failed"
    STOPPED = "stopped"
    WRONG_NUMBER = "wrong_number"


# After these the next contact is asked at once (care rule 3): nobody at that address will answer.
DEAD_ENDS = frozenset({Outcome.FAILED, Outcome.STOPPED, Outcome.WRONG_NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a ladder waits, each from its start, except where something else is said.

    `second` before the next contact, `staff` before a person rings; `undelivered` from a text that nobody got to
    the next contact; `pause` from a family's text that was not understood to the ladder's going on.
    """

    second: timedelta = timedelta(minutes=15)
    staff: timedelta = timedelta(minutes=30)
    undelivered: timedelta = timedelta(minutes=5)
    pause: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A contact who was asked: when, and what became of the text."""

    contact: str
    at: datetime
    outcome: Outcome = Outcome.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One child's chase so far. Whoever asks what comes next has seen that nobody has accounted for the child.

    `contacts` are all who may be asked, in order. `ring_first`: the first of them is rung, not texted. `gentle`: the
    child was ill yesterday, so one contact is asked kindly, and staff ring by `staff_by`. `heard_at`: the family's
    first text since the last rung (or shortly before the start), of which nothing came yet.
    """

    started_at: datetime
    ends_at: datetime
    contacts: tuple[str, ...]
    rungs: tuple[Rung, ...] = ()
    staff_told: bool = False
    ring_first: bool = False
    gentle: bool = False
    staff_by: datetime | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """This contact is texted now."""

    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStaff:
    """A person rings: `why` is unanswered, nobody_to_text or ring_only."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing to do before this moment."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The session is over; what is left is staff's (design.md, section 9)."""


Move: TypeAlias = Ask | TellStaff | Wait | End


def next_move(ladder: Ladder, pace: Pace, now: datetime) -> Move:
    """The one thing that is to be done now. Ask again after doing it, until it says to wait or to end."""
    if now >= ladder.ends_at:
        return End()
    if ladder.ring_first and not ladder.staff_told:
        return TellStaff(why="ring_only")
    rungs = [_aged(rung, pace, now) for rung in ladder.rungs]
    following = next((each for each in ladder.contacts if each not in {rung.contact for rung in rungs}), None)
    if following is None and not ladder.staff_told and all(rung.outcome in DEAD_ENDS for rung in rungs):
        return TellStaff(why="nobody_to_text")
    if following is not None and rungs and rungs[-1].outcome in DEAD_ENDS:
        return Ask(contact=following)
    paused_until = ladder.heard_at + pace.pause if ladder.heard_at is not None else None
    if paused_until is not None and now < paused_until:
        return Wait(until=min(paused_until, ladder.ends_at))
    if following is not None and _is_time(ladder, rungs, pace, now):
        return Ask(contact=following)
    if not ladder.staff_told and now >= _staff_at(ladder, pace):
        return TellStaff(why="unanswered")
    return Wait(until=_next_moment(ladder, rungs, pace, now, more=following is not None))


def _aged(rung: Rung, pace: Pace, now: datetime) -> Rung:
    """A text that did not arrive within its time is one that nobody got."""
    late = rung.outcome is Outcome.WAITING and now >= rung.at + pace.undelivered
    return Rung(contact=rung.contact, at=rung.at, outcome=Outcome.FAILED) if late else rung


def _live(rungs: Iterable[Rung]) -> int:
    return sum(rung.outcome not in DEAD_ENDS for rung in rungs)


def _is_time(ladder: Ladder, rungs: list[Rung], pace: Pace, now: datetime) -> bool:
    """The first at the start, the second a quarter of an hour later; nobody third while two may still answer."""
    if ladder.gentle:
        return not rungs
    asked = _live(rungs) + ladder.ring_first
    return asked == 0 or (asked == 1 and now >= ladder.started_at + pace.second)


def _staff_at(ladder: Ladder, pace: Pace) -> datetime:
    usual = ladder.started_at + pace.staff
    return max(usual, ladder.staff_by) if ladder.gentle and ladder.staff_by is not None else usual


def _next_moment(ladder: Ladder, rungs: list[Rung], pace: Pace, now: datetime, *, more: bool) -> datetime:
    moments = [ladder.ends_at]
    if not ladder.staff_told:
        moments.append(_staff_at(ladder, pace))
    if more and not ladder.gentle:
        moments.append(ladder.started_at + pace.second)
    moments += [rung.at + pace.undelivered for rung in rungs if rung.outcome is Outcome.WAITING]
    return min(moment for moment in moments if moment > now)
