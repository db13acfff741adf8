"""Leave in term time: which sessions a request is for, whether it is made in advance, and what its reason asks for.

Regs reg 11 and `domain.md`, section 3.5: only the head, or whom the proprietor authorised, gives leave; in advance;
to a parent with whom the child normally lives; for what is exceptional. Nothing here gives leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import TypeAlias

from school.rules.calendar import Calendar, Session

Slot: TypeAlias = tuple[date, Session]


def leave_sessions(
    calendar: Calendar,
    first: date,
    last: date,
    *,
    year: str = "",
    leaves: time | None = None,
    returns: time | None = None,
    halves: Iterable[Session] = tuple(Session),
) -> tuple[Slot, ...]:
    """The sessions that a child of that year group misses from `first` to `last`, both days included.

    `leaves` is when the child goes on the first day, `returns` when it is back on the last; a session in whose
    register the child still stands, or stands again, is not missed (care rule 30). `halves` are the halves of each
    day that are asked for. Days on which the year group has no school count for nothing.
    """
    wanted = set(halves)
    found: list[Slot] = []
    for day in calendar.school_days(first, last, year=year):
        missed = calendar.missed_sessions(
            day, leaves=leaves if day == first else None, returns=returns if day == last else None, year=year
        )
        found.extend((day, session) for session in missed if session in wanted)
    return tuple(found)


def begins(calendar: Calendar, slot: Slot, *, year: str = "") -> datetime:
    """The moment at which a session starts, in the school's zone."""
    day, session = slot
    return calendar.moment(day, calendar.times_on(day, year=year).bounds(session)[0])


def is_in_advance(calendar: Calendar, sessions: Iterable[Slot], *, asked_at: datetime, year: str = "") -> bool:
    """Whether a request is made before the first session of it begins (care rule 17); False for no session at all.

    What is not in advance is a report of absence, never a request (`domain.md`, section 0, rule 2).
    """
    first = min(sessions, key=_in_order, default=None)
    return first is not None and asked_at.astimezone(UTC) < begins(calendar, first, year=year).astimezone(UTC)


def grantable(calendar: Calendar, sessions: Iterable[Slot], *, at: datetime, year: str = "") -> tuple[Slot, ...]:
    """Those of a request's sessions that can still be granted at that moment: leave is never given afterwards."""
    now = at.astimezone(UTC)
    return tuple(each for each in sessions if now < begins(calendar, each, year=year).astimezone(UTC))


def _in_order(slot: Slot) -> tuple[date, str]:
    return slot[0], slot[1].value


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a reason asks of the head: the code that leave of this kind would have, and what to look at first."""

    code: str | None
    look: str


# Codes: domain.md, section 1. T follows a parent's trade and is staff's to choose (care rule 25), as C is.
GROUNDS: Mapping[str, Ground] = MappingProxyType(
    {
        "interview": Ground(code="J1", look="J1, an interview for a place or a job: asked for in advance, as it was."),
        "performance_sport": Ground(code="C1", look="C1 needs a licence or an exemption. Please see it first."),
        "bereavement": Ground(code="C", look="A death. Nothing was asked of the family. C is yours to give."),
        "traveller": Ground(
            code=None, look="Travelling for the parents' trade. T is yours to choose, not a holiday's."
        ),
        "religious": Ground(code=None, look="Days beyond the day set apart. That day itself is a notice, and R."),
        "legal": Ground(code="C", look="A court or an office asks for the child. C, where you grant it."),
    }
)
EXCEPTIONAL = Ground(
    code="C", look="C only where it is exceptional, on this family's own facts. A holiday mostly is not."
)


def ground_of(reason: str | None) -> Ground:
    """What a reason asks of the head; any other reason is leave in exceptional circumstances."""
    return GROUNDS.get(reason or "", EXCEPTIONAL)
