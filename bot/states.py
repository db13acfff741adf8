"""Where a message to send can stand, which moves it may make, and who may make them: the one table of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

State: TypeAlias = Literal[
    "queued", "sending", "sent", "delivered", "undelivered", "unknown", "expired", "suppressed", "failed"
]

# A claim takes a queued message, or lays it aside after the last look before sending.
BY_CLAIM: Mapping[State, frozenset[State]] = {"queued": frozenset({"sending", "expired", "suppressed", "failed"})}

# The worker that claimed it settles what came of the send. What it gave up as unknown, it may still find to be sent.
BY_WORKER: Mapping[State, frozenset[State]] = {
    "sending": frozenset({"sent", "queued", "unknown", "failed", "suppressed"}),
    "unknown": frozenset({"sent"}),
}

# A provider's report is evidence, whatever we believed: even a message that we meant to send again has gone.
BY_REPORT: Mapping[State, frozenset[State]] = {
    "queued": frozenset({"sent", "delivered", "undelivered"}),
    "sending": frozenset({"sent", "delivered", "undelivered"}),
    "unknown": frozenset({"sent", "delivered", "undelivered"}),
    "sent": frozenset({"delivered", "undelivered"}),
}

FINAL: frozenset[State] = frozenset({"delivered", "undelivered", "expired", "suppressed", "failed"})


def may_move(moves: Mapping[State, frozenset[State]], before: State, after: State) -> bool:
    """Whether a message that stands at `before` may come to stand at `after` by those moves."""
    return after in moves.get(before, frozenset())
