"""The adults on children's records: how they are reached, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import ID, After, Body, IfMatch, Limit, Page, PathId, Shown, etag, page_of, place, require_version
from school.contact_choices import choose_for, held
from school.joining import CODE_LASTS, issue_code
from school.people import release_addresses
from school.records.helping_queries import helpers_among
from school.records.people import Address, Contact, Helper
from school.records.pupil_queries import addresses_of, children_of, contacts_by_id, contacts_page

routes = Routes("/contacts", "contacts")


class PlaceOfContact(Shown):
    """A phone or a chat; where it is opted out or in quarantine nothing is sent to it."""

    channel: str
    address: str = Field(description="A number in international form, or a chat's id.")
    opted_out: bool
    quarantined: bool = Field(description="It proved to be somebody else's, or bounces.")


class ShownContact(Shown):
    """An adult on the record of at least one child."""

    id: str
    name: str
    language: str
    numbers_only: bool = Field(description="Is asked by menus alone, and answers by one digit.")
    ring_only: bool = Field(description="Ring, don't text.")
    quiet: bool = Field(description="Wants not to be asked how school was; everything else still reaches them.")
    reachable_by_text: bool = Field(description="False: a call is the only way (STOP, a wrong number, none on record).")
    active: bool
    helps_until: date | None = Field(description="A helper's last day; null for others, and where it ended early.")
    addresses: list[PlaceOfContact]
    pupils: list[str]
    version: int


class Choices(Body):
    """What a contact chose, told to staff; what is left out stays."""

    language: Annotated[str | None, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$")] = None
    numbers_only: bool | None = None
    quiet: bool | None = None


def reached_at(addresses: Iterable[Address]) -> list[PlaceOfContact]:
    """The addresses as staff see them."""
    return [
        PlaceOfContact(
            channel=address.channel,
            address=address.address,
            opted_out=address.opted_out_at is not None,
            quarantined=address.quarantined_at is not None,
        )
        for address in addresses
    ]


@routes.get("", Scope.CONTACTS_READ, summary="List contacts")
def list_contacts(
    who: Who,
    reachable: Annotated[
        bool | None, Query(description="Only those who can be reached by text, or only those who no longer can.")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownContact]:
    """All contacts, a page at a time."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = contacts_page(session, who.school_id, after=last, limit=limit + 1, reachable=reachable)
        shown = {contact.id: contact for contact in _show(session, rows)}
    return page_of(rows, limit, show=lambda contact: shown[contact.id], key=lambda contact: contact.id)


@routes.get("/{contact_id}", Scope.CONTACTS_READ, problems=[404], summary="One contact")
def one_contact(contact_id: PathId, who: Who, response: Response) -> ShownContact:
    """An adult on the record of a child of this school."""
    with who.reading() as session:
        contact = contacts_by_id(session, who.school_id, [contact_id]).get(contact_id)
        if contact is None:
            raise not_found()
        response.headers.update(etag(contact.version))
        return _show(session, [contact])[0]


@routes.change(
    "PATCH",
    "/{contact_id}/choices",
    Scope.CONTACTS_WRITE,
    problems=[404, 412, 428],
    summary="Set a contact's language, numbers and quiet",
)
def choose(contact_id: PathId, new: Choices, who: Who, response: Response, if_match: IfMatch = None) -> ShownContact:
    """After a call: their language, whether they answer by digits alone, and whether they are asked how school was."""
    with who.writing() as session:
        contact = held(session, who.school_id, contact_id)
        if contact is None:
            raise not_found()
        require_version(if_match, contact.version)
        choose_for(
            session,
            contact,
            language=new.language,
            numbers_only=new.numbers_only,
            quiet=new.quiet,
            actor=who.actor,
            now=who.now,
        )
        response.headers.update(etag(contact.version))
        return _show(session, [contact])[0]


@routes.change(
    "POST",
    "/{contact_id}/release",
    Scope.CONTACTS_WRITE,
    problems=[404],
    summary="Write to a contact's addresses again",
)
def release(contact_id: PathId, who: Who) -> ShownContact:
    """After a call: what was in quarantine as a wrong number or for bouncing is theirs. What they stopped stays so."""
    with who.writing() as session:
        contact = contacts_by_id(session, who.school_id, [contact_id]).get(contact_id)
        if contact is None:
            raise not_found()
        release_addresses(session, contact, actor=who.actor, now=who.now)
        return _show(session, [contact])[0]


class JoinCode(Shown):
    """A code to read out to a contact, who sends it to the school's chat; it is shown this once and kept nowhere."""

    code: str
    expires_at: datetime


@routes.change(
    "POST",
    "/{contact_id}/join-codes",
    Scope.CONTACTS_WRITE,
    status=201,
    problems=[404],
    summary="Make a code to join the chat with",
)
def make_join_code(contact_id: PathId, who: Who) -> JoinCode:
    """Good once and for seven days. Whoever sends it to the school's chat is that contact there."""
    with who.writing() as session:
        code = issue_code(session, who.school_id, contact_id, actor=who.actor, now=who.now)
        if code is None:
            raise not_found()
    return JoinCode(code=code, expires_at=who.now + CODE_LASTS)


def _show(session: Session, contacts: Sequence[Contact]) -> list[ShownContact]:
    if not contacts:
        return []
    school_id, ids = contacts[0].school_id, [contact.id for contact in contacts]
    addresses = addresses_of(session, school_id, ids)
    helpers = helpers_among(session, school_id, ids)
    children = children_of(session, school_id, ids)
    return [
        ShownContact(
            id=contact.id,
            name=contact.name,
            language=contact.language,
            numbers_only=contact.numbers_only,
            ring_only=contact.ring_only,
            quiet=contact.quiet,
            reachable_by_text=_is_reachable(contact, addresses.get(contact.id, [])),
            active=contact.active,
            helps_until=_helps_until(helpers.get(contact.id)),
            addresses=reached_at(addresses.get(contact.id, [])),
            pupils=[pupil.id for pupil, _ in children.get(contact.id, [])],
            version=contact.version,
        )
        for contact in contacts
    ]


def _helps_until(helper: Helper | None) -> date | None:
    """The last day of a helper whom nobody ended early."""
    return None if helper is None or helper.ended_at is not None else helper.until


def _is_reachable(contact: Contact, addresses: Iterable[Address]) -> bool:
    is_open = any(each.opted_out_at is None and each.quarantined_at is None for each in addresses)
    return contact.active and not contact.ring_only and is_open
