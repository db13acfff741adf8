"""The slot for whether we understood: asked only where something in the words raised a doubt."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.acts import Json, Option, Say
from conversations.context import Context
from conversations.frame import DOUBTS, Need, Slot
from conversations.receipts import facts
from conversations.state import Frame

YES = "yes"
NO = "no"


def _is_doubtful(frame: Frame, context: Context) -> bool:
    """Whether to ask: where there is nothing to read back, such as a Saturday, the flow says so instead."""
    return bool(frame.value(DOUBTS)) and bool(facts((frame,), context))


def _is_answer(value: Json, _frame: Frame, _context: Context) -> bool:
    return value == YES


def _ask(frame: Frame, context: Context) -> Say:
    yes, no = Option(key=YES, label=Say(key="yes")), Option(key=NO, label=Say(key="no"))
    return Say(key="ask.sure", args={"facts": facts((frame,), context)}, options=(yes, no))


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {DOUBTS: None} if key == YES else {}


SURE = Slot(name="sure", need=Need.REQUIRED, when=_is_doubtful, ok=_is_answer, ask=_ask, choose=_chosen)
