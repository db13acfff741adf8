"""The slot for whom it is about: a set of the contact's own children, never a name that we were not given."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.acts import AbsenceKind, Json, Kind, Mention, Option, Say
from conversations.context import Child, Context
from conversations.frame import DOUBTS, UNKNOWN_NAME, Need, Slot, kind_of
from conversations.state import Frame

ALL = "all"
OTHER = "other"

# A menu that a phone shows at a glance: six children and 'all' or 'someone else'.
MOST_LISTED = 6


def reportable(context: Context) -> tuple[Child, ...]:
    """The children whom this contact may report, in the record's order."""
    return tuple(child for child in context.children if child.may_report)


def children_of(frame: Frame, context: Context) -> tuple[Child, ...]:
    """The children whom a frame is about, in the record's order."""
    held = frame.value("who")
    return tuple(child for child in context.children if isinstance(held, list) and child.id in held)


def ids_of(frame: Frame, context: Context) -> tuple[str, ...]:
    """Their ids, as a Say names them."""
    return tuple(child.id for child in children_of(frame, context))


def year_of(frame: Frame, context: Context) -> str:
    """The year group whose calendar holds for a frame: the first child's, "" while nobody is named."""
    return next((child.year for child in children_of(frame, context)), "")


def only_child(context: Context) -> str | None:
    """Who is meant where nobody is named: the only child, or the one that the school just asked about."""
    if len(context.children) == 1:
        return context.children[0].id
    if context.expects and any(child.id == context.expects_child for child in context.children):
        return context.expects_child
    return None


def _default(frame: Frame, context: Context) -> Json:
    meant = None if frame.value(UNKNOWN_NAME) else only_child(context)
    return None if meant is None else [meant]


def _said(mention: Mention, frame: Frame, context: Context) -> Json:
    if mention.role == "not" or not isinstance(mention.value, tuple):
        return None
    held = frame.value("who")
    before = [each for each in held if isinstance(each, str)] if isinstance(held, list) else []
    named: Json = [child.id for child in context.children if child.id in mention.value or child.id in before]
    return named or None


def _is_own(value: Json, _frame: Frame, context: Context) -> bool:
    own = {child.id for child in context.children}
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each in own for each in value)


def _likely(frame: Frame, context: Context) -> tuple[Child, ...]:
    """The children to choose from: those whom the words may mean, else all whom this contact may report."""
    able = reportable(context)
    readings = frame.value(WHO.readings)
    if not isinstance(readings, list):
        return able
    ids = [each for reading in readings if isinstance(reading, list) for each in reading]
    return tuple(child for child in able if child.id in ids) or able


def _ask(frame: Frame, context: Context) -> Say:
    able = _likely(frame, context)
    unknown = bool(frame.value(UNKNOWN_NAME))
    if len(able) == 1:
        yes, no = Option(key=able[0].id, label=Say(key="yes")), Option(key=OTHER, label=Say(key="no"))
        return Say(key="ask.who.one", args={"names": (able[0].id,)}, options=(yes, no))
    options = [
        Option(key=child.id, label=Say(key="child", args={"names": (child.id,)})) for child in able[:MOST_LISTED]
    ]
    if unknown:
        options.append(Option(key=OTHER, label=Say(key="someone_else")))
    elif WHO.readings not in frame.fills and len(able) <= MOST_LISTED:
        options.append(Option(key=ALL, label=Say(key="both" if len(able) == 2 else "all_of_them")))
    kind = kind_of(frame)
    key = {AbsenceKind.LATENESS: "ask.who.late", AbsenceKind.APPOINTMENT: "ask.who.appointment"}.get(
        kind or AbsenceKind.OTHER, "ask.who.off"
    )
    return Say(key=key, options=tuple(options))


def _chosen(key: str, _frame: Frame, context: Context) -> Mapping[str, Json]:
    chosen: Json = [child.id for child in reportable(context)] if key == ALL else [key]
    # Whoever says which child is off has said that one is: that needs no second question.
    return {"who": chosen, UNKNOWN_NAME: None, DOUBTS: None}


WHO = Slot(
    name="who",
    need=Need.REQUIRED,
    kind=Kind.CHILDREN,
    joins=True,
    read=_said,
    ok=_is_own,
    default=_default,
    ask=_ask,
    choose=_chosen,
)
