"""Who is behind an address, and their children, for many addresses at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from school.records.base import ids_since
from school.records.messaging import InboxRow, Message, Thread
from school.records.people import Address, Contact, JoinCode, Pupil, Right


def contacts_at_addresses(
    session: Session, school_id: str, channel: str, addresses: Collection[str]
) -> list[tuple[str, Contact]]:
    """Active contacts with the address by which they were found; an address in quarantine finds nobody."""
    wanted = (
        select(Address.address, Contact)
        .join(Contact, (Contact.school_id == Address.school_id) & (Contact.id == Address.contact_id))
        .where(
            Address.school_id == school_id,
            Address.channel == channel,
            Address.address.in_(sorted(addresses)),
            Address.quarantined_at.is_(None),
            Contact.active,
        )
        .order_by(Address.address, Contact.id)
    )
    return [(address, contact) for address, contact in session.execute(wanted)]


def children_with_rights(session: Session, school_id: str, contact_ids: Collection[str]) -> list[tuple[Right, Pupil]]:
    """Each of the contacts' children who is or was on roll, with the rights, no-contact ones included."""
    wanted = (
        select(Right, Pupil)
        .join(Pupil, (Pupil.school_id == Right.school_id) & (Pupil.id == Right.pupil_id))
        .where(Right.school_id == school_id, Right.contact_id.in_(sorted(contact_ids)))
        .order_by(Right.pupil_id, Right.contact_id)
    )
    return [(right, pupil) for right, pupil in session.execute(wanted)]


def addresses_at(session: Session, keys: Iterable[tuple[str, str, str]]) -> list[Address]:
    """The rows of these (school, channel, address), locked in order until the transaction ends."""
    wanted = (
        select(Address)
        .where(tuple_(Address.school_id, Address.channel, Address.address).in_(sorted(set(keys))))
        .order_by(Address.school_id, Address.id)
        .with_for_update()
    )
    return list(session.scalars(wanted))


def address_of(session: Session, school_id: str, contact_id: str, channel: str, address: str) -> Address | None:
    """One contact's row for one address."""
    wanted = select(Address).where(
        Address.school_id == school_id,
        Address.contact_id == contact_id,
        Address.channel == channel,
        Address.address == address,
    )
    return session.scalars(wanted).first()


def contact_of(session: Session, school_id: str, contact_id: str) -> Contact | None:
    """One contact of this school."""
    return session.get(Contact, (school_id, contact_id))


def contacts_of_school(session: Session, school_id: str, contact_ids: Collection[str]) -> list[Contact]:
    """The contacts of this school among these ids, locked in order until the transaction ends."""
    wanted = (
        select(Contact)
        .where(Contact.school_id == school_id, Contact.id.in_(sorted(contact_ids)))
        .order_by(Contact.id)
        .with_for_update()
    )
    return list(session.scalars(wanted))


def join_code(session: Session, school_id: str, code_hash: str) -> JoinCode | None:
    """The code with that hash, locked: two chats that send it at once do not both join."""
    return session.get(JoinCode, (school_id, code_hash), with_for_update=True)


def used_codes(session: Session, school_id: str, hashes: Iterable[str]) -> set[str]:
    """Those of these hashes whose code joined somebody."""
    wanted = select(JoinCode.code_hash).where(
        JoinCode.school_id == school_id, JoinCode.code_hash.in_(sorted(hashes)), JoinCode.used_at.is_not(None)
    )
    return set(session.scalars(wanted))


def came_before(
    session: Session, school_id: str, thread_id: str, inbox_id: str, *, since: datetime
) -> list[tuple[dict[str, Any], str]]:
    """What came in a thread before an inbox row, from a moment on: each payload and its words ("" for none).

    What was handled came before, whatever its id: two processes make ids that do not tell which was first.
    """
    # Ids begin with their moment, and the key with the school: only its rows from then on are looked through.
    wanted = (
        select(InboxRow.payload, Message.body)
        .outerjoin(
            Message,
            and_(Message.school_id == InboxRow.school_id, Message.id == InboxRow.id, Message.at == InboxRow.at),
        )
        .where(
            InboxRow.school_id == school_id,
            InboxRow.id >= ids_since(since),
            InboxRow.id != inbox_id,
            or_(InboxRow.id < inbox_id, InboxRow.status != "waiting"),
            InboxRow.thread_id == thread_id,
            InboxRow.at >= since,
            InboxRow.kind.in_(("text", "start")),
        )
    )
    return [(dict(payload or {}), body or "") for payload, body in session.execute(wanted)]


def threads_at(session: Session, school_id: str, channel: str, address: str) -> list[Thread]:
    """The threads with one of their addresses, on whichever of our lines."""
    wanted = select(Thread).where(Thread.school_id == school_id, Thread.channel == channel, Thread.address == address)
    return list(session.scalars(wanted))


def rights_for(session: Session, keys: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Right]:
    """The rights of these (school, contact, pupil)."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    # One comparison a school: PostgreSQL plans `a = x AND (b, c) IN (…)` by the primary key.
    by_school: dict[str, list[tuple[str, str]]] = {}
    for school_id, contact_id, pupil_id in wanted:
        by_school.setdefault(school_id, []).append((contact_id, pupil_id))
    each = [
        (Right.school_id == school_id) & tuple_(Right.contact_id, Right.pupil_id).in_(pairs)
        for school_id, pairs in by_school.items()
    ]
    found = session.scalars(select(Right).where(or_(*each)))
    return {(right.school_id, right.contact_id, right.pupil_id): right for right in found}
