"""The threads in which one channel's sends run side by side, each with an end to its patience."""

from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from bot.channels.base import Channel, Departing, Refused, SendError, Sent, Unsure

log = logging.getLogger(__name__)

T = TypeVar("T")
Outcome: TypeAlias = Sent | SendError

# A channel keeps its own limits on connecting and reading; this one ends a provider that answers drop by drop.
LONGEST_SEND_SECONDS = 10.0
# Threads that a silent provider holds beyond that are not waited for, so there are some to spare.
SPARE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Generic[T]):
    """A send that ended, and how."""

    what: T
    outcome: Outcome

    def instead(self, outcome: Outcome) -> Ended[T]:
        """The same send with another outcome."""
        return replace(self, outcome=outcome)


@dataclass(slots=True, kw_only=True)
class _UnderWay(Generic[T]):
    """A send that was started; `since` is the stopwatch's time at which its thread took it up."""

    what: T
    future: Future[None] | None = None
    started: float
    since: float | None = None


class Lanes(Generic[T]):
    """Sends messages on one channel: in `channel.lanes` threads, or in the caller's where sending takes no time."""

    def __init__(self, channel: Channel, *, late: Callable[[T], bool], longest: float = LONGEST_SEND_SECONDS) -> None:
        self._channel = channel
        self._late = late
        self._longest = longest
        self._pool: ThreadPoolExecutor | None = None
        self._results: queue.SimpleQueue[tuple[int, Ended[T]]] = queue.SimpleQueue()
        self._under_way: dict[int, _UnderWay[T]] = {}
        self._at_once: deque[tuple[T, Departing]] = deque()
        self._numbers = 0

    @property
    def busy(self) -> bool:
        """Whether something was started that has not ended, or has ended and was not told of yet."""
        return bool(self._under_way or self._at_once) or not self._results.empty()

    def room(self, most: int) -> int:
        """How many more may be started now."""
        if self._channel.lanes == 0:
            return 0 if self._at_once else most
        return max(0, self._channel.lanes - len(self._under_way))

    def start(self, messages: Sequence[tuple[T, Departing]]) -> None:
        """Starts sends; one for which `late` holds when its turn comes is refused instead."""
        if self._channel.lanes == 0:
            self._at_once.extend(messages)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._channel.lanes * SPARE, thread_name_prefix=self._channel.name)
        for what, message in messages:
            self._numbers += 1
            each = _UnderWay(what=what, started=time.monotonic())
            self._under_way[self._numbers] = each
            each.future = self._pool.submit(self._run, self._numbers, each, message)

    def ended(self, seconds: float) -> list[Ended[T]]:
        """What has ended since the last call; waits up to `seconds` for the first, and no longer than that for more."""
        if self._channel.lanes == 0:
            return self._send_at_once(seconds)
        ended = []
        try:
            ended.append(self._results.get(timeout=seconds))
            while True:
                ended.append(self._results.get_nowait())
        except queue.Empty:
            pass
        for number, _ in ended:
            self._under_way.pop(number, None)
        return [each for _, each in ended] + self._given_up()

    def close(self) -> None:
        """Lets the threads go; one that a provider holds is left behind."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, number: int, each: _UnderWay[T], message: Departing) -> None:
        each.since = time.monotonic()
        self._results.put((number, Ended(what=each.what, outcome=self._send(each.what, message))))

    def _send(self, what: T, message: Departing) -> Outcome:
        if self._late(what):
            return Refused("claim_too_old")
        try:
            return self._channel.send(message)
        except SendError as error:
            return error
        except Exception as error:  # noqa: BLE001  whatever broke here, the message may have left us
            # Its type alone: what it says may quote the message.
            log.error(
                "a channel broke while it sent", extra={"channel": self._channel.name, "type": type(error).__name__}
            )
            return Unsure("fault_of_ours")

    def _send_at_once(self, seconds: float) -> list[Ended[T]]:
        ended: list[Ended[T]] = []
        until = time.monotonic() + seconds
        while self._at_once and (not ended or time.monotonic() < until):
            what, message = self._at_once.popleft()
            ended.append(Ended(what=what, outcome=self._send(what, message)))
        return ended

    def _given_up(self) -> list[Ended[T]]:
        """What its provider leaves without an answer for too long, and what found no thread in all that time."""
        before = time.monotonic() - self._longest
        found: list[Ended[T]] = []
        for number, each in list(self._under_way.items()):
            if (each.since or each.started) >= before:
                continue
            never_began = each.future is not None and each.future.cancel()
            outcome = Refused("no_thread") if never_began else Unsure("silence")
            found.append(Ended(what=self._under_way.pop(number).what, outcome=outcome))
        return found
