"""The brake's holds: alerts that wait for one click, whom that was told to and when, and the click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school.ledger import SYSTEM, Entry, record
from school.records.base import new_id
from school.records.chase_queries import look_again
from school.records.chasing import BrakeHold
from school.rules.brake import Held, Why
from school.settings import SchoolSettings
from school.staff_items import StaffNote, raise_items

# Care rule 6: unanswered it goes to the deputy, then the head.
LADDER = ("office", "deputy", "head")
HELD = "brake_held"


class NotHeld(Exception):  # noqa: N818  it says what is so
    """The hold was released, cleared or over before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The session that a set of holds is about."""

    school_id: str
    day: date
    session: str


def keep(
    session: DatabaseSession,
    scope: Scope,
    standing: Sequence[BrakeHold],
    wanted: Iterable[Held],
    *,
    now: datetime,
) -> list[BrakeHold]:
    """Makes the holds that stand those that are wanted: new ones are told, those with no cause any more are cleared.

    `standing` are all of the session. A hold that was released stays so; one that was cleared may come again.
    """
    wanted = list(wanted)
    by_what = {Held(why=Why(each.why), class_name=each.class_name): each for each in standing}
    for what in wanted:
        hold = by_what.get(what)
        if hold is None:
            hold = BrakeHold(
                school_id=scope.school_id, id=new_id(now), day=scope.day, session=scope.session,
                class_name=what.class_name, why=what.why.value, status="held", told=[], at=now,
            )  # fmt: skip
            session.add(hold)
            by_what[what] = hold
        elif hold.status == "cleared":
            hold.status, hold.told, hold.ended_at, hold.ended_by = "held", [], None, None
    for what, hold in by_what.items():
        if hold.status == "held" and what not in wanted:
            _end(session, hold, "cleared", actor=SYSTEM, now=now)
    session.flush()
    return [hold for hold in by_what.values() if hold.status == "held"]


def tell(
    session: DatabaseSession, holds: Iterable[BrakeHold], settings: SchoolSettings, *, now: datetime
) -> datetime | None:
    """Tells each hold to the role whose turn it is, and writes down when; gives when the next one's turn comes."""
    turns = []
    for hold in holds:
        if len(hold.told) == len(LADDER):
            continue
        due = _due(hold, settings)
        if now >= due:
            role = LADDER[len(hold.told)]
            hold.told = [*hold.told, [role, now.isoformat()]]
            note = StaffNote(
                school_id=hold.school_id,
                why=HELD,
                urgent=True,
                detail={"hold": hold.id, "role": role, "reason": hold.why, "class": hold.class_name},
            )
            raise_items(session, [note], now=now)
            _record(session, hold, "tell_hold", actor=SYSTEM, now=now, role=role)
            due = _due(hold, settings)
        if len(hold.told) < len(LADDER):
            turns.append(due)
    session.flush()
    return min(turns, default=None)


def _due(hold: BrakeHold, settings: SchoolSettings) -> datetime:
    if not hold.told:
        return hold.at
    return datetime.fromisoformat(hold.told[-1][1]) + timedelta(minutes=settings.brake_tell_minutes)


def release(session: DatabaseSession, hold: BrakeHold, *, actor: str, now: datetime) -> None:
    """One click: the alerts go. Raises NotHeld where nothing waits any more. The caller has locked the hold."""
    if hold.status != "held":
        raise NotHeld
    _end(session, hold, "released", actor=actor, now=now)
    look_again(session, hold.school_id, hold.day, now=now)


def over(session: DatabaseSession, holds: Iterable[BrakeHold], *, now: datetime) -> None:
    """The session is over: what still waits goes to nobody."""
    for hold in holds:
        if hold.status == "held":
            _end(session, hold, "over", actor=SYSTEM, now=now)


def _end(session: DatabaseSession, hold: BrakeHold, status: str, *, actor: str, now: datetime) -> None:
    hold.status, hold.ended_at, hold.ended_by = status, now, actor
    _record(session, hold, f"{'release' if status == 'released' else 'end'}_brake", actor=actor, now=now, status=status)


def _record(session: DatabaseSession, hold: BrakeHold, verb: str, *, actor: str, now: datetime, **detail: str) -> None:
    entry = Entry(
        school_id=hold.school_id,
        actor=actor,
        verb=verb,
        subject="brake_hold",
        subject_id=hold.id,
        detail={"why": hold.why, "class": hold.class_name, **detail},
    )
    record(session, entry, now=now)
