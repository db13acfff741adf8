"""What this database is for, chosen when it is made: a live school, or a rehearsal in which nothing leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, cast

from sqlalchemy.orm import Session

from school.records.staff import Installation

Mode: TypeAlias = Literal["live", "rehearsal"]
_ONLY = 1


class WrongMode(Exception):  # noqa: N818
    """The database was made for the other mode; neither starts on the other's."""


def mode_of(session: Session) -> Mode | None:
    """What the database was made for; None while it was never chosen."""
    row = session.get(Installation, _ONLY)
    return None if row is None else cast(Mode, row.mode)


def mark(session: Session, mode: Mode, *, now: datetime) -> None:
    """Chooses the mode of a database that has none yet; raises WrongMode where it has the other."""
    before = mode_of(session)
    if before is None:
        session.add(Installation(id=_ONLY, mode=mode, created_at=now))
        session.flush()
    elif before != mode:
        raise WrongMode(f"this database was made for {_named(before)}; it never becomes {_named(mode)}")


def rehearsal_clock(session: Session) -> datetime | None:
    """Where the rehearsal's clock was put, aware and in UTC; None while it was never moved."""
    row = session.get(Installation, _ONLY)
    return None if row is None else row.clock


def move_rehearsal_clock(session: Session, to: datetime) -> None:
    """Keeps where the rehearsal's clock stands; raises WrongMode in a live school."""
    row = session.get(Installation, _ONLY)
    if row is None or row.mode != "rehearsal":
        raise WrongMode("only a rehearsal's clock can be moved")
    row.clock = to
    session.flush()


def _named(mode: Mode) -> str:
    return "a live school" if mode == "live" else "a rehearsal"
