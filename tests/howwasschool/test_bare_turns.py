"""The bare baseline of the bench `turns` writes what its tables ask for, whatever a text brings about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from howwasschool.bench import bare_turns
from howwasschool.bench.families import settle
from school.records.base import Base
from school.records.database import Database

TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

TEXTS = {
    "poorly": "{name} is poorly today",
    "a worry": "{name} says he hits her every night and she is scared to come home",
    "a person": "can somebody ring me please, it is about {name}",
    "a question": "{name} won't be in",
    "nothing of ours": "who won the match last night",
}
WRITTEN = {
    "poorly": {"absences", "statements"},
    "a worry": {"safeguarding_items", "holds"},
    "a person": {"staff_items"},
    "a question": {"wakes"},
    "nothing of ours": set(),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_every_kind_of_text_is_written_by_the_bare_driver(
    database: Database, database_url: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bare_turns, "real", lambda: TUESDAY)
    school_id, [family] = settle(database, 1, now=TUESDAY)
    bare = bare_turns.BareTurns(database_url, school_id)
    try:
        bare.take(family, TEXTS[kind].format(name=family.name), provider_id="SM1")
    finally:
        bare.close()
    written = _rows(database)
    assert {"received", "inbox", "messages", "threads"} <= written
    assert WRITTEN[kind] <= written


def _rows(database: Database) -> set[str]:
    """The tables that hold anything."""
    with database.read() as session:
        return {
            name
            for name, table in Base.metadata.tables.items()
            if session.execute(select(func.count()).select_from(table)).scalar_one()
        }
