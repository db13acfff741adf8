"""The rehearsal's clock and its list, in a rehearsal only."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.api.made_up import NOW, Office, problem


def test_an_administrator_moves_the_clock(office: Office):
    client = office.client("administrator")
    response = client.put("/rehearsal/clock", json={"now": "2026-09-14T10:00:00+01:00"})
    assert response.json() == {"now": "2026-09-14T09:00:00Z"}
    assert [clock.isoformat() for clock in office.clocks] == ["2026-09-14T09:00:00+00:00"]
    back = client.put("/rehearsal/clock", json={"now": "2026-09-14T08:59:59Z"})
    assert problem(back)["faults"][0]["where"] == "/now"


@pytest.mark.parametrize("body", [{}, {"now": None}, {"now": "soon"}, {"now": "2026-09-14T10:00:00"}, {"now": 1e300},
                                  {"now": "2026-09-14T10:00:00Z", "and": 1}])  # fmt: skip
def test_a_time_that_is_none_moves_nothing(office, body):
    assert problem(office.client("administrator").put("/rehearsal/clock", json=body))["code"] == "invalid"
    assert office.clocks == []


def test_what_would_have_gone_is_listed_with_purpose_segments_and_recipient(office):
    client = office.client("administrator")
    page = client.get("/rehearsal/sent").json()
    (sent,) = page["items"]
    assert (sent["purpose"], sent["segments"], sent["recipient"]) == ("reply", 1, "+447700900111")
    assert sent["words"] == "Thank you. Maya is marked ill today."
    assert client.get("/rehearsal/sent", params={"after": sent["id"]}).json() == {"items": [], "next": None}
    assert problem(client.get("/rehearsal/sent", params={"after": "x"}))["code"] == "invalid"


def test_nobody_else_may(office):
    for role in ("office", "teacher", "head", "safeguarding_lead"):
        client = office.client(role)
        assert client.put("/rehearsal/clock", json={"now": "2026-09-15T10:00:00Z"}).status_code == 403
        assert client.get("/rehearsal/sent").status_code == 403
    assert office.client(None).get("/rehearsal/sent").status_code == 401


@pytest.mark.parametrize("role", ["administrator", None])
def test_in_a_live_school_there_is_no_such_address(office, role):
    live = TestClient(create_app(office.database, now=lambda: NOW))
    headers = {"Authorization": f"Bearer {office.ours.secrets[role]}"} if role else {}
    assert live.put("/rehearsal/clock", json={"now": "2026-09-15T10:00:00Z"}, headers=headers).status_code == 404
    assert live.get("/rehearsal/sent", headers=headers).status_code == 404
