"""The register over HTTP: sheets all or nothing, and each sees what it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.made_up import Office, problem

PATH = "/api/v1/register-marks"


def mark(office: Office, child: str = "Maya", code: str = "/", **more) -> dict[str, object]:
    return {"pupil": office.ours.ids[child], "date": "2026-09-14", "session": "AM", "code": code, **more}


def test_a_sheet_is_written_and_read_back(office):
    client = office.client()
    sheet = {"marks": [mark(office), mark(office, "Leo", "I"), mark(office, "Noor", "L", minutes_late=12)]}
    assert client.put(PATH, json=sheet).json() == {"new": 3, "amended": 0, "unchanged": 0}
    assert client.put(PATH, json=sheet).json() == {"new": 0, "amended": 0, "unchanged": 3}
    items = client.get(PATH).json()["items"]
    assert {(item["pupil"]["known_as"], item["code"], item["absent"], item["minutes_late"]) for item in items} == {
        ("Maya", "/", False, None),
        ("Leo", "I", True, None),
        ("Noor", "L", False, 12),
    }
    assert all(item["taken_by"] == f"user:{office.ours.users['office']}" for item in items)


def test_one_bad_row_keeps_the_whole_sheet_out_and_every_fault_is_named(office):
    client = office.client()
    marks = [
        mark(office),
        mark(office, "Leo", "H"),
        mark(office, "Noor", "ZZ"),
        mark(office, "Noor", "\\", date="2026-09-15"),
        {**mark(office), "pupil": office.theirs.ids["Maya"]},
        mark(office, "Leo", "/", date="2026-09-13"),
        mark(office, "Noor", "/", date="2026-09-21"),
        mark(office, "Noor", "I", minutes_late=5),
    ]
    response = client.put(PATH, json={"marks": marks})
    assert response.status_code == 422
    faults = {(fault["where"], fault["code"]) for fault in problem(response)["faults"]}
    assert faults >= {
        ("/marks/1/code", "retired-code"),
        ("/marks/2/code", "unknown-mark"),
        ("/marks/3/code", "wrong-session"),
        ("/marks/4/pupil", "unknown-pupil"),
        ("/marks/5/date", "no-school-day"),
        ("/marks/6/date", "not-yet"),
        ("/marks/7/minutes_late", "not-late"),
        ("/marks/2/pupil", "twice"),
        ("/marks/7/pupil", "twice"),
    }
    assert client.get(PATH).json()["items"] == []


@pytest.mark.parametrize("code", ["H", "J", "Y", "F"])
def test_a_retired_code_is_refused_with_a_sentence(office, code):
    response = office.client().put(PATH, json={"marks": [mark(office, code=code)]})
    (fault,) = problem(response)["faults"]
    assert fault["code"] == "retired-code"
    assert fault["says"].startswith(f"{code} is no longer a register code")


def test_a_mark_that_replaces_another_needs_a_reason_and_keeps_both(office):
    client = office.client()
    client.put(PATH, json={"marks": [mark(office, code="N")]})
    response = client.put(PATH, json={"marks": [mark(office, "Leo"), mark(office, code="I")]})
    (fault,) = problem(response)["faults"]
    assert (fault["where"], fault["code"]) == ("/marks/1/reason", "reason-needed")
    assert len(client.get(PATH).json()["items"]) == 1, "the rest of the sheet stayed out too"

    amended = client.put(PATH, json={"marks": [mark(office, code="I", reason="mother rang at ten")]})
    assert amended.json() == {"new": 0, "amended": 1, "unchanged": 0}
    (item,) = client.get(PATH).json()["items"]
    assert (item["code"], item["version"]) == ("I", 2)
    (kept,) = item["amendments"]
    assert (kept["original_code"], kept["new_code"], kept["reason"]) == ("N", "I", "mother rang at ten")
    assert (kept["by"], kept["by_role"]) == (f"user:{office.ours.users['office']}", "office")


def test_a_teacher_sees_no_reason_in_the_register_and_writes_none(office):
    client, teacher = office.client(), office.client("teacher")
    client.put(PATH, json={"marks": [mark(office, code="I")]})
    client.put(PATH, json={"marks": [mark(office, code="M", reason="it was the dentist")]})
    response = teacher.get(PATH)
    (item,) = response.json()["items"]
    assert (item["code"], item["absent"]) == (None, True)
    assert item["amendments"][0]["original_code"] is None
    assert "dentist" not in response.text

    refused = teacher.put(PATH, json={"marks": [mark(office, "Leo", "I")]})
    assert problem(refused)["faults"][0]["code"] == "not-yours"
    assert teacher.put(PATH, json={"marks": [mark(office, "Leo", "N")]}).json()["new"] == 1


def test_pages_of_marks_hold_each_once(office):
    client = office.client()
    client.put(PATH, json={"marks": [mark(office, child) for child in ("Maya", "Leo", "Noor")]})
    client.put(PATH, json={"marks": [mark(office, child, "\\", session="PM") for child in ("Maya", "Leo", "Noor")]})
    seen, after = [], None
    while True:
        page = client.get(PATH, params={"limit": 2, **({"after": after} if after else {})}).json()
        seen += [(item["session"], item["pupil"]["id"]) for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen)
    assert len(client.get(PATH, params={"session": "PM"}).json()["items"]) == 3
    assert len(client.get(PATH, params={"class_name": "3B"}).json()["items"]) == 4
    assert len(client.get(PATH, params={"pupil": office.ours.ids["Leo"]}).json()["items"]) == 2


def test_sheets_put_in_at_once_leave_one_mark_each_and_keep_every_change(office):
    clients = [office.client() for _ in range(8)]
    codes = ["/", "N", "L", "I"] * 2

    def put(number: int) -> Any:
        marks = [mark(office, child, codes[number], reason=f"sheet {number}") for child in ("Noor", "Maya", "Leo")]
        response = clients[number].put(PATH, json={"marks": marks[:: 1 if number % 2 else -1]})
        assert response.status_code == 200, response.text
        return response.json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(put, range(8)))
    assert sum(answer["new"] for answer in answers) == 3
    items = office.client().get(PATH).json()["items"]
    assert len(items) == 3
    assert sum(len(item["amendments"]) for item in items) == sum(answer["amended"] for answer in answers)
    for item in items:
        chain = [kept["original_code"] for kept in item["amendments"]] + [item["code"]]
        assert [kept["new_code"] for kept in item["amendments"]] == chain[1:], "each change begins where one ended"
        assert item["version"] == len(item["amendments"]) + 1
