"""What waits for a person in the office: seen, and closed when somebody has seen to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import not_found
from api.routes import Routes
from api.shapes import ID, After, Limit, Page, PathId, Shown, page_of, place
from school.alarms import acknowledge
from school.records.board_queries import items_page, lock_shown_item
from school.records.messaging import Message
from school.records.staff import StaffItem
from school.records.thread_queries import plain_messages
from school.staff_items import close_item

routes = Routes("/staff-items", "staff-items")


class ShownItem(Shown):
    """Something for a person, with the words that brought it where the caller may read threads."""

    id: str
    why: str = Field(description="A code: unknown_sender, human, unheard, contradiction, after_confirm, …")
    topic: str
    urgent: bool
    thread: str | None
    message: str | None
    contact: str | None
    pupils: list[str]
    words: str | None
    at: datetime
    closed_at: datetime | None
    closed_by: str | None
    acknowledged_at: datetime | None = Field(description="Somebody is on it: the duty phone is left alone.")
    acknowledged_by: str | None
    detail: dict[str, Any] = Field(description="Codes, ids and times that belong to it.")


def show_item(item: StaffItem, words: Mapping[str, Message]) -> ShownItem:
    """An item as the office sees it."""
    message = words.get(item.message_id or "")
    return ShownItem(
        id=item.id,
        why=item.why,
        topic=item.topic,
        urgent=item.urgent,
        thread=item.thread_id,
        message=item.message_id,
        contact=item.contact_id,
        pupils=list(item.pupil_ids),
        words=message.body if message is not None else None,
        at=item.at,
        closed_at=item.closed_at,
        closed_by=item.closed_by,
        acknowledged_at=item.acknowledged_at,
        acknowledged_by=item.acknowledged_by,
        detail=dict(item.detail),
    )


def _days(who: Who) -> bool:
    """Whether the caller may know how a child's days went: the heads' trends have no names."""
    return who.may(Scope.ANSWERS_READ)


@routes.get("", Scope.ITEMS_READ, summary="List what waits for a person")
def list_items(
    who: Who,
    is_open: Annotated[bool | None, Query(alias="open", description="Only open or only closed ones.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownItem]:
    """Items in the order in which they came. Hard days in a row are shown to those alone who may read the answers."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = items_page(session, who.school_id, is_open=is_open, days=_days(who), after=last, limit=limit + 1)
        read = {item.message_id for item in rows if item.message_id} if who.may(Scope.THREADS_READ) else set()
        words = plain_messages(session, who.school_id, read)
    return page_of(rows, limit, show=lambda item: show_item(item, words), key=lambda item: item.id)


@routes.change("POST", "/{item_id}/acknowledgement", Scope.ITEMS_WRITE, problems=[404], summary="Acknowledge an item")
def acknowledge_item(item_id: PathId, who: Who) -> ShownItem:
    """Somebody is on it; who was first, and when, is kept. Acknowledging it again changes nothing."""
    with who.writing() as session:
        item = lock_shown_item(session, who.school_id, item_id, days=_days(who))
        if item is None:
            raise not_found()
        acknowledge(session, item, actor=who.actor, now=who.now)
        read = [item.message_id] if item.message_id and who.may(Scope.THREADS_READ) else []
        words = plain_messages(session, who.school_id, read)
    return show_item(item, words)


@routes.change("POST", "/{item_id}/closing", Scope.ITEMS_WRITE, problems=[404], summary="Close an item")
def close(item_id: PathId, who: Who) -> ShownItem:
    """Somebody has seen to it; who was first, and when, is kept. Closing it again changes nothing."""
    with who.writing() as session:
        item = lock_shown_item(session, who.school_id, item_id, days=_days(who))
        if item is None:
            raise not_found()
        if item.closed_at is None:
            close_item(session, item, actor=who.actor, now=who.now)
        read = [item.message_id] if item.message_id and who.may(Scope.THREADS_READ) else []
        words = plain_messages(session, who.school_id, read)
    return show_item(item, words)
