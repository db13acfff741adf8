"""Questions of the morning's chase in a thread: who is still asked about, also once a sibling is told of."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.context import Context
from conversations.flows import absence, back_today
from conversations.frame import TONE, filled, kind_of
from conversations.slots.who import ids_of
from conversations.state import Frame
from school.rules.calendar import Session

AGAIN = "again"


def is_chase(frame: Frame) -> bool:
    """Whether a frame is the school's own question where a child is, to which the parent has said nothing yet."""
    return frame.flow == absence.NAME and frame.status == "open" and not frame.message and kind_of(frame) is None


def answered_meanwhile(frame: Frame, context: Context) -> bool:
    """Whether a question that is about to be asked needs no asking: somebody spoke of each of its children already."""
    return frame.flow == back_today.NAME and not still_missing(frame, context)


def still_missing(frame: Frame, context: Context) -> tuple[str, ...]:
    """The children of a chase whom nobody has accounted for: not by another parent, a mark or a teacher either."""
    today = context.now.date()
    over = {each.child for each in context.chased if each.over}
    told = {each.child for each in context.recorded if each.day == today and each.session is Session.AM}
    return tuple(child for child in ids_of(frame, context) if child not in over | told)


def narrowed(frame: Frame, context: Context) -> Frame | None:
    """A chase about those alone who are still missing; None where nobody is. Any other frame is left as it is."""
    if not is_chase(frame) or "who" not in frame.fills:
        return frame
    left = still_missing(frame, context)
    if left == ids_of(frame, context):
        return frame
    return filled(frame, {"who": list(left)}, "told") if left else None


def about(frame: Frame, children: tuple[str, ...]) -> Frame:
    """The same question about some of its children, without 'we have had no message'."""
    return filled(frame, {"who": list(children), TONE: AGAIN}, "told")


def asked_about(stack: Iterable[Frame], context: Context) -> tuple[str, ...]:
    """The children about whom the school asked in this thread, where an answer names nobody."""
    asked = [child for frame in stack if is_chase(frame) for child in ids_of(frame, context)]
    missing = [each.child for each in context.chased if not each.over]
    expected = [context.expects_child] if context.expects_child else []
    every = asked or missing or expected or [each.child for each in context.chased]
    return tuple(dict.fromkeys(every))
