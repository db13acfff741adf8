"""What time it is: the real clock, or a rehearsal's, which stands where it was put."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def real() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


class RehearsalClock:
    """Real time until it is first moved; from then on it stands still between moves, so that a rehearsal repeats.

    `at` is what the database keeps (`Installation.clock`). Moving is the edge's business: it writes the row, runs
    what is due on the way and only then answers.
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._lock = Lock()
        self._at = at

    def __call__(self) -> datetime:
        with self._lock:
            return self._at if self._at is not None else real()

    def move(self, to: datetime) -> None:
        """Puts the clock; an aware time, forwards or back."""
        if to.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        with self._lock:
            self._at = to.astimezone(UTC)
