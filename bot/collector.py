"""Gathers texts that arrive at the same moment into sets, for one writer thread: each caller waits for its own."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from bot.channels.base import Arrived
from bot.inbox import LARGEST_SET, Inbox

# A stop waits for what was taken in already, and for no longer than this.
CLOSE_SECONDS = 10.0


class Closing(Exception):  # noqa: N818  it says what happens
    """The house is closing; the provider will come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    arrived: Sequence[Arrived]
    done: Future[None]


class Collector:
    """One thread that takes in what waits as a set; `take` returns once the caller's texts are on disk."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    async def take(self, arrived: Sequence[Arrived]) -> None:
        """Hands texts in; raises what `Inbox.take` raises, and Closing."""
        await asyncio.wrap_future(self.submit(arrived))

    def submit(self, arrived: Sequence[Arrived]) -> Future[None]:
        """Hands texts in from a thread; the future ends when they are on disk."""
        waiting = _Waiting(arrived=arrived, done=Future())
        with self._lock:
            if self._closed:
                raise Closing
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()
            self._queue.put(waiting)
        return waiting.done

    def close(self) -> None:
        """Takes in what was handed in already, and nothing more."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            gathered, more = [first], True
            while more and len(gathered) < LARGEST_SET:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._queue.put(None)
                    break
                gathered.append(following)
            self._take(gathered)

    def _take(self, gathered: Sequence[_Waiting]) -> None:
        """The set; where it fails as a whole, each caller's own, so that each hears of its own fate."""
        try:
            self._inbox.take([each for waiting in gathered for each in waiting.arrived])
        except Exception as error:  # noqa: BLE001  it is the caller's to know
            if len(gathered) == 1:
                gathered[0].done.set_exception(error)
                return
            for waiting in gathered:
                self._take([waiting])
            return
        for waiting in gathered:
            waiting.done.set_result(None)
