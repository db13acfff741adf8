"""Files that families sent as evidence: fetched outside any transaction, or uploaded; then kept or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from school.evidence import enter
from school.evidence_links import PAGE, request_of
from school.ledger import SYSTEM, by_contact
from school.pictures import Read
from school.reaching import push_to
from school.records.base import new_id
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.evidence_queries import OPEN, files_of_requests, locked_evidence, to_fetch
from school.records.messaging import Thread
from school.staff_items import StaffNote, raise_items

# Whoever fetches has so long; then another does. So often it is tried.
LEASE = timedelta(seconds=60)
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file to fetch: by which channel, and what the channel calls it. `last`: it is not tried again."""

    school_id: str
    id: str
    channel: str
    reference: str
    last: bool


def claim(session: Session, channels: frozenset[str], *, now: datetime) -> Claimed | None:
    """The next file to fetch, this process's own for a minute; None where nothing waits."""
    row = to_fetch(session, now, channels)
    if row is None:
        return None
    row.tries, row.fetch_at = row.tries + 1, now + LEASE
    return Claimed(
        school_id=row.school_id, id=row.id, channel=row.channel, reference=row.reference, last=row.tries >= MOST_TRIES
    )


def keep(session: Session, claimed: Claimed, read: Read, *, now: datetime) -> None:
    """Keeps what was fetched, tells staff, and thanks the parent, once for all that came together."""
    found = _still_waiting(session, claimed)
    if found is None:
        return
    _keep(session, *found, read, now=now)


def upload(session: Session, token: str, read: Read, *, now: datetime) -> bool:
    """Keeps what came by a link, which ends with it; False, and nothing kept, where the link is over by now.

    Of two that come at once the second finds the link over: they wait for each other at the request's lock.
    """
    request = request_of(session, token, now=now, lock=True)
    if request is None:
        return False
    request.link_hash = None
    file = EvidenceFile(school_id=request.school_id, id=new_id(now), request_id=request.id)
    file.thread_id, file.message_id, file.channel, file.received_at = request.thread_id, "", PAGE, now
    session.add(file)
    enter(session, request, "send_evidence", by_contact(request.contact_id), now=now, file=file.id)
    _keep(session, request, file, read, now=now)
    return True


def _keep(session: Session, request: EvidenceRequest, file: EvidenceFile, read: Read, *, now: datetime) -> None:
    file.status, file.fetch_at, file.reference = "kept", None, ""
    file.content_type, file.size, file.data = read.content_type, len(read.data), read.data
    file.sha256 = sha256(read.data).hexdigest()
    if request.status == "asked":
        request.status = "received"
        request.version += 1
    _settle(session, request, file, "evidence", "keep_evidence", now=now)


def give_up(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """What cannot be had, or is neither picture nor document, is not kept: staff and the parent hear of it."""
    found = _still_waiting(session, claimed)
    if found is None:
        return
    request, file = found
    file.status, file.fetch_at, file.reference = "unread", None, ""
    _settle(session, request, file, "evidence_unread", "refuse_evidence", now=now)


def _still_waiting(session: Session, claimed: Claimed) -> tuple[EvidenceRequest, EvidenceFile] | None:
    """The locked request and its file; None where another process was quicker, or the asking ended meanwhile."""
    file = session.get(EvidenceFile, (claimed.school_id, claimed.id))
    request = locked_evidence(session, claimed.school_id, file.request_id) if file is not None else None
    if file is None or request is None:
        return None
    session.refresh(file)
    if file.status != "waiting":
        return None
    if request.status not in OPEN:
        # Nobody asks for it any more: it is not taken.
        file.status, file.fetch_at, file.reference = "unread", None, ""
        return None
    return request, file


def _settle(
    session: Session, request: EvidenceRequest, file: EvidenceFile, why: str, verb: str, *, now: datetime
) -> None:
    note = StaffNote(
        school_id=request.school_id,
        why=why,
        thread_id=file.thread_id,
        message_id=file.message_id or None,
        contact_id=request.contact_id,
        pupil_ids=tuple(request.pupil_ids),
        detail={"evidence": request.id},
    )
    raise_items(session, [note], now=now)
    enter(session, request, verb, SYSTEM, now=now, file=file.id)
    session.flush()
    files = files_of_requests(session, request.school_id, [request.id])[request.id]
    if file.status == "kept" and any(each.status == "waiting" and each.thread_id == file.thread_id for each in files):
        return
    thread = session.get_one(Thread, (request.school_id, file.thread_id))
    flow = "evidence_kept" if file.status == "kept" else "evidence_unread"
    push_to(session, thread, flow=flow, purpose="reply", now=now, fills={"who": list(request.pupil_ids)})
