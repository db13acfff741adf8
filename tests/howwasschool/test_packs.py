"""The packs of a running house: /health says which are still to be read, and waits for none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest

from howwasschool import packs
from howwasschool.packs import ALL_READ, Packs

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def test_health_says_which_packs_are_still_to_be_read_and_is_well_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(packs, "load_language", lambda code: code == "en" or go_on.wait(30))
    house = Packs(["en", "pl"])
    house.start()
    until(lambda: house.look(NOW).says == "Still to be read: pl.", house)
    assert house.look(NOW).ok
    go_on.set()
    until(lambda: house.look(NOW).says == ALL_READ, house)


def until(holds: Callable[[], bool], house: Packs) -> None:
    """Waits for what another thread does."""
    end = monotonic() + 30
    while not holds():
        assert monotonic() < end, house.look(NOW)
        sleep(0.01)
