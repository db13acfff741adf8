"""The slots for times: when an appointment is, when a child leaves and returns, when a late child arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from conversations.acts import AbsenceKind, Json, Kind, Mention, Option, Part, Say
from conversations.context import Child, Context
from conversations.frame import Need, Slot, kind_of
from conversations.slots.days import days_off
from conversations.slots.who import children_of, ids_of
from conversations.state import Frame
from school.rules.absence_times import missed_for_appointment
from school.rules.calendar import Session

_SESSIONS = {Part.AM: (Session.AM,), Part.PM: (Session.PM,), Part.ALL: (Session.AM, Session.PM)}

# The parts of a day, in the order in which a menu has them.
_PARTS = (Part.AM, Part.PM, Part.ALL)

# A bare minute count beyond a school day is no lateness.
MOST_MINUTES = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Which sessions of a day a frame is about, and the times that bound it."""

    sessions: tuple[Session, ...]
    at: time | None = None
    leaves: time | None = None
    returns: time | None = None
    arrives: time | None = None
    minutes: int | None = None


def time_in(frame: Frame, slot: str) -> time | None:
    """The time that a slot holds."""
    value = frame.value(slot)
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def part_of(frame: Frame) -> Part | None:
    """The part of a day that was said."""
    value = frame.value("part")
    return Part(value) if isinstance(value, str) and value in set(Part) else None


def minutes_of(frame: Frame) -> int | None:
    """How late, in minutes."""
    value = frame.value("minutes")
    return value if isinstance(value, int) else None


def away(frame: Frame, child: Child, day: date, context: Context) -> Away:
    """What a frame says of one child's day."""
    kind = kind_of(frame)
    if kind is AbsenceKind.LATENESS:
        return _late(frame, child, day, context)
    if kind is AbsenceKind.APPOINTMENT:
        return _appointment(frame, child, day, context)
    leaves, returns = time_in(frame, "leaves"), time_in(frame, "returns")
    if part_of(frame):
        return Away(sessions=_SESSIONS[part_of(frame) or Part.ALL], leaves=leaves, returns=returns)
    if leaves or returns:
        return Away(sessions=_missed(child, day, context, leaves, returns), leaves=leaves, returns=returns)
    return Away(sessions=_SESSIONS[Part.ALL])


def from_now(frame: Frame, context: Context) -> time | None:
    """When a child arrives of whom so many minutes were said that they cannot count from the bell; else None."""
    minutes, now = minutes_of(frame), context.now
    child = next(iter(children_of(frame, context)), None)
    if minutes is None or child is None or now.date() not in days_off(frame, child, context):
        return None
    starts = context.calendar.times_on(now.date(), year=child.year).starts
    arrives = (now + timedelta(minutes=minutes)).replace(tzinfo=None, second=0, microsecond=0)
    stated = datetime.combine(now.date(), starts) + timedelta(minutes=minutes)
    return arrives.time() if stated <= now.replace(tzinfo=None) and arrives.date() == now.date() else None


def _late(frame: Frame, child: Child, day: date, context: Context) -> Away:
    arrives = time_in(frame, "arrives")
    times = context.calendar.times_on(day, year=child.year)
    if arrives is not None:
        sessions = _missed(child, day, context, None, arrives)
    elif part_of(frame) is Part.PM or (
        day == context.now.date() and context.now.time() >= times.morning_ends and part_of(frame) is None
    ):
        sessions = (Session.PM,)
    else:
        sessions = (Session.AM,)
    return Away(sessions=sessions, arrives=arrives, minutes=minutes_of(frame))


def _appointment(frame: Frame, child: Child, day: date, context: Context) -> Away:
    """Care rule 30 and `domain.md`: never a full day by default, unless somebody says so.

    An appointment whose time is not known yet stands in both sessions, without times, so that it proposes no code.
    One that takes the whole day leaves when the day starts and returns when it ends.
    """
    at, leaves, returns = time_in(frame, "at"), time_in(frame, "leaves"), time_in(frame, "returns")
    part = part_of(frame)
    times = context.calendar.times_on(day, year=child.year)
    if part is Part.ALL:
        return Away(sessions=_SESSIONS[part], at=at, leaves=times.starts, returns=times.ends)
    if part and not (leaves or returns):
        return Away(sessions=_SESSIONS[part], at=at)
    if not (at or leaves or returns):
        return Away(sessions=_SESSIONS[Part.ALL])
    missed = missed_for_appointment(context.calendar, day, at=at, leaves=leaves, returns=returns, year=child.year) or (
        _session_of(leaves or at or returns or times.starts, times.morning_ends),
    )
    return Away(sessions=missed, at=at, leaves=leaves, returns=returns)


def _missed(
    child: Child, day: date, context: Context, leaves: time | None, returns: time | None
) -> tuple[Session, ...]:
    """The sessions whose register the child misses; where that is none, the one in which it is away."""
    missed = context.calendar.missed_sessions(day, leaves=leaves, returns=returns, year=child.year)
    if missed:
        return missed
    morning_ends = context.calendar.times_on(day, year=child.year).morning_ends
    return (_session_of(leaves or returns or morning_ends, morning_ends),)


def _session_of(at: time, morning_ends: time) -> Session:
    return Session.AM if at < morning_ends else Session.PM


def _time_said(mention: Mention, _frame: Frame, _context: Context) -> Json:
    return mention.value.strftime("%H:%M") if isinstance(mention.value, time) else None


def _is_time(value: Json, _frame: Frame, _context: Context) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value).tzinfo is None
    except ValueError:
        return False


def _minutes_said(mention: Mention, _frame: Frame, _context: Context) -> Json:
    value = mention.value
    return value if isinstance(value, int) and 0 < value <= MOST_MINUTES else None


def _is_minutes(value: Json, _frame: Frame, _context: Context) -> bool:
    return isinstance(value, int) and 0 < value <= MOST_MINUTES


def _part_said(mention: Mention, _frame: Frame, _context: Context) -> Json:
    return mention.value.value if isinstance(mention.value, Part) else None


def _is_part(value: Json, _frame: Frame, _context: Context) -> bool:
    return isinstance(value, str) and value in set(Part)


def _is_late(frame: Frame, _context: Context) -> bool:
    return kind_of(frame) is AbsenceKind.LATENESS


def _is_away(frame: Frame, context: Context) -> bool:
    return not _is_late(frame, context)


def _is_appointment(frame: Frame, _context: Context) -> bool:
    return kind_of(frame) is AbsenceKind.APPOINTMENT


def _time_wanted(frame: Frame, _context: Context) -> bool:
    return not any(slot in frame.fills for slot in ("leaves", "returns", "part"))


def _time_ask(frame: Frame, context: Context) -> Say:
    options = (Option(key=part.value, label=Say(key=f"part.{part}")) for part in _PARTS) if context.numbers else ()
    return Say(key="ask.time", args={"names": ids_of(frame, context)}, options=tuple(options))


def _part_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"part": key}


PART = Slot(name="part", kind=Kind.PART, read=_part_said, ok=_is_part)
ARRIVES = Slot(
    name="arrives",
    kind=Kind.TIME,
    roles=("arrive", "at", "back", "until", ""),
    when=_is_late,
    read=_time_said,
    ok=_is_time,
)
MINUTES = Slot(name="minutes", kind=Kind.MINUTES, when=_is_late, read=_minutes_said, ok=_is_minutes)
AT = Slot(
    name="at",
    need=Need.WANTED,
    kind=Kind.TIME,
    roles=("at", ""),
    when=_is_appointment,
    due=_time_wanted,
    read=_time_said,
    ok=_is_time,
    ask=_time_ask,
    choose=_part_chosen,
)
LEAVES = Slot(name="leaves", kind=Kind.TIME, roles=("from", "collect"), when=_is_away, read=_time_said, ok=_is_time)
RETURNS = Slot(
    name="returns", kind=Kind.TIME, roles=("back", "until", "arrive"), when=_is_away, read=_time_said, ok=_is_time
)
