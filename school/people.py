"""Who writes from an address, which children are theirs and with which rights; and what they chose for themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from school.ledger import SYSTEM, Entry, by_contact, record
from school.records.family_queries import (
    addresses_at,
    children_with_rights,
    contacts_at_addresses,
    contacts_of_school,
)
from school.records.messaging import Thread
from school.records.people import Contact, Line, Pupil, Right
from school.records.pupil_queries import addresses_of
from school.records.school_queries import line_at, lines_on
from school.rules.helping import stands

Key: TypeAlias = tuple[str, str, str]
"""(school id, channel, address): the key of a family on one of our lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildWithRights:
    """A child and what may be done and known about it from one address.

    `contact_id` is the contact in whose name a statement about this child counts.
    """

    id: str
    contact_id: str
    first_name: str
    known_as: str
    surname: str
    year: str
    class_name: str
    may_report: bool
    may_be_told: bool
    may_see_reasons: bool
    may_request_leave: bool
    lives_with: bool
    social_worker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Who is behind an address. `contact_id` is None where several contacts share it: then nobody in particular writes.

    `contact_ids` is empty for an unknown address, and the children are none. `helped_before`: a helper's days are over.
    """

    contact_ids: tuple[str, ...] = ()
    contact_id: str | None = None
    language: str | None = None
    numbers_only: bool | None = None
    children: tuple[ChildWithRights, ...] = ()
    helped_before: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the address is on the school's records."""
        return bool(self.contact_ids)


# Lines ---------------------------------------------------------------------------------------


def line_for(session: Session, *, channel: str, address: str) -> Line | None:
    """Our active line at an address of ours; it chooses the school."""
    line = line_at(session, channel, address)
    return line if line is not None and line.active else None


def lines(session: Session, channel: str | None = None) -> list[Line]:
    """Our active lines, of all schools."""
    return lines_on(session, channel)


# Families ------------------------------------------------------------------------------------


def contacts_at(session: Session, school_id: str, channel: str, addresses: Iterable[str]) -> dict[str, list[Contact]]:
    """The active contacts behind each address; an address that nobody has is left out."""
    found: dict[str, list[Contact]] = defaultdict(list)
    for address, contact in contacts_at_addresses(session, school_id, channel, set(addresses)):
        found[address].append(contact)
    return dict(found)


def families(session: Session, keys: Sequence[Key], *, on: date | None = None) -> dict[Key, Family]:
    """The family behind each key: two statements a school and channel. Every key is answered.

    `on`, the school's own day: pupils who have left by then are left out, and so are helpers' rights that ended before;
    without it, all pupils who have a leaving day and all helpers' rights are.
    """
    by_line: dict[tuple[str, str], set[str]] = defaultdict(set)
    for school_id, channel, address in keys:
        by_line[(school_id, channel)].add(address)
    found: dict[Key, Family] = {}
    for (school_id, channel), addresses in sorted(by_line.items()):
        there = contacts_at(session, school_id, channel, addresses)
        contact_ids = {contact.id for contacts in there.values() for contact in contacts}
        children = children_with_rights(session, school_id, contact_ids) if contact_ids else []
        here = [(right, pupil) for right, pupil in children if not _has_left(pupil, on)]
        rows = _by_contact((right, pupil) for right, pupil in here if stands(right.report_until, on))
        over = {right.contact_id for right, _ in here if not stands(right.report_until, on)}
        for address in addresses:
            contacts = there.get(address, [])
            family = _family(contacts, rows)
            found[school_id, channel, address] = replace(
                family, helped_before=any(each.id in over for each in contacts)
            )
    return found


def _has_left(pupil: Pupil, on: date | None) -> bool:
    return pupil.left_on is not None and (on is None or pupil.left_on <= on)


def _by_contact(rows: Iterable[tuple[Right, Pupil]]) -> dict[str, list[tuple[Right, Pupil]]]:
    found: dict[str, list[tuple[Right, Pupil]]] = defaultdict(list)
    for right, pupil in rows:
        found[right.contact_id].append((right, pupil))
    return found


def _family(contacts: Sequence[Contact], rows: Mapping[str, Sequence[tuple[Right, Pupil]]]) -> Family:
    """The family of the contacts who share one address.

    Schools' systems often hold one parent twice, once for each child. So each child counts with the rights of those
    contacts who are on that child's record: the narrower where they differ, none where one may have no contact. A
    child for whom nothing is allowed is left out: who may neither report nor be told does not hear its name.
    """
    by_child: dict[str, list[tuple[Right, Pupil]]] = defaultdict(list)
    for contact in contacts:
        for right, pupil in rows.get(contact.id, ()):
            by_child[pupil.id].append((right, pupil))
    children = [_child(found) for found in by_child.values() if not any(right.no_contact for right, _ in found)]
    children = [each for each in children if _is_named(each)]
    languages = {contact.language for contact in contacts}
    by_number = {contact.numbers_only for contact in contacts}
    return Family(
        contact_ids=tuple(sorted(contact.id for contact in contacts)),
        contact_id=contacts[0].id if len(contacts) == 1 else None,
        language=languages.pop() if len(languages) == 1 else None,
        numbers_only=by_number.pop() if len(by_number) == 1 else None,
        children=tuple(sorted(children, key=lambda child: (child.known_as, child.surname, child.id))),
    )


def _is_named(child: ChildWithRights) -> bool:
    """Default deny (design.md, section 7): a child is named only where something may be reported, told or asked."""
    return child.may_report or child.may_be_told or child.may_request_leave or child.social_worker


def _child(found: Sequence[tuple[Right, Pupil]]) -> ChildWithRights:
    pupil = found[0][1]
    rights = [right for right, _ in found]
    return ChildWithRights(
        id=pupil.id,
        contact_id=min(rights, key=lambda right: (right.priority, right.contact_id)).contact_id,
        first_name=pupil.first_name,
        known_as=pupil.known_as,
        surname=pupil.surname,
        year=pupil.year,
        class_name=pupil.class_name,
        may_report=all(right.may_report for right in rights),
        may_be_told=all(right.may_be_told for right in rights),
        may_see_reasons=all(right.may_see_reasons for right in rights),
        may_request_leave=all(right.may_request_leave for right in rights),
        lives_with=all(right.lives_with for right in rights),
        social_worker=all(right.social_worker for right in rights),
    )


# What they choose ----------------------------------------------------------------------------


def set_language(session: Session, choices: Sequence[tuple[Thread, str]], *, now: datetime) -> None:
    """The language that a parent chose, for the thread and, where one contact writes there, for the contact."""
    changed = [(thread, language) for thread, language in choices if thread.language != language]
    for thread, language in changed:
        thread.language = language
        _record(session, thread, "set_language", now, language=language)
    by_school: dict[str, dict[str, str]] = defaultdict(dict)
    for thread, language in choices:
        if thread.contact_id is not None:
            by_school[thread.school_id][thread.contact_id] = language
    for school_id, languages in sorted(by_school.items()):
        for contact in contacts_of_school(session, school_id, languages):
            contact.language = languages[contact.id]
    session.flush()


def set_numbers(session: Session, choices: Sequence[tuple[Thread, bool]], *, now: datetime) -> None:
    """Whether a parent answers by digits alone, for the thread and, where one contact writes there, the contact."""
    by_school: dict[str, dict[str, bool]] = defaultdict(dict)
    for thread, numbers in choices:
        thread.numbers_only = numbers
        _record(session, thread, "choose_numbers" if numbers else "choose_words", now)
        if thread.contact_id is not None:
            by_school[thread.school_id][thread.contact_id] = numbers
    for school_id, chosen in sorted(by_school.items()):
        for contact in contacts_of_school(session, school_id, chosen):
            contact.numbers_only = chosen[contact.id]
    session.flush()


WRONG_NUMBER, BOUNCED = "wrong_number", "bounced"


def quarantine(session: Session, keys: Sequence[tuple[Key, str]], *, now: datetime) -> None:
    """Addresses that are not their contact's after all: (key, reason's code), such as a wrong number.

    They find nobody from now on, and nothing is sent there, until a person lifts it.
    """
    reasons = dict(keys)
    for address in addresses_at(session, reasons):
        if address.quarantined_at is None:
            reason = reasons[(address.school_id, address.channel, address.address)]
            address.quarantined_at, address.quarantine_reason = now, reason
            entry = Entry(
                school_id=address.school_id,
                actor=SYSTEM,
                verb="quarantine",
                subject="address",
                subject_id=address.id,
                detail={"reason": reason},
            )
            record(session, entry, now=now)
    session.flush()


def release_addresses(session: Session, contact: Contact, *, actor: str, now: datetime) -> int:
    """A person has rung and the number is theirs after all: how many addresses may be written to again.

    One that the school's roster has dropped comes back with the roster alone.
    """
    rows = [
        row
        for row in addresses_of(session, contact.school_id, [contact.id]).get(contact.id, [])
        if row.quarantined_at is not None and row.quarantine_reason in (WRONG_NUMBER, BOUNCED)
    ]
    for row in rows:
        reason, row.quarantined_at, row.quarantine_reason = row.quarantine_reason, None, ""
        entry = Entry(
            school_id=row.school_id,
            actor=actor,
            verb="release",
            subject="address",
            subject_id=row.id,
            detail={"reason": reason},
        )
        record(session, entry, now=now)
    session.flush()
    return len(rows)


def _record(session: Session, thread: Thread, verb: str, now: datetime, **detail: str) -> None:
    actor = SYSTEM if thread.contact_id is None else by_contact(thread.contact_id)
    entry = Entry(
        school_id=thread.school_id, actor=actor, verb=verb, subject="thread", subject_id=thread.id, detail=detail
    )
    record(session, entry, now=now)
