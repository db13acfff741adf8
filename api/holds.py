"""What waits before anything goes home: children whom nobody contacts, and alerts that the brake holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session as DatabaseSession

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, not_found
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import PathId, Shown
from school.braking import NotHeld
from school.braking import release as release_alerts
from school.records.chase_queries import lock_brake_hold, open_brake_holds
from school.records.chasing import BrakeHold
from school.records.pupil_queries import pupils_by_id
from school.records.safeguarding_queries import hidden_items, open_holds
from school.rules.calendar import Session
from school.safeguarding import BEING_DEALT_WITH, release_family

routes = Routes("/holds", "holds")


class ShownHold(Shown):
    """A child about whom nobody contacts home. The words are the same whatever the cause."""

    pupil: ShownPupil
    says: str = BEING_DEALT_WITH


class Told(Shown):
    """A role that was told, and when."""

    role: str
    at: datetime


class ShownBrake(Shown):
    """A session's alerts that wait for one click, of the whole school or of one class."""

    id: str
    date: date
    session: Session
    class_name: str | None = Field(description="Null for the whole school.")
    why: str = Field(
        description="A code: register_open, no_marks, stale_marks, too_many_absent, class_unmarked, class_all_absent,"
        " outing."
    )
    told: list[Told]
    at: datetime


class Holds(Shown):
    """All children about whom nobody contacts home, and all alerts that the brake holds."""

    items: list[ShownHold]
    brake: list[ShownBrake]


class Released(Shown):
    """What was held goes again; when there was nothing left to release, `released` is false."""

    kind: Literal["family", "brake"]
    pupil: str | None = Field(description="The child who may be spoken of again; null for alerts.")
    released: bool
    at: datetime


@routes.get("", Scope.TODAY_READ, summary="List children about whom nobody contacts home")
def list_holds(who: Who) -> Holds:
    """Each child once, whatever the number of causes."""
    with who.reading() as session:
        held = {hold.pupil_id for hold in open_holds(session, who.school_id)}
        pupils = pupils_by_id(session, who.school_id, held)
        brake = [show_brake(hold) for hold in open_brake_holds(session, who.school_id)]
    ordered = sorted(pupils.values(), key=lambda pupil: (pupil.surname, pupil.known_as, pupil.id))
    return Holds(items=[ShownHold(pupil=show_pupil(pupil)) for pupil in ordered], brake=brake)


def show_brake(hold: BrakeHold) -> ShownBrake:
    """Alerts that wait, with why and whom that was told to."""
    return ShownBrake(
        id=hold.id,
        date=hold.day,
        session=Session(hold.session),
        class_name=hold.class_name or None,
        why=hold.why,
        told=[Told(role=role, at=datetime.fromisoformat(at)) for role, at in hold.told],
        at=hold.at,
    )


@routes.change("POST", "/{hold_id}/release", Scope.CHASES_WRITE, problems=[404, 409], summary="Release what is held")
def release(hold_id: PathId, who: Who) -> Released:
    """One click. A brake's hold by its own id: its alerts go.

    A child whom nobody contacts by the pupil's id, with `safeguarding:write` too; siblings are released one by one.
    """
    with who.writing() as session:
        hold = lock_brake_hold(session, who.school_id, hold_id)
        if hold is not None:
            return _release_alerts(session, who, hold)
        if hold_id not in pupils_by_id(session, who.school_id, [hold_id]):
            raise not_found()
        if not _may_release(session, who, hold_id):
            raise Problem(
                Problems.FORBIDDEN, "It would need the scope safeguarding:write, and the reason for the hold."
            )
        ended = release_family(session, who.school_id, [hold_id], actor=who.actor, now=who.now)
    return Released(kind="family", pupil=hold_id, released=bool(ended), at=who.now)


def _may_release(session: DatabaseSession, who: Caller, pupil_id: str) -> bool:
    """The lead; and who stands in, where every cause of the hold came to them (care rule 8)."""
    if not who.may(Scope.SAFEGUARDING_WRITE):
        return False
    causes = {hold.cause_id for hold in open_holds(session, who.school_id, [pupil_id])}
    if None in causes or not causes:
        return who.is_lead(Scope.SAFEGUARDING_WRITE)
    return not causes & set(hidden_items(session, who.school_id, roles=who.worry_roles))


def _release_alerts(session: DatabaseSession, who: Caller, hold: BrakeHold) -> Released:
    try:
        release_alerts(session, hold, actor=who.actor, now=who.now)
    except NotHeld:
        raise Problem(Problems.CONFLICT, "Nothing is held there any more.") from None
    return Released(kind="brake", pupil=None, released=True, at=who.now)
