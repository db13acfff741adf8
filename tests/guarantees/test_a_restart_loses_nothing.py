"""18. A restart loses nothing: SIGTERM drains within ten seconds, and nothing is left in a worker's hands."""

from __future__ import annotations

import time

import pytest

from tests.guarantees.records import inbox_by_status, looking, outbox_by_status, replies_by_text
from tests.guarantees.serving import Serving
from tests.guarantees.test_acknowledged_texts_are_on_disk import FAMILIES, Load

pytestmark = pytest.mark.guarantee

STOPS = 2


def test_sigterm_under_load_drains_and_leaves_nothing_half_done(serving: Serving) -> None:
    serving.set_up(families=FAMILIES)
    serving.start()
    with Load(serving) as load:
        for number in range(STOPS):
            time.sleep(0.5)
            assert serving.stop() <= 10
            with looking(serving.environment["HOWWASSCHOOL_DATABASE_URL"]) as database:
                assert "sending" not in outbox_by_status(database)
                assert inbox_by_status(database).keys() <= {"handled"}
                assert set(load.acknowledged) <= set(replies_by_text(database))
            if number < STOPS - 1:
                serving.start()
    assert not [status for status in load.refused if status != 503]
