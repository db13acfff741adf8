"""Children on the admission register, and the adults on their records."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.contacts import PlaceOfContact, reached_at
from api.problems import invalid, not_found
from api.routes import Routes
from api.shapes import ID, After, Body, BodyId, Limit, NoNul, Page, PathId, Shown, page_of, place
from school.care import Care, NotOnRecord, care_of, set_care
from school.records.people import Contact, Pupil, Right
from school.records.pupil_queries import addresses_of, contacts_of, pupils_by_id, pupils_page

routes = Routes("/pupils", "pupils")


class ShownPupil(Shown):
    """A child on roll. Staff call children by `known_as`."""

    id: str
    first_name: str
    known_as: str
    surname: str
    year: str
    class_name: str


def show_pupil(pupil: Pupil) -> ShownPupil:
    """A pupil as all staff see one: no numbers, no contacts, no reasons."""
    return ShownPupil(
        id=pupil.id,
        first_name=pupil.first_name,
        known_as=pupil.known_as,
        surname=pupil.surname,
        year=pupil.year,
        class_name=pupil.class_name,
    )


class Rights(Shown):
    """What a contact may do and know about one child; `no_contact` outweighs all others."""

    may_report: bool
    may_be_told: bool
    may_see_reasons: bool
    may_request_leave: bool
    lives_with: bool
    no_contact: bool


def show_rights(right: Right) -> Rights:
    """The rights of one contact for one child."""
    return Rights(
        may_report=right.may_report,
        may_be_told=right.may_be_told,
        may_see_reasons=right.may_see_reasons,
        may_request_leave=right.may_request_leave,
        lives_with=right.lives_with,
        no_contact=right.no_contact,
    )


class PupilsContact(Shown):
    """An adult on a child's record, in the order in which they are to be contacted."""

    contact: str
    name: str
    language: str
    ring_only: bool = Field(description="Ring, don't text.")
    priority: int
    rights: Rights
    addresses: list[PlaceOfContact]


class PupilsContacts(Shown):
    """All adults on a child's record."""

    items: list[PupilsContact]


Words = Annotated[str | None, Query(max_length=100, description="Starts of first name, known-as name or surname.")]


@routes.get("", Scope.PUPILS_READ, summary="List or search pupils")
def list_pupils(
    who: Who,
    q: Annotated[NoNul, Words] = None,
    class_name: Annotated[NoNul, Query(max_length=100)] = None,
    year: Annotated[NoNul, Query(max_length=10)] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownPupil]:
    """Pupils on roll by surname, a page at a time."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = pupils_page(
            session, who.school_id, words=q, class_name=class_name, year=year, after=last, limit=limit + 1
        )
    return page_of(rows, limit, show=show_pupil, key=lambda pupil: pupil.id)


@routes.get("/{pupil_id}", Scope.PUPILS_READ, problems=[404], summary="One pupil")
def one_pupil(pupil_id: PathId, who: Who) -> ShownPupil:
    """A child of this school, whether still on roll or not."""
    with who.reading() as session:
        pupil = pupils_by_id(session, who.school_id, [pupil_id]).get(pupil_id)
    if pupil is None:
        raise not_found()
    return show_pupil(pupil)


@routes.get("/{pupil_id}/contacts", Scope.CONTACTS_READ, problems=[404], summary="A pupil's contacts")
def contacts_of_pupil(pupil_id: PathId, who: Who) -> PupilsContacts:
    """The adults on the child's record with their rights, in the order in which they are to be contacted."""
    with who.reading() as session:
        if pupil_id not in pupils_by_id(session, who.school_id, [pupil_id]):
            raise not_found()
        rows = contacts_of(session, who.school_id, pupil_id)
        addresses = addresses_of(session, who.school_id, [contact.id for contact, _ in rows])
    return PupilsContacts(
        items=[_contact(contact, right, reached_at(addresses.get(contact.id, []))) for contact, right in rows]
    )


def _contact(contact: Contact, right: Right, addresses: list[PlaceOfContact]) -> PupilsContact:
    return PupilsContact(
        contact=contact.id,
        name=contact.name,
        language=contact.language,
        ring_only=contact.ring_only,
        priority=right.priority,
        rights=show_rights(right),
        addresses=addresses,
    )


# Care -----------------------------------------------------------------------------------------


class PupilCare(Shown):
    """How a chase about this child goes."""

    ring_first: bool = Field(description="Staff ring at minute nought, brake or not, and nobody is texted.")
    social_workers: list[str] = Field(description="Contacts who are told when a chase reached nobody.")


class NewPupilCare(Body):
    """Both, as they are to be."""

    ring_first: bool
    social_workers: Annotated[list[BodyId], Field(max_length=10, default_factory=list)]


@routes.get("/{pupil_id}/care", Scope.CONTACTS_READ, problems=[404], summary="How a chase about a pupil goes")
def care(pupil_id: PathId, who: Who) -> PupilCare:
    """Whether staff ring first, and who is told when nobody was reached."""
    with who.reading() as session:
        pupil = pupils_by_id(session, who.school_id, [pupil_id]).get(pupil_id)
        if pupil is None:
            raise not_found()
        found = care_of(session, pupil)
    return PupilCare(ring_first=found.ring_first, social_workers=list(found.social_workers))


@routes.change("PUT", "/{pupil_id}/care", Scope.CHASES_WRITE, problems=[404], summary="Set how a chase goes")
def set_care_of(pupil_id: PathId, new: NewPupilCare, who: Who) -> PupilCare:
    """Sets both. A social worker is a contact on the child's record, and hears of a failed chase by that."""
    with who.writing() as session:
        pupil = pupils_by_id(session, who.school_id, [pupil_id]).get(pupil_id)
        if pupil is None:
            raise not_found()
        wanted = Care(ring_first=new.ring_first, social_workers=tuple(dict.fromkeys(new.social_workers)))
        try:
            found = set_care(session, pupil, wanted, actor=who.actor, now=who.now)
        except NotOnRecord:
            raise invalid(
                "social_workers", "not-on-record", "A contact is not on the child's record, or may have no contact."
            ) from None
    return PupilCare(ring_first=found.ring_first, social_workers=list(found.social_workers))
