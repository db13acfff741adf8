"""The slots for what holds now: where a text tells another story than the parent's own earlier one, we ask, once.

Monotone unless corrected: a later text adds. 'In by ten' after 'poorly today' cannot be added, and a second day that
does not follow the first may be meant instead of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.acts import AbsenceKind, Json, Option, Say
from conversations.context import Context, Recorded
from conversations.frame import BESIDE, INSTEAD, Need, Slot, kind_of
from conversations.receipts import facts, in_a_row
from conversations.slots.days import days_off
from conversations.slots.times import away
from conversations.slots.who import children_of
from conversations.state import Frame
from conversations.stretches import stretches

NEW = "new"
OLD = "old"
ALSO = "also"

_AWAY = (AbsenceKind.SICKNESS, AbsenceKind.OTHER)
_PARTLY = (AbsenceKind.LATENESS, AbsenceKind.APPOINTMENT)


def displaced(frame: Frame, context: Context) -> tuple[Recorded, ...]:
    """The contact's own statements that a child is off, on a day on which a frame has it in for a part.

    All sessions of such a day, where the two meet in one at least; none where the parent said that it is instead.
    """
    if kind_of(frame) not in _PARTLY or frame.value(INSTEAD):
        return ()
    found: list[Recorded] = []
    for child in children_of(frame, context):
        for day in days_off(frame, child, context):
            rows = [
                row
                for row in context.recorded
                if row.mine and row.kind in _AWAY and (row.child, row.day) == (child.id, day)
            ]
            if {row.session for row in rows} & set(away(frame, child, day, context).sessions):
                found.extend(rows)
    return tuple(found)


def _is_another_story(frame: Frame, context: Context) -> bool:
    return bool(displaced(frame, context))


def _ask_which(frame: Frame, context: Context) -> Say:
    rows = displaced(frame, context)
    ids = tuple(child.id for child in context.children if child.id in {row.child for row in rows})
    days = in_a_row({row.day for row in rows}, context)
    new = facts((frame,), context)
    return Say(
        key="ask.which",
        options=(
            Option(key=NEW, label=Say(key="facts", args={"facts": new})),
            Option(key=OLD, label=Say(key="fact.off", args={"names": ids, "days": days})),
        ),
    )


def _which_chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"which": key}


def _is_which(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (NEW, OLD)


WHICH = Slot(
    name="which",
    need=Need.REQUIRED,
    when=_is_another_story,
    ok=_is_which,
    ask=_ask_which,
    choose=_which_chosen,
)


def _is_another_day(frame: Frame, _context: Context) -> bool:
    return isinstance(frame.value(BESIDE), list)


def _ask_also(frame: Frame, context: Context) -> Say:
    held = frame.value(BESIDE)
    days = stretches(held[1]) if isinstance(held, list) and len(held) == 2 else ()
    return Say(
        key="ask.also",
        args={"facts": facts((frame,), context), "days": days},
        options=(Option(key=ALSO, label=Say(key="as_well")), Option(key=NEW, label=Say(key="instead"))),
    )


def _also_chosen(key: str, frame: Frame, _context: Context) -> Mapping[str, Json]:
    held = frame.value(BESIDE)
    old = held[0] if isinstance(held, list) and held else None
    return {"also": key, BESIDE: None, **({INSTEAD: old} if key == NEW else {})}


def _is_also(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (ALSO, NEW)


ANOTHER_DAY = Slot(
    name="also",
    need=Need.REQUIRED,
    when=_is_another_day,
    ok=_is_also,
    ask=_ask_also,
    choose=_also_chosen,
)
