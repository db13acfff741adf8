"""Health says what is wrong, to anybody, and nothing else."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from sqlalchemy import update
from starlette.testclient import TestClient

from api.app import create_app
from api.health import Finding
from school.records.database import Database
from school.records.messaging import InboxRow, OutboxRow
from tests.api.made_up import NOW, Office


def findings(office: Office) -> dict[str, bool]:
    return {each["name"]: each["ok"] for each in office.client(None).get("/health").json()["findings"]}


def queue(office: Office, status: str = "queued") -> None:
    with office.database.write() as session:
        session.execute(update(OutboxRow).values(status=status))


def test_a_quiet_house_is_well(office):
    response = office.client(None).get("/health")
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert findings(office) == {"database": True, "inbox": True, "outbox": True, "unknown": True}


def test_what_waits_longer_than_a_minute_makes_the_house_unwell(office):
    queue(office)
    office.now = NOW + timedelta(seconds=60)
    assert office.client(None).get("/health").status_code == 200
    office.now = NOW + timedelta(seconds=61)
    response = office.client(None).get("/health")
    assert (response.status_code, response.json()["status"]) == (503, "unwell")
    assert findings(office)["outbox"] is False
    assert findings(office)["inbox"] is True

    queue(office, "unknown")
    thread = office.ours.ids["thread of Ada Okafor"]
    office.client().post(f"/api/v1/threads/{thread}/messages", json={"words": "Hello"})
    office.now += timedelta(seconds=61)
    assert findings(office) == {"database": True, "inbox": False, "outbox": True, "unknown": True}
    said = office.client(None).get("/health").text
    assert "2 messages of which" in said
    assert "Hello" not in said


def test_what_is_put_off_to_a_later_time_does_not_wait_yet(office):
    with office.database.write() as session:
        session.execute(update(OutboxRow).values(status="queued", available_at=NOW + timedelta(hours=1)))
        assert not session.query(InboxRow).count()
    office.now = NOW + timedelta(minutes=59)
    assert office.client(None).get("/health").status_code == 200


def test_a_house_without_its_database_is_unwell(tmp_path):
    path = tmp_path / "no" / "such" / "folder.sqlite3"
    with closing(Database(f"sqlite:///{path}")) as database:
        response = TestClient(create_app(database, now=lambda: NOW)).get("/health")
    assert response.status_code == 503
    assert response.json()["findings"] == [{"name": "database", "ok": False, "says": "The database cannot be read."}]


def test_the_house_may_look_at_more(office):
    ill = Finding(name="poll", ok=False, says="The last poll was an hour ago.")
    client = TestClient(create_app(office.database, now=lambda: NOW, looks=[lambda _: ill]))
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json()["findings"][-1] == {"name": "poll", "ok": False, "says": "The last poll was an hour ago."}
