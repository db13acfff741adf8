"""What a parent asks the school for, as effects: how often a child was away, and leave in term time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceAsked:
    """A parent asks how often their children were away; `children` are those of whom they may be told."""

    children: tuple[str, ...]
    message: str
