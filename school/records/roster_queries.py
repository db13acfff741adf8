"""A school's pupils, contacts, phones and rights, whole, as an import compares them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.people import Address, Contact, Helper, Pupil, Right

PHONE = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody on a school's record: by external id, phones by (contact id, number), rights by (contact, pupil)."""

    pupils: dict[str, Pupil]
    contacts: dict[str, Contact]
    phones: dict[tuple[str, str], Address]
    rights: dict[tuple[str, str], Right]


def people_of(session: Session, school_id: str) -> People:
    """Everybody, in four statements, those who left as well. Helpers are staff's: no roster knows of them."""
    helpers = select(Helper.contact_id).where(Helper.school_id == school_id)
    pupils = session.scalars(select(Pupil).where(Pupil.school_id == school_id).order_by(Pupil.id))
    contacts = session.scalars(
        select(Contact).where(Contact.school_id == school_id, Contact.id.not_in(helpers)).order_by(Contact.id)
    )
    phones = session.scalars(
        select(Address)
        .where(Address.school_id == school_id, Address.channel == PHONE, Address.contact_id.not_in(helpers))
        .order_by(Address.id)
    )
    rights = session.scalars(select(Right).where(Right.school_id == school_id, Right.contact_id.not_in(helpers)))
    return People(
        pupils={pupil.external_id: pupil for pupil in pupils},
        contacts={contact.external_id: contact for contact in contacts},
        phones={(phone.contact_id, phone.address): phone for phone in phones},
        rights={(right.contact_id, right.pupil_id): right for right in rights},
    )


def right_of(session: Session, school_id: str, contact_id: str, pupil_id: str) -> Right | None:
    """One contact's rights for one pupil, locked until the transaction ends."""
    return session.get(Right, (school_id, contact_id, pupil_id), with_for_update=True)
