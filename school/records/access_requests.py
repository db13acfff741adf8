"""Subject access: who asked for what is kept about them, who signed it off, and what of it may be handed out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from school.records.attendance import Absence, RegisterMark, Statement
from school.records.base import Base, Keyed
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.evidence_queries import files_of_requests
from school.records.messaging import Message, Thread
from school.records.people import Address


class AccessRequest(Keyed, Base):
    """One contact's request, for themselves and for `pupil_ids`; nothing is handed out before it is signed off."""

    __tablename__ = "access_requests"
    contact_id: Mapped[str] = mapped_column(String(26))
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_by: Mapped[str | None] = mapped_column(String(26), default=None)


def lock_request(session: Session, school_id: str, request_id: str) -> AccessRequest | None:
    """A request, locked until the transaction ends."""
    return session.get(AccessRequest, (school_id, request_id), with_for_update=True, populate_existing=True)


def own_words(session: Session, school_id: str, contact_id: str) -> list[Message]:
    """The texts of this contact's own threads, in and out, oldest first; never what worries, nor an answer to it.

    A thread with an address that another contact has too is left out: nobody knows whose words are in it.
    """
    wanted = (
        select(Message)
        .join(Thread, (Thread.school_id == Message.school_id) & (Thread.id == Message.thread_id))
        .where(Message.school_id == school_id, Thread.contact_id == contact_id, Message.restricted.is_(False))
        .where(~_somebody_elses(contact_id))
        .order_by(Message.id)
    )
    return list(session.scalars(wanted))


def own_evidence(session: Session, school_id: str, contact_id: str) -> list[tuple[EvidenceRequest, list[EvidenceFile]]]:
    """What this contact was asked to show, oldest first, with the files that are kept, and what is in them.

    Nothing of a thread whose address another contact has too: nobody knows whose picture it is.
    """
    wanted = (
        select(EvidenceRequest)
        .join(Thread, (Thread.school_id == EvidenceRequest.school_id) & (Thread.id == EvidenceRequest.thread_id))
        .where(EvidenceRequest.school_id == school_id, EvidenceRequest.contact_id == contact_id)
        .where(~_somebody_elses(contact_id))
        .order_by(EvidenceRequest.id)
    )
    rows = list(session.scalars(wanted))
    files = files_of_requests(session, school_id, [row.id for row in rows])
    return [(row, [each for each in files.get(row.id, []) if each.status == "kept"]) for row in rows]


def _somebody_elses(contact_id: str) -> ColumnElement[bool]:
    """Whether a thread's address is another contact's too."""
    return exists().where(
        Address.school_id == Thread.school_id,
        Address.channel == Thread.channel,
        Address.address == Thread.address,
        Address.contact_id != contact_id,
    )


def own_statements(session: Session, school_id: str, contact_id: str) -> list[tuple[Statement, Absence]]:
    """What this contact said of absences, and nobody else's words of the same ones."""
    wanted = (
        select(Statement, Absence)
        .join(Absence, (Absence.school_id == Statement.school_id) & (Absence.id == Statement.absence_id))
        .where(Statement.school_id == school_id, Statement.contact_id == contact_id)
        .order_by(Statement.id)
    )
    return [(statement, absence) for statement, absence in session.execute(wanted)]


def marks_about(session: Session, school_id: str, pupil_ids: Collection[str]) -> list[RegisterMark]:
    """The register's marks of these pupils, oldest first."""
    wanted = (
        select(RegisterMark)
        .where(RegisterMark.school_id == school_id, RegisterMark.pupil_id.in_(sorted(pupil_ids)))
        .order_by(RegisterMark.day, RegisterMark.session, RegisterMark.pupil_id)
    )
    return list(session.scalars(wanted))
