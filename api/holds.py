"""Children about whom nobody contacts home, and the lead's word that ends it."""

from __future__ import annotations

from datetime import datetime

from api.access import Scope, Who
from api.problems import not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import PathId, Shown
from school.records.pupil_queries import pupils_by_id
from school.records.safeguarding_queries import open_holds
from school.safeguarding import BEING_DEALT_WITH, release_family

routes = Routes("/holds", "holds")


class ShownHold(Shown):
    """A child about whom nobody contacts home. The words are the same whatever the cause."""

    pupil: ShownPupil
    says: str = BEING_DEALT_WITH


class Holds(Shown):
    """All children about whom nobody contacts home."""

    items: list[ShownHold]


class Released(Shown):
    """The child may be spoken of again; when there was nothing left to release, `released` is false."""

    pupil: str
    released: bool
    at: datetime


@routes.get("", Scope.TODAY_READ, summary="List children about whom nobody contacts home")
def list_holds(who: Who) -> Holds:
    """Each child once, whatever the number of causes."""
    with who.reading() as session:
        held = {hold.pupil_id for hold in open_holds(session, who.school_id)}
        pupils = pupils_by_id(session, who.school_id, held)
    ordered = sorted(pupils.values(), key=lambda pupil: (pupil.surname, pupil.known_as, pupil.id))
    return Holds(items=[ShownHold(pupil=show_pupil(pupil)) for pupil in ordered])


@routes.change("POST", "/{pupil_id}/release", Scope.SAFEGUARDING_WRITE, problems=[404], summary="Release a child")
def release(pupil_id: PathId, who: Who) -> Released:
    """What the school starts may go to this child's contacts again. Siblings are released one by one."""
    with who.writing() as session:
        if pupil_id not in pupils_by_id(session, who.school_id, [pupil_id]):
            raise not_found()
        ended = release_family(session, who.school_id, [pupil_id], actor=who.actor, now=who.now)
    return Released(pupil=pupil_id, released=bool(ended), at=who.now)
