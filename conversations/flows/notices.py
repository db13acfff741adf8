"""What the school says without asking: a push that is told whole, leaves no frame and waits for no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from types import MappingProxyType
from typing import TypeAlias

from conversations.acts import Json, Say
from conversations.context import Context

Notice: TypeAlias = Callable[[Mapping[str, Json], Context], tuple[Say, ...]]
"""The words of a notice from what was told; nothing to say (the child is no longer theirs to hear of) is no words."""


def names_of(fills: Mapping[str, Json], context: Context) -> tuple[str, ...]:
    """The children whom a notice is about, as far as this contact may be told of them."""
    held = fills.get("who")
    ids = set(held) if isinstance(held, list) else set()
    return tuple(child.id for child in context.children if child.id in ids and child.may_be_told)


def _about(key: str) -> Notice:
    """A notice that is one message about its children."""

    def said(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
        names = names_of(fills, context)
        return (Say(key=key, args={"names": names}),) if names else ()

    return said


def _all_clear(fills: Mapping[str, Json], context: Context) -> tuple[Say, ...]:
    """Care rule 2: in school only for those whom staff have marked present; for the others a person rings."""
    says = []
    if names := names_of({"who": fills.get("in_school")}, context):
        says.append(Say(key="all_clear.in_school", args={"names": names}))
    by = fills.get("by")
    if (names := names_of({"who": fills.get("checking")}, context)) and isinstance(by, str):
        says.append(Say(key="all_clear.checking", args={"names": names, "time": time.fromisoformat(by)}))
    return tuple(says)


def _on_call(_fills: Mapping[str, Json], _context: Context) -> tuple[Say, ...]:
    """An alert to whoever is on duty carries no content (design.md, section 9)."""
    return (Say(key="on_call"),)


NOTICES: Mapping[str, Notice] = MappingProxyType(
    {
        "late.overdue": _about("late.overdue"),
        "social_worker": _about("chase.social_worker"),
        "all_clear": _all_clear,
        "on_call": _on_call,
    }
)
"""Every notice by the name that a push calls it."""
