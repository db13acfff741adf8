"""The update of days missed through the API: prepared, looked through, sent once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from school.records.attendance import RegisterMark
from school.records.messaging import InboxRow
from tests.api.made_up import NOW, Office, problem

FIRST, LAST = date(2026, 5, 4), date(2026, 6, 12)
DAYS = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
URL = "/api/v1/attendance-updates"


@pytest.fixture
def marked(office: Office) -> Office:
    """Maya missed nine days in a row, Leo none."""
    ours = office.ours
    with office.database.write() as session:
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            for child in ("Maya", "Leo"):
                for half in ("AM", "PM"):
                    code = "M" if child == "Maya" and number < 12 else "/" if half == "AM" else "\\"
                    session.add(
                        RegisterMark(school_id=ours.id, pupil_id=ours.ids[child], day=day, session=half, code=code,
                                     taken_at=NOW, taken_by="x")
                    )  # fmt: skip
    return office


def prepare(office: Office, **body: Any) -> Any:
    return office.client("office").post(URL, json=body or DAYS)


def test_an_update_is_prepared_read_and_sent_on_one_click(marked: Office) -> None:
    made = prepare(marked)
    assert made.status_code == 201
    shown = made.json()
    assert [(each["pupil"]["known_as"], each["left_out"]) for each in shown["children"]] == [("Maya", False)]
    assert shown["children"][0]["missed"] > 0
    client = marked.client("pastoral")
    assert client.get(f"{URL}/{shown['id']}").json() == shown
    sent = client.post(f"{URL}/{shown['id']}/sending", headers={"If-Match": made.headers["etag"]})
    assert (sent.status_code, sent.json()["status"], sent.json()["families"]) == (200, "sent", 1)
    again = client.post(f"{URL}/{shown['id']}/sending", headers={"If-Match": sent.headers["etag"]})
    assert again.status_code == 409
    with marked.database.read() as session:
        assert len([row for row in session.query(InboxRow) if row.kind == "push"]) == 1
    assert [each["status"] for each in client.get(URL).json()["items"]] == ["sent"]


def test_a_child_is_left_out_with_a_reason_only(marked: Office) -> None:
    made = prepare(marked)
    url = f"{URL}/{made.json()['id']}/children/{marked.ours.ids['Maya']}"
    headers = {"If-Match": made.headers["etag"]}
    client = marked.client("office")
    refused = client.patch(url, json={"left_out": True}, headers=headers)
    assert refused.status_code == 422
    assert problem(refused)["faults"][0]["where"].endswith("why")
    done = client.patch(url, json={"left_out": True, "why": "complex"}, headers=headers)
    assert done.json()["children"][0]["left_out"]
    assert client.patch(url, json={"left_out": False}, headers=headers).status_code == 412
    stranger = f"{URL}/{made.json()['id']}/children/{marked.ours.ids['Noor']}"
    assert client.patch(stranger, json={"left_out": False}, headers={"If-Match": "*"}).status_code == 404


def test_a_dropped_one_can_be_prepared_anew(marked: Office) -> None:
    first = prepare(marked)
    assert prepare(marked).status_code == 409
    dropped = marked.client("head").post(f"{URL}/{first.json()['id']}/dropping", headers={"If-Match": "*"})
    assert dropped.json()["status"] == "dropped"
    assert prepare(marked).status_code == 201


@pytest.mark.parametrize("body", [{"first": "2026-05-04"}, {"first": "2026-05-04", "last": "2026-05-01"}])
def test_both_days_in_order_or_none(marked: Office, body: dict[str, str]) -> None:
    assert prepare(marked, **body).status_code == 422


def test_without_terms_there_is_no_half_term_that_is_over(marked: Office) -> None:
    assert marked.client("office").post(URL, json={}).status_code == 409


@pytest.mark.parametrize("role", ["teacher", "governor", "administrator"])
def test_who_sees_no_marks_of_families_sees_no_updates(marked: Office, role: str) -> None:
    assert marked.client(role).get(URL).status_code == 403


def test_another_schools_update_is_not_there(marked: Office) -> None:
    made = prepare(marked).json()
    theirs = marked.client("head", school=marked.theirs)
    assert theirs.get(f"{URL}/{made['id']}").status_code == 404
    assert theirs.get(URL).json()["items"] == []
