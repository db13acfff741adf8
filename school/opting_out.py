"""STOP and START: who is written to no more, what the office is told of it, and who may be written to again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import SYSTEM, Entry, by_contact, record
from school.people import Family, families
from school.records.family_queries import addresses_at, contacts_of_school
from school.records.item_queries import item_of, open_items_why
from school.records.messaging import Thread
from school.records.people import Address, Contact, Right
from school.records.pupil_queries import addresses_of, contacts_by_id, contacts_of
from school.records.staff import StaffItem
from school.staff_items import StaffNote, close_item, raise_items

# The item that says who can no longer be reached by text.
OPTED_OUT = "opted_out"


def opt_out(session: Session, threads: Sequence[Thread], *, now: datetime) -> None:
    """STOP: nothing more goes to these addresses on their channels until they opt in again.

    The office is told once for a contact, however often they say it, and of no number that is nobody's.
    """
    stopped = [thread for thread in threads if thread.opted_out_at is None]
    _opt(session, stopped, at=now, now=now)
    for thread, family in _known(session, stopped, now=now):
        if not _looked_at_again(session, thread, family, now=now):
            _tell(session, thread, family, now=now)


def opt_in(session: Session, threads: Sequence[Thread], *, now: datetime) -> None:
    """START: the addresses may be written to again. Nothing else lifts an opt-out. What the office was told closes."""
    back = [thread for thread in threads if thread.opted_out_at is not None]
    _opt(session, back, at=None, now=now)
    for thread, family in _known(session, back, now=now):
        _looked_at_again(session, thread, family, now=now)


def known_to_office(session: Session, threads: Iterable[Thread], *, now: datetime) -> set[tuple[str, str]]:
    """The threads, as (school, id), of whose STOP the office is told: somebody's with a right for a child."""
    return {(thread.school_id, thread.id) for thread, _ in _known(session, threads, now=now)}


def _opt(session: Session, threads: Sequence[Thread], *, at: datetime | None, now: datetime) -> None:
    if not threads:
        return
    for thread in threads:
        thread.opted_out_at = at
        entry = Entry(
            school_id=thread.school_id,
            actor=_who(thread),
            verb="opt_in" if at is None else "opt_out",
            subject="thread",
            subject_id=thread.id,
        )
        record(session, entry, now=now)
    for address in addresses_at(session, [(each.school_id, each.channel, each.address) for each in threads]):
        address.opted_out_at = at
    session.flush()


def _who(thread: Thread) -> str:
    return SYSTEM if thread.contact_id is None else by_contact(thread.contact_id)


# What the office is told ----------------------------------------------------------------------


def _known(session: Session, threads: Iterable[Thread], *, now: datetime) -> list[tuple[Thread, Family]]:
    """The threads with who writes there, where it is anybody with a right for a child."""
    by_key = {(each.school_id, each.channel, each.address): each for each in threads}
    if not by_key:
        return []
    found: dict[tuple[str, str, str], Family] = {}
    for school_id in sorted({each.school_id for each in by_key.values()}):
        keys = [key for key in by_key if key[0] == school_id]
        # A right may end with today, which is the school's own day.
        found |= families(session, keys, on=calendar_of(session, school_id).local(now).date())
    return [(thread, found[key]) for key, thread in by_key.items() if found[key].children]


def _tell(session: Session, thread: Thread, family: Family, *, now: datetime) -> None:
    pupils = tuple(child.id for child in family.children)
    note = StaffNote(
        school_id=thread.school_id,
        why=OPTED_OUT,
        thread_id=thread.id,
        contact_id=family.contact_ids[0],
        pupil_ids=pupils,
        detail=_reach(session, thread.school_id, family.contact_ids, pupils),
    )
    raise_items(session, [note], now=now)


def _looked_at_again(session: Session, thread: Thread, family: Family, *, now: datetime) -> bool:
    """Brings the items about these children up to date, and closes those of contacts who stopped nothing any more.

    Whether one of them is about this very contact. The contacts are locked first, so that none is told of twice.
    """
    own = False
    contacts_of_school(session, thread.school_id, family.contact_ids)
    for item in _about(session, thread.school_id, family):
        whose = tuple(item.detail.get("contacts", ()))
        own = own or not set(whose).isdisjoint(family.contact_ids)
        reach = _reach(session, item.school_id, whose, item.pupil_ids)
        if reach["stopped"]:
            item.detail = {**reach}
        elif (locked := item_of(session, item.school_id, item.id)) is not None:
            close_item(session, locked, actor=_who(thread), now=now)
    session.flush()
    return own


def _about(session: Session, school_id: str, family: Family) -> list[StaffItem]:
    """The open items about any of the family's contacts or children."""
    contacts, pupils = set(family.contact_ids), {child.id for child in family.children}
    return [
        item
        for item in open_items_why(session, school_id, OPTED_OUT)
        if contacts & set(item.detail.get("contacts", ())) or pupils & set(item.pupil_ids)
    ]


def _reach(
    session: Session, school_id: str, contact_ids: Collection[str], pupil_ids: Collection[str]
) -> dict[str, Any]:
    """How far texts still reach: `stopped` and `still_by` are channels of these contacts, `others` the contacts who
    are still asked about one of the children, `out_of_reach` the children about whom nobody can be texted.
    """
    own = contacts_by_id(session, school_id, contact_ids)
    beside = {pupil_id: _asked(contacts_of(session, school_id, pupil_id), contact_ids) for pupil_id in pupil_ids}
    others = {contact.id: contact for found in beside.values() for contact in found}
    places = addresses_of(session, school_id, [*own, *others])
    open_ = {each: _open_channels(contact, places) for each, contact in {**own, **others}.items()}
    still_by = sorted({channel for each in own for channel in open_[each]})
    reached = {pupil_id: [each.id for each in found if open_[each.id]] for pupil_id, found in beside.items()}
    stopped = {row.channel for each in own for row in places.get(each, ()) if row.opted_out_at is not None}
    return {
        "contacts": sorted(contact_ids),
        "stopped": sorted(stopped),
        "still_by": still_by,
        "others": sorted({each for found in reached.values() for each in found}),
        "out_of_reach": [] if still_by else sorted(each for each, found in reached.items() if not found),
    }


def _asked(rows: Iterable[tuple[Contact, Right]], but: Collection[str]) -> list[Contact]:
    """The other adults whom a chase asks about a child: those who may report and be told."""
    return [
        contact
        for contact, right in rows
        if contact.id not in but
        and right.may_be_told
        and right.may_report
        and not right.no_contact
        and not right.social_worker
    ]


def _open_channels(contact: Contact, places: Mapping[str, Sequence[Address]]) -> set[str]:
    """By what a contact can be texted; by nothing where staff ring."""
    if contact.ring_only or not contact.active:
        return set()
    found = places.get(contact.id, ())
    return {each.channel for each in found if each.opted_out_at is None and each.quarantined_at is None}
