"""Care rules 26, 27 and 28 through the API: lists that are pasted, who sees what and for how long, and the sheet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.clock import Round
from bot.jobs import JOBS
from school.records.attendance import RegisterMark
from school.records.people import Pupil
from school.records.sheets import ContinuitySheet
from school.rules.calendar import weekdays_only
from school.rules.codes import CODES
from tests.api.made_up import NOW, TODAY, Office, absence, add, problem, worry

LISTS, SHEET, FIGURES = "/api/v1/absentees", "/api/v1/continuity-sheet", "/api/v1/reports/governors"
THIS_MORNING = {"date": TODAY.isoformat(), "session": "AM"}


def child(office: Office, known_as: str, surname: str, class_name: str, **more: Any) -> str:
    """One more child on roll; the id."""
    with office.database.write() as session:
        facts: dict[str, Any] = {
            "external_id": f"X{known_as}{surname}{class_name}",
            "first_name": known_as,
            "year": "3",
        }
        row = add(
            session, office.ours, f"{known_as} {class_name}", Pupil,
            known_as=known_as, surname=surname, class_name=class_name, **facts | more,
        )  # fmt: skip
        return str(row.id)


# Rule 26 --------------------------------------------------------------------------------------


def test_rule_26_one_key_confirms_i_m_and_l_only(office):
    client, confirmed = office.client(), set()
    for number, code in enumerate(sorted(CODES)):
        with office.database.write() as session:
            row = absence(session, office.ours, "Leo", day=TODAY + timedelta(days=number))
            row.proposed_code = code
        path = f"/api/v1/absences/{row.id}"
        answer = client.patch(path, json={"confirm": True}, headers={"If-Match": '"1"'})
        if answer.status_code == 200:
            assert answer.json()["code"] == code
            confirmed.add(code)
        else:
            assert problem(answer)["faults"][0]["code"] == "choose-a-code"
            assert client.get(path).json()["code"] is None
    assert confirmed == {"I", "M", "L"}


def test_rule_26_absentees_are_pasted_as_they_come_and_codes_are_copied_back_in_their_order(office):
    child(office, "Zoë", "O’Brien", "4A")
    sam_3b, sam_4a = child(office, "Sam", "Lee", "3B"), child(office, "Sam", "Lee", "4A")
    client = office.client()
    maya = client.get("/api/v1/absences", params={"date": TODAY.isoformat()}).json()["items"][0]
    client.patch(f"/api/v1/absences/{maya['id']}", json={"confirm": True}, headers={"If-Match": '"1"'})
    rows = ("Name\tReg\tCode", "HADDAD, Noor\t3B\t", "Okafor Maya;3B;N", "", "zoe obrien", "Lee, Sam  4A  -", "Sam Lee")
    pasted = "\r\n".join((*rows, "No One"))
    read = client.post(f"{LISTS}/reading", json={"text": pasted, **THIS_MORNING}).json()
    assert read["codes"].split("\n") == ["", "", "I", "", "", "", "", ""]
    found = [(line["pupil"] or {}).get("id") for line in read["lines"]]
    ids = office.ours.ids
    assert found == [None, ids["Noor"], ids["Maya"], None, ids["Zoë 4A"], sam_4a, None, None]
    assert [line["why"] for line in read["lines"]] == ["nobody", None, None, "nobody", None, None, "several", "nobody"]
    assert set(read["lines"][6]["several"]) == {sam_3b, sam_4a}
    assert "No One" not in str(read), "what was pasted is not given back"


def test_rule_26_a_pasted_list_marks_absent_who_has_no_mark_and_names_each_line_that_is_nobodys(office):
    client, ids = office.client(), office.ours.ids
    leo = {"pupil": ids["Leo"], "code": "/", **THIS_MORNING}
    assert client.put("/api/v1/register-marks", json={"marks": [leo]}).status_code == 200
    body = {"text": "Maya Okafor\nLeo Okafor\nSomebody Else", "others_present_in": ["3B"], **THIS_MORNING}
    refused = problem(client.post(LISTS, json=body))
    assert [(fault["where"], fault["code"]) for fault in refused["faults"]] == [("/text/3", "nobody-found")]
    assert client.post(LISTS, json=body | {"leave_out_unknown": True}).json() == {
        "new": 2,
        "amended": 0,
        "unchanged": 0,
    }
    marks = client.get("/api/v1/register-marks", params={"from": TODAY.isoformat()}).json()["items"]
    assert {mark["pupil"]["known_as"]: mark["code"] for mark in marks} == {"Maya": "N", "Leo": "/", "Noor": "/"}


def test_rule_26_who_sees_no_reasons_gets_no_codes(office):
    teacher = office.client("teacher")
    assert teacher.post(f"{LISTS}/reading", json={"text": "Maya Okafor", **THIS_MORNING}).status_code == 403


# Rule 27 --------------------------------------------------------------------------------------


def supply_worker(office: Office) -> tuple[str, TestClient]:
    """A supply worker whom the head lets in, with a key."""
    head = office.client("head")
    new = {"name": "Una Supply", "email": "una@example.org", "roles": ["supply"]}
    user = head.post("/api/v1/users", json=new).json()
    key = head.post("/api/v1/tokens", json={"name": "una", "user": user["id"]}).json()["secret"]
    return user["id"], TestClient(office.app, headers={"Authorization": f"Bearer {key}"})


def test_rule_27_a_supply_workers_account_ends_at_half_past_four_the_same_day(office):
    user, una = supply_worker(office)
    ends = datetime(2026, 9, 14, 15, 30, tzinfo=UTC)  # 16:30 in London, on summer time
    (shown,) = [each for each in office.client("head").get("/api/v1/users").json()["items"] if each["id"] == user]
    assert datetime.fromisoformat(shown["ends_at"]) == ends
    office.now = ends - timedelta(seconds=1)
    assert una.get("/api/v1/today").status_code == 200
    office.now = ends
    assert una.get("/api/v1/today").status_code == 401


def test_rule_27_another_day_is_one_click_and_wants_a_new_key(office):
    user, una = supply_worker(office)
    office.now += timedelta(days=1)
    head, path = office.client("head"), f"/api/v1/users/{user}/another-day"
    assert una.get("/api/v1/me").status_code == 401
    assert head.post(path).json()["ends_at"].startswith("2026-09-15T15:30")
    assert una.get("/api/v1/me").status_code == 401, "a key that somebody kept from yesterday opens nothing"
    office.now += timedelta(hours=12)
    assert problem(head.post(path))["code"] == "conflict", "it is later than half past four"
    teacher = f"/api/v1/users/{office.ours.users['teacher']}/another-day"
    assert problem(head.post(teacher))["code"] == "conflict"


def test_rule_27_supply_staff_have_no_other_role(office):
    new = {"name": "Una Supply", "email": "una@example.org", "roles": ["supply", "office"]}
    assert problem(office.client("head").post("/api/v1/users", json=new))["code"] == "conflict"


@pytest.mark.parametrize("role", ["teacher", "supply"])
def test_rule_27_teachers_and_supply_staff_see_no_reasons(office, role):
    client = office.client(role)
    for path in (
        "/api/v1/today",
        f"/api/v1/absences?date={TODAY}",
        f"/api/v1/absences/{office.ours.ids['absence of Maya']}",
    ):
        said = client.get(path)
        assert said.status_code == 200
        for reason in ("vomiting", "sickness", "poorly", "gate", '"I"'):
            assert reason not in said.text, f"{path} says {reason}"
    for path in (
        "/api/v1/contacts",
        "/api/v1/threads",
        "/api/v1/staff-items",
        "/api/v1/safeguarding-items",
        SHEET,
        FIGURES,
    ):
        assert client.get(path).status_code == 403


def fill_register(office: Office, classes: dict[str, list[int]]) -> None:
    """Year groups of children, each with so many of its sessions missed of the 40 since the year began."""
    days = weekdays_only().school_days(date(2026, 9, 7), date(2026, 10, 2))
    with office.database.write() as session:
        for year, missed in classes.items():
            for number, absent in enumerate(missed):
                pupil: Pupil = add(
                    session, office.ours, f"{year}-{number}", Pupil, external_id=f"{year}-{number}",
                    first_name="A", known_as="A", surname=f"S{number}", year=year, class_name=year,
                )  # fmt: skip
                session.flush()
                sessions = [(day, half) for day in days for half in ("AM", "PM")]
                for place, (day, half) in enumerate(sessions):
                    code = "O" if place < absent else ("/" if half == "AM" else "\\")
                    session.add(
                        RegisterMark(
                            school_id=office.ours.id, pupil_id=pupil.id, day=day, session=half, code=code,
                            taken_at=NOW, taken_by="system",
                        )
                    )  # fmt: skip
    office.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def test_rule_27_governors_see_figures_without_names_and_no_small_number(office):
    # Years 1 and 2 have enough of each; three children of year 4 are persistent, and year 5 is three children.
    fill_register(office, {"1": [0] * 8 + [6] * 6, "2": [0] * 9 + [8] * 7, "4": [0] * 9 + [4] * 3, "5": [0, 0, 20]})
    governor = office.client("governor")
    report = governor.get(FIGURES).json()
    rows = {row["year"]: row for row in report["groups"]}
    assert (report["first"], report["last"], report["smallest_group"]) == ("2026-09-01", "2026-10-02", 5)
    assert rows[None]["pupils"] == 45
    assert rows[None]["persistent"] == 17
    assert rows["5"] == {"year": "5", "pupils": None, "absence_percent": None, "persistent": None, "severe": None}
    hidden = {year for year, row in rows.items() if row["persistent"] is None}
    assert {"4", "5"} < hidden, "three and one are four: the sum would say so, so that one more is hidden"
    assert rows["2"]["persistent"] == 7
    assert rows[None]["severe"] is None, "one child"
    assert not {name for name in ("Maya", "Leo", "Noor", "S1") if name in str(report)}


def test_rule_27_a_hidden_cell_cannot_be_worked_out_from_its_totals(office):
    fill_register(office, {"1": [0] * 10, "2": [0] * 10, "3": [0] * 10, "6": [0] * 2})
    rows = {row["year"]: row for row in office.client("governor").get(FIGURES).json()["groups"]}
    left = rows[None]["pupils"] - sum(row["pupils"] or 0 for year, row in rows.items() if year is not None)
    unknown = [year for year, row in rows.items() if year is not None and row["pupils"] is None]
    assert len(unknown) > 1, "one alone would be what is left of the total"
    assert left >= 5


def test_rule_27_a_school_that_is_small_as_a_whole_shows_nothing(office):
    fill_register(office, {"1": [0, 5], "2": [20]})
    assert office.client("governor").get(FIGURES).json()["groups"] == []
    assert office.client("office").get(FIGURES).status_code == 403


# Rule 28 --------------------------------------------------------------------------------------


def at_half_past_nine(office: Office) -> None:
    """Lets the clock reach half past nine, and what is due of the sheet run."""
    office.now = datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
    jobs = [job for job in JOBS if job.name == "sheet"]
    assert Round(office.database, jobs, now=lambda: office.now).run_due() >= 1


def open_register(office: Office) -> None:
    """Maya is reported, Leo is marked N without a word from home, Noor is marked present."""
    marks = [
        {"pupil": office.ours.ids[name], "code": code, **THIS_MORNING}
        for name, code in (("Maya", "N"), ("Leo", "N"), ("Noor", "/"))
    ]
    assert office.client().put("/api/v1/register-marks", json={"marks": marks}).status_code == 200


def test_rule_28_the_sheet_is_written_at_half_past_nine_and_stays_as_it_was(office):
    open_register(office)
    client = office.client()
    assert client.get(SHEET).status_code == 404, "not yet"
    at_half_past_nine(office)
    page = client.get(SHEET)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert "written at 09:30" in page.text
    assert '<th scope="row">Leo Okafor</th>' in page.text
    assert "Ada Okafor +447700900111" in page.text
    office.now += timedelta(hours=2)
    with office.database.write() as session:
        absence(session, office.ours, "Leo")
    assert client.get(SHEET).text == page.text
    assert "written at 11:30" in client.get(SHEET, params={"fresh": "true"}).text


def test_rule_28_the_sheet_says_who_is_away_and_never_why_nor_a_number_of_a_family_that_is_held(office):
    open_register(office)
    worry(office)
    with office.database.write() as session:
        noor = session.get_one(RegisterMark, (office.ours.id, office.ours.ids["Noor"], TODAY, "AM"))
        noor.code = "N"
    at_half_past_nine(office)
    page = office.client().get(SHEET).text
    assert "Maya Okafor" in page
    for never in ("vomiting", "sickness", "poorly", "+447700900222", "Sami"):
        assert never not in page
    assert "Being dealt with: do not contact home" in page


def test_rule_28_only_the_office_and_those_above_print_it(office):
    at_half_past_nine(office)
    allowed = {"office", "pastoral", "safeguarding_lead", "deputy", "head"}
    for role in office.ours.users:
        assert office.client(role).get(SHEET).status_code == (200 if role in allowed else 403)
    assert office.client("office", school=office.theirs).get(SHEET).text != office.client().get(SHEET).text


def test_rule_28_there_is_none_on_a_day_without_school(office):
    office.now = datetime(2026, 9, 19, 8, 30, tzinfo=UTC)
    jobs = [job for job in JOBS if job.name == "sheet"]
    Round(office.database, jobs, now=lambda: office.now).run_due()
    assert office.client().get(SHEET).status_code == 404
    with office.database.read() as session:
        assert session.query(ContinuitySheet).count() == 0
