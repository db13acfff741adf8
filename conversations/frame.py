"""Frames and the slots that a flow wants filled: bind what was said to slots, settle them, find what is missing.

A flow is an ordered list of slots, and nowhere is it written where in a conversation a parent stands: what is
missing follows from what is filled, so that everything may be said at once, in any order, or corrected later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from conversations.acts import AbsenceKind, Effect, Json, Kind, Mention, Reading, Say, Topic
from conversations.context import Context
from conversations.state import Fill, Frame, How

# Where one child's clauses of one text tell of the same day, the first of these is what the others belong to.
WEIGHT = (AbsenceKind.SICKNESS, AbsenceKind.APPOINTMENT, AbsenceKind.OTHER, AbsenceKind.LATENESS)

Guard: TypeAlias = Callable[[Frame, Context], bool]


class Need(StrEnum):
    """Required before anything is filed; wanted, so asked once afterwards; optional, so never asked."""

    REQUIRED = "required"
    WANTED = "wanted"
    OPTIONAL = "optional"


def always(_frame: Frame, _context: Context) -> bool:
    """The guard of a slot that every frame of its flow has."""
    return True


def anything(_value: Json, _frame: Frame, _context: Context) -> bool:
    """The check of a slot that takes whatever its `read` made."""
    return True


def nothing(_frame: Frame, _context: Context) -> Json:
    """The default of a slot that has none."""
    return None


def as_it_is(frame: Frame, _context: Context) -> Frame:
    """For a flow in which nothing follows from the moment."""
    return frame


def text_of(mention: Mention, _frame: Frame, _context: Context) -> Json:
    """How most slots keep a mention: its value as text."""
    return str(mention.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing that a flow wants to know.

    `kind` and `roles` say which mentions may fill it (no roles: any; no kind: none, only a choice or the flow).
    `read` turns a mention into the value kept, and may join it to what the slot holds; None refuses it. `ok`
    checks a value against earlier slots and the context. `when` says whether a frame has the slot at all, `due`
    whether it is worth asking for. `ask` is the question, its options included; `choose` says what picking one of
    them fills.
    """

    name: str
    need: Need = Need.OPTIONAL
    kind: Kind | None = None
    roles: tuple[str, ...] = ()
    joins: bool = False
    when: Guard = always
    due: Guard = always
    read: Callable[[Mention, Frame, Context], Json] = text_of
    ok: Callable[[Json, Frame, Context], bool] = anything
    default: Callable[[Frame, Context], Json] = nothing
    ask: Callable[[Frame, Context], Say] | None = None
    choose: Callable[[str, Frame, Context], Mapping[str, Json]] | None = None

    @property
    def readings(self) -> str:
        """The fill that holds the readings to choose from, where the words bear more than one."""
        return f"{self.name}_or"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a complete frame is not filed: what is said, and whether a person must look (`why`; "" for nobody).

    `opens_again` holds what is filled instead, where the parent is asked once more and the frame stays; `instead` is
    the frame that it is gone on with as.
    """

    say: Say | None = None
    why: str = ""
    opens_again: Mapping[str, Json] | None = None
    instead: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One conversation: its slots in the order in which they are asked, and what follows from them.

    `opens` maps the topics that open a frame to what they fill. `refuse` says why a complete frame cannot be
    filed. `file` gives the effects of a frame (`partial`: silence completed it). `receipt` reads back what was
    filed. After `idle` of silence, `run_out` gives what can be filed without asking, as a frame, or None. `keep`
    writes into a frame that is filed what follows from the moment, so that it says the same for ever. `stop` says
    why a frame that is not complete yet is not gone on with. What does not insist is asked once: a text about something
    else does not bring it back.
    """

    name: str
    opens: Mapping[Topic, Mapping[str, Json]]
    slots: tuple[Slot, ...]
    refuse: Callable[[Frame, Context], Refusal | None]
    file: Callable[[Frame, Context, bool], tuple[Effect, ...]]
    receipt: Callable[[tuple[Frame, ...], Context], tuple[Say, ...]]
    reading: Callable[[Frame, Context], Reading]
    run_out: Callable[[Frame, Context], Frame | None]
    idle: timedelta
    keep: Callable[[Frame, Context], Frame] = as_it_is
    stop: Callable[[Frame, Context], Refusal | None] | None = None
    insists: bool = True

    def slot(self, name: str) -> Slot | None:
        """The slot of that name; None where this release has none."""
        return next((slot for slot in self.slots if slot.name == name), None)


def filled(frame: Frame, values: Mapping[str, Json], how: How) -> Frame:
    """The frame with those slots filled, whatever they held; a None empties its slot."""
    fills = dict(frame.fills)
    for name, value in values.items():
        fills.pop(f"{name}_or", None)
        if value is None:
            fills.pop(name, None)
        else:
            fills[name] = Fill(value=value, how=how)
    return replace(frame, fills=fills)


def settle(flow: Flow, frame: Frame, context: Context) -> Frame:
    """Drops what is unknown, out of place or no longer valid, in the order of the slots, then adds defaults."""
    known = {slot.name for slot in flow.slots} | {slot.readings for slot in flow.slots} | RESERVED
    frame = replace(frame, fills={name: fill for name, fill in frame.fills.items() if name in known})
    for slot in flow.slots:
        value = frame.value(slot.name)
        if value is not None and not (slot.when(frame, context) and slot.ok(value, frame, context)):
            frame = filled(frame, {slot.name: None}, "said")
            value = None
        if value is None and slot.readings not in frame.fills and slot.when(frame, context):
            usual = slot.default(frame, context)
            frame = frame if usual is None else filled(frame, {slot.name: usual}, "default")
    return frame


# Fills that no slot owns: what a flow itself must remember of a frame.
DOUBTS = "doubts"
INSTEAD = "instead"
ASKED = "asked"
UNKNOWN_NAME = "unknown_name"
BESIDE = "beside"
CLOSED = "closed"
TONE = "tone"
# A tone: the register says by now that the child is not there.
MISSING = "missing"
# Something was on record already when this was asked.
KNOWN = "known"
RESERVED = frozenset({TONE, DOUBTS, INSTEAD, ASKED, UNKNOWN_NAME, BESIDE, CLOSED, KNOWN})


def bind(
    flow: Flow, frame: Frame, mentions: Iterable[Mention], context: Context, *, asked: str = ""
) -> tuple[Frame, tuple[Mention, ...]]:
    """Gives each mention to one slot at most: the one that was asked, else by role, else the first empty one.

    What was said yields to nothing here (a correction empties the slot first); defaults yield to anything said.
    Mentions that found no slot are returned.
    """
    left = []
    for mention in mentions:
        for slot in _candidates(flow, frame, mention, context, asked=asked):
            bound = _bound(slot, frame, mention, context)
            if bound is not None:
                frame = bound
                break
        else:
            left.append(mention)
    return frame, tuple(left)


def _candidates(flow: Flow, frame: Frame, mention: Mention, context: Context, *, asked: str) -> list[Slot]:
    fits = [slot for slot in flow.slots if slot.kind is mention.kind and slot.when(frame, context)]
    by_role = [slot for slot in fits if mention.role in slot.roles]
    roleless = [slot for slot in fits if not slot.roles and slot not in by_role]
    was_asked = [slot for slot in fits if slot.name == asked]
    return was_asked + [slot for slot in by_role + roleless if slot.name != asked]


def _bound(slot: Slot, frame: Frame, mention: Mention, context: Context) -> Frame | None:
    """The frame with the mention in that slot; None where the slot will not have it."""
    held = frame.fills.get(slot.name)
    if held is not None and held.how in ("said", "chosen") and not slot.joins:
        return None
    base = filled(frame, {slot.name: None}, "said") if held is not None and held.how == "default" else frame
    value = slot.read(mention, base, context)
    if value is None:
        return None
    if mention.sure:
        return filled(base, {slot.name: value}, "said")
    others = [slot.read(replace(mention, value=other), base, context) for other in mention.alternatives]
    several: list[Json] = [value, *(other for other in others if other is not None and other != value)]
    if len(several) == 1:
        return doubted(filled(base, {slot.name: value}, "said"), ["dates" if mention.kind is Kind.DAYS else "names"])
    return replace(
        filled(base, {slot.name: None}, "said"),
        fills={
            **{name: fill for name, fill in base.fills.items() if name != slot.name},
            slot.readings: Fill(value=several, how="said"),
        },
    )


def doubted(frame: Frame, doubts: Iterable[str]) -> Frame:
    """The frame with more reasons to ask before it is filed."""
    held = frame.value(DOUBTS)
    known = [str(doubt) for doubt in held] if isinstance(held, list) else []
    known += [doubt for doubt in doubts if doubt not in known]
    return filled(frame, {DOUBTS: list(known) or None}, "told")


def was_asked(frame: Frame, slot: str) -> bool:
    """Whether something wanted was asked already: it is asked once."""
    asked = frame.value(ASKED)
    return isinstance(asked, list) and slot in asked


def missing(flow: Flow, frame: Frame, context: Context, need: Need) -> Slot | None:
    """The first empty slot of that need which the frame has and which can be asked for; what is wanted, once."""
    for slot in flow.slots:
        if slot.need is not need or slot.name in frame.fills or slot.ask is None:
            continue
        if need is Need.WANTED and was_asked(frame, slot.name):
            continue
        if slot.when(frame, context) and slot.due(frame, context):
            return slot
    return None


_KINDS = {str(kind): kind for kind in AbsenceKind}


def kind_of(frame: Frame) -> AbsenceKind | None:
    """The kind of absence that a frame is about, where its flow has one."""
    value = frame.value("kind")
    return _KINDS.get(value) if isinstance(value, str) else None
