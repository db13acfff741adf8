"""Requests for evidence and their files, as verbs and lists need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.orm import Session

from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.messaging import OutboxRow
from school.records.staff import Hold

OPEN = ("asked", "received")


def locked_evidence(session: Session, school_id: str, request_id: str) -> EvidenceRequest | None:
    """A request, locked until the transaction ends."""
    return session.get(EvidenceRequest, (school_id, request_id), with_for_update=True, populate_existing=True)


def evidence_page(
    session: Session, school_id: str, *, status: str | None, after: str | None, limit: int
) -> list[EvidenceRequest]:
    """Requests in the order in which they were made."""
    wanted = select(EvidenceRequest).where(EvidenceRequest.school_id == school_id)
    if status is not None:
        wanted = wanted.where(EvidenceRequest.status == status)
    if after is not None:
        wanted = wanted.where(EvidenceRequest.id > after)
    return list(session.scalars(wanted.order_by(EvidenceRequest.id).limit(limit)))


def open_evidence(
    session: Session, school_id: str, contact_ids: Collection[str], *, now: datetime
) -> list[EvidenceRequest]:
    """What these contacts were asked to show and may still send, oldest first."""
    wanted = (
        select(EvidenceRequest)
        .where(
            EvidenceRequest.school_id == school_id,
            EvidenceRequest.contact_id.in_(sorted(contact_ids)),
            EvidenceRequest.status.in_(OPEN),
            EvidenceRequest.until > now,
        )
        .order_by(EvidenceRequest.id)
    )
    return list(session.scalars(wanted))


def evidence_of_link(session: Session, link_hash: str, *, lock: bool) -> EvidenceRequest | None:
    """The request whose link has that hash, of any school: a link names none. `lock`: until the transaction ends."""
    wanted = select(EvidenceRequest).where(EvidenceRequest.link_hash == link_hash)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def evidence_of_push(session: Session, school_id: str, inbox_id: str, thread_id: str) -> EvidenceRequest | None:
    """The request that this push of this thread tells of, locked."""
    wanted = select(EvidenceRequest).where(
        EvidenceRequest.school_id == school_id,
        EvidenceRequest.thread_id == thread_id,
        EvidenceRequest.inbox_id == inbox_id,
        EvidenceRequest.status.in_(OPEN),
    )
    return session.scalar(wanted.with_for_update())


def held_since(session: Session, school_id: str, pupil_ids: Collection[str], since: datetime) -> bool:
    """Whether a hold stood on one of these pupils at any moment from then on."""
    wanted = select(Hold.id).where(
        Hold.school_id == school_id,
        Hold.pupil_id.in_(sorted(pupil_ids)),
        or_(Hold.released_at.is_(None), Hold.released_at >= since),
    )
    return session.scalar(wanted.limit(1)) is not None


def all_open(session: Session, school_id: str) -> list[EvidenceRequest]:
    """Whatever this school asked for and may still come, locked."""
    wanted = select(EvidenceRequest).where(EvidenceRequest.school_id == school_id, EvidenceRequest.status.in_(OPEN))
    return list(session.scalars(wanted.order_by(EvidenceRequest.id).with_for_update()))


def next_expiry(session: Session) -> datetime | None:
    """When the next request that nobody answered ends, of all schools."""
    return session.scalar(select(func.min(EvidenceRequest.until)).where(EvidenceRequest.status == "asked"))


def lapsed(session: Session, now: datetime) -> list[EvidenceRequest]:
    """Requests whose day has come and that nobody answered, locked; those another process is at are passed by."""
    wanted = select(EvidenceRequest).where(EvidenceRequest.status == "asked", EvidenceRequest.until <= now)
    return list(session.scalars(wanted.order_by(EvidenceRequest.id).with_for_update(skip_locked=True)))


def files_of_requests(session: Session, school_id: str, ids: Collection[str]) -> dict[str, list[EvidenceFile]]:
    """The files that came for each request, oldest first, without what is in them."""
    wanted = select(EvidenceFile).where(EvidenceFile.school_id == school_id, EvidenceFile.request_id.in_(sorted(ids)))
    found: dict[str, list[EvidenceFile]] = defaultdict(list)
    for row in session.scalars(wanted.order_by(EvidenceFile.id)):
        found[row.request_id].append(row)
    return found


def to_fetch(session: Session, now: datetime, channels: Collection[str]) -> EvidenceFile | None:
    """The next file that is to be fetched now, locked; one that another process is at is passed by."""
    wanted = (
        select(EvidenceFile)
        .where(
            EvidenceFile.fetch_at <= now,
            EvidenceFile.status == "waiting",
            EvidenceFile.channel.in_(sorted(channels)),
        )
        .order_by(EvidenceFile.fetch_at, EvidenceFile.id)
        .limit(1)
    )
    return session.scalar(wanted.with_for_update(skip_locked=True))


def told(session: Session, rows: Collection[EvidenceRequest]) -> dict[str, tuple[datetime | None, str]]:
    """When each request was handed to the provider, and its message's id; nothing for what was not said yet."""
    school_ids, threads = {row.school_id for row in rows}, {row.thread_id for row in rows}
    wanted = select(OutboxRow.inbox_id, OutboxRow.sent_at, OutboxRow.message_id).where(
        OutboxRow.school_id.in_(sorted(school_ids)),
        OutboxRow.thread_id.in_(sorted(threads)),
        OutboxRow.inbox_id.in_(sorted(row.inbox_id for row in rows)),
    )
    return {str(inbox_id): (at, message_id) for inbox_id, at, message_id in session.execute(wanted)}


def forget_files(session: Session, school_id: str, before: datetime) -> int:
    """Forgets what came before that moment; how many. That something came stays on record."""
    gone = (
        update(EvidenceFile)
        .where(
            EvidenceFile.school_id == school_id,
            EvidenceFile.received_at <= before,
            EvidenceFile.status != "forgotten",
        )
        .values(status="forgotten", data=None, reference="", fetch_at=None, sha256="")
        .execution_options(synchronize_session=False)
    )
    done = session.execute(gone)
    assert isinstance(done, CursorResult)  # noqa: S101  an UPDATE gives one
    return done.rowcount
