"""A request that sends is done once: its repeat, under the same key, gets the first one's answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

from fastapi import Header
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from api.access import Caller
from api.problems import Problem, Problems
from school.records.idempotency_queries import claim_key, keep_answer

IdempotencyKey: TypeAlias = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")] | None,
    Header(alias="Idempotency-Key", description="Of your choice, new for each thing to send; a UUID will do."),
]


def once(
    session: Session,
    who: Caller,
    key: str | None,
    *,
    request: Sequence[str],
    status: int,
    act: Callable[[Session], dict[str, Any]],
) -> tuple[int, dict[str, Any]]:
    """Does `act` and keeps its status and answer under the key, or gives those kept by an earlier request.

    The answer is kept in the same transaction, so it holds ids and moments only, no words. A second request that
    comes while the first is under way waits for it. Raises KEY_REUSED where the key was for another `request`.
    """
    if key is None:
        return status, act(session)
    asked = hashlib.sha256(json.dumps(request).encode()).hexdigest()
    kept = claim_key(session, who.school_id, who.actor, key, request_hash=asked, now=who.now)
    if kept is None:
        answer = act(session)
        keep_answer(session, who.school_id, who.actor, key, status=status, answer=answer)
        return status, answer
    if kept.request_hash != asked:
        raise Problem(Problems.KEY_REUSED)
    return kept.status, kept.answer
