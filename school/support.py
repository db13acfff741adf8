"""What makes school hard, as cases: opened by a parent's words or by staff, seen, replied to and closed by a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, by_contact, record
from school.records.base import new_id
from school.records.messaging import Thread
from school.records.pupil_queries import pupils_by_id
from school.records.support import SupportCase, SupportPupil, SupportStep
from school.records.support_queries import open_cases_of, pupils_of_cases
from school.staff_items import StaffNote, raise_items
from school.threads import Speaker, reply_as_staff

OPEN, SEEN, REPLIED, CLOSED = "open", "seen", "replied", "closed"
# What staff write down themselves. A letter is written and sent by a person: here it is only noted that it was.
NOTES = ("note", "letter")


class SupportRefused(ValueError):  # noqa: N818
    """It cannot be done so; `code` says why, the message says it to a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """What a contact wrote about what makes school hard; `pupil_ids` are those whom it is about, if that is known."""

    school_id: str
    contact_id: str | None
    thread_id: str
    message_id: str
    pupil_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to write down in a case; `ledger` is the ledger's verb for it."""

    kind: str
    by: str
    ledger: str
    message_id: str | None = None
    about_id: str | None = None
    note: str = ""


# From a parent -------------------------------------------------------------------------------


def hear_barriers(session: Session, told: Sequence[Barrier], *, now: datetime) -> list[SupportCase]:
    """Puts a parent's words into their own open case, or opens one; words in a case that was seen open it again.

    A case is never shared by two adults: what one writes is nowhere near what the other may ask to see.
    """
    found = []
    for each in told:
        row = _standing(session, each)
        by = by_contact(each.contact_id or "")
        if row is None:
            row = _case(session, each.school_id, each.pupil_ids, contact_id=each.contact_id, by=by, now=now)
            write_down(session, row, Step(kind="opened", by=by, ledger="open_support_case"), now=now)
        else:
            _add_pupils(session, row, each.pupil_ids)
            row.status = OPEN
        told_step = Step(kind="words", by=by, ledger="add_words", message_id=each.message_id)
        write_down(session, row, told_step, now=now)
        note = StaffNote(
            school_id=each.school_id,
            why="barrier",
            topic="barrier",
            thread_id=each.thread_id,
            message_id=each.message_id,
            contact_id=each.contact_id,
            pupil_ids=each.pupil_ids,
            detail={"case": row.id},
        )
        raise_items(session, [note], now=now)
        found.append(row)
    return found


def _standing(session: Session, told: Barrier) -> SupportCase | None:
    """The contact's open case about one of these children; about no child in particular, their latest one."""
    if told.contact_id is None:
        return None
    rows = open_cases_of(session, told.school_id, [told.contact_id])
    pupils = pupils_of_cases(session, told.school_id, [row.id for row in rows])
    for row in rows:
        about = {each.id for each in pupils.get(row.id, [])}
        if not told.pupil_ids or not about or about & set(told.pupil_ids):
            return row
    return None


# By staff ------------------------------------------------------------------------------------


def open_case(
    session: Session,
    school_id: str,
    pupil_ids: Collection[str],
    *,
    contact_id: str | None,
    note: str,
    actor: str,
    now: datetime,
) -> SupportCase:
    """A case that staff open. Raises SupportRefused for pupils who are not of this school."""
    if set(pupils_by_id(session, school_id, pupil_ids)) != set(pupil_ids):
        raise SupportRefused("pupils", "There is no such pupil.")
    row = _case(session, school_id, pupil_ids, contact_id=contact_id, by=actor, now=now)
    write_down(session, row, Step(kind="opened", by=actor, ledger="open_support_case", note=note), now=now)
    return row


def see(session: Session, row: SupportCase, *, actor: str, now: datetime) -> None:
    """Somebody has read it. Seeing it again changes nothing."""
    if row.status == OPEN:
        row.status = SEEN
        write_down(session, row, Step(kind="seen", by=actor, ledger="see_support_case"), now=now)


def reply(session: Session, row: SupportCase, thread: Thread, words: str, *, by: Speaker, now: datetime) -> str:
    """Writes to the parent in their own thread; the message's id. Raises `school.threads.CannotReply`."""
    refuse_closed(row)
    message = reply_as_staff(session, thread, words, by=by, now=now)
    row.status = REPLIED
    done = Step(kind="replied", by=by.actor, ledger="reply_in_support_case", message_id=message.id)
    write_down(session, row, done, now=now)
    return message.id


def note(session: Session, row: SupportCase, kind: str, words: str, *, actor: str, now: datetime) -> None:
    """Notes what was done outside this house: a talk on the telephone, a letter that a person wrote."""
    refuse_closed(row)
    write_down(session, row, Step(kind=kind, by=actor, ledger="note_in_support_case", note=words), now=now)


def close(session: Session, row: SupportCase, words: str, *, actor: str, now: datetime) -> None:
    """The case is done with. Raises SupportRefused where it was closed already."""
    refuse_closed(row)
    row.status, row.closed_at = CLOSED, now
    write_down(session, row, Step(kind="closed", by=actor, ledger="close_support_case", note=words), now=now)


def refuse_closed(row: SupportCase) -> None:
    """Raises SupportRefused for a case that is closed: what comes next is a new one."""
    if row.status == CLOSED:
        raise SupportRefused("closed", "This case was closed already.")


# Rows ----------------------------------------------------------------------------------------


def _case(
    session: Session, school_id: str, pupil_ids: Collection[str], *, contact_id: str | None, by: str, now: datetime
) -> SupportCase:
    row = SupportCase(school_id=school_id, id=new_id(now), contact_id=contact_id, opened_at=now, opened_by=by)
    row.status, row.version = OPEN, 0
    session.add(row)
    session.flush()
    _add_pupils(session, row, pupil_ids)
    return row


def _add_pupils(session: Session, row: SupportCase, pupil_ids: Collection[str]) -> None:
    known = {each.id for each in pupils_of_cases(session, row.school_id, [row.id]).get(row.id, [])}
    for pupil_id in sorted(set(pupil_ids) - known):
        session.add(SupportPupil(school_id=row.school_id, case_id=row.id, pupil_id=pupil_id))
    session.flush()


def write_down(session: Session, row: SupportCase, step: Step, *, now: datetime) -> None:
    """One more step, for good, and its line in the ledger (ids and codes alone)."""
    session.add(
        SupportStep(
            school_id=row.school_id,
            id=new_id(now),
            case_id=row.id,
            kind=step.kind,
            at=now,
            by=step.by,
            message_id=step.message_id,
            about_id=step.about_id,
            note=step.note,
        )
    )
    row.version += 1
    entry = Entry(
        school_id=row.school_id,
        actor=step.by,
        verb=step.ledger,
        subject="support_case",
        subject_id=row.id,
        detail={"about": step.about_id} if step.about_id else {},
    )
    record(session, entry, now=now)
    session.flush()
