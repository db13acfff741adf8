"""A bell that a commit rings, so that whoever waits for work need not look every moment."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Condition, Event, Thread

import psycopg
from psycopg import sql

log = logging.getLogger(__name__)

# PostgreSQL's own channel, on which all of ours travel.
NOTICES = "howwasschool"
# How long the ear takes to notice that the house closes, and how long it rests when PostgreSQL is away.
_SLICE = 0.5
_REST = 2.0


class Bell:
    """Counts the rings of each channel within this process."""

    def __init__(self) -> None:
        self._rung = Condition()
        self._counts: Counter[str] = Counter()

    def ring(self, channels: Iterable[str]) -> None:
        """Wakes all who listen to one of the channels."""
        with self._rung:
            self._counts.update(channels)
            self._rung.notify_all()

    def listener(self, *channels: str) -> Listener:
        """Hears whatever is rung from now on."""
        return Listener(self, channels)

    def count(self, channels: Iterable[str]) -> int:
        """How often the channels were rung in all."""
        return sum(self._counts[channel] for channel in channels)

    def wait(self, changed: Callable[[], bool], seconds: float) -> bool:
        """Whether `changed` came true within the time."""
        with self._rung:
            return self._rung.wait_for(changed, seconds)


class Listener:
    """One who waits for some channels; a ring while nobody waited is heard by the next `wait`."""

    def __init__(self, bell: Bell, channels: tuple[str, ...]) -> None:
        self._bell = bell
        self._channels = channels
        self._heard = bell.count(channels)

    def wait(self, seconds: float) -> bool:
        """True as soon as one of the channels was rung since the last call; False after so many seconds."""
        rung = self._bell.wait(lambda: self._bell.count(self._channels) > self._heard, seconds)
        self._heard = self._bell.count(self._channels)
        return rung


class Ear:
    """Listens to PostgreSQL's notices in a thread of its own and rings them on this process's bell.

    All our channels travel as payloads of one of PostgreSQL's. What is missed while the connection is down stays
    missed: those who wait look for themselves now and then.
    """

    def __init__(self, connection_string: str, bell: Bell) -> None:
        self._where = connection_string
        self._bell = bell
        self._closing = Event()
        self._open = Event()
        self._thread = Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def wait_until_open(self, seconds: float) -> bool:
        """Whether notices are heard, within the time."""
        return self._open.wait(seconds)

    def close(self) -> None:
        """Stops listening, within a second where PostgreSQL answers."""
        self._closing.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._where, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(NOTICES)))
                    self._open.set()
                    self._hear(connection)
            except psycopg.OperationalError:
                self._open.clear()
                log.warning("PostgreSQL's notices are not heard; those who wait look for themselves")
                self._closing.wait(_REST)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._closing.is_set():
            for notice in connection.notifies(timeout=_SLICE, stop_after=1):
                self._bell.ring([notice.payload])
