"""Back today? One question at the expected return, one digit to answer it: back, one more day, something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from conversations.acts import AbsenceKind, BackSaid, Effect, Json, NeedsPerson, Option, Say, Topic
from conversations.context import Context
from conversations.flows import absence
from conversations.flows.answering import nothing_sure, reading_as
from conversations.flows.person import ROUTES, meanwhile
from conversations.frame import TONE, Flow, Need, Refusal, Slot, filled
from conversations.receipts import receipt
from conversations.slots.who import WHO, children_of, ids_of
from conversations.state import Frame
from school.rules.calendar import CalendarEnds, Session

NAME = "back_today"
# The second is what 'still off', 'still poorly' and the like are heard as: one more day.
OPTIONS = BACK, ONE_MORE = ("back", "still_off")
# Care rule 24: asked kindly where a child who was ill yesterday has no mark today.
GENTLE = "gentle"
# After so many days off a child is welcomed back.
WELCOMED_AFTER = 2


def _ask(frame: Frame, context: Context) -> Say:
    gentle = frame.value(TONE) == GENTLE
    options = (
        Option(key=BACK, label=Say(key="back.in_school" if gentle else "back.today")),
        Option(key=ONE_MORE, label=Say(key="back.still_poorly" if gentle else "back.one_more")),
    )
    key = "ask.back_gentle" if gentle else "ask.back"
    return Say(key=key, args={"names": ids_of(frame, context)}, options=options)


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"answer": key}


def _is_answer(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (BACK, ONE_MORE)


def has_register(frame: Frame, context: Context) -> bool:
    """Whether the register says by now what this asks: who is not in is looked for, and asked the kind way."""
    if frame.flow != NAME or frame.value(TONE) == GENTLE:
        return False
    years = {child.year for child in children_of(frame, context)}
    times = [context.calendar.times_on(context.now.date(), year=year) for year in years]
    return all(context.now.time() >= each.register(Session.AM)[1] for each in times)


def _refuse(frame: Frame, context: Context) -> Refusal | None:
    return absence.refuse(off_today(frame, context), context) if frame.value("answer") == ONE_MORE else None


def off_today(frame: Frame, context: Context, kind: AbsenceKind | None = AbsenceKind.SICKNESS) -> Frame:
    """The same children as an absence of today: still ill, or, without a kind, for whatever the parent says next."""
    today = context.now.date().isoformat()
    base = Frame(id=frame.id, flow=absence.NAME, message=frame.message, status=frame.status)
    told = {"who": list(ids_of(frame, context)), "days": [[today, today]], TONE: "again"}
    as_told = filled(base, told, "told")  # type: ignore[arg-type]
    return as_told if kind is None else filled(as_told, {"kind": kind.value, "reason": "unspecified"}, "default")


def _file(frame: Frame, context: Context, partial: bool) -> tuple[Effect, ...]:
    children = ids_of(frame, context)
    if frame.value("answer") == ONE_MORE:
        return absence.stated(off_today(frame, context), context, partial)
    if frame.value(TONE) == GENTLE:
        # The register says that the child is not there, and the parent that it is (care rule 4).
        why = ROUTES[Topic.CLAIMS_PRESENT].why
        return (NeedsPerson(why=why, message=frame.message, topic=Topic.CLAIMS_PRESENT, children=children),)
    today = context.now.date()
    off = {each.child for each in context.recorded if each.day == today}
    if off & set(children):
        # Somebody said that the child is off today: a person settles which it is.
        return (NeedsPerson(why="withdrawal", message=frame.message, topic=Topic.CORRECTION, children=children),)
    return tuple(BackSaid(child=child, day=today, message=frame.message) for child in children)


def _receipt(frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    says: list[Say] = []
    for frame in frames:
        if frame.value("answer") == ONE_MORE:
            says += receipt((off_today(frame, context),), context)
        elif frame.value(TONE) == GENTLE:
            says += meanwhile(ROUTES[Topic.CLAIMS_PRESENT].key, context)
        else:
            key = "back.welcome" if _was_long(frame, context) else "back.thanks"
            says.append(Say(key=key, args={"names": ids_of(frame, context)}))
    return tuple(says)


def _was_long(frame: Frame, context: Context) -> bool:
    """Whether each of the children was off on the two school days before."""
    days: list[date] = []
    day = context.now.date()
    try:
        for _ in range(WELCOMED_AFTER):
            day = context.calendar.previous_school_day(day)
            days.append(day)
    except CalendarEnds:
        return False
    off = {(each.child, each.day) for each in context.recorded}
    return all((child.id, each) in off for child in children_of(frame, context) for each in days)


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(
        WHO,
        Slot(name="answer", need=Need.REQUIRED, ok=_is_answer, ask=_ask, choose=_chosen),
    ),
    refuse=_refuse,
    file=_file,
    receipt=_receipt,
    reading=reading_as("answer"),
    run_out=nothing_sure,
    idle=timedelta(hours=2),
)
