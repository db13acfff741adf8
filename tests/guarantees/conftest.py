"""Real processes on real databases, for the promises about messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guarantees.fake_twilio import FakeTwilio
from tests.guarantees.launcher import Launcher
from tests.guarantees.serving import Serving


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """The provider at the other end."""
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """Starts our command in processes that need not import it anew."""
    with Launcher() as launching:
        yield launching


@pytest.fixture
def serving(empty_database_url: str, tmp_path: Path, launcher: Launcher, twilio: FakeTwilio) -> Iterator[Serving]:
    """A house on a new database of each kind, not started yet; gone at the end, whatever became of it."""
    house = Serving(empty_database_url, tmp_path, launcher, twilio_url=twilio.url)
    yield house
    house.end()
