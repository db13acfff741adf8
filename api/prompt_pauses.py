"""About which children it is not asked how school was: a death in the family, or staff's own choice, until lifted."""

from __future__ import annotations

from pydantic import Field

from api.access import Scope, Who
from api.problems import not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import Body, PathId, Shown
from school.prompt_pauses import own_pauses, set_pause
from school.records.pupil_queries import pupils_by_id

routes = Routes("/prompt-pauses", "prompts")


class Pauses(Shown):
    """The children; their brothers and sisters are not asked about either."""

    items: list[ShownPupil]


class NewPause(Body):
    """Whether prompts about the child and its siblings are paused from now on."""

    paused: bool


class ShownPause(Shown):
    """Where it stands."""

    pupil: str
    paused: bool = Field(description="Lifted ones are paused again by a bereavement that is told later.")


@routes.get("", Scope.ITEMS_READ, summary="List paused prompts")
def list_pauses(who: Who) -> Pauses:
    """Children about whom nobody is asked how school was, by surname."""
    with who.reading() as session:
        found = pupils_by_id(session, who.school_id, own_pauses(session, who.school_id)).values()
        shown = [show_pupil(each) for each in sorted(found, key=lambda each: (each.surname, each.known_as, each.id))]
    return Pauses(items=shown)


@routes.change("PUT", "/{pupil_id}", Scope.ITEMS_WRITE, problems=[404], summary="Pause or lift prompts")
def pause(pupil_id: PathId, new: NewPause, who: Who) -> ShownPause:
    """After a death in the family staff lift the pause when it is time (care rule 17)."""
    with who.writing() as session:
        pupil = pupils_by_id(session, who.school_id, [pupil_id]).get(pupil_id)
        if pupil is None:
            raise not_found()
        set_pause(session, pupil, on=new.paused, actor=who.actor, now=who.now)
    return ShownPause(pupil=pupil_id, paused=new.paused)
