"""Evidence: asked for by a person alone, of one contact, where there is real doubt; never of its own accord."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school.attendance_figures import bereaved
from school.ledger import SYSTEM, Entry, by_contact, record
from school.reaching import Start, start
from school.records.attendance import Absence
from school.records.base import new_id
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.evidence_queries import OPEN, all_open, files_of_requests, lapsed, locked_evidence, open_evidence
from school.records.leave import LeaveRequest
from school.records.leave_queries import asked_for, sessions_asked
from school.records.messaging import InboxRow
from school.records.people import School
from school.records.prompt_queries import siblings
from school.records.support_queries import rights_of
from school.settings import settings_of
from school.unasked import stop_waiting

FLOW, PURPOSE = "evidence_ask", "notice"
BEREAVEMENT = "bereavement"
# What is sent to one request beyond this is a mistake, or a machine.
MOST_FILES = 10


class EvidenceRefused(Exception):  # noqa: N818  it says what happened
    """What does not fit what is on record; `code` says why in one word, the text in a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """What staff ask to be shown: by whom, about which absence or request for leave, and why, for staff alone."""

    contact_id: str
    note: str
    absence_id: str | None = None
    leave_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A picture or document that came from an asked contact's phone; the inbox row of the message knows its name."""

    school_id: str
    request_id: str
    contact_ids: tuple[str, ...]
    thread_id: str
    channel: str
    message_id: str
    at: datetime


# Asked ---------------------------------------------------------------------------------------


def ask(session: Session, school_id: str, new: NewEvidence, *, actor: str, now: datetime) -> EvidenceRequest:
    """Puts the one text that asks in line, by day and within the family's budget, and gives the request.

    Raises EvidenceRefused: `unknown` (no such absence or leave), `not_theirs`, `over` (it was withdrawn), `bereaved`
    (care rule 17), `standing` (it is asked already), `held` (care rule 1) and `unreached`.
    """
    pupils = _about(session, school_id, new)
    if not may_be_asked(session, school_id, new.contact_id, pupils):
        raise EvidenceRefused("not_theirs", "This contact may not be told about that.")
    if mourns(session, school_id, siblings(session, school_id, pupils), now=now):
        raise EvidenceRefused("bereaved", "Somebody died in this family: nothing is asked of it.")
    standing = open_evidence(session, school_id, [new.contact_id], now=now)
    if any((each.absence_id, each.leave_id) == (new.absence_id, new.leave_id) for each in standing):
        raise EvidenceRefused("standing", "This contact was asked already, and nobody is asked twice.")
    until = now + timedelta(days=settings_of(session.get_one(School, school_id)).evidence_wait_days)
    wanted = Start(
        school_id=school_id,
        contact_id=new.contact_id,
        flow=FLOW,
        purpose=PURPOSE,
        pupil_ids=pupils,
        fills={"who": list(pupils)},
        until=until,
    )
    started, unreached = start(session, [wanted], now=now)
    if unreached:
        why = unreached[0].why
        raise EvidenceRefused("held" if why == "held" else "unreached", f"Please ring instead: {why}.")
    row = EvidenceRequest(school_id=school_id, id=new_id(now), contact_id=new.contact_id, pupil_ids=list(pupils))
    row.absence_id, row.leave_id, row.note = new.absence_id, new.leave_id, new.note
    row.asked_at, row.asked_by, row.until = now, actor, until
    row.inbox_id, row.thread_id, row.status, row.version = started[0].inbox_id, started[0].thread_id, "asked", 1
    session.add(row)
    session.flush()
    enter(session, row, "ask_for_evidence", actor, now=now)
    return row


def _about(session: Session, school_id: str, new: NewEvidence) -> tuple[str, ...]:
    """The children of the absence or the request for leave."""
    if new.absence_id is not None:
        absence = session.get(Absence, (school_id, new.absence_id))
        if absence is None:
            raise EvidenceRefused("unknown", "There is no such absence.")
        if absence.status == "withdrawn":
            raise EvidenceRefused("over", "This absence was withdrawn: there is nothing to show.")
        return (absence.pupil_id,)
    leave = session.get(LeaveRequest, (school_id, new.leave_id or ""))
    if leave is None:
        raise EvidenceRefused("unknown", "There is no such request for leave.")
    if leave.status == "withdrawn":
        raise EvidenceRefused("over", "This request was withdrawn: there is nothing to show.")
    if leave.reason == BEREAVEMENT:
        raise EvidenceRefused("bereaved", "Somebody died in this family: nothing is asked of it.")
    return tuple(sorted({each.pupil_id for each in sessions_asked(session, school_id, [leave.id]).get(leave.id, [])}))


def mourns(session: Session, school_id: str, family: Collection[str], *, now: datetime) -> bool:
    """Whether a death was told for one of these pupils of late, as an absence or in asking for leave (care rule 17)."""
    quiet = timedelta(days=settings_of(session.get_one(School, school_id)).quiet_after_bereavement_days)
    return bool(bereaved(session, school_id, family, now=now)) or asked_for(
        session, school_id, family, BEREAVEMENT, since=now - quiet
    )


def may_be_asked(session: Session, school_id: str, contact_id: str, pupil_ids: Collection[str]) -> bool:
    """Whether a contact may be told of each of these children, and why they are away: nobody else is asked."""
    allowed = {
        right.pupil_id
        for right in rights_of(session, school_id, contact_id, pupil_ids)
        if right.may_be_told and right.may_see_reasons and not right.no_contact and not right.social_worker
    }
    return bool(pupil_ids) and allowed == set(pupil_ids)


# Sent ----------------------------------------------------------------------------------------


def take_in(session: Session, sent: Sequence[Sent], *, now: datetime) -> None:
    """Writes down what came, to be fetched at once. What came from another family's phone changes nothing."""
    for each in sent:
        row = locked_evidence(session, each.school_id, each.request_id)
        inbox = session.get(InboxRow, (each.school_id, each.message_id))
        reference = str(inbox.payload.get("file") or "") if inbox is not None else ""
        if row is None or row.contact_id not in each.contact_ids or row.status not in OPEN or not reference:
            continue
        if len(files_of_requests(session, each.school_id, [row.id]).get(row.id, [])) >= MOST_FILES:
            continue
        file = EvidenceFile(school_id=row.school_id, id=new_id(now), request_id=row.id, thread_id=each.thread_id)
        file.message_id, file.channel, file.reference = each.message_id, each.channel, reference
        file.status, file.received_at, file.fetch_at = "waiting", each.at, now
        session.add(file)
        session.flush()
        enter(session, row, "send_evidence", by_contact(row.contact_id), now=now, file=file.id)


# Ended ---------------------------------------------------------------------------------------


def withdraw(session: Session, row: EvidenceRequest, *, actor: str, now: datetime) -> None:
    """The school asks no more; what has not gone out yet does not go. Raises EvidenceRefused: `over`."""
    _end(session, row, "withdrawn", "", actor=actor, now=now)


def close(session: Session, row: EvidenceRequest, words: str, *, actor: str, now: datetime) -> None:
    """Staff have seen what there was to see, here or at the desk. Raises EvidenceRefused: `over`."""
    _end(session, row, "closed", words, actor=actor, now=now)


def _end(session: Session, row: EvidenceRequest, status: str, words: str, *, actor: str, now: datetime) -> None:
    if row.status not in OPEN and not (status == "closed" and row.status == "expired"):
        raise EvidenceRefused("over", "This has ended already.")
    row.status, row.closing, row.ended_at, row.ended_by = status, words, now, actor
    row.link_hash = None
    row.version += 1
    push = session.get(InboxRow, (row.school_id, row.inbox_id), with_for_update=True)
    if push is not None and push.status == "waiting":
        push.status, push.handled_at = "handled", now
        stop_waiting(session, row.school_id, [push.id], now=now)
    verb = {"withdrawn": "withdraw_evidence", "closed": "close_evidence", "expired": "expire_evidence"}[status]
    enter(session, row, verb, actor, now=now)


def stop_for_bereaved(session: Session, school_id: str, pupil_ids: Collection[str], *, now: datetime) -> None:
    """Care rule 17: once somebody has died nothing is asked of the family any more, and nothing is said about that."""
    family = siblings(session, school_id, pupil_ids)
    for row in all_open(session, school_id):
        if family & set(row.pupil_ids):
            _end(session, row, "withdrawn", "", actor=SYSTEM, now=now)


def expire(session: Session, *, now: datetime) -> int:
    """Ends what nobody answered in time, without a word to anybody; how many."""
    rows = lapsed(session, now)
    for row in rows:
        _end(session, row, "expired", "", actor=SYSTEM, now=now)
    return len(rows)


# Looked at -----------------------------------------------------------------------------------


def look(session: Session, row: EvidenceRequest, file_id: str, *, actor: str, now: datetime) -> EvidenceFile | None:
    """What came, for a person to look at; who looked is in the ledger. None where nothing of it is kept."""
    file = session.get(EvidenceFile, (row.school_id, file_id))
    if file is None or file.request_id != row.id or file.status != "kept":
        return None
    enter(session, row, "look_at_evidence", actor, now=now, file=file.id)
    return file


def enter(session: Session, row: EvidenceRequest, verb: str, actor: str, *, now: datetime, file: str = "") -> None:
    """A line of the ledger about a request, and about one of its files."""
    about = {"absence": row.absence_id} if row.absence_id else {"leave": row.leave_id}
    entry = Entry(
        school_id=row.school_id,
        actor=actor,
        verb=verb,
        subject="evidence_request",
        subject_id=row.id,
        detail={"contact": row.contact_id, **about, **({"file": file} if file else {})},
    )
    record(session, entry, now=now)
