"""Leave in term time: whom, which days, when back, what for; read back, and confirmed before the head is asked."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from conversations.acts import AbsenceKind, Days, Effect, Json, Kind, Mention, Option, Part, Say
from conversations.asked import LeaveAsked, LeaveTakenBack
from conversations.context import Child, Context
from conversations.doubt import Doubt
from conversations.flows.answering import nothing_sure, reading_as
from conversations.flows.menu import ring_me
from conversations.frame import CLOSED, DOUBTS, INSTEAD, Flow, Need, Refusal, Slot, filled
from conversations.receipts import in_a_row
from conversations.slots import days as days_slot
from conversations.slots import who as who_slot
from conversations.slots.days import stretches_of
from conversations.slots.times import LEAVES, PART, RETURNS, part_of, time_in
from conversations.slots.who import ALL, children_of, ids_of
from conversations.state import Frame
from conversations.stretches import Stretch
from school.rules.calendar import CalendarEnds, Session
from school.rules.leave import is_in_advance, leave_sessions

NAME = "leave"
SEND, NOT_SEND = "yes", "no"
# A school year ahead, and four weeks of school: more than that is for a person to talk about.
FAR_AHEAD = timedelta(days=366)
MOST_DAYS = 20
# Reasons that say nothing by themselves: the parent is asked for words.
SAYS_NOTHING = frozenset({"", "other", "unspecified"})
_HALVES = {Part.AM: (Session.AM,), Part.PM: (Session.PM,), Part.ALL: tuple(Session)}


def askable(context: Context) -> tuple[Child, ...]:
    """The children for whom this contact may ask: they live with them, and the record says so (reg 11)."""
    return tuple(child for child in context.children if child.lives_with and child.may_request_leave)


def sessions_of(frame: Frame, child: Child, context: Context) -> tuple[tuple[date, Session], ...]:
    """The sessions that a child would miss."""
    found = stretches_of(frame)
    part = part_of(frame)
    times = {"leaves": time_in(frame, "leaves"), "returns": time_in(frame, "returns")}
    return tuple(
        each
        for stretch in found
        for each in leave_sessions(
            context.calendar,
            stretch.first,
            last_of(stretch, frame),
            year=child.year,
            halves=_HALVES[part] if part else tuple(Session),
            **times,
        )
    )


def last_of(stretch: Stretch, frame: Frame) -> date:
    """The last day off: the stretch's own, or what was said when asked for the day back."""
    back = frame.value("last")
    if stretch.last is None and isinstance(back, str):
        return max(stretch.first, date.fromisoformat(back))
    return stretch.known_last


def is_open_ended(frame: Frame) -> bool:
    """Whether no day back was said."""
    found = stretches_of(frame)
    return bool(found) and found[-1].last is None


# Slots ---------------------------------------------------------------------------------------


def _who(_frame: Frame, context: Context) -> Json:
    meant = who_slot.only_child(context)
    return [meant] if meant in {child.id for child in askable(context)} else None


def _ask_who(_frame: Frame, context: Context) -> Say:
    able = askable(context)[: who_slot.MOST_LISTED]
    options = [Option(key=child.id, label=Say(key="child", args={"names": (child.id,)})) for child in able]
    if len(able) > 1:
        options.append(Option(key=ALL, label=Say(key="both" if len(able) == 2 else "all_of_them")))
    return Say(key="ask.who.leave", options=tuple(options))


def _who_chosen(key: str, _frame: Frame, context: Context) -> Mapping[str, Json]:
    return {"who": [child.id for child in askable(context)] if key == ALL else [key]}


def _days_said(mention: Mention, frame: Frame, context: Context) -> Json:
    """Days as of any absence, but that of an end alone no start is made up."""
    value = mention.value
    if isinstance(value, Days) and value.first is None and not stretches_of(frame):
        return None
    return days_slot.DAYS.read(mention, frame, context)


def _ask_days(frame: Frame, context: Context) -> Say:
    if days_slot.DAYS.ask is not None and (days_slot.readings_of(frame) or frame.value(CLOSED)):
        return days_slot.DAYS.ask(frame, context)
    return Say(key="leave.days", args={"names": ids_of(frame, context)}, options=ring_me(context))


def _back_said(mention: Mention, frame: Frame, _context: Context) -> Json:
    """The last day off, from the day back that we asked for: 'the 23rd' is in school again on the 23rd."""
    value = mention.value
    if not isinstance(value, Days):
        return None
    last = value.last if value.first is None else value.first - timedelta(days=1)
    first = stretches_of(frame)[-1].first if stretches_of(frame) else None
    return last.isoformat() if last is not None and first is not None and last >= first else None


def _ask_back(frame: Frame, context: Context) -> Say:
    return Say(key="leave.back", args={"names": ids_of(frame, context)}, options=ring_me(context))


def _ends_open(frame: Frame, _context: Context) -> bool:
    return is_open_ended(frame)


def _ask_words(frame: Frame, context: Context) -> Say:
    return Say(key="leave.words", args={"names": ids_of(frame, context)}, options=ring_me(context))


def mark_of(frame: Frame) -> str:
    """What a parent confirmed, as a number: whatever changes afterwards is read back again."""
    facts = [frame.value(name) for name in ("who", "days", "last", "part", "leaves", "returns")]
    return str(zlib.crc32(json.dumps(facts).encode()))


def _is_confirmed(value: Json, frame: Frame, _context: Context) -> bool:
    return value in (mark_of(frame), NOT_SEND)


def _ask_send(frame: Frame, context: Context) -> Say:
    yes = Option(key=SEND, label=Say(key="leave.send"))
    no = Option(key=NOT_SEND, label=Say(key="leave.not_send"))
    return Say(key="leave.sure", args={"facts": facts(frame, context)}, options=(yes, no))


def _send_chosen(key: str, frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"send": mark_of(frame) if key == SEND else NOT_SEND}


def facts(frame: Frame, context: Context) -> tuple[Say, ...]:
    """Days off, day back and school days for the children; those whose year groups differ are read back apart."""
    groups: dict[tuple[tuple[date, Session], ...], list[Child]] = {}
    for child in children_of(frame, context):
        if missed := sessions_of(frame, child, context):
            groups.setdefault(missed, []).append(child)
    return tuple(_fact(tuple(children), missed, context) for missed, children in groups.items())


def _fact(children: tuple[Child, ...], missed: tuple[tuple[date, Session], ...], context: Context) -> Say:
    days = sorted({day for day, _ in missed})
    args: dict[str, object] = {
        "names": tuple(child.id for child in children),
        "days": in_a_row(days, context),
        "off_days": len(missed),
    }
    if len(days) == 1 and len(missed) == 1:
        half = "leave.fact_morning" if missed[0][1] is Session.AM else "leave.fact_afternoon"
        return Say(key=half, args={"names": args["names"], "days": args["days"]})
    back = day_back(days[-1], children[0], context)
    return Say(key="leave.fact", args={**args, "day": back}) if back else Say(key="leave.fact_no_back", args=args)


def day_back(last: date, child: Child, context: Context) -> date | None:
    """The first school day after the last one off; None where term dates end before."""
    try:
        return context.calendar.next_school_day(last, year=child.year)
    except CalendarEnds:
        return None


# Filing --------------------------------------------------------------------------------------


def is_late(frame: Frame, context: Context) -> bool:
    """Whether the first session has begun for one of the children: then it is a report, and no request."""
    asked = [(sessions_of(frame, child, context), child) for child in children_of(frame, context)]
    return any(
        missed and not is_in_advance(context.calendar, missed, asked_at=context.now, year=child.year)
        for missed, child in asked
    )


def _refuse(frame: Frame, context: Context) -> Refusal | None:
    return Refusal(say=Say(key="leave.not_sent")) if frame.value("send") == NOT_SEND else stop(frame, context)


def stop(frame: Frame, context: Context) -> Refusal | None:
    """Why a request is not gone on with, as soon as whom and when are known.

    What has begun is reported as an absence, once the parent says that it is meant so; it is never a request.
    """
    found = stretches_of(frame)
    children = children_of(frame, context)
    if not set(children) <= set(askable(context)):
        return Refusal(why="leave_not_entitled")
    if any(each.first > context.now.date() + FAR_AHEAD for each in found):
        return Refusal(why="far_ahead")
    if any((each.known_last - each.first).days > 2 * 7 * MOST_DAYS for each in found):
        return Refusal(why="long")
    missed = [sessions_of(frame, child, context) for child in children]
    if max(map(len, missed), default=0) > 2 * MOST_DAYS:
        return Refusal(why="long")
    if found and missed and not any(missed) and not is_open_ended(frame):
        return _nothing_missed(frame, context)
    return Refusal(why="leave_past", instead=as_absence(frame)) if is_late(frame, context) else None


def _nothing_missed(frame: Frame, context: Context) -> Refusal:
    """School is closed on all of the days, or the child is away between two registers: of that a person is told."""
    days = (days_slot.days_off(frame, child, context) for child in children_of(frame, context))
    if any(days):
        return Refusal(why="leaves_early")
    return Refusal(opens_again={"days": None, CLOSED: frame.value("days")})


def as_absence(frame: Frame) -> Frame:
    """A request that came too late, as the report that it is, to be asked about before it is filed."""
    names = ("who", "days", "part", "leaves", "returns", "reason")
    kept_fills = {name: frame.fills[name] for name in names if name in frame.fills}
    report = replace(frame, flow="absence", fills=kept_fills)
    report = filled(report, {"kind": AbsenceKind.OTHER.value}, "said")
    return filled(report, {DOUBTS: [Doubt.REQUEST.value]}, "told")


def _file(frame: Frame, context: Context, _partial: bool) -> tuple[Effect, ...]:
    words = frame.value("words")
    reason = frame.value("reason")
    old = frame.value(INSTEAD)
    asked = LeaveAsked(
        frame=frame.id,
        message=frame.message,
        sessions=tuple(
            (child.id, day, session)
            for child in children_of(frame, context)
            for day, session in sessions_of(frame, child, context)
        ),
        words=tuple(str(each) for each in words) if isinstance(words, list) else (),
        reason=reason if isinstance(reason, str) else None,
    )
    return (*([LeaveTakenBack(frame=old, message=frame.message)] if isinstance(old, str) else []), asked)


def _receipt(frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    asked = [frame for frame in frames if frame.flow == NAME]
    return tuple(Say(key="leave.asked", args={"names": ids_of(frame, context)}) for frame in asked)


def _is_list(value: Json, _frame: Frame, _context: Context) -> bool:
    return isinstance(value, list) and bool(value)


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(
        replace(who_slot.WHO, default=_who, ask=_ask_who, choose=_who_chosen),
        replace(days_slot.DAYS, read=_days_said, default=lambda _frame, _context: None, ask=_ask_days),
        Slot(name="last", need=Need.REQUIRED, kind=Kind.DAYS, when=_ends_open, read=_back_said, ask=_ask_back),
        PART,
        LEAVES,
        RETURNS,
        Slot(name="reason", kind=Kind.REASON),
        Slot(name="words", need=Need.REQUIRED, ok=_is_list, ask=_ask_words),
        Slot(name="send", need=Need.REQUIRED, ok=_is_confirmed, ask=_ask_send, choose=_send_chosen),
    ),
    refuse=_refuse,
    file=_file,
    receipt=_receipt,
    reading=reading_as("answer"),
    run_out=nothing_sure,
    idle=timedelta(hours=24),
    stop=stop,
)
