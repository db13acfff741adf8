"""What a turn amounts to, in the words of `hear`: file, ask, staff, safeguarding, command, answer or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    Json,
    LanguageSet,
    NeedsPerson,
    OptedIn,
    OptedOut,
    Reading,
    Topic,
    Turn,
    UnknownSenderWrote,
    WorryHeard,
)
from conversations.asked import AttendanceAsked
from conversations.context import Context
from conversations.flows import absence
from conversations.frame import filled
from conversations.slots.days import DAYS
from conversations.slots.sure import SURE
from conversations.state import Ask, Frame, State

Act: TypeAlias = Literal["file", "ask", "staff", "safeguarding", "command", "answer", "none"]

REPORTS = frozenset({Topic.SICKNESS, Topic.LATENESS, Topic.APPOINTMENT, Topic.ABSENCE_OTHER})
COMMANDS = frozenset({"stop", "start", "help", "language", "undo"})
# What the product hears more finely than the labelled texts tell apart.
_INTENTS = {
    Topic.ILLNESS_QUESTION: "none",
    Topic.COLLECTION: "none",
    Topic.WHEREABOUTS: "none",
    Topic.NEW_DETAILS: "none",
    Topic.LEAVING_SCHOOL: "none",
    Topic.WRONG_NUMBER: "none",
    Topic.OTHER_SCHOOL_MATTER: "none",
    "reports": "none",
    "identity": "none",
}


_CHILDLESS = COMMANDS | {"none", "human", "smalltalk", "yes", "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The act, the intent, and the readings of the reports in a text, the first of them first."""

    act: Act
    intent: str
    readings: tuple[Reading, ...]


def judge(made: Turn, before: State) -> Judgement:
    """What a turn made of a text, read off its effects; `before` is the state that the text met."""
    readings = tuple(each for each in made.readings if each.topic != "")
    if len(readings) > 1 and readings[0].topic == "answer" and not readings[0].children:
        # A button's label was typed: what it answers is read right after.
        readings = (replace(readings[1], topic="answer"), *readings[2:])
    intent = _intent(readings[0].topic) if readings else "none"
    # Intents human, language, stop, start, help, smalltalk, yes, no and none carry no child.
    readings = tuple(replace(each, children=()) if _intent(each.topic) in _CHILDLESS else each for each in readings)
    return Judgement(act=_act(made, before, intent), intent=intent, readings=_reports(readings) or readings[:1])


def _intent(topic: str) -> str:
    return _INTENTS.get(topic, str(topic))


def _reports(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Each child's story where a text tells several: reports, and the leave that is asked for beside them."""
    told = REPORTS | {Topic.LEAVE}
    if not readings or readings[0].topic not in told:
        return ()
    return tuple(each for each in readings if each.topic in told)


def _act(made: Turn, before: State, intent: str) -> Act:
    """Whatever was filed counts first, then whom it goes to, then what was asked."""
    kinds = {type(effect) for effect in made.effects}
    if WorryHeard in kinds:
        return "safeguarding"
    if kinds & {AbsenceStated, AbsenceWithdrawn}:
        return "file"
    if kinds & {OptedOut, OptedIn, LanguageSet} or intent in COMMANDS:
        return "command"
    if made.state.ask is not None and made.state.ask != before.ask and _is_open(made.state):
        return "ask"
    if AttendanceAsked in kinds:
        return "answer"
    if kinds & {NeedsPerson, UnknownSenderWrote}:
        return "staff"
    if made.says or intent == Topic.SMALLTALK:
        return "answer"
    return "none"


def _is_open(state: State) -> bool:
    return any(frame.status == "open" for frame in state.stack)


# States for texts that answer us -------------------------------------------------------------


def state_for(kind: str | None, child: str | None, context: Context, *, lang: str) -> tuple[State, Context]:
    """The state, and the context, that a text met: `kind` is of `corpus/LABELS.md`, None for no history.

    chase and checkin are what the school asked of the family; prompt:child, prompt:date, prompt:reason and
    prompt:confirm are questions of ours about an absence that is half told.
    """
    blank = State(lang=lang)
    if kind in ("chase", "checkin"):
        return blank, replace(context, expects=kind, expects_child=child)
    if kind is None or not kind.startswith("prompt:"):
        return blank, context
    return _asking(kind.partition(":")[2], child, context, lang), context


def _asking(what: str, child: str | None, context: Context, lang: str) -> State:
    day = context.now.date()
    whom = [child] if child else [each.id for each in context.children[:1]]
    frame = Frame(id=f"{context.thread}.1", flow=absence.NAME, message="")
    frame = filled(frame, {"kind": "absence_other" if what == "reason" else "sickness"}, "said")
    # Of whom a day was asked, a record of several children need not say: then it is asked after the day.
    if what != "child" and (child or what != "date" or len(context.children) == 1):
        frame = filled(frame, {"who": list(whom)}, "said")
    today: Json = [[day.isoformat(), day.isoformat()]]
    if what == "date":
        # Days are asked about where the parent's words bear two readings.
        frame = filled(frame, {DAYS.readings: [today, [[day.isoformat(), ""]]]}, "said")
    else:
        frame = filled(frame, {DAYS.name: today}, "said")
    options: tuple[str, ...] = ()
    slot = {"child": "who", "date": DAYS.name, "reason": "reason", "confirm": SURE.name}.get(what, "who")
    if what == "child":
        options = tuple(each.id for each in context.children)
    if what == "confirm":
        frame = filled(frame, {"doubts": ["unheard"]}, "told")
        options = ("yes", "no")
    if what == "reason":
        frame = replace(frame, status="committed")
    ask = Ask(token="1", frame=frame.id, slot=slot, options=options, day=day)  # noqa: S106  a revision
    return State(rev=1, lang=lang, stack=(frame,), ask=ask)
