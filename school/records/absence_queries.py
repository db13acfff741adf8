"""Absences, their statements and pupils as the verbs of a set lock and load them: few statements, whatever the set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeAlias, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.attendance import Absence, Statement
from school.records.people import Pupil

Key: TypeAlias = tuple[str, str, date, str]
"""(school id, pupil id, day, AM or PM)."""

Rest = TypeVar("Rest")


def lock_pupils(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Pupil]:
    """The pupils of these (school, pupil) in order: who holds them is alone in changing what is said of them.

    So two parents who text at once are taken one after the other, even about a session of which nothing is on record.
    """
    found: dict[tuple[str, str], Pupil] = {}
    for school_id, pupil_ids in _by_school(keys).items():
        wanted = (
            select(Pupil)
            .where(Pupil.school_id == school_id, Pupil.id.in_(sorted(pupil_ids)))
            .order_by(Pupil.id)
            # Not a full lock: rows that point at the pupil may still be written.
            .with_for_update(key_share=True)
        )
        found |= {(school_id, pupil.id): pupil for pupil in session.scalars(wanted)}
    return found


def lock_absences(session: Session, keys: Collection[Key]) -> dict[Key, Absence]:
    """What is on record for these sessions, locked in order."""
    found: dict[Key, Absence] = {}
    for school_id, of_school in _by_school((key[0], key[1:]) for key in keys).items():
        wanted = (
            select(Absence)
            .where(
                Absence.school_id == school_id,
                Absence.pupil_id.in_(sorted({pupil_id for pupil_id, _, _ in of_school})),
                Absence.day.in_(sorted({day for _, day, _ in of_school})),
            )
            .order_by(Absence.pupil_id, Absence.day, Absence.session)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for absence in session.scalars(wanted):
            key = (school_id, absence.pupil_id, absence.day, absence.session)
            if key in keys:
                found[key] = absence
    return found


def standing_statements(session: Session, absences: Iterable[Absence]) -> dict[str, list[Statement]]:
    """The statements that nobody took back, by absence, oldest first."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for school_id, ids in _by_school((absence.school_id, absence.id) for absence in absences).items():
        wanted = (
            select(Statement)
            .where(
                Statement.school_id == school_id,
                Statement.absence_id.in_(sorted(ids)),
                Statement.withdrawn_at.is_(None),
            )
            .order_by(Statement.at, Statement.id)
        )
        for statement in session.scalars(wanted):
            found[statement.absence_id].append(statement)
    return found


def religious_absences(session: Session, school_id: str, pupil_ids: Collection[str], day: date) -> set[str]:
    """Which of the pupils are on record as away for a religious day on that day."""
    wanted = select(Absence.pupil_id).where(
        Absence.school_id == school_id,
        Absence.pupil_id.in_(sorted(pupil_ids)),
        Absence.day == day,
        Absence.reason_category == "religious",
        Absence.status != "withdrawn",
    )
    return set(session.scalars(wanted))


def standing_between(
    session: Session, school_id: str, pupil_ids: Collection[str], first: date, last: date
) -> list[tuple[Absence, Statement | None]]:
    """Absences that stand from `first` to `last`, each once for every statement that stands."""
    wanted = (
        select(Absence, Statement)
        .outerjoin(
            Statement,
            (Statement.school_id == Absence.school_id)
            & (Statement.absence_id == Absence.id)
            & Statement.withdrawn_at.is_(None),
        )
        .where(
            Absence.school_id == school_id,
            Absence.pupil_id.in_(sorted(pupil_ids)),
            Absence.day.between(first, last),
            Absence.status != "withdrawn",
        )
        .order_by(Absence.pupil_id, Absence.day, Absence.session, Statement.at, Statement.id)
    )
    return [(absence, statement) for absence, statement in session.execute(wanted)]


def _by_school(pairs: Iterable[tuple[str, Rest]]) -> dict[str, set[Rest]]:
    found: dict[str, set[Rest]] = defaultdict(set)
    for school_id, rest in pairs:
        found[school_id].add(rest)
    return dict(sorted(found.items()))
