"""What the school says without asking: a push that is told whole, leaves no frame and waits for no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


NOTICES: Mapping[str, Notice] = MappingProxyType({})
"""Every notice by the name that a push calls it."""
