"""Care about one child: whether staff ring first, and which social worker hears of a chase that reached nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.chase_queries import adults_of
from school.records.people import Pupil


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What is set for a child: `social_workers` are contacts on the child's record."""

    ring_first: bool
    social_workers: tuple[str, ...]


class NotOnRecord(LookupError):  # noqa: N818  it says what is so
    """A contact who is not on the child's record, or is barred from it."""


def care_of(session: Session, pupil: Pupil) -> Care:
    """What is set for a child now."""
    adults = adults_of(session, pupil.school_id, [pupil.id])
    workers = tuple(right.contact_id for right, _ in adults if right.social_worker)
    return Care(ring_first=pupil.ring_first, social_workers=workers)


def set_care(session: Session, pupil: Pupil, care: Care, *, actor: str, now: datetime) -> Care:
    """Sets both; raises NotOnRecord for a social worker who is not on the record.

    To be one is the right to be told when a chase reached nobody; other rights stay as they are.
    """
    adults = {right.contact_id: right for right, _ in adults_of(session, pupil.school_id, [pupil.id])}
    if any(each not in adults for each in care.social_workers):
        raise NotOnRecord
    before = care_of(session, pupil)
    if care != before:
        pupil.ring_first = care.ring_first
        for contact_id, right in adults.items():
            right.social_worker = contact_id in care.social_workers
        pupil.version += 1
        entry = Entry(
            school_id=pupil.school_id,
            actor=actor,
            verb="set_care",
            subject="pupil",
            subject_id=pupil.id,
            detail={"ring_first": care.ring_first, "social_workers": list(care.social_workers)},
        )
        record(session, entry, now=now)
        session.flush()
    return care_of(session, pupil)
