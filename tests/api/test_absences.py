"""Absences over HTTP: looked through, written down for a parent, confirmed, amended, withdrawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from school.rules.codes import CODES
from tests.api.made_up import NOW, TODAY, Office, absence, problem

PATH = "/api/v1/absences"
PROMISED = {
    "id", "pupil", "date", "session", "kind", "reason_category", "proposed_code", "code", "status", "accounted_for",
    "explained", "minutes_late", "expected_at", "statements", "note", "version",
}  # fmt: skip


def maya(office: Office) -> str:
    return f"{PATH}/{office.ours.ids['absence of Maya']}"


def report(office: Office, **more: Any) -> dict[str, Any]:
    said = {"pupil": office.ours.ids["Leo"], "date": "2026-09-14", "kind": "sickness", "reason_category": "cold"}
    return {**said, "contact": office.ours.ids["Ada Okafor"], **more}


# Looking ----------------------------------------------------------------------------------------


def test_an_absence_has_the_promised_shape_with_the_words_behind_it(office):
    (item,) = office.client().get(PATH, params={"date": "2026-09-14"}).json()["items"]
    assert set(item) >= PROMISED
    assert (item["pupil"], item["pupil_name"]) == (office.ours.ids["Maya"], "Maya Okafor")
    assert (item["kind"], item["proposed_code"], item["code"], item["status"]) == ("sickness", "I", None, "reported")
    (said,) = item["statements"]
    assert set(said) >= {"contact", "message", "at", "words_span", "rule"}
    assert (said["words"], said["words_span"], said["rule"]) == ("poorly", [5, 11], "en.sickness.poorly")
    assert said["contact"] == office.ours.ids["Ada Okafor"]


def test_the_list_is_narrowed_by_day_status_session_kind_and_pupil(office):
    with office.database.write() as session:
        absence(session, office.ours, "Leo", day=TODAY + timedelta(days=1), kind="lateness")
        absence(session, office.ours, "Noor", half="PM", kind="appointment", status="confirmed", code="M")

    def seen(**narrowed: Any) -> set[str]:
        items = office.client().get(PATH, params=narrowed).json()["items"]
        return {item["pupil_name"].split()[0] for item in items}

    assert seen() == {"Maya", "Leo", "Noor"}
    assert seen(date="2026-09-14") == {"Maya", "Noor"}
    assert seen(**{"from": "2026-09-15"}) == {"Leo"}
    assert seen(to="2026-09-14") == {"Maya", "Noor"}
    assert seen(status="confirmed") == {"Noor"}
    assert seen(session="AM") == {"Maya", "Leo"}
    assert seen(kind="lateness") == {"Leo"}
    assert seen(pupil=office.ours.ids["Leo"]) == {"Leo"}


def test_a_parents_reference_finds_the_report(office):
    (item,) = office.client().get(PATH, params={"date": "2026-09-14"}).json()["items"]
    (said,) = item["statements"]
    assert said["reference"] == said["message"][-4:]
    for typed in (said["reference"], said["reference"].lower()):
        (found,) = office.client().get(PATH, params={"reference": typed}).json()["items"]
        assert found["id"] == item["id"]
    assert office.client().get(PATH, params={"reference": "0000"}).json()["items"] == []
    assert problem(office.client().get(PATH, params={"reference": "%%%%"}))["code"] == "invalid"
    assert problem(office.client().get(PATH, params={"reference": "IOUL"}))["code"] == "invalid"
    both = office.client().get(PATH, params={"date": "2026-09-14", "from": "2026-09-14"})
    assert problem(both)["faults"][0]["where"] == "date"


def test_pages_of_absences_hold_each_once(office):
    client = office.client()
    assert client.post(PATH, json=report(office, last="2026-09-18")).status_code == 201
    seen: list[str] = []
    after = None
    while True:
        page = client.get(PATH, params={"limit": 3, **({"after": after} if after else {})}).json()
        seen += [item["id"] for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 11


def test_a_teacher_sees_that_a_child_is_away_and_nothing_of_why(office):
    client, teacher = office.client(), office.client("teacher")
    client.patch(maya(office), json={"code": "I", "note": "sick bucket"}, headers={"If-Match": "*"})
    for path in (PATH, maya(office)):
        response = teacher.get(path)
        item = response.json() if path != PATH else response.json()["items"][0]
        assert (item["kind"], item["status"]) == ("absence", "confirmed")
        assert item["reason_category"] is item["proposed_code"] is item["code"] is item["explained"] is None
        assert (item["statements"], item["note"], item["proposed_why"]) == ([], "", "")
        for trace in ("poorly", "vomiting", "sickness", "bucket", "illness"):
            assert trace not in response.text
    assert "vomiting" not in teacher.get("/api/v1/today").text


# Writing down -----------------------------------------------------------------------------------


def test_a_parent_who_rang_is_written_down_for_each_session_of_the_days(office):
    response = office.client().post(PATH, json=report(office, last="2026-09-15", note="rang at nine"))
    assert response.status_code == 201
    items = response.json()["items"]
    assert [(item["date"], item["session"]) for item in items] == [
        ("2026-09-14", "AM"),
        ("2026-09-14", "PM"),
        ("2026-09-15", "AM"),
        ("2026-09-15", "PM"),
    ]
    assert {item["proposed_code"] for item in items} == {"I"}
    assert {item["note"] for item in items} == {"rang at nine"}
    said = items[0]["statements"][0]
    assert (said["user"], said["contact"]) == (office.ours.users["office"], office.ours.ids["Ada Okafor"])
    again = office.client().post(PATH, json=report(office, last="2026-09-15", note="rang at nine")).json()["items"]
    assert [(item["id"], item["version"]) for item in again] == [(item["id"], item["version"]) for item in items]


def test_lateness_is_the_mornings_and_an_appointment_the_sessions_that_it_touches(office):
    client = office.client()
    (late,) = client.post(PATH, json=report(office, kind="lateness", reason_category=None, minutes_late=20)).json()[
        "items"
    ]
    assert (late["session"], late["expected_at"], late["proposed_code"]) == ("AM", "2026-09-14T08:05:00Z", "L")
    more = {"pupil": office.ours.ids["Noor"], "contact": office.ours.ids["Sami Haddad"], "reason_category": None}
    said = report(office, kind="appointment", leaves_at="12:30", **more)
    (appointment,) = client.post(PATH, json=said).json()["items"]
    assert (appointment["session"], appointment["leaves_at"]) == ("PM", "12:30:00")


@pytest.mark.parametrize(
    ("more", "status", "where"),
    [
        ({"date": "2026-09-13"}, 422, "/date"),
        ({"date": "2026-08-31"}, 422, "/date"),
        ({"last": "2026-09-11"}, 422, "/"),
        ({"last": "2027-09-11"}, 422, "/"),
        ({"kind": "lateness", "last": "2026-09-15"}, 422, "/"),
        ({"kind": "holiday"}, 422, "/kind"),
        ({"reason_category": "Not A Code"}, 422, "/reason_category"),
        ({"leaves_at": "10:00Z"}, 422, "/leaves_at"),
        ({"expected_at": "2026-09-14T09:00:00"}, 422, "/expected_at"),
        ({"minutes_late": -1}, 422, "/minutes_late"),
        ({"minutes_late": 10**30}, 422, "/minutes_late"),
        ({"note": "a" * 501}, 422, "/note"),
        ({"note": "\x00"}, 422, "/note"),
        ({"mystery": 1}, 422, "/mystery"),
        ({"pupil": "0" * 26}, 404, None),
        ({"contact": "0" * 26}, 404, None),
    ],
)
def test_a_report_with_a_fault_files_nothing(office, more, status, where):
    client = office.client()
    response = client.post(PATH, json=report(office, **more))
    assert response.status_code == status
    faults = problem(response).get("faults", [{"where": None}])
    assert where in {fault["where"] for fault in faults}
    assert len(client.get(PATH).json()["items"]) == 1


def test_a_contact_of_another_child_cannot_have_rung_about_this_one(office):
    assert office.client().post(PATH, json=report(office, contact=office.ours.ids["Sami Haddad"])).status_code == 404
    assert len(office.client().get(PATH).json()["items"]) == 1


# Settling ---------------------------------------------------------------------------------------


def test_confirming_keeps_who_and_when_and_moves_the_etag(office):
    client = office.client()
    tag = client.get(maya(office)).headers["etag"]
    response = client.patch(maya(office), json={"code": "I"}, headers={"If-Match": tag})
    said = response.json()
    assert (said["status"], said["code"]) == ("confirmed", "I")
    assert (said["confirmed_by"], said["confirmed_at"]) == (office.ours.users["office"], "2026-09-14T08:25:00Z")
    assert response.headers["etag"] != tag
    assert client.get(maya(office)).headers["etag"] == response.headers["etag"]


@pytest.mark.parametrize(
    ("code", "fault"), [("H", "retired-code"), ("Y", "retired-code"), ("ZZ", "unknown-mark"), ("\\", "wrong-session")]
)
def test_only_codes_that_may_be_written_confirm(office, code, fault):
    response = office.client().patch(maya(office), json={"code": code}, headers={"If-Match": "*"})
    assert response.status_code == 422
    assert [(each["where"], each["code"]) for each in problem(response)["faults"]] == [("/code", fault)]
    assert office.client().get(maya(office)).json()["status"] == "reported"


def test_every_code_that_may_be_written_in_a_morning_confirms(office):
    for mark, code in CODES.items():
        if not code.is_retired and mark != "\\":
            body = {"code": mark, "note": "one after the other"}
            response = office.client().patch(maya(office), json=body, headers={"If-Match": "*"})
            assert (response.status_code, response.json()["code"]) == (200, mark)


def test_one_key_confirms_what_is_proposed_where_that_is_i_m_or_l_and_nothing_else(office):
    client = office.client()
    confirmed = client.patch(maya(office), json={"confirm": True}, headers={"If-Match": "*"}).json()
    assert (confirmed["status"], confirmed["code"]) == ("confirmed", "I")
    said = report(office, kind="absence_other", reason_category="unspecified")
    item = client.post(PATH, json=said).json()["items"][0]
    assert item["proposed_code"] == "N"
    refused = client.patch(f"{PATH}/{item['id']}", json={"confirm": True}, headers={"If-Match": "*"})
    assert problem(refused)["faults"][0]["code"] == "choose-a-code"


def test_another_code_after_the_confirmation_needs_a_note(office):
    client = office.client()
    client.patch(maya(office), json={"code": "I"}, headers={"If-Match": "*"})
    refused = client.patch(maya(office), json={"code": "M"}, headers={"If-Match": "*"})
    assert [(each["where"], each["code"]) for each in problem(refused)["faults"]] == [("/note", "reason-needed")]
    body = {"code": "M", "note": "it was the dentist"}
    said = client.patch(maya(office), json=body, headers={"If-Match": "*"}).json()
    assert (said["code"], said["note"], said["status"]) == ("M", "it was the dentist", "confirmed")


def test_staff_put_right_what_it_says_and_the_proposal_follows(office):
    client = office.client()
    body = {"kind": "lateness", "reason_category": None, "minutes_late": 15, "expected_at": "2026-09-14T09:00:00+01:00"}
    said = client.patch(maya(office), json=body, headers={"If-Match": "*"}).json()
    assert (said["kind"], said["minutes_late"], said["proposed_code"]) == ("lateness", 15, "L")
    assert said["statements"][-1]["user"] == office.ours.users["office"]
    note = client.patch(maya(office), json={"note": None}, headers={"If-Match": "*"}).json()
    assert (note["note"], note["kind"]) == ("", "lateness")


@pytest.mark.parametrize(
    "body",
    [
        {"kind": None},
        {"code": "I", "confirm": True},
        {"confirm": False},
        {"code": ""},
        {"code": "III"},
        {"status": "confirmed"},
        {"version": 3},
        [],
        "I",
        None,
    ],
)
def test_a_change_that_is_none_is_refused(office, body):
    before = office.client().get(maya(office)).json()
    response = office.client().patch(maya(office), json=body, headers={"If-Match": "*"})
    assert response.status_code == 422
    problem(response)
    assert office.client().get(maya(office)).json() == before


@pytest.mark.parametrize(
    ("header", "status"), [(None, 428), ('"99"', 412), ("1", 412), ('W/"1"', 412), ("", 412), ('"0", "99"', 412)]
)
def test_a_change_names_the_version_that_it_changes(office, header, status):
    headers = {} if header is None else {"If-Match": header}
    response = office.client().patch(maya(office), json={"code": "I"}, headers=headers)
    assert response.status_code == status
    problem(response)
    assert office.client().get(maya(office)).json()["status"] == "reported"


def test_of_two_officers_who_settle_at_once_one_is_told_to_look_again(office):
    tag = office.client().get(maya(office)).headers["etag"]
    clients = [office.client(role) for role in ("office", "head") * 4]

    def settle(number: int) -> Any:
        body = {"code": "IM"[number % 2], "note": f"officer {number}"}
        return clients[number].patch(maya(office), json=body, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(settle, range(8)))
    assert answers == [200] + [412] * 7


def test_staff_withdraw_an_absence_and_a_stale_look_does_not(office):
    client = office.client()
    stale = client.post(f"{maya(office)}/withdrawal", headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    said = client.post(f"{maya(office)}/withdrawal").json()
    assert (said["status"], said["accounted_for"]) == ("withdrawn", False)
    assert said["statements"][0]["withdrawn_at"] is not None
    assert client.post(f"{maya(office)}/withdrawal").json()["version"] == said["version"]
    settled = client.patch(maya(office), json={"code": "I"}, headers={"If-Match": "*"})
    assert problem(settled)["code"] == "conflict"


def test_each_change_has_its_row_in_the_feed_and_a_refused_one_has_none(office):
    client = office.client()

    def verbs() -> list[str]:
        return [row["verb"] for row in client.get("/api/v1/changes", params={"limit": 200}).json()["items"]]

    before = verbs()
    client.patch(maya(office), json={"code": "H"}, headers={"If-Match": "*"})
    client.patch(maya(office), json={"code": "I"}, headers={"If-Match": '"99"'})
    client.post(PATH, json=report(office, date="2026-09-13"))
    assert verbs() == before
    client.patch(maya(office), json={"code": "I"}, headers={"If-Match": "*"})
    client.post(f"{maya(office)}/withdrawal")
    client.post(PATH, json=report(office, session="AM"))
    assert verbs()[len(before) :] == ["confirm_absence", "withdraw_absence", "state_absence"]


def test_a_machine_writes_under_its_own_name_and_without_reasons_is_told_none(office):
    from school.access import make_token

    with office.database.write() as session:
        scopes = ["absences:write", "absences:read"]
        token, secret = make_token(session, office.ours.id, name="mis", actor="system", scopes=scopes, now=NOW)
    headers = {"Authorization": f"Bearer {secret}"}
    filed = office.client(None).post(PATH, json=report(office, session="AM"), headers=headers).json()["items"]
    assert [(item["kind"], item["statements"]) for item in filed] == [("absence", [])]
    seen = office.client().get(f"{PATH}/{filed[0]['id']}").json()
    assert (seen["kind"], seen["statements"][0]["user"]) == ("sickness", token.id)
    assert office.client().get("/api/v1/changes?limit=200").json()["items"][-1]["actor"] == f"token:{token.id}"
    path, matched = maya(office), {**headers, "If-Match": "*"}
    said = office.client(None).patch(path, json={"code": "I"}, headers=matched).json()
    assert (said["status"], said["code"]) == ("confirmed", None), "and without reasons:read it is not told any"
    assert date.fromisoformat(said["date"]) == TODAY
