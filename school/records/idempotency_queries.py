"""The answers kept for requests that send, one a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school.records.staff import IdempotencyKey


def claim_key(
    session: Session, school_id: str, actor: str, key: str, *, request_hash: str, now: datetime
) -> IdempotencyKey | None:
    """None where the key was free and is now this transaction's; else what an earlier request left there.

    A transaction that holds the same key makes this one wait: the second of two twins reads the first's answer.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "school_id": school_id,
        "actor": actor,
        "key": key,
        "request_hash": request_hash,
        "status": 0,
        "answer": {},
        "at": now,
    }
    statement = insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.key)
    if session.scalars(statement).first() is not None:
        return None
    found = select(IdempotencyKey).where(
        IdempotencyKey.school_id == school_id, IdempotencyKey.actor == actor, IdempotencyKey.key == key
    )
    return session.scalars(found, execution_options={"populate_existing": True}).one()


def keep_answer(
    session: Session, school_id: str, actor: str, key: str, *, status: int, answer: Mapping[str, Any]
) -> None:
    """Keeps what the request that claimed the key is answered with."""
    statement = (
        update(IdempotencyKey)
        .where(IdempotencyKey.school_id == school_id, IdempotencyKey.actor == actor, IdempotencyKey.key == key)
        .values(status=status, answer=dict(answer))
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)
