"""3. A repeated webhook acts once: twenty threads post the same message id, and there is one absence and one reply."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.guarantees.fake_twilio import FakeTwilio
from tests.guarantees.records import looking, tally
from tests.guarantees.serving import Phone, Serving, number

pytestmark = pytest.mark.guarantee

THREADS = 20
SID = "SM" + "7" * 32
WORDS = "Kidaaa poorly, been sick in the night"


def post_alone(serving: Serving) -> int | None:
    phone = Phone(serving)
    status = phone.text(number(0), WORDS, SID)
    phone.hang_up()
    return status


def test_twenty_threads_with_one_message_id_make_one_absence_and_one_reply(
    serving: Serving, twilio: FakeTwilio
) -> None:
    serving.set_up(families=1)
    serving.start()
    together = Barrier(THREADS)

    def post(_: int) -> int | None:
        phone = Phone(serving)
        together.wait()
        status = phone.text(number(0), WORDS, SID)
        phone.hang_up()
        return status

    with ThreadPoolExecutor(THREADS) as threads:
        statuses = list(threads.map(post, range(THREADS)))
    assert statuses == [200] * THREADS
    deadline = time.monotonic() + 90
    while not twilio.taken and time.monotonic() < deadline:
        time.sleep(0.02)
    # A text sent again much later is the same text still.
    assert post_alone(serving) == 200
    serving.stop()
    with looking(serving.environment["HOWWASSCHOOL_DATABASE_URL"]) as database:
        found = tally(database)
    # One day is two sessions.
    assert (found.absences, found.statements, found.replies, found.received, found.inbox) == (2, 2, 1, 1, 1)
    assert len(twilio.taken) == 1
