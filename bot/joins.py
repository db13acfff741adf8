"""Chats that join: a code, or a phone's own contact, ties a chat to somebody on record before their turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.contexts import CHAT
from school.joining import is_code, join_by_phone, try_code
from school.records.queues import ThreadRow, Waiting


def _may_join(thread: ThreadRow) -> bool:
    """Whether it is a chat of nobody we know."""
    return thread.channel == CHAT and thread.contact_id is None


def join(
    session: Session,
    threads: Sequence[ThreadRow],
    waiting: Mapping[tuple[str, str], Sequence[Waiting]],
    *,
    now: datetime,
) -> dict[str, bool]:
    """Ties chats to contacts, before anybody's family is looked up: inbox rows that join, and whether it worked."""
    found: dict[str, bool] = {}
    for thread in threads:
        place = {"channel": thread.channel, "address": thread.address}
        where = {"thread_id": thread.id, **place}
        for row in waiting.get((thread.school_id, thread.id), ()):
            if row.kind == "start" and row.payload.get("code"):
                code = str(row.payload["code"])
                found[row.id] = try_code(session, thread.school_id, code, inbox_id=row.id, now=now, **where) is not None
            elif row.kind == "text" and _may_join(thread) and is_code(row.body or ""):
                # A code typed as it was read out; what is none of ours is a stranger's text like any other.
                code = row.body or ""
                if try_code(session, thread.school_id, code, inbox_id=row.id, now=now, **where) is not None:
                    found[row.id] = True
            elif row.kind == "contact":
                phone = str(row.payload.get("phone") or "")
                contacts = join_by_phone(session, thread.school_id, phone, now=now, **place) if phone else []
                found[row.id] = bool(contacts)
    return found
