"""What waits for a person in the office: raised by conversations and verbs, closed by staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from school.ledger import SYSTEM, Entry, record
from school.records.base import new_id
from school.records.item_queries import item_of, items_about
from school.records.staff import StaffItem


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNote:
    """Something to raise: `why` is a code of `StaffItem`, `detail` codes, ids and days, never words.

    A note about a message is raised once for its `why`; a later one adds its pupils to the open item. One that comes
    `anew`, on another day, is an item of its own.
    """

    school_id: str
    why: str
    topic: str = ""
    thread_id: str | None = None
    message_id: str | None = None
    contact_id: str | None = None
    pupil_ids: tuple[str, ...] = ()
    urgent: bool = False
    anew: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)


def raise_items(session: Session, notes: Sequence[StaffNote], *, now: datetime) -> list[StaffItem]:
    """Puts each note before staff; repeats about the same message and why become one item. Gives the items."""
    known = _known(session, notes)
    items = []
    for note in notes:
        key = (note.school_id, note.message_id, note.why)
        item = known.get(key) if note.message_id is not None and not note.anew else None
        if item is None:
            item = _item(note, now)
            session.add(item)
            known[key] = item
            _record(session, item, SYSTEM, "raise_item", now)
        else:
            item.pupil_ids = sorted({*item.pupil_ids, *note.pupil_ids})
            item.urgent = item.urgent or note.urgent
            item.detail = {**item.detail, **note.detail}
        items.append(item)
    session.flush()
    return items


def _known(session: Session, notes: Sequence[StaffNote]) -> dict[tuple[str, str | None, str], StaffItem]:
    """The items that stand already about the notes' messages: one look a school, and none without a message."""
    known: dict[tuple[str, str | None, str], StaffItem] = {}
    for school_id in sorted({note.school_id for note in notes}):
        messages = {note.message_id for note in notes if note.school_id == school_id and note.message_id}
        for item in items_about(session, school_id, messages):
            known[(school_id, item.message_id, item.why)] = item
    return known


def _item(note: StaffNote, now: datetime) -> StaffItem:
    return StaffItem(
        school_id=note.school_id,
        id=new_id(now),
        why=note.why,
        topic=note.topic,
        thread_id=note.thread_id,
        message_id=note.message_id,
        contact_id=note.contact_id,
        pupil_ids=sorted(set(note.pupil_ids)),
        urgent=note.urgent,
        detail=dict(note.detail),
        at=now,
    )


def find_item(session: Session, school_id: str, item_id: str) -> StaffItem | None:
    """One item of this school."""
    return item_of(session, school_id, item_id)


def close_item(session: Session, item: StaffItem, *, actor: str, now: datetime) -> None:
    """A person has seen to it. Closing it again changes nothing: who was first stays."""
    if item.closed_at is None:
        item.closed_at, item.closed_by, item.alarm_at = now, actor, None
        _record(session, item, actor, "close_item", now)


def _record(session: Session, item: StaffItem, actor: str, verb: str, now: datetime) -> None:
    entry = Entry(
        school_id=item.school_id,
        actor=actor,
        verb=verb,
        subject="staff_item",
        subject_id=item.id,
        detail={"why": item.why},
    )
    record(session, entry, now=now)
