"""Leave through the API: the office reads, the head decides, and nobody else's school is seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from school.leave import Ask, ask_leave
from school.records.messaging import InboxRow
from school.rules.calendar import Session
from tests.api.made_up import NOW, Office, message, problem

DAYS = (date(2026, 9, 28), date(2026, 9, 29))


@pytest.fixture
def asked(office: Office) -> str:
    """A request of Ada Okafor for both of her children; its id."""
    with office.database.write() as session:
        ours = office.ours
        said = message(session, ours, "thread of Ada Okafor", "my brother's wedding in Lagos", at=NOW)
        sessions = tuple((ours.ids[child], day, half) for child in ("Maya", "Leo") for day in DAYS for half in Session)
        wanted = Ask(
            school_id=ours.id, thread_id=said.thread_id, contact_id=ours.ids["Ada Okafor"], frame="f.1",
            message_id=said.id, words=(said.id,), reason="family_event", sessions=sessions, at=NOW,
        )  # fmt: skip
        return ask_leave(session, [wanted], now=NOW)[0].id


def decide(office: Office, request_id: str, role: str = "head", version: int = 1, **body: Any) -> Any:
    headers = {"If-Match": f'"{version}"'}
    return office.client(role).post(f"/api/v1/leave-requests/{request_id}/decision", json=body, headers=headers)


def test_the_office_sees_the_words_the_sessions_and_what_to_look_at(office: Office, asked: str) -> None:
    shown = office.client("office").get(f"/api/v1/leave-requests/{asked}").json()
    assert shown["words"] == ["my brother's wedding in Lagos"]
    assert shown["reason"] == "family_event"
    assert len(shown["sessions"]) == 8
    assert (shown["first"], shown["last"], shown["status"]) == ("2026-09-28", "2026-09-29", "asked")
    assert "exceptional" in shown["look"]


def test_requests_are_listed_by_status_and_by_pupil(office: Office, asked: str) -> None:
    client = office.client("office")
    maya, noor = office.ours.ids["Maya"], office.ours.ids["Noor"]
    queries = {"": 1, "?status=asked": 1, "?status=granted": 0, f"?pupil={maya}": 1, f"?pupil={noor}": 0}
    for query, count in queries.items():
        assert len(client.get(f"/api/v1/leave-requests{query}").json()["items"]) == count, query
    assert office.client("head", school=office.theirs).get("/api/v1/leave-requests").json()["items"] == []
    assert asked


def test_the_head_decides_and_whoever_asked_is_told(office: Office, asked: str) -> None:
    answer = decide(office, asked, decision="granted")
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["status"], shown["told_at"], shown["version"]) == (
        "granted",
        NOW.isoformat().replace("+00:00", "Z"),
        2,
    )
    assert all(each["granted"] for each in shown["sessions"])
    assert answer.headers["etag"] == '"2"'
    with office.database.read() as session:
        flows = [row.payload["flow"] for row in session.query(InboxRow) if row.kind == "push"]
    assert flows == ["leave_decision"]


@pytest.mark.parametrize("role", ["office", "teacher", "pastoral", "deputy", "safeguarding_lead", "governor"])
def test_nobody_but_the_head_decides(office: Office, asked: str, role: str) -> None:
    assert decide(office, asked, role, decision="granted").status_code == 403
    assert office.client("head").get(f"/api/v1/leave-requests/{asked}").json()["status"] == "asked"


@pytest.mark.parametrize("role", ["teacher", "governor", "administrator"])
def test_who_sees_no_reasons_sees_no_requests(office: Office, asked: str, role: str) -> None:
    assert office.client(role).get(f"/api/v1/leave-requests/{asked}").status_code == 403


def test_a_decision_names_the_version_that_was_read(office: Office, asked: str) -> None:
    bare = office.client("head").post(f"/api/v1/leave-requests/{asked}/decision", json={"decision": "granted"})
    assert bare.status_code == 428
    assert decide(office, asked, version=7, decision="granted").status_code == 412


def test_a_refusal_without_a_reason_and_a_part_of_nothing_are_sent_back(office: Office, asked: str) -> None:
    bodies: dict[str, dict[str, Any]] = {"why": {"decision": "refused"}, "days": {"decision": "part", "why": "long"}}
    for where, body in bodies.items():
        answer = decide(office, asked, **body)
        assert answer.status_code == 422
        assert where in problem(answer)["faults"][0]["where"]


def test_some_days_with_a_reason(office: Office, asked: str) -> None:
    shown = decide(office, asked, decision="part", days=["2026-09-29"], why="long", note="spoke to mum").json()
    assert {each["date"] for each in shown["sessions"] if each["granted"]} == {"2026-09-29"}
    assert (shown["why"], shown["note"]) == ("long", "spoke to mum")


def test_what_is_decided_is_decided(office: Office, asked: str) -> None:
    decide(office, asked, decision="refused", why="tests")
    assert decide(office, asked, version=2, decision="granted").status_code == 409


def test_what_has_begun_is_not_granted(office: Office, asked: str) -> None:
    office.now = datetime(2026, 9, 28, 12, 0, tzinfo=NOW.tzinfo)
    answer = decide(office, asked, decision="granted")
    assert answer.status_code == 409
    assert "begun" in problem(answer)["detail"]


def test_earlier_leave_of_this_year_is_counted_beside_a_request(office: Office, asked: str) -> None:
    decide(office, asked, decision="granted")
    with office.database.write() as session:
        ours = office.ours
        wanted = Ask(
            school_id=ours.id, thread_id=ours.ids["thread of Ada Okafor"], contact_id=ours.ids["Ada Okafor"],
            frame="f.2", message_id=None, words=(), reason=None, at=NOW,
            sessions=((ours.ids["Maya"], DAYS[1] + timedelta(days=7), Session.AM),),
        )  # fmt: skip
        second = ask_leave(session, [wanted], now=NOW)[0].id
    assert office.client("head").get(f"/api/v1/leave-requests/{second}").json()["granted_this_year"] == 4
