"""Texts that the school sends unasked, in SQL: who is one family, what went this week, what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from school.records.people import Address, Contact
from school.records.unasked import UnaskedText

WAITING, SENT, MERGED, LET_GO, FELL_AWAY = "waiting", "sent", "merged", "let_go", "fell_away"


def families_of(session: Session, school_id: str, contact_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each contact all those who are behind the same phones and chats, the contact included."""
    found: dict[str, frozenset[str]] = {}
    for contact_id in sorted(set(contact_ids)):
        if contact_id not in found:
            family = _family(session, school_id, contact_id)
            found |= dict.fromkeys(family, family)
    return found


def _family(session: Session, school_id: str, contact_id: str) -> frozenset[str]:
    """Who shares an address with a contact, or with one who does."""
    other = aliased(Address)
    family, more = frozenset({contact_id}), True
    while more:
        sharing = (
            select(other.contact_id)
            .join(
                Address,
                (Address.school_id == other.school_id)
                & (Address.channel == other.channel)
                & (Address.address == other.address),
            )
            .where(other.school_id == school_id, Address.contact_id.in_(sorted(family)))
        )
        wider = family | set(session.scalars(sharing))
        family, more = wider, wider != family
    return family


def lock_contacts(session: Session, school_id: str, contact_ids: Collection[str]) -> None:
    """Holds these contacts' rows in one order, so that two processes do not spend one budget."""
    wanted = (
        select(Contact.id)
        .where(Contact.school_id == school_id, Contact.id.in_(sorted(contact_ids)))
        .order_by(Contact.id)
        .with_for_update()
    )
    session.execute(wanted).all()


def sent_in_week(session: Session, school_id: str, contact_ids: Collection[str], week: date) -> dict[str, int]:
    """How many texts went to each contact in the budget of that week."""
    wanted = (
        select(UnaskedText.contact_id, func.count())
        .where(
            UnaskedText.school_id == school_id,
            UnaskedText.contact_id.in_(sorted(contact_ids)),
            UnaskedText.week == week,
            UnaskedText.status == SENT,
        )
        .group_by(UnaskedText.contact_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def waiting_texts(session: Session, school_id: str, ids: Collection[str]) -> dict[str, UnaskedText]:
    """Those of these texts that wait still."""
    wanted = select(UnaskedText).where(
        UnaskedText.school_id == school_id, UnaskedText.id.in_(sorted(ids)), UnaskedText.status == WAITING
    )
    return {row.id: row for row in session.scalars(wanted)}


def texts_page(
    session: Session,
    school_id: str,
    *,
    status: str | None,
    contact_ids: Collection[str] | None,
    after: str | None,
    limit: int,
) -> list[UnaskedText]:
    """Texts in the order in which they were wanted."""
    wanted = select(UnaskedText).where(UnaskedText.school_id == school_id)
    if status is not None:
        wanted = wanted.where(UnaskedText.status == status)
    if contact_ids is not None:
        wanted = wanted.where(UnaskedText.contact_id.in_(sorted(contact_ids)))
    if after is not None:
        wanted = wanted.where(UnaskedText.id > after)
    return list(session.scalars(wanted.order_by(UnaskedText.id).limit(limit)))


def by_family(counts: dict[str, int], families: dict[str, frozenset[str]]) -> dict[frozenset[str], int]:
    """The counts of contacts as those of families."""
    found: dict[frozenset[str], int] = defaultdict(int)
    for family in set(families.values()):
        found[family] = sum(counts.get(each, 0) for each in family)
    return dict(found)
