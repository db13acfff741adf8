"""Rights that an import would add, or a no-contact that it would lift: staff let them in one by one (care rule 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.item_queries import open_items_why
from school.records.people import Right
from school.records.roster_queries import People, right_of
from school.records.staff import StaffItem
from school.roster_columns import RIGHTS
from school.roster_plan import NO_CONTACT, Waiting
from school.staff_items import StaffNote, close_item, raise_items

WHY = "rights_wait"
STILL_RUNG = "ring_first_stays"


class NothingToGrant(ValueError):  # noqa: N818
    """The item is no open one about rights, or the contact is no longer on the pupil's record."""


def raise_waiting(
    session: Session, school_id: str, waiting: Sequence[Waiting], people: People, *, now: datetime
) -> list[StaffItem]:
    """One item for each contact and pupil. What the last import left open is replaced by what this one says."""
    wanted = {
        (people.contacts[each.contact].id, people.pupils[each.pupil].id): {
            "rights": list(each.added),
            "lifts_no_contact": each.lifts_no_contact,
        }
        for each in waiting
    }
    for item in open_items_why(session, school_id, WHY):
        key = (item.contact_id or "", "".join(item.pupil_ids))
        if wanted.get(key) == item.detail:
            del wanted[key]
        else:
            close_item(session, item, actor="system", now=now)
    notes = [
        StaffNote(school_id=school_id, why=WHY, contact_id=contact_id, pupil_ids=(pupil_id,), detail=detail)
        for (contact_id, pupil_id), detail in wanted.items()
    ]
    return raise_items(session, notes, now=now) if notes else []


def raise_still_rung(session: Session, school_id: str, pupil_ids: Sequence[str], *, now: datetime) -> None:
    """The children who would be rung first no more, if it went by the file: one item each, while it is open."""
    open_ = {pupil for item in open_items_why(session, school_id, STILL_RUNG) for pupil in item.pupil_ids}
    news = [each for each in pupil_ids if each not in open_]
    notes = [StaffNote(school_id=school_id, why=STILL_RUNG, pupil_ids=(each,)) for each in news]
    if notes:
        raise_items(session, notes, now=now)


def grant(session: Session, item: StaffItem, *, actor: str, now: datetime) -> Right:
    """A member of staff lets in what an item says: the school's decision, not the file's. Raises NothingToGrant."""
    if item.why != WHY or item.closed_at is not None or len(item.pupil_ids) != 1 or item.contact_id is None:
        raise NothingToGrant("this item is not an open one about rights")
    row = right_of(session, item.school_id, item.contact_id, item.pupil_ids[0])
    if row is None:
        raise NothingToGrant("the contact is no longer on that pupil's record")
    given = [name for name in item.detail.get("rights", []) if name in RIGHTS and name != NO_CONTACT]
    for name in given:
        setattr(row, name, True)
    if item.detail.get("lifts_no_contact"):
        row.no_contact = False
    entry = Entry(
        school_id=item.school_id,
        actor=actor,
        verb="grant_rights",
        subject="right",
        subject_id=row.contact_id,
        detail={"pupil": row.pupil_id, "rights": given, "no_contact": row.no_contact},
    )
    record(session, entry, now=now)
    close_item(session, item, actor=actor, now=now)
    return row
