"""Every conversation of a family with its school, over HTTP, by texts that Twilio's own library signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fifteen.by_sms import BySms
from tests.fifteen.conversations import a_week
from tests.fifteen.school import Story, roster
from tests.guarantees.launcher import Launcher
from tests.guarantees.serving import Serving

pytestmark = pytest.mark.guarantee


@pytest.fixture
def side(empty_postgres_url: str, tmp_path: Path, launcher: Launcher) -> Iterator[BySms]:
    """A rehearsing house on PostgreSQL, with the school's settings as its own command writes them."""
    serving = Serving(empty_postgres_url, tmp_path, launcher)
    serving.set_up_with(roster(), name="Hilltop", phone="01632 960123")
    serving.command("school", "set", "prompts=true", "prompts_by_sms=true")
    serving.start("--rehearsal")
    side = BySms(serving)
    yield side
    side.close()
    serving.end()


def test_every_conversation_by_sms(side: BySms) -> None:
    a_week(Story(side))
