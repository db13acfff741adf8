"""The continuity sheet: what the office works from on paper when nothing else works (care rule 28)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from school.records.chase_queries import adults_of, outings_on
from school.records.people import Pupil
from school.records.pupil_queries import addresses_of, pupils_by_id
from school.records.safeguarding_queries import held_pupils
from school.records.sheets import ContinuitySheet, sheet_of
from school.today import Board, board


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """Whom to ring about a child, in that order; numbers that are closed to us are left out."""

    name: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child on the sheet. `says` is what stands beside it: a state, a time; `held`: nobody contacts home."""

    pupil: Pupil
    session: str
    says: str
    held: bool
    adults: tuple[Adult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A day's sheet with names. It says who is away and never why; phones stand beside who is unaccounted for alone."""

    day: date
    at: datetime
    unaccounted: tuple[Child, ...]
    late: tuple[Child, ...]
    away: tuple[Child, ...]
    leaving: tuple[Child, ...]
    unmarked: tuple[tuple[str, int], ...]
    outings: tuple[tuple[str, str, str], ...]


def write_sheet(session: Session, school_id: str, day: date, *, now: datetime) -> ContinuitySheet:
    """Writes the day's sheet from the board as it stands; one that was written before gives way."""
    made = fresh_sheet(session, school_id, day, now=now)
    session.merge(made)
    session.flush()
    return made


def fresh_sheet(session: Session, school_id: str, day: date, *, now: datetime) -> ContinuitySheet:
    """The sheet as it would be written at this moment; it is not kept."""
    seen = board(session, school_id, day, now=now)
    parts = _parts(seen) | {
        "outings": [[each.kind, each.class_name, each.year] for each in outings_on(session, school_id, day)]
    }
    return ContinuitySheet(school_id=school_id, day=day, at=now, parts=parts)


def _parts(seen: Board) -> dict[str, Any]:
    away: dict[str, set[str]] = defaultdict(set)
    for absence, pupil in seen.reported:
        away[pupil.id].add(absence.session)
    leaving = {
        pupil.id: [_clock(absence.leaves_at or absence.appointment_at), _clock(absence.returns_at)]
        for absence, pupil in seen.appointments
    }
    return {
        "unaccounted": [[row.pupil.id, row.session.value, row.state] for row in seen.unaccounted],
        "late": [
            [due.pupil.id, due.absence.session, due.absence.expected_at.isoformat() if due.absence.expected_at else ""]
            for due in seen.late
            if not due.arrived
        ],
        "away": [[pupil_id, "all day" if len(halves) > 1 else min(halves)] for pupil_id, halves in away.items()],
        "leaving": [[pupil_id, *times] for pupil_id, times in leaving.items()],
        "unmarked": [list(each) for each in seen.unmarked],
        "held": [pupil.id for pupil in seen.held],
    }


def _clock(at: Any) -> str:
    return f"{at:%H:%M}" if at is not None else ""


def read_sheet(session: Session, school_id: str, day: date) -> Sheet | None:
    """The sheet that was written for a day, with names and numbers as they are on record now; None if none was."""
    row = sheet_of(session, school_id, day)
    return None if row is None else with_names(session, row)


def with_names(session: Session, row: ContinuitySheet) -> Sheet:
    """A sheet as people read it. A family that is held by now is not to be rung, whatever the paper said before."""
    body, school_id = row.parts, row.school_id
    parts = ("unaccounted", "late", "away", "leaving")
    wanted = {each[0] for part in parts for each in body[part]}
    pupils = pupils_by_id(session, school_id, wanted)
    held = held_pupils(session, school_id) | set(body["held"])
    adults = _adults(session, school_id, {each[0] for each in body["unaccounted"]} - held)

    def child(pupil_id: str, half: str, says: str) -> Child:
        return Child(
            pupil=pupils[pupil_id], session=half, says=says, held=pupil_id in held, adults=adults.get(pupil_id, ())
        )

    def children(part: str) -> tuple[Child, ...]:
        return tuple(child(*each) for each in body[part] if each[0] in pupils)

    return Sheet(
        day=row.day,
        at=row.at,
        unaccounted=children("unaccounted"),
        late=children("late"),
        away=tuple(child(pupil_id, half, "") for pupil_id, half in body["away"] if pupil_id in pupils),
        leaving=tuple(
            child(pupil_id, "", f"leaves {leaves or '?'}, back {returns or '?'}")
            for pupil_id, leaves, returns in body["leaving"]
            if pupil_id in pupils
        ),
        unmarked=tuple((name, count) for name, count in body["unmarked"]),
        outings=tuple((kind, class_name, year) for kind, class_name, year in body["outings"]),
    )


def _adults(session: Session, school_id: str, pupil_ids: Collection[str]) -> dict[str, tuple[Adult, ...]]:
    """Whom staff ring about each child: those who may be told, in the order of the record."""
    rights = [
        (right, contact)
        for right, contact in adults_of(session, school_id, pupil_ids)
        if right.may_be_told and not right.social_worker
    ]
    phones = addresses_of(session, school_id, {contact.id for _, contact in rights})
    found: dict[str, list[Adult]] = defaultdict(list)
    for right, contact in rights:
        numbers = tuple(
            each.address for each in phones.get(contact.id, ()) if each.channel == "sms" and not each.quarantined_at
        )
        found[right.pupil_id].append(Adult(name=contact.name, phones=numbers))
    return {pupil_id: tuple(adults) for pupil_id, adults in found.items()}
