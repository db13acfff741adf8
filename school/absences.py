"""Absences: stated and taken back by those with the right to, by the set; settled by staff."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time
from functools import partial

from sqlalchemy.orm import Session as DatabaseSession

from school.absence_notes import Notes
from school.absence_sheet import CONFIRMED, Sheet, arrival, is_register_closed
from school.calendars import calendar_of
from school.ledger import by_contact, by_user
from school.records.absence_queries import Key, standing_between
from school.records.attendance import Absence, Statement
from school.records.base import new_id
from school.records.chase_queries import look_again
from school.records.family_queries import rights_for
from school.records.people import Right
from school.rules.calendar import Session
from school.rules.helping import stands
from school.rules.references import reference_of
from school.settling import amend, confirm, withdraw
from school.standing import LATENESS, STAFF, Position, contradict, positions, strongest

__all__ = [
    "AbsenceStatement",
    "OnRecord",
    "Withdrawal",
    "amend",
    "confirm",
    "is_register_closed",
    "on_record",
    "report_for_parent",
    "state_absences",
    "withdraw",
    "withdraw_statements",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceStatement:
    """Somebody says that a child is away for a session, or late.

    `contact_id` said it; `user_id` took the call, or, without a contact, says it for the school. Where a machine did,
    `user_id` is its token's id and `written_by` the ledger's name for it. `at` is when the
    words first reached us, aware. `expected_at` is aware; the other times are local. `words_span` and `rule` lead
    back to the words.
    """

    school_id: str
    pupil_id: str
    day: date
    session: Session
    kind: str
    at: datetime
    reason_category: str | None = None
    contact_id: str | None = None
    user_id: str | None = None
    message_id: str | None = None
    frame: str = ""
    appointment_at: time | None = None
    leaves_at: time | None = None
    returns_at: time | None = None
    expected_at: datetime | None = None
    minutes_late: int | None = None
    open_ended: bool = False
    partial: bool = False
    words_span: tuple[int, ...] = ()
    rule: str = ""
    written_by: str = ""

    @property
    def key(self) -> Key:
        """The session that it is about."""
        return self.school_id, self.pupil_id, self.day, self.session.value

    @property
    def actor(self) -> str:
        """The ledger's name for who said it."""
        if self.written_by:
            return self.written_by
        return by_user(self.user_id) if self.user_id is not None else by_contact(self.contact_id or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A contact takes back what they themselves said of a session."""

    school_id: str
    pupil_id: str
    day: date
    session: Session
    contact_id: str
    at: datetime
    message_id: str | None = None
    frame: str = ""

    @property
    def key(self) -> Key:
        """The session that it is about."""
        return self.school_id, self.pupil_id, self.day, self.session.value


# Stating -------------------------------------------------------------------------------------


def state_absences(session: DatabaseSession, statements: Sequence[AbsenceStatement], *, now: datetime) -> list[Absence]:
    """Puts on record what was said, one absence a (child, day, session); gives those that it changed.

    A repeat changes nothing. What a contact without the right to report says, what contradicts somebody else's
    account, and what would change a session that staff confirmed or a closed register's kind, goes to staff. Pupils
    and contacts of another school give nothing.
    """
    entitled, notes = _entitled(session, statements)
    sheet = Sheet(session, {statement.key for statement in entitled}, now=now)
    changed: dict[Key, Absence] = {}
    # In the order of sessions, so that two sets lock and write in one order; each session's in the order of time.
    for statement in sorted(entitled, key=lambda each: (each.key, each.at)):
        if sheet.pupil(statement.key) is not None and _state(sheet, statement, notes, now=now):
            changed[statement.key] = sheet.absences[statement.key]
    sheet.write()
    notes.raise_all(session, now=now)
    return list(changed.values())


def _entitled(session: DatabaseSession, statements: Sequence[AbsenceStatement]) -> tuple[list[AbsenceStatement], Notes]:
    """The statements of those who may report; the others of this school become a note for staff."""
    rights = rights_for(
        session, {(each.school_id, each.contact_id, each.pupil_id) for each in statements if each.contact_id}
    )
    entitled, notes = [], Notes()
    for statement in statements:
        right = rights.get((statement.school_id, statement.contact_id or "", statement.pupil_id))
        if _may_report(statement, right, partial(_day_said, session, statement)):
            entitled.append(statement)
        elif right is not None:
            notes.add("not_entitled", statement, statement.contact_id)
    return entitled, notes


def _may_report(statement: AbsenceStatement, right: Right | None, day: Callable[[], date]) -> bool:
    """Staff may say what they know; a contact only with the right, which 'no contact' outweighs and a helper's end.

    `day` is the school's own on which it was said; it is asked for a helper alone.
    """
    if statement.user_id is not None:
        return statement.contact_id is None or right is not None
    if right is None or not right.may_report or right.no_contact:
        return False
    return right.report_until is None or stands(right.report_until, day())


def _day_said(session: DatabaseSession, statement: AbsenceStatement) -> date:
    return calendar_of(session, statement.school_id).local(statement.at).date()


def _state(sheet: Sheet, statement: AbsenceStatement, notes: Notes, *, now: datetime) -> bool:
    """Whether the statement changed its absence."""
    position = _position(sheet, statement)
    absence = sheet.absences.get(statement.key)
    told = sheet.statements(absence) if absence is not None else ()
    if _is_repeat(statement, position, told):
        return False
    row = _row(statement, position, now)
    before, after = positions(told), positions([*told, row])
    speaker = statement.contact_id or STAFF
    if absence is not None and _is_settled(sheet, statement, absence, before, after):
        notes.add("after_confirm", statement, statement.contact_id)
        return False
    if _newly_contradicts(speaker, before, after):
        notes.add("contradiction", statement, statement.contact_id)
    absence = sheet.absence(statement.key, position)
    row.absence_id = absence.id
    sheet.add(absence, row)
    if absence.status == CONFIRMED or not sheet.refresh(absence):
        return False
    sheet.record(absence, "state_absence", statement.actor)
    return True


def _position(sheet: Sheet, statement: AbsenceStatement) -> Position:
    """What it says; a delay in minutes also as the moment at which the child is expected."""
    position = replace(Position.of(statement), kind=str(statement.kind))
    pupil = sheet.pupil(statement.key)
    if position.kind != LATENESS or position.expected_at is not None or position.minutes_late is None or pupil is None:
        return position
    calendar = sheet.calendar(statement.school_id)
    expected = arrival(calendar, statement.day, statement.session, minutes_late=position.minutes_late, year=pupil.year)
    return replace(position, expected_at=expected.astimezone(UTC))


def _is_repeat(statement: AbsenceStatement, position: Position, told: Iterable[Statement]) -> bool:
    """Whether the same person said the same already, in the same message; staff without a message: at all."""
    return any(
        row.contact_id == statement.contact_id
        and row.message_id == statement.message_id
        and Position.of(row) == position
        for row in told
    )


def _is_settled(
    sheet: Sheet,
    statement: AbsenceStatement,
    absence: Absence,
    before: Mapping[str, Position],
    after: Mapping[str, Position],
) -> bool:
    """Whether the statement would change what is no longer a parent's to change by a text.

    That is whatever staff confirmed, and, once the register has closed, the kind of what the contact gave a reason
    for. A reason that was missing still counts, and so does 'not coming after all' of a child who was to be late.
    """
    if absence.status == CONFIRMED:
        return strongest(before) != strongest(after)
    if statement.user_id is not None:
        return False
    speaker = statement.contact_id or STAFF
    own = before.get(speaker)
    if own is None or not own.is_explained or own.kind in {LATENESS, after[speaker].kind}:
        return False
    return sheet.is_closed(statement.key, at=statement.at)


def _newly_contradicts(speaker: str, before: Mapping[str, Position], after: Mapping[str, Position]) -> bool:
    def against(found: Mapping[str, Position]) -> set[str]:
        own = found.get(speaker)
        return {who for who, each in found.items() if own is not None and who != speaker and contradict(own, each)}

    return bool(against(after) - against(before))


def _row(statement: AbsenceStatement, position: Position, now: datetime) -> Statement:
    return Statement(
        school_id=statement.school_id,
        id=new_id(now),
        contact_id=statement.contact_id,
        user_id=statement.user_id,
        message_id=statement.message_id,
        frame=statement.frame,
        words_span=list(statement.words_span),
        rule=statement.rule,
        at=statement.at,
        **{each.name: getattr(position, each.name) for each in fields(position)},
    )


def report_for_parent(
    session: DatabaseSession, statements: Sequence[AbsenceStatement], *, now: datetime
) -> list[Absence]:
    """What a parent said by telephone or at the gate, written down by staff: each with its `user_id`.

    Gives the absences of these sessions, changed or not. Raises LookupError where a pupil is not of the school, or
    the contact not on the pupil's record, and ValueError without a user.
    """
    if any(statement.user_id is None for statement in statements):
        raise ValueError("a report for a parent names the member of staff who took it")
    entitled, _ = _entitled(session, statements)
    state_absences(session, entitled, now=now)
    for school_id, day in sorted({(each.school_id, each.day) for each in entitled}):
        look_again(session, school_id, day, now=now)
    sheet = Sheet(session, {statement.key for statement in entitled}, now=now)
    if len(entitled) != len(statements) or any(statement.key not in sheet.absences for statement in entitled):
        raise LookupError("no such pupil, or the contact is not on that pupil's record")
    return [sheet.absences[statement.key] for statement in statements]


# Taking back ---------------------------------------------------------------------------------


def withdraw_statements(session: DatabaseSession, withdrawals: Sequence[Withdrawal], *, now: datetime) -> list[Absence]:
    """Takes back contacts' own statements; gives the absences that this changed.

    An absence is withdrawn when no statement of it stands. Somebody else's statement is left as it is, and staff
    are told that the two accounts differ. After staff confirmed, or the register closed, nothing changes and staff
    are told.
    """
    sheet = Sheet(session, {withdrawal.key for withdrawal in withdrawals}, now=now)
    notes = Notes()
    strangers = _without_own(sheet, withdrawals)
    rights = rights_for(session, {(each.school_id, each.contact_id, each.pupil_id) for each in strangers})
    changed: dict[Key, Absence] = {}
    for withdrawal in sorted(withdrawals, key=lambda each: (each.key, each.at)):
        absence = sheet.absences.get(withdrawal.key)
        told = sheet.statements(absence) if absence is not None else ()
        own = [row for row in told if row.contact_id == withdrawal.contact_id]
        if absence is None or not told:
            continue
        if not own:
            right = rights.get((withdrawal.school_id, withdrawal.contact_id, withdrawal.pupil_id))
            if right is not None and not right.no_contact:
                notes.add("contradiction", withdrawal, withdrawal.contact_id)
        elif absence.status == CONFIRMED or sheet.is_closed(withdrawal.key, at=withdrawal.at):
            notes.add("after_confirm", withdrawal, withdrawal.contact_id)
        else:
            sheet.withdraw(absence, own, at=now)
            sheet.refresh(absence)
            sheet.record(absence, "withdraw_statement", by_contact(withdrawal.contact_id))
            changed[withdrawal.key] = absence
            if sheet.statements(absence):
                notes.add("contradiction", withdrawal, withdrawal.contact_id)
    sheet.write()
    notes.raise_all(session, now=now)
    return list(changed.values())


def _without_own(sheet: Sheet, withdrawals: Sequence[Withdrawal]) -> list[Withdrawal]:
    found = []
    for withdrawal in withdrawals:
        absence = sheet.absences.get(withdrawal.key)
        if absence is not None and all(row.contact_id != withdrawal.contact_id for row in sheet.statements(absence)):
            found.append(withdrawal)
    return found


# Looking -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """What stands about one session: who said what kind, and whether staff confirmed it.

    Whoever shows this to a contact shows a kind only where it is that contact's own.
    """

    absence_id: str
    pupil_id: str
    day: date
    session: Session
    confirmed: bool
    kinds: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    def kind_said_by(self, contact_ids: Iterable[str]) -> str | None:
        """The kind that one of these contacts stated; None where it is only somebody else's account."""
        return next((self.kinds[each] for each in contact_ids if each in self.kinds), None)

    def reference_for(self, contact_ids: Iterable[str]) -> str:
        """The short reference of what one of these contacts stated; empty where none did, or not in a text."""
        return next((self.references[each] for each in contact_ids if each in self.references), "")


def on_record(
    session: DatabaseSession, school_id: str, pupil_ids: Collection[str], first: date, last: date
) -> list[OnRecord]:
    """What stands about these pupils' sessions from `first` to `last`, in one look."""
    told: dict[str, tuple[Absence, list[Statement]]] = {}
    for absence, statement in standing_between(session, school_id, pupil_ids, first, last):
        _, rows = told.setdefault(absence.id, (absence, []))
        if statement is not None:
            rows.append(statement)
    return [
        OnRecord(
            absence_id=absence.id,
            pupil_id=absence.pupil_id,
            day=absence.day,
            session=Session(absence.session),
            confirmed=absence.status == CONFIRMED,
            kinds={who: each.kind for who, each in positions(rows).items() if who != STAFF},
            references={
                each.contact_id: reference_of(each.message_id)
                for each in sorted(rows, key=lambda row: row.at)
                if each.contact_id and each.message_id
            },
        )
        for absence, rows in told.values()
    ]
