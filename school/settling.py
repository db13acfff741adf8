"""What staff make of an absence: they confirm it with a code, amend it, or withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as DatabaseSession

from school.absence_sheet import CONFIRMED, WITHDRAWN, Sheet
from school.records.absence_queries import Key
from school.records.attendance import Absence, Statement
from school.records.base import new_id
from school.rules.calendar import Session
from school.rules.codes import require_writable
from school.rules.proposals import KINDS
from school.standing import Position

SAYS = frozenset(each.name for each in fields(Position))
NOTE = "note"
LONGEST_NOTE = 500


class AbsenceRefused(ValueError):  # noqa: N818
    """The absence cannot be changed so as it stands; the message says why."""


def confirm(
    session: DatabaseSession, absence: Absence, code: str, *, actor: str, user_id: str | None, now: datetime
) -> Absence:
    """Staff settle the absence with a register code; confirming again with another code replaces it.

    From now on no text of a parent changes it. Raises a `NotACode` with a sentence for a code that may not be
    written that day, and AbsenceRefused for an absence that was withdrawn.
    """
    sheet, absence = _locked(session, absence, now)
    if absence.status == WITHDRAWN:
        raise AbsenceRefused("the absence was withdrawn")
    mark = require_writable(code, on=absence.day, session=Session(absence.session)).mark
    if (absence.status, absence.code) != (CONFIRMED, mark):
        absence.status, absence.code, absence.confirmed_by, absence.confirmed_at = CONFIRMED, mark, user_id, now
        sheet.touch(absence)
        sheet.record(absence, "confirm_absence", actor)
        sheet.write()
    return absence


def amend(
    session: DatabaseSession,
    absence: Absence,
    changes: Mapping[str, Any],
    *,
    actor: str,
    user_id: str | None,
    now: datetime,
) -> Absence:
    """Staff put right what the absence says: any of a position's fields, and `note`.

    What they set is a statement of theirs, so that a parent's later text does not undo it, and the proposal follows
    it. A confirmed absence stays confirmed with its code. Raises AbsenceRefused.
    """
    _refuse(changes)
    sheet, absence = _locked(session, absence, now)
    if absence.status == WITHDRAWN:
        raise AbsenceRefused("the absence was withdrawn")
    said = Position(**{name: changes.get(name, getattr(absence, name)) for name in SAYS})
    changed = said != Position.of(absence)
    if changed:
        _say(sheet, absence, said, user_id, now)
    if NOTE in changes and changes[NOTE] != absence.note:
        absence.note = changes[NOTE]
        if not changed:
            sheet.touch(absence)
        changed = True
    if changed:
        sheet.record(absence, "amend_absence", actor)
        sheet.write()
    return absence


def withdraw(session: DatabaseSession, absence: Absence, *, actor: str, now: datetime) -> Absence:
    """Staff take the absence back whole, confirmed or not; every statement of it is withdrawn with it."""
    sheet, absence = _locked(session, absence, now)
    if absence.status != WITHDRAWN:
        sheet.withdraw(absence, list(sheet.statements(absence)), at=now)
        absence.code, absence.confirmed_by, absence.confirmed_at = None, None, None
        sheet.refresh(absence)
        sheet.record(absence, "withdraw_absence", actor)
        sheet.write()
    return absence


def _locked(session: DatabaseSession, absence: Absence, now: datetime) -> tuple[Sheet, Absence]:
    """The absence as it stands this moment, held until the transaction ends."""
    key: Key = (absence.school_id, absence.pupil_id, absence.day, absence.session)
    sheet = Sheet(session, {key}, now=now)
    return sheet, sheet.absences[key]


def _refuse(changes: Mapping[str, Any]) -> None:
    if unknown := sorted(set(changes) - SAYS - {NOTE}):
        raise AbsenceRefused(f"an absence has no {', '.join(unknown)} that staff set")
    if changes.get("kind", next(iter(KINDS))) not in KINDS:
        raise AbsenceRefused("an absence is sickness, lateness, appointment or absence_other")
    if len(changes.get(NOTE) or "") > LONGEST_NOTE:
        raise AbsenceRefused(f"a note has at most {LONGEST_NOTE} characters")


def _say(sheet: Sheet, absence: Absence, said: Position, user_id: str | None, now: datetime) -> None:
    row = Statement(
        school_id=absence.school_id,
        id=new_id(now),
        absence_id=absence.id,
        user_id=user_id,
        at=now,
        **{name: getattr(said, name) for name in SAYS},
    )
    sheet.add(absence, row)
    confirmed = (absence.status, absence.code)
    sheet.refresh(absence)
    if confirmed[0] == CONFIRMED:
        absence.status, absence.code = confirmed
