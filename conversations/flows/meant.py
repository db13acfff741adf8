"""After a "no" to "did you mean this?": what is it, then? Asked once; a second "no", or silence, goes to a person."""

from __future__ import annotations

from datetime import timedelta

from conversations.acts import Effect, Say
from conversations.context import Context
from conversations.flows.answering import nothing_sure, reading_as
from conversations.frame import Flow, Need, Refusal, Slot
from conversations.slots.who import WHO
from conversations.state import Frame

NAME = "meant"


def _ask(_frame: Frame, _context: Context) -> Say:
    return Say(key="ask.meant")


def _nothing_refused(_frame: Frame, _context: Context) -> Refusal | None:
    return None


def _nothing_filed(_frame: Frame, _context: Context, _partial: bool) -> tuple[Effect, ...]:
    return ()


def _nothing_said(_frames: tuple[Frame, ...], _context: Context) -> tuple[Say, ...]:
    return ()


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(WHO, Slot(name="words", need=Need.REQUIRED, ask=_ask)),
    refuse=_nothing_refused,
    file=_nothing_filed,
    receipt=_nothing_said,
    reading=reading_as("no"),
    run_out=nothing_sure,
    idle=timedelta(hours=2),
    insists=False,
)
"""Nothing fills it: what a parent then tells is a report like any other, in a frame of its own."""
