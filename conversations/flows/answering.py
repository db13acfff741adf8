"""What flows that wait for an answer have in common: how it is shown to staff, and that silence is none."""

from __future__ import annotations

from collections.abc import Callable

from conversations.acts import Effect, Reading, Say
from conversations.context import Context
from conversations.frame import Refusal
from conversations.slots.who import ids_of
from conversations.state import Frame


def reading_as(topic: str) -> Callable[[Frame, Context], Reading]:
    """A flow's reading for staff: the topic, and the children that it is about."""

    def reading(frame: Frame, context: Context) -> Reading:
        return Reading(topic=topic, children=ids_of(frame, context))

    return reading


def nothing_sure(_frame: Frame, _context: Context) -> Frame | None:
    """Silence is no answer and no consent: nothing of the frame is filed when its time has run out."""
    return None


def nothing_refused(_frame: Frame, _context: Context) -> Refusal | None:
    """For a flow that only asks: whatever the answer is, it is taken."""
    return None


def nothing_filed(_frame: Frame, _context: Context, _partial: bool) -> tuple[Effect, ...]:
    """For a flow that only asks: what it leads to is filed by another."""
    return ()


def nothing_said(_frames: tuple[Frame, ...], _context: Context) -> tuple[Say, ...]:
    """For a flow that only asks: there is nothing to read back."""
    return ()
