"""Helpers: a grandmother, a childminder or a neighbour who may report a family's children until a date (care rule 10).

Staff add one after they rang a parent on a number that is on record. A helper may say that a child is away or late,
and is told nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, get_args

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import Entry, record
from school.phones import NotANumber, phone_number
from school.records.base import new_id
from school.records.family_queries import address_of, contact_of, threads_at
from school.records.helping_queries import (
    PHONE,
    helper_at,
    is_on_record,
    on_roll,
    parents_rights,
    rights_of_helper,
)
from school.records.people import Address, Contact, Helper, Right, School
from school.settings import settings_of

Why: TypeAlias = Literal["parent_away", "parent_ill", "parent_works", "childminding", "family", "other"]
WHYS = get_args(Why)
# A helper is asked last, should anybody ever be asked by rank.
LAST = 9


class HelperRefused(ValueError):  # noqa: N818
    """The helper is not added; `code` says why, and `where` names what stands in the way."""

    def __init__(self, where: str, code: str, says: str) -> None:
        super().__init__(says)
        self.where, self.code = where, code


class AlreadyThere(HelperRefused):
    """The number is on the child's record, or a helper's who still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHelper:
    """Whom to add: until the end of `until`, for `why`, after staff rang the parent `rang` on a number on record."""

    name: str
    phone: str
    pupil_ids: tuple[str, ...]
    until: date
    why: Why
    rang: str
    language: str = "en"


def add_helper(session: Session, school_id: str, new: NewHelper, *, actor: str, by: str, now: datetime) -> Helper:
    """Adds a helper, who may text from now on; whoever was one before is one again. Raises HelperRefused.

    `by` is the member of staff who rang. Nobody is texted: staff have just spoken with the parent.
    """
    phone = _phone(new.phone)
    today = calendar_of(session, school_id).local(now).date()
    _check_days(session, school_id, new, today)
    _check_parent(session, school_id, new, today)
    if is_on_record(session, school_id, phone, new.pupil_ids):
        raise AlreadyThere("/phone", "on_record", "This number is on the record of one of these children already.")
    row = helper_at(session, school_id, phone)
    if row is not None and row.ended_at is None and row.until >= today:
        raise AlreadyThere("/phone", "helper", "This number is a helper's already: end that first.")
    row = _again(session, row, new) if row is not None else _new(session, school_id, new, now=now)
    row.until, row.why, row.rang_contact_id = new.until, new.why, new.rang
    row.added_by, row.added_at, row.ended_at = by, now, None
    session.add(row)
    _reached_at(session, row, phone, now=now)
    for pupil_id in sorted(set(new.pupil_ids)):
        session.add(
            Right(
                school_id=school_id, contact_id=row.contact_id, pupil_id=pupil_id, priority=LAST, may_report=True,
                report_until=new.until,
            )
        )  # fmt: skip
    session.flush()
    detail = {
        "pupils": sorted(set(new.pupil_ids)), "until": new.until.isoformat(), "why": new.why, "rang": new.rang,
        "call_confirmed": True,
    }  # fmt: skip
    _record(session, row, "add_helper", actor=actor, now=now, **detail)
    return row


def end_helper(session: Session, helper: Helper, *, actor: str, now: datetime) -> None:
    """The helper may report nothing from this moment on. Ending it again changes nothing."""
    if helper.ended_at is not None:
        return
    yesterday = calendar_of(session, helper.school_id).local(now).date() - timedelta(days=1)
    for right in rights_of_helper(session, helper.school_id, helper.contact_id):
        right.report_until = min(right.report_until or yesterday, yesterday)
    helper.ended_at = now
    helper.version += 1
    _record(session, helper, "end_helper", actor=actor, now=now)
    session.flush()


# What must be so ------------------------------------------------------------------------------


def _phone(written: str) -> str:
    try:
        return phone_number(written)
    except NotANumber as error:
        raise HelperRefused("/phone", "phone", str(error)) from None


def _check_days(session: Session, school_id: str, new: NewHelper, today: date) -> None:
    most = settings_of(session.get_one(School, school_id)).helper_most_days
    if not today <= new.until <= today + timedelta(days=most):
        raise HelperRefused("/until", "days", f"The last day is from today to {most} days ahead.")


def _check_parent(session: Session, school_id: str, new: NewHelper, today: date) -> None:
    """Care rule 10: somebody who lives with each of the children was rung, on a number on record."""
    wanted = set(new.pupil_ids)
    if not wanted or on_roll(session, school_id, wanted, today) != wanted:
        raise HelperRefused("/pupils", "unknown", "These are not all pupils of this school.")
    rights = parents_rights(session, school_id, new.rang, wanted)
    fit = {each.pupil_id for each in rights if each.lives_with and each.may_report and not each.no_contact}
    if fit != wanted:
        says = "Ring an adult with whom each of these children lives, on a number that is on record."
        raise HelperRefused("/rang", "not_on_record", says)


# What is written ------------------------------------------------------------------------------


def _new(session: Session, school_id: str, new: NewHelper, *, now: datetime) -> Helper:
    contact_id = new_id(now)
    contact = Contact(
        school_id=school_id, id=contact_id, external_id=f"helper {contact_id}", name=new.name, language=new.language
    )
    session.add(contact)
    session.flush()
    return Helper(school_id=school_id, contact_id=contact_id, version=1)


def _again(session: Session, row: Helper, new: NewHelper) -> Helper:
    """The same number helps once more: with these children alone, and with what they chose for themselves before."""
    contact = contact_of(session, row.school_id, row.contact_id)
    if contact is not None:
        contact.name, contact.active = new.name, True
        contact.version += 1
    for right in rights_of_helper(session, row.school_id, row.contact_id):
        session.delete(right)
    session.flush()
    row.version += 1
    return row


def _reached_at(session: Session, row: Helper, phone: str, *, now: datetime) -> None:
    """Their number, out of quarantine now that a person has rung; STOP stays until they text START."""
    address = address_of(session, row.school_id, row.contact_id, PHONE, phone)
    if address is None:
        address = Address(
            school_id=row.school_id, id=new_id(now), contact_id=row.contact_id, channel=PHONE, address=phone
        )
        session.add(address)
        # A thread in which a stranger wrote before is theirs; one of another contact is shared from now on.
        for thread in threads_at(session, row.school_id, PHONE, phone):
            thread.contact_id = row.contact_id if thread.contact_id is None else None
    address.quarantined_at, address.quarantine_reason = None, ""


def _record(session: Session, row: Helper, verb: str, *, actor: str, now: datetime, **detail: object) -> None:
    entry = Entry(
        school_id=row.school_id, actor=actor, verb=verb, subject="helper", subject_id=row.contact_id, detail=detail
    )
    record(session, entry, now=now)
