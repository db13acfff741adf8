"""What a session's absence says, worked out from the statements that stand, in whatever order they came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Protocol

SICKNESS, LATENESS, APPOINTMENT, OTHER = "sickness", "lateness", "appointment", "absence_other"
UNSPECIFIED = "unspecified"

# Where two contacts differ, staff are told; until they have looked, what keeps a child at home longest is shown.
_RANK: Mapping[str, int] = MappingProxyType({SICKNESS: 0, APPOINTMENT: 1, OTHER: 2, LATENESS: 3})
# Reasons that mean the same whether a child is late or away.
_SHARED = frozenset({"transport", "weather", "other"})
STAFF = ""


class Said(Protocol):
    """A statement, stored or about to be."""

    @property
    def contact_id(self) -> str | None: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What somebody says of one session. Times of day are local; `expected_at` is aware."""

    kind: str
    reason_category: str | None = None
    minutes_late: int | None = None
    expected_at: datetime | None = None
    appointment_at: time | None = None
    leaves_at: time | None = None
    returns_at: time | None = None
    open_ended: bool = False
    partial: bool = False

    @classmethod
    def of(cls, said: Any) -> Position:
        """The position of anything that has a position's fields: a statement, an absence."""
        return cls(**{each.name: getattr(said, each.name) for each in fields(cls)})

    @property
    def is_explained(self) -> bool:
        """Whether there is a reason (care rule 3): illness and an appointment are one, 'not in today' is none."""
        return self.kind in {SICKNESS, APPOINTMENT} or self.reason_category not in {None, UNSPECIFIED}

    @property
    def is_definite(self) -> bool:
        """Whether it says more than that the child is not in."""
        return self.kind != OTHER or self.is_explained


def added(before: Position, later: Position) -> Position:
    """What one contact says in all, having said `later` after `before`: a later text adds and never loses a reason.

    'Not in today' after 'poorly' adds nothing. A kind that differs replaces the kind; its own details come with it.
    """
    if not later.is_definite and before.kind != LATENESS:
        return replace(before, open_ended=later.open_ended, partial=before.partial and later.partial)
    if later.kind == before.kind:
        return _completed(before, later)
    if later.kind == OTHER and not later.is_explained and before.reason_category == "child_unwell":
        return replace(later, kind=SICKNESS, reason_category=UNSPECIFIED)
    return replace(later, reason_category=_carried(before, later))


def _completed(before: Position, later: Position) -> Position:
    """The same kind again: what the later text leaves out stays as it was."""
    specific = later.reason_category not in {None, UNSPECIFIED}
    reason = later.reason_category if specific else before.reason_category or later.reason_category
    # An arrival and a delay are one fact said in two ways, and so are an appointment's times: one replaces the other.
    arrives = later if (later.expected_at, later.minutes_late) != (None, None) else before
    away = later if (later.appointment_at, later.leaves_at, later.returns_at) != (None, None, None) else before
    return replace(
        later,
        reason_category=reason,
        minutes_late=arrives.minutes_late,
        expected_at=arrives.expected_at,
        appointment_at=away.appointment_at,
        leaves_at=away.leaves_at,
        returns_at=away.returns_at,
        partial=before.partial and later.partial,
    )


def _carried(before: Position, later: Position) -> str | None:
    if later.reason_category not in {None, UNSPECIFIED}:
        return later.reason_category
    if later.kind == LATENESS and before.kind == SICKNESS:
        return "child_unwell"
    if later.kind in {LATENESS, OTHER} and before.kind in {LATENESS, OTHER} and before.reason_category in _SHARED:
        return before.reason_category
    return later.reason_category


def positions(statements: Iterable[Said]) -> dict[str, Position]:
    """Where each contact stands, in the order of what they said; under STAFF what staff set themselves last."""
    found: dict[str, Position] = {}
    for said in sorted(statements, key=lambda each: each.at):
        speaker, position = said.contact_id or STAFF, Position.of(said)
        before = found.get(speaker)
        found[speaker] = position if before is None or speaker == STAFF else added(before, position)
    return found


def strongest(found: Mapping[str, Position]) -> Position | None:
    """The one position that the absence shows; None where nobody's stands. Staff's own goes before all."""
    if not found or STAFF in found:
        return found.get(STAFF)
    _, shown = min(found.items(), key=_order)
    return replace(
        shown,
        open_ended=any(each.open_ended for each in found.values()),
        partial=all(each.partial for each in found.values()),
    )


def _order(item: tuple[str, Position]) -> tuple[bool, int, bool, float, str]:
    speaker, position = item
    # The earliest arrival: a child who is awaited is missed sooner.
    expected = position.expected_at.timestamp() if position.expected_at is not None else float("inf")
    unspecified = position.reason_category in {None, UNSPECIFIED}
    return not position.is_definite, _RANK.get(position.kind, len(_RANK)), unspecified, expected, speaker


def contradict(one: Position, other: Position) -> bool:
    """Whether two people give different accounts of one session: another kind, both of them definite."""
    return one.is_definite and other.is_definite and one.kind != other.kind
