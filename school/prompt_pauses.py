"""Whose family is not asked how school was: where somebody died, or staff say so, until staff lift it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.people import Pupil
from school.records.prompt_queries import bereaved_at, pauses, siblings
from school.records.prompting import PromptPause


def paused(session: Session, school_id: str) -> set[str]:
    """The pupils about whom it is not asked: those paused or bereaved, and their siblings (care rule 17)."""
    return siblings(session, school_id, own_pauses(session, school_id))


def own_pauses(session: Session, school_id: str) -> set[str]:
    """The pupils who are themselves paused by staff, or bereaved since staff last lifted it."""
    decided = pauses(session, school_id)
    return _bereaved(session, school_id, decided) | {pupil_id for pupil_id, row in decided.items() if row.paused}


def mourning(session: Session, school_id: str) -> set[str]:
    """The pupils in whose family a death was told, siblings too, until staff lift it (care rule 17)."""
    return siblings(session, school_id, _bereaved(session, school_id, pauses(session, school_id)))


def _bereaved(session: Session, school_id: str, decided: Mapping[str, PromptPause]) -> set[str]:
    told = bereaved_at(session, school_id).items()
    return {pupil_id for pupil_id, at in told if pupil_id not in decided or at > decided[pupil_id].at}


def set_pause(session: Session, pupil: Pupil, *, on: bool, actor: str, now: datetime) -> None:
    """Staff pause prompts about a child and its siblings, or lift that. A later bereavement pauses them again."""
    row = session.get(PromptPause, (pupil.school_id, pupil.id))
    if row is None:
        row = PromptPause(school_id=pupil.school_id, pupil_id=pupil.id, paused=on, at=now, by=actor)
        session.add(row)
    row.paused, row.at, row.by = on, now, actor
    entry = Entry(
        school_id=pupil.school_id,
        actor=actor,
        verb="pause_prompts" if on else "lift_prompts",
        subject="pupil",
        subject_id=pupil.id,
        detail={},
    )
    record(session, entry, now=now)
    session.flush()
