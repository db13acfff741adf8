"""A rehearsal's clock put on: what is due on the way happens at its own time, and all of it before the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from time import monotonic, sleep

from bot.clock import Round
from bot.worker import Worker
from howwasschool.clock import RehearsalClock
from school.installation import move_rehearsal_clock
from school.records import outgoing, queues
from school.records.database import Database

# A text that another thread is sending at this moment is settled within milliseconds; after this it is not waited for.
SETTLED_SECONDS = 5.0


class Rehearsing:
    """Moves the clock of one house. It is what the API calls when the clock is put."""

    def __init__(self, database: Database, clock: RehearsalClock, worker: Worker, daily_round: Round) -> None:
        self._database = database
        self._round = daily_round
        self._clock = clock
        self._worker = worker
        self._moving = Lock()

    def set_clock(self, now: datetime) -> None:
        """Moves the clock and runs all that is due by then before it returns.

        Back is allowed, and runs nothing that was run before.
        """
        to = now.astimezone(UTC)
        with self._moving:
            self._put(min(self._clock(), to))
            self.settle()
            job = self._round.next_job(self._clock(), to)
            while (due := self._next(to, job)) is not None:
                self._put(due)
                self.settle()
                if due == job:
                    job = self._round.next_job(due, to)
            if to != self._clock():
                self._put(to)
                self.settle()

    def settle(self) -> None:
        """Does all that is due at this moment, and waits for what other threads are handling or sending."""
        deadline = monotonic() + SETTLED_SECONDS
        self._worker.run_due()
        while self._is_at_work() and monotonic() < deadline:
            sleep(0.01)
            self._worker.run_due()

    def _next(self, to: datetime, job: datetime | None) -> datetime | None:
        """The next moment on the way at which something is due; what is due and was not done is not waited for.

        `job` is the next moment of the day's jobs, which nothing on the way changes.
        """
        with self._database.read() as session:
            queued = queues.next_due(session)
        now = self._clock()
        moments = (queued, job, self._round.next_timer(now, to))
        return min((due for due in moments if due is not None and now < due < to), default=None)

    def _is_at_work(self) -> bool:
        """Whether something goes out, or is due and in another thread's hands: that has not been committed yet."""
        with self._database.read() as session:
            return outgoing.counts(session)["sending"] > 0 or queues.is_due(session, self._clock())

    def _put(self, at: datetime) -> None:
        with self._database.write() as session:
            move_rehearsal_clock(session, at)
        self._clock.move(at)
