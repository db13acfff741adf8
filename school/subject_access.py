"""Subject access: gathered for one adult, handed out only once a named person has signed it off (care rule 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.access_requests import AccessRequest, marks_about, own_evidence, own_statements, own_words
from school.records.attendance import Absence, RegisterMark, Statement
from school.records.base import new_id
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.messaging import Message
from school.records.people import Address, Contact, Pupil, Right
from school.records.pupil_queries import addresses_of, children_of, contacts_by_id


class NotTheirs(LookupError):  # noqa: N818  it says what is so
    """There is no such contact, or a child of whom they may not be told."""


class NotSignedOff(Exception):  # noqa: N818  it says what is so
    """No named person has looked at it and signed it off."""


class OwnRequest(Exception):  # noqa: N818  it says what is so
    """Who wrote the request down does not sign it off, nor does a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What is handed out: the contact's own record and words, and facts about their children.

    Of another adult there is nothing: not who they are, nor what they said, nor that they said it. Of the
    safeguarding queue there is nothing either. `evidence` is what this contact was asked to show about children of
    whom they may be told why they are away, with the files that are kept.
    """

    contact: Contact
    addresses: tuple[Address, ...]
    children: tuple[tuple[Pupil, Right], ...]
    words: tuple[Message, ...]
    statements: tuple[tuple[Statement, Absence], ...]
    marks: tuple[RegisterMark, ...]
    evidence: tuple[tuple[EvidenceRequest, Sequence[EvidenceFile]], ...] = ()


def ask_for_copy(
    session: Session, school_id: str, contact_id: str, pupil_ids: Sequence[str], *, actor: str, now: datetime
) -> AccessRequest:
    """Writes a request down. Raises NotTheirs."""
    if contact_id not in contacts_by_id(session, school_id, [contact_id]):
        raise NotTheirs
    if not set(pupil_ids) <= {pupil.id for pupil, _ in _children(session, school_id, contact_id)}:
        raise NotTheirs
    asked = AccessRequest(
        school_id=school_id,
        id=new_id(now),
        contact_id=contact_id,
        pupil_ids=sorted(set(pupil_ids)),
        at=now,
        by=actor,
    )
    session.add(asked)
    _record(session, asked, "ask_for_copy", actor, now)
    return asked


def sign_off(session: Session, asked: AccessRequest, *, actor: str, user_id: str | None, now: datetime) -> None:
    """A person by name has looked at what would be handed out. Signing it again changes nothing. Raises OwnRequest."""
    if user_id is None or asked.by == actor:
        raise OwnRequest
    if asked.signed_at is None:
        asked.signed_at, asked.signed_by = now, user_id
        _record(session, asked, "sign_off_copy", actor, now)


def copy_of(session: Session, asked: AccessRequest, *, actor: str, now: datetime, look: bool = False) -> Copy:
    """What is kept, as it stands now. `look`: for who is to sign it off. Raises NotSignedOff, and NotTheirs.

    Rights are looked at again: a child whom the contact may not be told of any more is not in it.
    """
    if asked.signed_at is None and not look:
        raise NotSignedOff
    school_id, contact_id = asked.school_id, asked.contact_id
    contact = contacts_by_id(session, school_id, [contact_id]).get(contact_id)
    if contact is None:
        raise NotTheirs
    children = [each for each in _children(session, school_id, contact_id) if each[0].id in asked.pupil_ids]
    may_see_why = {pupil.id for pupil, right in children if right.may_see_reasons}
    _record(session, asked, "look_at_copy" if look else "hand_out_copy", actor, now)
    return Copy(
        contact=contact,
        addresses=tuple(addresses_of(session, school_id, [contact_id]).get(contact_id, ())),
        children=tuple(children),
        words=tuple(own_words(session, school_id, contact_id)),
        statements=tuple(own_statements(session, school_id, contact_id)),
        marks=tuple(marks_about(session, school_id, may_see_why)),
        evidence=tuple(
            (row, files)
            for row, files in own_evidence(session, school_id, contact_id)
            if set(map(str, row.pupil_ids)) <= may_see_why
        ),
    )


def _children(session: Session, school_id: str, contact_id: str) -> list[tuple[Pupil, Right]]:
    """The children of whom the contact may be told; no contact outweighs all."""
    rows = children_of(session, school_id, [contact_id]).get(contact_id, [])
    return [(pupil, right) for pupil, right in rows if right.may_be_told and not right.no_contact]


def _record(session: Session, asked: AccessRequest, verb: str, actor: str, now: datetime) -> None:
    entry = Entry(
        school_id=asked.school_id, actor=actor, verb=verb, subject="access_request", subject_id=asked.id,
        detail={"contact": asked.contact_id},
    )  # fmt: skip
    record(session, entry, now=now)
