"""For who answers by digits alone: a menu of all that can be told, and the words of ours that ask for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from conversations.acts import AbsenceKind, Json, Option, Say
from conversations.context import Context
from conversations.flows.answering import nothing_filed, nothing_refused, nothing_said, nothing_sure, reading_as
from conversations.frame import Flow, Need, Slot
from conversations.state import Frame

NAME = "menu"
REPORTS, PERSON = "reports", "person"
# What is away is told first: it is what most texts are about.
OPTIONS = (*AbsenceKind, REPORTS, PERSON)
# "Please ring me": for what no digit can say. A person has the text that led to the question.
RING = "ring"

# Messages that ask for words, and what is said instead of them to who answers by digits.
_WORDED = frozenset(
    {
        "help", "moved_on", "undo.nothing", "hello", "closed", "ask.reason", "ask.time", "chase.first", "chase.again",
        "chase.still", "reports.none",
    }
)  # fmt: skip


def worded(say: Say) -> Say:
    """The same in words that ask for no words."""
    return replace(say, key=f"{say.key}.numbers") if say.key in _WORDED else say


def ring_me(context: Context) -> tuple[Option, ...]:
    """The one option under a question that needs words; none for who writes them."""
    return (Option(key=RING, label=Say(key="ring_me")),) if context.numbers else ()


def kinds() -> tuple[Option, ...]:
    """What a child's absence may be, as options."""
    return tuple(Option(key=kind.value, label=Say(key=f"menu.{kind}")) for kind in AbsenceKind)


def _ask(_frame: Frame, _context: Context) -> Say:
    more = (Option(key=key, label=Say(key=f"menu.{key}")) for key in (REPORTS, PERSON))
    return Say(key="menu", options=(*kinds(), *more))


def _chosen(key: str, _frame: Frame, _context: Context) -> Mapping[str, Json]:
    return {"want": key}


def _is_option(value: Json, _frame: Frame, _context: Context) -> bool:
    return value in OPTIONS


FLOW = Flow(
    name=NAME,
    opens={},
    slots=(Slot(name="want", need=Need.REQUIRED, ok=_is_option, ask=_ask, choose=_chosen),),
    refuse=nothing_refused,
    file=nothing_filed,
    receipt=nothing_said,
    reading=reading_as("help"),
    run_out=nothing_sure,
    idle=timedelta(hours=2),
    insists=False,
)
