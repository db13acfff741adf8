"""Questions of the morning's chase in a thread: who is still asked about, also once a sibling is told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from conversations.acts import AbsenceStated, Clause, Effect, Kind, NeedsPerson, Topic
from conversations.context import Context
from conversations.flows import absence, back_today
from conversations.frame import TONE, bind, filled, kind_of
from conversations.slots.days import stretches_of
from conversations.slots.who import ids_of
from conversations.state import Frame
from school.rules.calendar import Session

# How a chase is asked that goes on in the middle of a conversation.
STILL = "still"


def is_chase(frame: Frame) -> bool:
    """Whether a frame is the school's own question where a child is, to which the parent has given no reason yet."""
    return frame.flow == absence.NAME and frame.status == "open" and kind_of(frame) is None


def answered_meanwhile(frame: Frame, context: Context) -> bool:
    """Whether a question that is about to be asked needs no asking: somebody spoke of each of its children already."""
    return frame.flow == back_today.NAME and not still_missing(frame, context)


def still_missing(frame: Frame, context: Context, effects: Collection[Effect] = ()) -> tuple[str, ...]:
    """The children of a chase whom nobody has accounted for: not by another parent, a mark or a teacher either.

    `effects` are those of this turn, which are not on record yet.
    """
    today = context.now.date()
    over = {each.child for each in context.chased if each.over}
    on_record = {each.child for each in context.recorded if each.day == today and each.session is Session.AM}
    told = {
        each.child
        for each in effects
        if isinstance(each, AbsenceStated) and each.day == today and each.session is Session.AM
    }
    # The parent thinks that the child is there: a person looks, and nobody is asked that again (care rule 4).
    thought_in = {
        child
        for each in effects
        if isinstance(each, NeedsPerson) and each.topic is Topic.CLAIMS_PRESENT
        for child in each.children
    }
    return tuple(child for child in ids_of(frame, context) if child not in over | on_record | told | thought_in)


def narrowed(frame: Frame, context: Context, effects: Collection[Effect] = ()) -> Frame | None:
    """A chase about those alone who are still missing; None where nobody is. Any other frame is left as it is."""
    if not is_chase(frame) or "who" not in frame.fills:
        return frame
    left = still_missing(frame, context, effects)
    if left == ids_of(frame, context):
        return frame
    return filled(frame, {"who": list(left)}, "told") if left else None


def without(frame: Frame, children: Collection[str], context: Context) -> Frame | None:
    """A chase about those of its children who are not among these; None where nobody is left."""
    left = tuple(child for child in ids_of(frame, context) if child not in children)
    return about(frame, left) if left else None


def made_room(frame: Frame, clause: Clause, named: Collection[str], context: Context) -> Frame:
    """A chase in which an answer's own children and days take the place of those that were asked about."""
    whom: list[str] = [child for child in ids_of(frame, context) if child in named]
    if whom:
        frame = filled(frame, {"who": list(whom)}, "told")
    if any(mention.kind is Kind.DAYS for mention in clause.mentions):
        frame = filled(frame, {"days": None}, "told")
    return frame


def named_in(clause: Clause) -> tuple[str, ...]:
    """The children whom a clause surely names, in the order in which it does."""
    named = [each.value for each in clause.mentions if each.kind is Kind.CHILDREN and each.role != "not" and each.sure]
    return tuple(dict.fromkeys(each for value in named if isinstance(value, tuple) for each in value))


def tells_of_today(frame: Frame, clause: Clause, context: Context) -> bool:
    """Whether the days of a clause take in the day that the school asks about, as far as they are sure."""
    bound, _ = bind(absence.FLOW, made_room(frame, clause, (), context), clause.mentions, context)
    days, today = stretches_of(bound), context.now.date()
    return not days or any(each.first <= today and (each.last is None or today <= each.last) for each in days)


def about(frame: Frame, children: tuple[str, ...]) -> Frame:
    """The same question about some of its children, without 'we have had no message'."""
    return filled(frame, {"who": list(children), TONE: STILL}, "told")


def asked_about(stack: Iterable[Frame], context: Context) -> tuple[str, ...]:
    """The children about whom the school asked in this thread, where an answer names nobody."""
    asked = [child for frame in stack if is_chase(frame) for child in ids_of(frame, context)]
    missing = [each.child for each in context.chased if not each.over]
    expected = [context.expects_child] if context.expects_child else []
    every = asked or missing or expected or [each.child for each in context.chased]
    return tuple(dict.fromkeys(every))
