"""The staff's side over a real database, once on each kind."""

from __future__ import annotations

import pytest

from school.records.database import Database
from tests.api.made_up import Office, open_office


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools, users of each role, and a client for each."""
    return open_office(database)
