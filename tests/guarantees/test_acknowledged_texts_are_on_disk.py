"""1. A text that we acknowledged is on disk and answered, whenever the process is killed.

`serve` is killed with SIGKILL at random moments under load, started again each time, and at the end every text that
was acknowledged stands in the records with its reply. `HOWWASSCHOOL_KILLS` in the environment asks for more kills.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
import time

import pytest

from tests.guarantees.fake_twilio import FakeTwilio
from tests.guarantees.records import inbox_by_status, looking, outbox_by_status, replies_by_text, said_twice
from tests.guarantees.serving import Phone, Serving, number

pytestmark = pytest.mark.guarantee

KILLS = int(os.environ.get("HOWWASSCHOOL_KILLS", "10"))
FAMILIES = 40
CLIENTS = 4
# So many texts are acknowledged between two kills, however slow the machine is.
AT_LEAST = 10
PATIENCE_SECONDS = 180.0
WORDS = ("poorly today", "has the dentist at 2", "running 10 mins late", "better, coming in", "thanks", "off tomorrow")


class Load:
    """Parents who text without a pause, each in turn, and remember what was acknowledged."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._numbers = itertools.count(1)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._text, args=(client,)) for client in range(CLIENTS)]
        self.acknowledged: list[str] = []
        self.refused: list[int] = []

    def _text(self, client: int) -> None:
        phone = Phone(self._serving)
        for turn in itertools.count():
            if self._stopping.is_set():
                phone.hang_up()
                return
            family = client + CLIENTS * (turn % (FAMILIES // CLIENTS))
            sid = f"SM{next(self._numbers):032x}"
            status = phone.text(number(family), WORDS[turn % len(WORDS)], sid)
            if status == 200:
                self.acknowledged.append(sid)
            elif status is None:
                # Nobody is there at the moment: a provider would come again later.
                time.sleep(0.05)
            else:
                self.refused.append(status)

    def wait_for(self, more: int) -> None:
        """Waits until so many more texts were acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + PATIENCE_SECONDS
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, "nobody takes our texts"
            time.sleep(0.002)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()


def test_every_acknowledged_text_survives_a_kill_and_is_answered(serving: Serving, twilio: FakeTwilio) -> None:
    lots = random.Random(20261124)
    serving.set_up(families=FAMILIES)
    serving.start()
    with Load(serving) as load:
        for _ in range(KILLS):
            load.wait_for(AT_LEAST)
            time.sleep(lots.uniform(0.0, 0.4))
            serving.kill()
            serving.start()
        time.sleep(0.3)
    assert len(load.acknowledged) >= AT_LEAST * KILLS
    assert not load.refused
    with looking(serving.environment["HOWWASSCHOOL_DATABASE_URL"]) as database:
        wait_until_quiet(database)
        replies = replies_by_text(database)
        assert set(load.acknowledged) <= set(replies)
        assert inbox_by_status(database).keys() == {"handled"}
        # A receipt and a question may be two messages; the same words never come twice.
        assert max(replies.values()) <= 2
        assert said_twice(database) == 0
        # Manners and what falls silent are answered by nothing; all else by one reply.
        assert sum(replies[sid] for sid in load.acknowledged) > len(load.acknowledged) // 3
        standing = outbox_by_status(database)
    # What was in a worker's hands when it died is unknown, or will be once its lease has run out: never sent again.
    assert standing.keys() <= {"sent", "unknown", "sending"}
    assert standing["sent"] + standing.get("unknown", 0) + standing.get("sending", 0) == sum(replies.values())
    assert len(twilio.taken) <= sum(replies.values())
    assert len(twilio.taken) >= standing["sent"]


def wait_until_quiet(database: object, *, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if "waiting" not in inbox_by_status(database) and "queued" not in outbox_by_status(database):  # type: ignore[arg-type]
            return
        time.sleep(0.1)
    raise AssertionError("something still waits")
