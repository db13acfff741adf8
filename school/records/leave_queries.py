"""Requests for leave and their sessions, as verbs and lists need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from school.records.leave import LeaveRequest, LeaveSession


def requests_of_frames(session: Session, school_id: str, thread_id: str, frames: Iterable[str]) -> list[LeaveRequest]:
    """The requests that these frames of a thread asked for."""
    statement = select(LeaveRequest).where(
        LeaveRequest.school_id == school_id, LeaveRequest.thread_id == thread_id, LeaveRequest.frame.in_(sorted(frames))
    )
    return list(session.scalars(statement))


def open_requests(session: Session, school_id: str, thread_id: str) -> list[LeaveRequest]:
    """What was asked in a thread and is not decided."""
    statement = select(LeaveRequest).where(
        LeaveRequest.school_id == school_id, LeaveRequest.thread_id == thread_id, LeaveRequest.status == "asked"
    )
    return list(session.scalars(statement))


def sessions_asked(session: Session, school_id: str, request_ids: Collection[str]) -> dict[str, list[LeaveSession]]:
    """The sessions of requests, in the order of days and children."""
    statement = (
        select(LeaveSession)
        .where(LeaveSession.school_id == school_id, LeaveSession.request_id.in_(sorted(request_ids)))
        .order_by(LeaveSession.day, LeaveSession.session, LeaveSession.pupil_id)
    )
    found: dict[str, list[LeaveSession]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.request_id].append(row)
    return dict(found)


def locked_request(session: Session, school_id: str, request_id: str) -> LeaveRequest | None:
    """One request of this school, locked until the transaction ends."""
    statement = (
        select(LeaveRequest)
        .where(LeaveRequest.school_id == school_id, LeaveRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def requests_page(
    session: Session, school_id: str, *, status: str | None, pupil_id: str | None, after: str | None, limit: int
) -> list[LeaveRequest]:
    """Requests by id, which is the order in which they came."""
    statement = select(LeaveRequest).where(LeaveRequest.school_id == school_id)
    if status is not None:
        statement = statement.where(LeaveRequest.status == status)
    if pupil_id is not None:
        asked = select(LeaveSession.request_id).where(
            LeaveSession.school_id == school_id, LeaveSession.pupil_id == pupil_id
        )
        statement = statement.where(LeaveRequest.id.in_(asked))
    if after is not None:
        statement = statement.where(LeaveRequest.id > after)
    return list(session.scalars(statement.order_by(LeaveRequest.id).limit(limit)))


def next_reminder(session: Session) -> datetime | None:
    """When the next head is to be reminded, of all schools."""
    return session.scalar(select(func.min(LeaveRequest.remind_at)))


def to_remind(session: Session, now: datetime) -> list[LeaveRequest]:
    """The requests whose reminder is due."""
    statement = (
        select(LeaveRequest).where(LeaveRequest.remind_at <= now).order_by(LeaveRequest.school_id, LeaveRequest.id)
    )
    return list(session.scalars(statement.with_for_update(skip_locked=True)))


def asked_on(session: Session, school_id: str, day: date, half: str) -> set[str]:
    """The pupils for whom somebody asked for leave of that session, and who were not given it, or not yet."""
    statement = (
        select(LeaveSession.pupil_id)
        .join(
            LeaveRequest,
            (LeaveRequest.school_id == LeaveSession.school_id) & (LeaveRequest.id == LeaveSession.request_id),
        )
        .where(
            LeaveSession.school_id == school_id,
            LeaveSession.day == day,
            LeaveSession.session == half,
            LeaveSession.granted.is_not(True),
            LeaveRequest.status != "withdrawn",
        )
    )
    return set(session.scalars(statement))


def granted_before(session: Session, school_id: str, pupil_ids: Collection[str], since: date) -> list[LeaveSession]:
    """Sessions of leave that were granted from a day on: what a child has had this year."""
    statement = select(LeaveSession).where(
        LeaveSession.school_id == school_id,
        LeaveSession.pupil_id.in_(sorted(pupil_ids)),
        LeaveSession.day >= since,
        LeaveSession.granted.is_(True),
    )
    return list(session.scalars(statement))


def asked_for(session: Session, school_id: str, pupil_ids: Collection[str], reason: str, *, since: datetime) -> bool:
    """Whether leave was asked for that reason for one of these pupils, from that moment on, and not taken back."""
    wanted = (
        select(LeaveRequest.id)
        .join(
            LeaveSession,
            (LeaveSession.school_id == LeaveRequest.school_id) & (LeaveSession.request_id == LeaveRequest.id),
        )
        .where(
            LeaveRequest.school_id == school_id,
            LeaveRequest.reason == reason,
            LeaveRequest.status != "withdrawn",
            LeaveRequest.asked_at >= since,
            LeaveSession.pupil_id.in_(sorted(pupil_ids)),
        )
    )
    return session.scalar(wanted.limit(1)) is not None
