"""Pupils as staff look them up: by id, by name, by class."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from school.records.people import Address, Contact, Pupil, Right

# So many ids in one statement at most; both databases take more, and no list of ours asks for more.
CHUNK = 5000


def pupils_by_id(session: Session, school_id: str, ids: Iterable[str]) -> dict[str, Pupil]:
    """The pupils of this school with these ids; ids of other schools find nobody."""
    wanted = sorted(ids)
    found: dict[str, Pupil] = {}
    for start in range(0, len(wanted), CHUNK):
        statement = select(Pupil).where(Pupil.school_id == school_id, Pupil.id.in_(wanted[start : start + CHUNK]))
        found.update({pupil.id: pupil for pupil in session.scalars(statement)})
    return found


def pupils_page(
    session: Session,
    school_id: str,
    *,
    words: str | None,
    class_name: str | None,
    year: str | None,
    after: str | None,
    limit: int,
) -> list[Pupil]:
    """Pupils on roll by surname and known-as name, starting after the pupil with the id `after`.

    `words` is looked for at the start of first name, known-as name and surname, each word in one of them.
    """
    statement = select(Pupil).where(Pupil.school_id == school_id, Pupil.left_on.is_(None))
    for word in (words or "").split():
        names = (Pupil.first_name, Pupil.known_as, Pupil.surname)
        statement = statement.where(or_(*(name.istartswith(word, autoescape=True) for name in names)))
    if class_name is not None:
        statement = statement.where(Pupil.class_name == class_name)
    if year is not None:
        statement = statement.where(Pupil.year == year)
    if after is not None:
        last = aliased(Pupil)
        place = select(last.surname, last.known_as, last.id).where(last.school_id == school_id, last.id == after)
        statement = statement.where(tuple_(Pupil.surname, Pupil.known_as, Pupil.id) > place.scalar_subquery())
    statement = statement.order_by(Pupil.surname, Pupil.known_as, Pupil.id).limit(limit)
    return list(session.scalars(statement))


def contacts_of(session: Session, school_id: str, pupil_id: str) -> list[tuple[Contact, Right]]:
    """The adults on a pupil's record in the order in which they are to be contacted, with their rights."""
    statement = (
        select(Contact, Right)
        .join(Right, (Right.school_id == Contact.school_id) & (Right.contact_id == Contact.id))
        .where(Right.school_id == school_id, Right.pupil_id == pupil_id)
        .order_by(Right.priority, Contact.id)
    )
    return [(contact, right) for contact, right in session.execute(statement)]


# An address at which a contact is written to: nobody stopped us there, and it is theirs.
_OPEN_ADDRESS = (
    exists()
    .where(Address.school_id == Contact.school_id, Address.contact_id == Contact.id)
    .where(Address.opted_out_at.is_(None), Address.quarantined_at.is_(None))
)


def contacts_page(
    session: Session, school_id: str, *, after: str | None, limit: int, reachable: bool | None = None
) -> list[Contact]:
    """Contacts in the order of their ids, starting after the id `after`; only those who can be texted, or cannot."""
    statement = select(Contact).where(Contact.school_id == school_id)
    if reachable is not None:
        by_text = and_(~Contact.ring_only, _OPEN_ADDRESS)
        statement = statement.where(Contact.active, by_text if reachable else ~by_text)
    if after is not None:
        statement = statement.where(Contact.id > after)
    return list(session.scalars(statement.order_by(Contact.id).limit(limit)))


def locked_contact(session: Session, school_id: str, contact_id: str) -> Contact | None:
    """One contact of this school, locked until the transaction ends."""
    return session.get(Contact, (school_id, contact_id), with_for_update=True, populate_existing=True)


def contacts_by_id(session: Session, school_id: str, ids: Iterable[str]) -> dict[str, Contact]:
    """The contacts of this school with these ids."""
    statement = select(Contact).where(Contact.school_id == school_id, Contact.id.in_(sorted(ids)))
    return {contact.id: contact for contact in session.scalars(statement)}


def addresses_of(session: Session, school_id: str, contact_ids: Iterable[str]) -> dict[str, list[Address]]:
    """The phones and chats of these contacts."""
    statement = (
        select(Address)
        .where(Address.school_id == school_id, Address.contact_id.in_(sorted(contact_ids)))
        .order_by(Address.contact_id, Address.id)
    )
    found: dict[str, list[Address]] = {}
    for address in session.scalars(statement):
        found.setdefault(address.contact_id, []).append(address)
    return found


def children_of(session: Session, school_id: str, contact_ids: Iterable[str]) -> dict[str, list[tuple[Pupil, Right]]]:
    """The children on record for these contacts, no-contact ones included: only staff see this."""
    statement = (
        select(Pupil, Right)
        .join(Right, (Right.school_id == Pupil.school_id) & (Right.pupil_id == Pupil.id))
        .where(Right.school_id == school_id, Right.contact_id.in_(sorted(contact_ids)))
        .order_by(Right.contact_id, Pupil.surname, Pupil.id)
    )
    found: dict[str, list[tuple[Pupil, Right]]] = {}
    for pupil, right in session.execute(statement):
        found.setdefault(right.contact_id, []).append((pupil, right))
    return found
