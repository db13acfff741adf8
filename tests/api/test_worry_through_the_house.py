"""A worrying text by day and by night, through the whole wired house: what staff then see of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.installation import mark, move_rehearsal_clock
from school.records.database import Database
from school.records.messaging import Message
from school.records.people import Line
from tests.api.made_up import NOW, Office, open_office

BY_DAY, BY_NIGHT = NOW, datetime(2026, 9, 14, 21, 30, tzinfo=UTC)
WORRYING = "my partner hit Noor last night"
KNOWN, UNKNOWN = "+447700900222", "+447700900444"


@pytest.fixture
def office(database: Database) -> Office:
    """Two made-up schools in a database that rehearses."""
    with database.write() as session:
        mark(session, "rehearsal", now=NOW)
    return open_office(database)


@pytest.fixture(params=[BY_DAY, BY_NIGHT], ids=["by day", "by night"])
def house(request: pytest.FixtureRequest, office: Office) -> Iterator[House]:
    """The house, its clock put to the day or the night."""
    with office.database.write() as session:
        move_rehearsal_clock(session, request.param)
    made = build(Settings(database_url="sqlite:///not-used.sqlite3"), office.database, Options(rehearsal=True))
    yield made
    made.stop()


def send(house: House, office: Office, sender: str, words: str) -> None:
    with office.database.read() as session:
        line = session.get_one(Line, (office.ours.id, office.ours.ids["line"])).address
    house.text("sms", line, sender, words)


def looks(house: House, office: Office) -> dict[str, Any]:
    """All that the office reads of conversations and of its own list."""
    client = TestClient(house.app, headers={"Authorization": f"Bearer {office.ours.secrets['office']}"})
    seen: dict[str, Any] = {}
    threads = client.get("/api/v1/threads", params={"limit": 200}).json()["items"]
    for thread in threads:
        seen[f"messages of {thread['id']}"] = client.get(f"/api/v1/threads/{thread['id']}/messages").json()
    seen["threads"] = threads
    for path in ("staff-items", "today", "absences"):
        seen[path] = client.get(f"/api/v1/{path}").json()
    seen["today"].pop("as_of")
    seen["today"].pop("do_not_contact")
    seen["today"]["counts"].pop("held")
    return seen


@pytest.mark.parametrize("sender", [KNOWN, UNKNOWN], ids=["a father", "an unknown number"])
def test_neither_the_text_nor_our_answer_to_it_is_seen_by_the_office(house, office, sender):
    before = looks(house, office)
    send(house, office, sender, WORRYING)
    assert looks(house, office) == before
    with office.database.read() as session:
        words = list(session.scalars(select(Message).where(Message.restricted).order_by(Message.id)))
        assert (words[0].direction, words[0].body) == ("in", WORRYING)
        assert any(each.direction == "out" for each in words), "it was answered all the same"
    client = TestClient(house.app, headers={"Authorization": f"Bearer {office.ours.secrets['safeguarding_lead']}"})
    assert [item["words"] for item in client.get("/api/v1/safeguarding-items").json()["items"]] == [WORRYING]


def test_what_follows_in_that_thread_is_the_leads_too_until_it_is_handed_back(house, office):
    send(house, office, KNOWN, WORRYING)
    before = looks(house, office)
    send(house, office, KNOWN, "Noor is poorly today")
    assert looks(house, office) == before
    lead = TestClient(house.app, headers={"Authorization": f"Bearer {office.ours.secrets['safeguarding_lead']}"})
    items = lead.get("/api/v1/safeguarding-items").json()["items"]
    assert [item["words"] for item in items] == [WORRYING, "Noor is poorly today"]
    for item in items:
        path = f"/api/v1/safeguarding-items/{item['id']}/handing-back"
        assert lead.post(path, headers={"If-Match": "*"}).status_code == 200
    send(house, office, KNOWN, "Noor is poorly today")
    after = looks(house, office)
    assert [thread["contact"] for thread in after["threads"]].count(office.ours.ids["Sami Haddad"]) == 1
    assert "hit Noor" not in str(after)


def test_the_other_parent_is_filed_and_answered_as_always(house, office):
    send(house, office, KNOWN, WORRYING)
    before = looks(house, office)
    send(house, office, "+447700900111", "Leo is poorly today")
    after = looks(house, office)
    assert len(after["absences"]["items"]) > len(before["absences"]["items"])
