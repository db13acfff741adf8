"""How a contact joins by chat: with a code from the school, or by sharing the phone that is on record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import Entry, by_contact, record
from school.phones import phone_number
from school.records.base import new_id
from school.records.family_queries import (
    address_of,
    came_before,
    contact_of,
    contacts_at_addresses,
    contacts_of_school,
    join_code,
    threads_at,
    used_codes,
)
from school.records.item_queries import was_raised
from school.records.people import Address, Contact, JoinCode
from school.staff_items import StaffNote, raise_items

# No vowels and nothing that looks like something else: a code is read out over the phone and typed by thumb.
_LETTERS = "BCDFGHJKMNPQRTVWXZ346789"
# 24 letters: 24^8 is 10^11. At five guesses a day and chat, guessing one of a thousand takes millennia.
_LENGTH = 8
CODE_LASTS = timedelta(days=7)
# So many wrong codes in a day from one chat are no slips of a thumb; what it sends that day is looked at no more.
MOST_WRONG = 5
GUESSING = "code_guesses"


def issue_code(session: Session, school_id: str, contact_id: str, *, actor: str, now: datetime) -> str | None:
    """A code for one contact, good once and for seven days; None where the contact is not of this school.

    Only its hash is kept: it is shown to the member of staff who asked for it, and to nobody again.
    """
    contact = contact_of(session, school_id, contact_id)
    if contact is None or not contact.active:
        return None
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    session.add(
        JoinCode(school_id=school_id, code_hash=_hash(code), contact_id=contact_id, expires_at=now + CODE_LASTS)
    )
    session.flush()
    entry = Entry(school_id=school_id, actor=actor, verb="issue_code", subject="contact", subject_id=contact_id)
    record(session, entry, now=now)
    return code


def is_code(text: str) -> bool:
    """Whether a whole text has the form of a code: with or without blanks and hyphens, in any capitals."""
    bare = _bare(text)
    return len(bare) == _LENGTH and set(bare) <= set(_LETTERS)


def _bare(text: str) -> str:
    return text.strip().upper().replace(" ", "").replace("-", "")


def try_code(
    session: Session,
    school_id: str,
    code: str,
    *,
    thread_id: str,
    inbox_id: str,
    channel: str,
    address: str,
    now: datetime,
) -> Contact | None:
    """As `join_by_code`, for the inbox row that brought the code to a thread which the caller has locked.

    After five wrong ones (each counted once) within the school's own day none is looked at until the next, and
    nothing that is said differs from what a wrong one is told. Staff see one item, with the fifth.
    """
    calendar = calendar_of(session, school_id)
    since = calendar.moment(calendar.local(now).date(), time())
    wrong = _wrong_before(session, school_id, thread_id, inbox_id, since=since)
    looks = len(wrong) < MOST_WRONG
    joined = join_by_code(session, school_id, code, channel=channel, address=address, now=now) if looks else None
    too_many = joined is None and len(wrong | {_hash(_bare(code))}) >= MOST_WRONG
    if too_many and not was_raised(session, school_id, GUESSING, thread_id, since=since):
        raise_items(session, [StaffNote(school_id=school_id, why=GUESSING, thread_id=thread_id)], now=now)
    return joined


def _wrong_before(session: Session, school_id: str, thread_id: str, inbox_id: str, *, since: datetime) -> set[str]:
    """The hashes of the codes that joined nobody, of those that came in a thread since then and before that row."""
    came = came_before(session, school_id, thread_id, inbox_id, since=since)
    codes = [str(payload.get("code") or "") or (body if is_code(body) else "") for payload, body in came]
    hashes = {_hash(_bare(code)) for code in codes if code}
    return hashes - used_codes(session, school_id, hashes) if hashes else set()


def join_by_code(
    session: Session, school_id: str, code: str, *, channel: str, address: str, now: datetime
) -> Contact | None:
    """Ties a chat to the contact for whom the code was issued; None where it is unknown, used or too old."""
    found = join_code(session, school_id, _hash(_bare(code)))
    if found is None or found.used_at is not None or found.expires_at <= now:
        return None
    contact = contact_of(session, school_id, found.contact_id)
    if contact is None or not contact.active:
        return None
    found.used_at = now
    _join(session, [contact], channel=channel, address=address, now=now)
    return contact


def join_by_phone(
    session: Session, school_id: str, phone: str, *, channel: str, address: str, now: datetime
) -> list[Contact]:
    """Ties a chat to every contact who has this phone on record; none where it is on nobody's.

    The caller has made sure that the phone is the sender's own: Telegram names the owner of a shared contact.
    """
    try:
        number = phone_number(phone if phone.startswith("+") else f"+{phone}")
    except ValueError:
        return []
    there = contacts_at_addresses(session, school_id, "sms", {number})
    contacts = contacts_of_school(session, school_id, {contact.id for _, contact in there}) if there else []
    _join(session, contacts, channel=channel, address=address, now=now)
    return contacts


def _join(session: Session, contacts: Sequence[Contact], *, channel: str, address: str, now: datetime) -> None:
    for contact in contacts:
        row = address_of(session, contact.school_id, contact.id, channel, address)
        if row is None:
            row = Address(
                school_id=contact.school_id, id=new_id(now), contact_id=contact.id, channel=channel, address=address
            )
            session.add(row)
        elif row.joined_at is not None and row.quarantined_at is None:
            continue
        row.joined_at, row.quarantined_at, row.quarantine_reason = now, None, ""
        _record(session, contact, channel, now)
    if contacts:
        only = contacts[0].id if len(contacts) == 1 else None
        for thread in threads_at(session, contacts[0].school_id, channel, address):
            thread.contact_id = only
    session.flush()


def _record(session: Session, contact: Contact, channel: str, now: datetime) -> None:
    entry = Entry(
        school_id=contact.school_id,
        actor=by_contact(contact.id),
        verb="join",
        subject="contact",
        subject_id=contact.id,
        detail={"channel": channel},
    )
    record(session, entry, now=now)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
