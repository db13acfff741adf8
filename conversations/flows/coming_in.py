"""After an undo that came too late: is the child coming in, or still off? Staff are told both times (care rule 14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from conversations.acts import Effect, Json, NeedsPerson, Option, Say, Topic
from conversations.context import Context
from conversations.flows.answering import nothing_refused, nothing_sure, reading_as
from conversations.flows.person import meanwhile
from conversations.frame import Flow, Need, Slot
from conversations.slots.who import WHO, ids_of
from conversations.state import Frame

NAME = "coming_in"
COMING_IN = "coming_in"
STILL_OFF = "still_off"


def _ask(frame: Frame, context: Context) -> Say:
    options = (
        Option(key=COMING_IN, label=Say(key="coming_in")),
        Option(key=STILL_OFF, label=Say(key="still_off")),
    )
    return Say(key="ask.coming_in", args={"names": ids_of(frame, context)}, options=options)


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"answer": key}


def _is_answer(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in (COMING_IN, STILL_OFF)


def _told(frame: Frame, context: Context, _partial: bool) -> tuple[Effect, ...]:
    answer = frame.value("answer")
    return (
        NeedsPerson(why=str(answer), message=frame.message, topic=Topic.CORRECTION, children=ids_of(frame, context)),
    )


def _receipt(_frames: tuple[Frame, ...], context: Context) -> tuple[Say, ...]:
    return meanwhile("person.after_register", context)


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(
        WHO,
        Slot(name="answer", need=Need.REQUIRED, ok=_is_answer, ask=_ask, choose=_chosen),
    ),
    refuse=nothing_refused,
    file=_told,
    receipt=_receipt,
    reading=reading_as(Topic.CORRECTION),
    run_out=nothing_sure,
    idle=timedelta(hours=2),
)
