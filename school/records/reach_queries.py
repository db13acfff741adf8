"""How contacts can be reached: all their addresses, our lines, and the threads that are open already."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.messaging import Thread
from school.records.people import Address, Contact, Line


def contacts_with_addresses(
    session: Session, school_id: str, contact_ids: Collection[str]
) -> list[tuple[Contact, Address | None]]:
    """Each active contact with every address on record, whatever became of it; None where there is none."""
    wanted = (
        select(Contact, Address)
        .outerjoin(Address, (Address.school_id == Contact.school_id) & (Address.contact_id == Contact.id))
        .where(Contact.school_id == school_id, Contact.id.in_(sorted(contact_ids)), Contact.active)
        .order_by(Contact.id, Address.channel.desc(), Address.id)
    )
    return [(contact, address) for contact, address in session.execute(wanted)]


def lines_of_school(session: Session, school_id: str) -> list[Line]:
    """The school's active lines, the oldest first."""
    wanted = select(Line).where(Line.school_id == school_id, Line.active).order_by(Line.id)
    return list(session.scalars(wanted))


def threads_with(session: Session, school_id: str, addresses: Collection[str]) -> list[Thread]:
    """The threads with any of these addresses, the latest first."""
    wanted = (
        select(Thread)
        .where(Thread.school_id == school_id, Thread.address.in_(sorted(addresses)))
        .order_by(Thread.last_at.desc(), Thread.id)
    )
    return list(session.scalars(wanted))
