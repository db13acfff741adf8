"""The board: each part of it, and each role's share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from school.staff_items import StaffNote, raise_items
from tests.api.made_up import NOW, Office, absence, message, problem, worry

PATH = "/api/v1/today"


def fill(office: Office) -> None:
    """Leo is expected at 09:30 in London, Noor has the dentist, Ada asks for a person."""
    with office.database.write() as session:
        expected = datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
        absence(session, office.ours, "Leo", kind="lateness", expected_at=expected, minutes_late=45)
        absence(session, office.ours, "Noor", kind="appointment")
        asked = message(session, office.ours, "thread of Ada Okafor", "please ring me", at=NOW)
        note = StaffNote(school_id=office.ours.id, why="human", message_id=asked.id, urgent=True)
        old = StaffNote(school_id=office.ours.id, why="unheard")
        raise_items(session, [old, note], now=NOW)


def test_the_board_has_each_in_its_place(office):
    fill(office)
    seen = office.client().get(PATH).json()
    assert (seen["date"], seen["is_school_day"]) == ("2026-09-14", True)
    assert [each["pupil"]["known_as"] for each in seen["reported"]] == ["Maya"]
    assert [each["pupil"]["known_as"] for each in seen["late"]] == ["Leo"]
    assert [each["pupil"]["known_as"] for each in seen["appointments"]] == ["Noor"]
    assert [each["words"] for each in seen["unknown_senders"]] == ["is this the school?"]
    assert [(each["why"], each["words"]) for each in seen["waiting"]] == [
        ("human", "please ring me"),
        ("unheard", None),
    ]
    assert seen["counts"] == {
        "unaccounted": 0,
        "unmarked": 0,
        "no_reason_yet": 0,
        "reported": 1,
        "late": 1,
        "overdue": 0,
        "appointments": 1,
        "unknown_senders": 1,
        "waiting": 2,
        "held": 0,
    }


def test_a_child_ten_minutes_past_the_stated_time_is_overdue_until_a_mark_says_that_they_came(office):
    fill(office)
    client = office.client()

    def leo() -> tuple[bool, bool]:
        (due,) = client.get(PATH).json()["late"]
        return due["overdue"], due["arrived"]

    office.now = datetime(2026, 9, 14, 8, 39, 59, tzinfo=UTC)
    assert leo() == (False, False)
    office.now = datetime(2026, 9, 14, 8, 40, tzinfo=UTC)
    assert leo() == (True, False)
    mark = {"pupil": office.ours.ids["Leo"], "date": "2026-09-14", "session": "AM", "code": "N"}
    client.put("/api/v1/register-marks", json={"marks": [mark]})
    assert leo() == (True, False), "a mark that says 'not here' is no arrival"
    client.put("/api/v1/register-marks", json={"marks": [{**mark, "code": "U", "reason": "came at ten"}]})
    assert leo() == (False, True)


def test_the_board_of_another_day_is_of_that_day(office):
    fill(office)
    seen = office.client().get(PATH, params={"date": "2026-09-13"}).json()
    assert (seen["is_school_day"], seen["reported"], seen["late"]) == (False, [], [])
    assert len(seen["waiting"]) == 2, "what waits for a person waits whatever the day"


def test_after_midnight_in_london_it_is_the_next_day(office):
    office.now = datetime(2026, 9, 14, 23, 30, tzinfo=UTC)
    assert office.client().get(PATH).json()["date"] == "2026-09-15"


def test_a_withdrawn_absence_leaves_the_board(office):
    office.client().post(f"/api/v1/absences/{office.ours.ids['absence of Maya']}/withdrawal")
    assert office.client().get(PATH).json()["counts"]["reported"] == 0


def test_a_teacher_sees_who_is_away_and_due_and_no_reason_no_item_and_no_appointment(office):
    fill(office)
    response = office.client("teacher").get(PATH)
    seen = response.json()
    assert {each["pupil"]["known_as"] for each in seen["reported"]} == {"Maya", "Noor"}
    assert [each["pupil"]["known_as"] for each in seen["late"]] == ["Leo"]
    assert seen["appointments"] == seen["unknown_senders"] == seen["waiting"] == []
    assert seen["counts"]["waiting"] == seen["counts"]["appointments"] == 0
    for trace in ("vomiting", "sickness", '"I"', "ring me", "is this the school"):
        assert trace not in response.text


def test_a_held_family_is_on_the_board_and_counted(office):
    worry(office)
    seen = office.client().get(PATH).json()
    assert [each["says"] for each in seen["do_not_contact"]] == ["Being dealt with: do not contact home"]
    assert seen["counts"]["held"] == 1
    assert seen["counts"]["waiting"] == 0


def test_an_item_is_closed_once_and_keeps_who_did(office):
    client, path = office.client(), f"/api/v1/staff-items/{office.ours.ids['item']}/closing"
    closed = client.post(path).json()
    assert closed["closed_by"] == f"user:{office.ours.users['office']}"
    office.now = NOW + timedelta(hours=1)
    assert office.client("head").post(path).json() == closed
    assert client.get("/api/v1/staff-items", params={"open": True}).json()["items"] == []
    assert closed in client.get("/api/v1/staff-items", params={"open": False}).json()["items"]
    assert client.get(PATH).json()["unknown_senders"] == []


def test_a_day_that_is_none_is_refused(office):
    for day in ("2026-02-30", "1066-10-14", "x", ""):
        assert problem(office.client().get(PATH, params={"date": day}))["code"] == "invalid"
