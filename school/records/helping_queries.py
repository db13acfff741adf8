"""Helpers on record, and what must be looked at before one is added."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.people import Address, Contact, Helper, Pupil, Right

PHONE = "sms"


def helper_of(session: Session, school_id: str, contact_id: str) -> Helper | None:
    """One helper of this school, locked until the transaction ends."""
    return session.get(Helper, (school_id, contact_id), with_for_update=True)


def helpers_page(
    session: Session, school_id: str, *, after: str | None, limit: int, standing_on: date, until: date | None
) -> list[Helper]:
    """The helpers who stand on a day, in the order of their ids; `until`: only those who end by then."""
    wanted = select(Helper).where(Helper.school_id == school_id, Helper.ended_at.is_(None), Helper.until >= standing_on)
    if after is not None:
        wanted = wanted.where(Helper.contact_id > after)
    if until is not None:
        wanted = wanted.where(Helper.until <= until)
    return list(session.scalars(wanted.order_by(Helper.contact_id).limit(limit)))


def helpers_among(session: Session, school_id: str, contact_ids: Collection[str]) -> dict[str, Helper]:
    """Those of these contacts who are or were helpers, by contact."""
    wanted = select(Helper).where(Helper.school_id == school_id, Helper.contact_id.in_(sorted(contact_ids)))
    return {row.contact_id: row for row in session.scalars(wanted)}


def helper_at(session: Session, school_id: str, phone: str) -> Helper | None:
    """Whoever is or was a helper at this number, locked until the transaction ends."""
    wanted = (
        select(Helper)
        .join(Address, (Address.school_id == Helper.school_id) & (Address.contact_id == Helper.contact_id))
        .where(Helper.school_id == school_id, Address.channel == PHONE, Address.address == phone)
        .order_by(Helper.contact_id)
        .with_for_update(of=Helper)
    )
    return session.scalars(wanted).first()


def is_on_record(session: Session, school_id: str, phone: str, pupil_ids: Collection[str]) -> bool:
    """Whether the number is that of a contact of one of these children, gone or in quarantine included; no helper's."""
    helpers = select(Helper.contact_id).where(Helper.school_id == school_id)
    wanted = (
        select(Right.pupil_id)
        .join(Address, (Address.school_id == Right.school_id) & (Address.contact_id == Right.contact_id))
        .where(
            Right.school_id == school_id,
            Right.pupil_id.in_(sorted(pupil_ids)),
            Right.contact_id.not_in(helpers),
            Address.address == phone,
        )
    )
    return session.scalars(wanted.limit(1)).first() is not None


def parents_rights(session: Session, school_id: str, contact_id: str, pupil_ids: Collection[str]) -> list[Right]:
    """What an active contact with a number on record may do for these children."""
    wanted = (
        select(Right)
        .join(Contact, (Contact.school_id == Right.school_id) & (Contact.id == Right.contact_id))
        .where(
            Right.school_id == school_id,
            Right.contact_id == contact_id,
            Right.pupil_id.in_(sorted(pupil_ids)),
            Contact.active,
            select(Address.id)
            .where(
                Address.school_id == school_id,
                Address.contact_id == contact_id,
                Address.channel == PHONE,
                Address.quarantined_at.is_(None),
            )
            .exists(),
        )
    )
    return list(session.scalars(wanted))


def rights_of_helper(session: Session, school_id: str, contact_id: str) -> list[Right]:
    """All rights of one contact, by pupil."""
    wanted = select(Right).where(Right.school_id == school_id, Right.contact_id == contact_id)
    return list(session.scalars(wanted.order_by(Right.pupil_id)))


def on_roll(session: Session, school_id: str, pupil_ids: Collection[str], day: date) -> set[str]:
    """Which of these pupils are this school's on that day."""
    wanted = select(Pupil.id).where(
        Pupil.school_id == school_id,
        Pupil.id.in_(sorted(pupil_ids)),
        Pupil.left_on.is_(None) | (Pupil.left_on > day),
    )
    return set(session.scalars(wanted))
