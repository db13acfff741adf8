"""Answers to 'How was school?': by digit, button or any words. Whatever comes, the question is over afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from conversations.acts import AbsenceKind, Clause, Heard, Json, Kind, Mention, Push, Say, Topic
from conversations.context import CHECKIN, Context
from conversations.flows import how_was_school, menu
from conversations.flows.how_was_school import WORDS, is_open
from conversations.frame import filled
from conversations.slots.who import children_of, ids_of
from conversations.state import Frame, State
from conversations.talk import Talk

Span: TypeAlias = tuple[int, int]

# What a parent may say instead of how the day was, or with it: it goes the way that it always goes.
OWN_WAYS = frozenset(
    {
        Topic.BARRIER, Topic.HUMAN, Topic.COLLECTION, Topic.WHEREABOUTS, Topic.NEW_DETAILS, Topic.ATTENDANCE_QUERY,
        Topic.LEAVE, Topic.LEAVING_SCHOOL, Topic.WRONG_NUMBER, Topic.ILLNESS_QUESTION, Topic.CLAIMS_PRESENT,
    }
)  # fmt: skip
# These only where they are asked: "she loved swimming" asks nothing.
ASKED = frozenset({Topic.OTHER_SCHOOL_MATTER})


def expecting(state: State, context: Context) -> Context:
    """The picture with what the school waits for: how the day was, unless it is missing a child."""
    frame = next((each for each in state.stack if is_open(each, context)), None)
    if frame is None or context.expects:
        return context
    children = ids_of(frame, context)
    return replace(context, expects=CHECKIN, expects_child=children[0] if len(children) == 1 else None)


def without(state: State) -> State:
    """The state without this question and without a menu: what else the school has to say waits for neither."""
    left = tuple(frame for frame in state.stack if frame.flow not in (how_was_school.NAME, menu.NAME))
    if len(left) == len(state.stack):
        return state
    ask = state.ask if state.ask and any(frame.id == state.ask.frame for frame in left) else None
    return replace(state, stack=left, ask=ask)


def worth_asking(frame: Frame, context: Context) -> Frame | None:
    """The frame about those children of whom it may be asked now: may be told of, and not off or missing today."""
    today = context.now.date()
    off = {each.child for each in context.recorded if each.day == today and each.kind is not AbsenceKind.LATENESS}
    off |= {each.child for each in context.chased if not each.over}
    left: list[Json] = [child.id for child in children_of(frame, context) if child.may_be_told and child.id not in off]
    return filled(frame, {"who": left}, "told") if left and is_open(frame, context) else None


def both_ways(heard: Heard, again: Callable[[], Heard]) -> Heard:
    """What was heard as an answer; as any other text (`again`) where that shows something that a person must see."""
    if any(clause.topic is not Topic.CHECKIN_REPLY for clause in heard.clauses) or heard.command is not None:
        return heard
    plain = again()
    own = [clause for clause in plain.clauses if clause.topic in OWN_WAYS or _asks(clause)]
    manners = bool(plain.clauses) and all(clause.topic is Topic.SMALLTALK for clause in plain.clauses)
    if manners and not heard.moods:
        return replace(heard, clauses=plain.clauses)
    return replace(heard, clauses=(*own, *heard.clauses)) if own else heard


def _asks(clause: Clause) -> bool:
    return clause.topic in ASKED and clause.question


def over(talk: Talk, heard: Heard) -> Frame | None:
    """The question that a text meets, taken off the stack; a number of none of its options leaves it open."""
    frame = next((each for each in talk.stack if each.flow == how_was_school.NAME), None)
    if frame is None:
        return None
    if _mistyped(talk, frame, heard):
        return frame
    talk.drop(frame)
    return frame


def _mistyped(talk: Talk, frame: Frame, heard: Heard) -> bool:
    return (
        talk.asked is frame
        and heard.pick is not None
        and heard.pick > len(how_was_school.OPTIONS)
        and frame.misses == 0
        and heard.command is None
    )


def take(talk: Talk, frame: Frame, heard: Heard) -> Heard | None:
    """Keeps what a text answers; what is left of it to hear, None where that was all."""
    if _mistyped(talk, frame, heard):
        # It is not asked again, but the right number still counts.
        talk.put(replace(frame, misses=1))
        talk.notices.append(Say(key="again"))
        return None
    key = _key(heard)
    if key is not None:
        chosen(talk, frame, key)
        return None
    left = tuple(clause for clause in heard.clauses if clause.topic is not Topic.CHECKIN_REPLY)
    if heard.pick is not None:
        return replace(heard, clauses=left)
    if left and all(clause.topic is Topic.SMALLTALK for clause in left):
        return replace(heard, clauses=left)
    if left and not heard.moods and not any(clause.topic is Topic.BARRIER for clause in left):
        # Nothing of it is about how the day was.
        return replace(heard, clauses=left)
    _told(talk, frame, _with_moods(frame, heard, talk.context), thanks=not left and not _poorly(heard))
    if left:
        return replace(heard, clauses=left, answer=None, option=None)
    if _poorly(heard):
        talk.notices.append(Say(key="day.poorly"))
    return None


def _key(heard: Heard) -> str | None:
    """The option that a whole text is: its number or its label."""
    if heard.option in how_was_school.OPTIONS:
        return heard.option
    if heard.pick is not None and 1 <= heard.pick <= len(how_was_school.OPTIONS):
        return how_was_school.OPTIONS[heard.pick - 1]
    return None


def chosen(talk: Talk, frame: Frame, key: str) -> None:
    """An option, by number, label or button."""
    talk.drop(frame)
    _told(talk, frame, filled(frame, {"answer": key}, "chosen"), thanks=True)


def _told(talk: Talk, frame: Frame, answered: Frame, *, thanks: bool) -> None:
    """Puts the answer on record. It is no report: `0` takes back what was filed before it, and nothing of this."""
    flow = talk.flow(frame)
    signed = talk.signed(answered)
    talk.effects.extend(flow.file(signed, talk.context, False))
    talk.readings.append(flow.reading(signed, talk.context))
    if thanks:
        talk.notices.extend(flow.receipt((signed,), talk.context))


def _poorly(heard: Heard) -> bool:
    """Whether the answer tells of an illness without saying that the child is off: we say how to tell us."""
    said = [each for clause in heard.clauses for each in clause.evidence if each.concept.startswith("sickness.")]
    return any(not any(_meet(each.span, mood.span) for mood in heard.moods) for each in said)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# Siblings ------------------------------------------------------------------------------------


def _with_moods(frame: Frame, heard: Heard, context: Context) -> Frame:
    """The frame with what was said of all its children, or of each: "Maya and Leo good, Sam not so good"."""
    if not heard.moods:
        return filled(frame, {"answer": WORDS}, "said")
    whom = ids_of(frame, context)
    named = [each for each in _named(heard) if each[0] in whom]
    found = {str(mood.value) for mood in heard.moods}
    for_all = len(whom) == 1 or not named or heard.moods[0].span < named[0][1]
    if len(found) == 1 and for_all:
        return filled(frame, {"answer": found.pop()}, "said")
    pairs = _each(named, heard.moods)
    return filled(frame, {"answer": WORDS, "moods": pairs or None}, "said")


def _each(named: Sequence[tuple[str, Span]], moods: Sequence[Mention]) -> dict[str, Json]:
    """The mood of each child: told after the names ("Maya and Leo good"), or before them ("good for Maya").

    Of whom two are told ("Maya good but cried"), none is taken.
    """
    told: list[tuple[Span, str, str]] = [(place, child, "") for child, place in named]
    told = sorted([*told, *((mood.span, "", str(mood.value)) for mood in moods)])
    if told and told[0][2]:
        told.reverse()
    said: dict[str, set[str]] = {}
    group: list[str] = []
    for _, child, mood in told:
        if child and any(each in said for each in group):
            group = []
        if child:
            group.append(child)
        for each in group if mood else ():
            said.setdefault(each, set()).add(mood)
    return {child: found.pop() for child, found in said.items() if len(found) == 1}


def _named(heard: Heard) -> list[tuple[str, Span]]:
    """The children that a text names one by one, each once, where it names them first."""
    mentions: Sequence[Mention] = [each for clause in heard.clauses for each in clause.mentions]
    single = [each for each in mentions if each.kind is Kind.CHILDREN and isinstance(each.value, tuple)]
    found: dict[str, Span] = {}
    for each in sorted(single, key=lambda mention: mention.span):
        if isinstance(each.value, tuple) and len(each.value) == 1:
            found.setdefault(str(each.value[0]), each.span)
    return list(found.items())


def is_own(push: Push) -> bool:
    """Whether a push is this question."""
    return push.flow == how_was_school.NAME
