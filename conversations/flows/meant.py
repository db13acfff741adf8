"""After a "no" to "did you mean this?": what is it, then? Asked once; a second "no", or silence, goes to a person."""

from __future__ import annotations

from datetime import timedelta

from conversations.acts import Say
from conversations.context import Context
from conversations.flows.answering import nothing_filed, nothing_refused, nothing_said, nothing_sure, reading_as
from conversations.frame import Flow, Need, Slot
from conversations.slots.who import WHO
from conversations.state import Frame

NAME = "meant"


def _ask(_frame: Frame, _context: Context) -> Say:
    return Say(key="ask.meant")


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(WHO, Slot(name="words", need=Need.REQUIRED, ask=_ask)),
    refuse=nothing_refused,
    file=nothing_filed,
    receipt=nothing_said,
    reading=reading_as("no"),
    run_out=nothing_sure,
    idle=timedelta(hours=2),
    insists=False,
)
"""Nothing fills it: what a parent then tells is a report like any other, in a frame of its own."""
