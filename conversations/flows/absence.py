"""The absence conversation: sickness, lateness, an appointment, or any other reason for not being in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from conversations.acts import AbsenceKind, AbsenceStated, Json, Kind, Mention, Option, Part, Reading, Say, Topic
from conversations.context import Context
from conversations.flows.menu import kinds
from conversations.frame import DOUBTS, MISSING, TONE, UNKNOWN_NAME, Flow, Need, Refusal, Slot, filled, kind_of
from conversations.receipts import receipt
from conversations.slots.days import DAYS, common_days, days_off, readings_of, refused, stretches_of
from conversations.slots.sure import SURE
from conversations.slots.times import (
    ARRIVES,
    AT,
    LEAVES,
    MINUTES,
    PART,
    RETURNS,
    away,
    from_now,
    minutes_of,
    part_of,
    time_in,
)
from conversations.slots.which import ANOTHER_DAY, OLD, WHICH
from conversations.slots.who import WHO, children_of, ids_of, reportable
from conversations.state import Frame
from school.rules.calendar import Session

NAME = "absence"

# Two hours of silence after a question: the phone was put away, and the morning is not over yet.
IDLE = timedelta(hours=2)

_HALVES: dict[tuple[Session, ...], Part] = {(Session.AM,): Part.AM, (Session.PM,): Part.PM}

# Not "other", which is another child in every menu.
ANOTHER = "another"
# Why a child is away that is neither ill nor late, to choose from by number; the last says no more than that.
REASONS = ("family_emergency", "transport", "religious", "bereavement", ANOTHER)

# The answer to a chase that says that we are wrong (care rule 18).
IN_SCHOOL = "in_school"


def _is_kind(value: Json, _frame: Frame, _context: Context) -> bool:
    return isinstance(value, str) and value in set(AbsenceKind)


def _ask_kind(frame: Frame, context: Context) -> Say:
    """Care rule 18: the first chase, with no guess at the reason and one number that says that we are wrong.

    Where somebody told us something before (of another day), not that there was no message; in answer to a text of
    the parent's own without saying who we are.
    """
    in_school = Option(key=IN_SCHOOL, label=Say(key="chase.in_school"))
    key = {"again": "chase.again", "still": "chase.still"}.get(str(frame.value(TONE)), "chase.first")
    options = (in_school, *kinds()) if context.numbers else (in_school,)
    return Say(key=key, args={"names": ids_of(frame, context)}, options=options)


def by_kind(key: str) -> Mapping[str, Json]:
    """What choosing a kind of absence fills; of an illness no more is asked."""
    return {"kind": key, "reason": "unspecified" if key == AbsenceKind.SICKNESS else None}


def _kind_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return by_kind(key)


def _reason_said(mention: Mention, frame: Frame, _context: Context) -> Json:
    """'Unspecified' is a reason for an illness, but none for an absence that has no other."""
    if mention.value == "unspecified" and kind_of(frame) is AbsenceKind.OTHER:
        return None
    return str(mention.value)


def _is_unexplained(frame: Frame, _context: Context) -> bool:
    """Care rule 3: a parent who gives no reason is accounted for, and asked once for it."""
    return kind_of(frame) is AbsenceKind.OTHER


def _ask_reason(frame: Frame, context: Context) -> Say:
    options = (Option(key=each, label=Say(key=f"reason.{each}")) for each in REASONS) if context.numbers else ()
    return Say(key="ask.reason", args={"names": ids_of(frame, context)}, options=tuple(options))


def _reason_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"reason": "other" if key == ANOTHER else key}


KIND = Slot(name="kind", need=Need.REQUIRED, ok=_is_kind, ask=_ask_kind, choose=_kind_chosen)
REASON = Slot(
    name="reason",
    need=Need.WANTED,
    kind=Kind.REASON,
    due=_is_unexplained,
    read=_reason_said,
    ask=_ask_reason,
    choose=_reason_chosen,
)


def stop(frame: Frame, context: Context) -> Refusal | None:
    """Who may not report the child, or any, is asked nothing: a person reads it, and no menu names a child."""
    about = children_of(frame, context)
    if all(child.may_report for child in about) and (about or reportable(context)):
        return None
    return Refusal(why="may_not_report" if frame.message else "")


def refuse(frame: Frame, context: Context) -> Refusal | None:
    """Why a complete absence is not filed."""
    if not all(child.may_report for child in children_of(frame, context)):
        return Refusal(why="may_not_report")
    if frame.value(WHICH.name) == OLD:
        return Refusal(say=Say(key="kept"))
    return refused(frame, context)


def stated(frame: Frame, context: Context, partial: bool) -> tuple[AbsenceStated, ...]:
    """One statement for each child, school day and session, in that order."""
    kind = kind_of(frame)
    if kind is None:
        return ()
    reason = frame.value("reason")
    open_ended = any(stretch.last is None for stretch in stretches_of(frame))
    found: list[AbsenceStated] = []
    for child in children_of(frame, context):
        for day in days_off(frame, child, context):
            there = away(frame, child, day, context)
            found.extend(
                AbsenceStated(
                    child=child.id,
                    day=day,
                    session=session,
                    kind=kind,
                    reason=reason if isinstance(reason, str) else None,
                    frame=frame.id,
                    message=frame.message,
                    leaves_at=there.leaves,
                    returns_at=there.returns,
                    at=there.at,
                    arrives_at=there.arrives,
                    minutes_late=there.minutes,
                    open_ended=open_ended,
                    partial=partial,
                )
                for session in there.sessions
            )
    return tuple(found)


def reading(frame: Frame, context: Context) -> Reading:
    """The best reading of a frame, complete or not: the likeliest where there are several."""
    likely = {slot.name: _first(frame.value(slot.readings)) for slot in (WHO, DAYS) if slot.readings in frame.fills}
    best = filled(frame, likely, "said") if likely else frame
    children = children_of(best, context)
    found = stretches_of(best)
    days = sorted({day for child in children for day in days_off(best, child, context)})
    open_ended = any(stretch.last is None for stretch in found)
    first = days[0] if days else found[0].first if found else None
    last = days[-1] if days else found[-1].last if found else None
    reason = best.value("reason")
    return Reading(
        topic=str(best.value("kind") or ""),
        children=tuple(child.id for child in children),
        first=first,
        last=None if open_ended else last,
        part=_part(best, context),
        at=time_in(best, "arrives") or time_in(best, "at") or time_in(best, "leaves"),
        minutes_late=minutes_of(best),
        reason=reason if isinstance(reason, str) else None,
    )


def _first(readings: Json) -> Json:
    return readings[0] if isinstance(readings, list) and readings else None


def _part(frame: Frame, context: Context) -> Part | None:
    """Which part of the day is meant; None for an appointment at an unknown time."""
    said = part_of(frame)
    if said is not None:
        return said
    times = [time_in(frame, slot) for slot in ("at", "leaves", "returns", "arrives")]
    if kind_of(frame) is AbsenceKind.APPOINTMENT and not any(times):
        return None
    for child in children_of(frame, context) or context.children[:1]:
        for day in days_off(frame, child, context):
            sessions = away(frame, child, day, context).sessions
            return _HALVES.get(sessions, Part.ALL)
    return Part.AM if kind_of(frame) is AbsenceKind.LATENESS else Part.ALL


def run_out(frame: Frame, context: Context) -> Frame | None:
    """What silence lets us file: the days that all readings agree on, for children who were named, without doubts."""
    if any(slot.when(frame, context) and slot.name not in frame.fills for slot in (ANOTHER_DAY, WHICH)):
        return None
    if frame.value(DOUBTS) or frame.value(UNKNOWN_NAME) or WHO.readings in frame.fills or kind_of(frame) is None:
        return None
    if readings_of(frame):
        days = common_days(frame)
        frame = replace(frame, fills={k: v for k, v in frame.fills.items() if k != DAYS.readings})
        frame = filled(frame, {"days": days}, "said")
    return frame if "who" in frame.fills and "days" in frame.fills else None


def keep(frame: Frame, context: Context) -> Frame:
    """Late in the morning is late in the morning, also when it is undone in the afternoon.

    '10 minutes late' once those have passed means ten minutes from now.
    """
    if kind_of(frame) is not AbsenceKind.LATENESS or time_in(frame, "arrives") or part_of(frame):
        return frame
    if (arrives := from_now(frame, context)) is not None:
        return filled(frame, {"arrives": arrives.strftime("%H:%M"), "minutes": None}, "default")
    for child in children_of(frame, context):
        for day in days_off(frame, child, context):
            part = Part.PM if away(frame, child, day, context).sessions == (Session.PM,) else Part.AM
            return filled(frame, {"part": part.value}, "default")
    return frame


def _also_in_school(slot: Slot) -> Slot:
    """The same question; beside 'isn't marked in', one more number says that we are wrong (care rule 18)."""
    asked = slot.ask

    def ask(frame: Frame, context: Context) -> Say:
        say = asked(frame, context) if asked is not None else Say(key="")
        if frame.value(TONE) != MISSING:
            return say
        return replace(say, options=(*say.options, Option(key=IN_SCHOOL, label=Say(key="chase.in_school"))))

    return replace(slot, ask=ask)


FLOW = Flow(
    name=NAME,
    opens={
        Topic.SICKNESS: {"kind": AbsenceKind.SICKNESS.value},
        Topic.LATENESS: {"kind": AbsenceKind.LATENESS.value},
        Topic.APPOINTMENT: {"kind": AbsenceKind.APPOINTMENT.value},
        Topic.ABSENCE_OTHER: {"kind": AbsenceKind.OTHER.value},
    },
    slots=(
        KIND,
        _also_in_school(WHO),
        _also_in_school(DAYS),
        PART,
        ARRIVES,
        MINUTES,
        LEAVES,
        RETURNS,
        AT,
        _also_in_school(SURE),
        _also_in_school(ANOTHER_DAY),
        WHICH,
        REASON,
    ),
    refuse=refuse,
    file=stated,
    receipt=receipt,
    reading=reading,
    run_out=run_out,
    idle=IDLE,
    keep=keep,
    stop=stop,
)
