"""An absence as staff see it, each as much of it as they may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Literal, TypeAlias

from pydantic import Field
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller, Scope
from api.shapes import Shown
from school.records.absence_lists import statements_of
from school.records.attendance import Absence, Statement
from school.records.messaging import Message
from school.records.people import Pupil
from school.records.thread_queries import plain_messages
from school.rules.calendar import Session
from school.rules.references import reference_of

Status: TypeAlias = Literal["reported", "confirmed", "withdrawn"]


class ShownStatement(Shown):
    """Who said what, when and through which message; `words_span` are [from, to] of its words, `rule` heard them."""

    contact: str | None
    user: str | None = Field(description="The member of staff who took the call, or a machine's token.")
    message: str | None
    reference: str | None = Field(description="What the parent calls it on the telephone.")
    at: datetime
    kind: str
    reason_category: str | None
    words: str | None = Field(description="The very words, while they are kept.")
    words_span: list[int]
    rule: str
    withdrawn_at: datetime | None


class ShownAbsence(Shown):
    """One child's absence from one session, or late arrival to it.

    Without the scope `reasons:read` nothing says why: `kind` is `lateness` or `absence`, the codes, the reason, the
    note and the statements are left out.
    """

    id: str
    pupil: str
    pupil_name: str
    class_name: str
    date: date
    session: Session
    kind: str
    reason_category: str | None
    proposed_code: str | None
    proposed_why: str
    code: str | None
    status: Status
    accounted_for: bool
    explained: bool | None
    minutes_late: int | None
    expected_at: datetime | None
    appointment_at: time | None
    leaves_at: time | None
    returns_at: time | None
    open_ended: bool
    partial: bool = Field(description="Silence completed it: it may be more than was meant.")
    statements: list[ShownStatement]
    note: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    version: int


def show_all(session: DatabaseSession, who: Caller, rows: Sequence[tuple[Absence, Pupil]]) -> list[ShownAbsence]:
    """Absences as this caller may see them."""
    if not who.may(Scope.REASONS_READ):
        return [_without_reasons(absence, pupil) for absence, pupil in rows]
    statements = statements_of(session, who.school_id, [absence.id for absence, _ in rows])
    heard = {row.message_id for said in statements.values() for row in said if row.message_id}
    words = plain_messages(session, who.school_id, heard)
    return [_whole(absence, pupil, statements.get(absence.id, []), words) for absence, pupil in rows]


def _whole(
    absence: Absence, pupil: Pupil, statements: Sequence[Statement], words: Mapping[str, Message]
) -> ShownAbsence:
    return ShownAbsence(
        id=absence.id,
        pupil=pupil.id,
        pupil_name=_name(pupil),
        class_name=pupil.class_name,
        date=absence.day,
        session=Session(absence.session),
        kind=absence.kind,
        reason_category=absence.reason_category,
        proposed_code=absence.proposed_code,
        proposed_why=absence.proposed_why,
        code=absence.code,
        status=absence.status,
        accounted_for=absence.accounted_for,
        explained=absence.explained,
        minutes_late=absence.minutes_late,
        expected_at=absence.expected_at,
        appointment_at=absence.appointment_at,
        leaves_at=absence.leaves_at,
        returns_at=absence.returns_at,
        open_ended=absence.open_ended,
        partial=absence.partial,
        statements=[_statement(row, words.get(row.message_id or "")) for row in statements],
        note=absence.note,
        confirmed_by=absence.confirmed_by,
        confirmed_at=absence.confirmed_at,
        version=absence.version,
    )


def _without_reasons(absence: Absence, pupil: Pupil) -> ShownAbsence:
    """Care rule 27: when the child is away or due, and nothing that says why."""
    late = absence.kind == "lateness"
    return ShownAbsence(
        id=absence.id,
        pupil=pupil.id,
        pupil_name=_name(pupil),
        class_name=pupil.class_name,
        date=absence.day,
        session=Session(absence.session),
        kind="lateness" if late else "absence",
        reason_category=None,
        proposed_code=None,
        proposed_why="",
        code=None,
        status=absence.status,
        accounted_for=absence.accounted_for,
        explained=None,
        minutes_late=absence.minutes_late,
        expected_at=absence.expected_at,
        appointment_at=None,
        leaves_at=None,
        returns_at=None,
        open_ended=absence.open_ended,
        partial=absence.partial,
        statements=[],
        note="",
        confirmed_by=None,
        confirmed_at=None,
        version=absence.version,
    )


def _name(pupil: Pupil) -> str:
    return f"{pupil.known_as} {pupil.surname}"


def _statement(row: Statement, message: Message | None) -> ShownStatement:
    return ShownStatement(
        contact=row.contact_id,
        user=row.user_id,
        message=row.message_id,
        reference=reference_of(row.message_id) if row.message_id else None,
        at=row.at,
        kind=row.kind,
        reason_category=row.reason_category,
        words=message.body[slice(*row.words_span)] if message is not None and len(row.words_span) == 2 else None,
        words_span=list(row.words_span),
        rule=row.rule,
        withdrawn_at=row.withdrawn_at,
    )
