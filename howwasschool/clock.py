"""What time it is: the real clock, or a rehearsal's, which stands where it was put."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]

# How long a process may go by a clock that another has moved meanwhile.
READ_EVERY_SECONDS = 0.5


def real() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


class RehearsalClock:
    """Real time until it is first moved; from then on it stands still between moves, so that a rehearsal repeats.

    `at` is what the database keeps (`Installation.clock`). Moving is the edge's business: it writes the row, runs
    what is due on the way and only then answers. `read` asks the database where another process put the clock; it is
    asked again after `READ_EVERY_SECONDS`.
    """

    def __init__(self, at: datetime | None = None, *, read: Callable[[], datetime | None] | None = None) -> None:
        self._lock = Lock()
        self._at = at
        self._read = read
        self._read_at = -READ_EVERY_SECONDS

    def __call__(self) -> datetime:
        with self._lock:
            if self._read is not None and monotonic() - self._read_at >= READ_EVERY_SECONDS:
                self._at, self._read_at = self._read(), monotonic()
            return self._at if self._at is not None else real()

    def move(self, to: datetime) -> None:
        """Puts the clock; an aware time, forwards or back."""
        if to.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        with self._lock:
            self._at, self._read_at = to.astimezone(UTC), monotonic()
