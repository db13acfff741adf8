"""Does what is due: leftovers of the inbox, wakes, sending, polling, forgetting. Any number of them on PostgreSQL."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Round
from bot.fetching import Fetcher
from bot.inbox import INBOX_BELL, OUTBOX_BELL, Inbox
from bot.outbox import Outbox
from bot.polling import Poller
from school.purging import purge
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.partitions import ensure_partitions

log = logging.getLogger(__name__)

# How often a loop looks although no bell rang: wakes and retries come due in silence.
LOOK_EVERY_SECONDS = 1.0
# After a fault of the database or a broken round.
REST_SECONDS = 2.0
# The round is of minutes, so it is looked at less often than what a parent waits for.
ROUND_EVERY_SECONDS = 10.0
# What was asked for is rare, and a moment between a picture and our thanks is what people are used to.
FETCH_EVERY_SECONDS = 2.0
HOUSEKEEPING_EVERY = timedelta(minutes=5)
# What is to be forgotten on a day is gone within the hour; to look for it reads through all words.
PURGE_EVERY = timedelta(hours=1)
# Nothing due may hide behind something that is due for ever.
MOST_ROUNDS = 1000


class Worker:
    """The house's own initiative. `run_due` does all that is due and returns; `start` goes on until `stop`."""

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        outbox: Outbox,
        *,
        now: Callable[[], datetime],
        pollers: Sequence[Poller] = (),
        daily_round: Round | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._outbox = outbox
        self._now = now
        self._pollers = tuple(pollers)
        self._round = daily_round
        self._fetcher = fetcher
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._housekeeping_at: datetime | None = None
        self._purged_at: datetime | None = None

    # Once -------------------------------------------------------------------------------------

    def run_due(self) -> None:
        """Runs the round, handles what waits, wakes and sends what is due, until nothing is due at this moment."""
        done = self._round.run_due() if self._round is not None else 0
        for _ in range(MOST_ROUNDS):
            done += self._inbox.handle_waiting() + self._inbox.wake()
            done += self._fetcher.drain() if self._fetcher is not None else 0
            done += sum(self._outbox.drain(channel) for channel in self._outbox.channels)
            # A job is due by the clock alone, so one look is enough; timers follow from what was just done.
            done += self._round.run_timers() if self._round is not None else 0
            if not done:
                break
            done = 0
        self._keep_house()

    def _make_months(self) -> None:
        """The month's tables stand before the first text comes, which would have to go elsewhere while one is made."""
        try:
            with self._database.write() as session:
                ensure_partitions(session, now=self._now())
        except (DatabaseBusy, DatabaseGone):
            log.warning("the database is away")

    def _keep_house(self) -> None:
        """Gives up what dead workers claimed, and forgets words whose day has come."""
        now = self._now()
        if self._housekeeping_at is not None and now - self._housekeeping_at < HOUSEKEEPING_EVERY:
            return
        self._housekeeping_at = now
        self._outbox.give_up_abandoned()
        with self._database.write() as session:
            ensure_partitions(session, now=now)
        if self._purged_at is None or now - self._purged_at >= PURGE_EVERY:
            self._purged_at = now
            purge(self._database, now=now)

    # For good ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the loops: the inbox and its wakes, each channel's sending, each polled line."""
        self._make_months()
        self._loop("inbox-leftovers", self._handle_and_wake, INBOX_BELL)
        for channel in self._outbox.channels:
            self._loop(f"outbox-{channel}", partial(self._outbox.drain, channel), OUTBOX_BELL)
        if self._round is not None:
            self._loop("round", self._round.run_due, "", every=ROUND_EVERY_SECONDS)
        if self._fetcher is not None:
            self._loop("evidence", self._fetcher.drain, "", every=FETCH_EVERY_SECONDS)
        for number, poller in enumerate(self._pollers):
            self._loop(f"poll-{number}", partial(_polled, poller), "")

    def stop(self, seconds: float = 10.0) -> None:
        """Lets what is under way end, within so many seconds (guarantee 18)."""
        self._stopping.set()
        self._outbox.stop()
        for thread in self._threads:
            thread.join(seconds)
        for poller in self._pollers:
            try:
                poller.release()
            except (DatabaseBusy, DatabaseGone):
                log.warning("a line's lease could not be given back")
        self._outbox.close()

    def _handle_and_wake(self) -> int:
        done = self._inbox.handle_waiting() + self._inbox.wake()
        self._keep_house()
        return done

    def _loop(self, name: str, work: Callable[[], int], bell: str, *, every: float = LOOK_EVERY_SECONDS) -> None:
        def run() -> None:
            listener = self._database.listen(bell) if bell else None
            while not self._stopping.is_set():
                try:
                    done = work()
                except (DatabaseBusy, DatabaseGone):
                    log.warning("the database is away", extra={"loop": name})
                    self._stopping.wait(REST_SECONDS)
                    continue
                except Exception as error:  # noqa: BLE001  a loop that dies would be noticed by parents first
                    log.error("a round failed", extra={"loop": name, "type": type(error).__name__})
                    self._stopping.wait(REST_SECONDS)
                    continue
                if done or self._stopping.is_set():
                    continue
                if listener is not None:
                    listener.wait(every)
                else:
                    self._stopping.wait(every)

        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)


def _polled(poller: Poller) -> int:
    return poller.once() or 0
