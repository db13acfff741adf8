"""Every conversation of a family with its school, in chats with a bot at an independent emulator, on PostgreSQL."""

from __future__ import annotations

import pytest

from school.migrations import upgrade
from school.records.database import Database
from tests.fifteen.by_telegram import by_telegram
from tests.fifteen.conversations import a_week
from tests.fifteen.school import Story
from tests.telegram_emulator.person import Emulator

pytestmark = pytest.mark.node


def test_every_conversation_by_telegram(empty_postgres_url: str, emulator: Emulator) -> None:
    upgrade(empty_postgres_url)
    database = Database(empty_postgres_url)
    with by_telegram(database, emulator) as side:
        a_week(Story(side))
    database.close()
