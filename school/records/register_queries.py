"""The register's rows: marks put in, marks that stand, and what stood before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school.records.attendance import MarkAmendment, RegisterMark
from school.records.people import Pupil

MarkKey: TypeAlias = tuple[str, date, str]
Row = TypeVar("Row")

# Nine values a mark: 500 of them stay well under the 32,766 that SQLite takes in one statement.
CHUNK = 500


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def insert_new_marks(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[MarkKey]:
    """Puts in the marks whose session has none yet and says which those are.

    `rows` are sorted by key, so that two requests that mark the same children wait for each other in one order.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    put: set[MarkKey] = set()
    for chunk in _chunks(rows):
        statement = insert(RegisterMark).values(chunk).on_conflict_do_nothing()
        columns = (RegisterMark.pupil_id, RegisterMark.day, RegisterMark.session)
        put.update((pupil, day, half) for pupil, day, half in session.execute(statement.returning(*columns)))
    return put


def lock_marks(session: Session, school_id: str, keys: Iterable[MarkKey]) -> dict[MarkKey, RegisterMark]:
    """The marks that stand for these keys, locked until the transaction ends."""
    found: dict[MarkKey, RegisterMark] = {}
    for chunk in _chunks(sorted(keys)):
        statement = (
            select(RegisterMark)
            .where(RegisterMark.school_id == school_id, _in(RegisterMark, chunk))
            .order_by(RegisterMark.pupil_id, RegisterMark.day, RegisterMark.session)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found.update({(mark.pupil_id, mark.day, mark.session): mark for mark in session.scalars(statement)})
    return found


def marks_page(
    session: Session,
    school_id: str,
    *,
    first: date,
    last: date,
    half: str | None,
    pupil_id: str | None,
    class_name: str | None,
    after: MarkKey | None,
    limit: int,
) -> list[tuple[RegisterMark, Pupil]]:
    """Marks with their pupils by day, session and pupil, starting after the given key."""
    statement: Select[RegisterMark, Pupil] = (
        select(RegisterMark, Pupil)
        .join(Pupil, (Pupil.school_id == RegisterMark.school_id) & (Pupil.id == RegisterMark.pupil_id))
        .where(RegisterMark.school_id == school_id, RegisterMark.day.between(first, last))
    )
    if half is not None:
        statement = statement.where(RegisterMark.session == half)
    if pupil_id is not None:
        statement = statement.where(RegisterMark.pupil_id == pupil_id)
    if class_name is not None:
        statement = statement.where(Pupil.class_name == class_name)
    columns = tuple_(RegisterMark.day, RegisterMark.session, RegisterMark.pupil_id)
    if after is not None:
        pupil, day, session_name = after
        statement = statement.where(columns > (day, session_name, pupil))
    statement = statement.order_by(RegisterMark.day, RegisterMark.session, RegisterMark.pupil_id).limit(limit)
    return [(mark, pupil) for mark, pupil in session.execute(statement)]


def amendments_of(session: Session, school_id: str, keys: Iterable[MarkKey]) -> dict[MarkKey, list[MarkAmendment]]:
    """What stood before, oldest first, by mark; marks that were never amended are left out."""
    found: dict[MarkKey, list[MarkAmendment]] = {}
    for chunk in _chunks(sorted(keys)):
        statement = (
            select(MarkAmendment)
            .where(MarkAmendment.school_id == school_id, _in(MarkAmendment, chunk))
            .order_by(MarkAmendment.id)
        )
        for row in session.scalars(statement):
            found.setdefault((row.pupil_id, row.day, row.session), []).append(row)
    return found


def marks_between(
    session: Session, school_id: str, pupil_ids: Iterable[str], first: date, last: date
) -> list[RegisterMark]:
    """The marks that stand for these pupils from `first` to `last`, in no order."""
    wanted = sorted(pupil_ids)
    found: list[RegisterMark] = []
    for start in range(0, len(wanted), CHUNK):
        statement = select(RegisterMark).where(
            RegisterMark.school_id == school_id,
            RegisterMark.pupil_id.in_(wanted[start : start + CHUNK]),
            RegisterMark.day.between(first, last),
        )
        found.extend(session.scalars(statement))
    return found


def _in(table: type[RegisterMark] | type[MarkAmendment], keys: Sequence[MarkKey]) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", tuple_(table.pupil_id, table.day, table.session).in_(keys))
