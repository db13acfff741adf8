"""Care rule 9: a copy of what is kept needs a named person's sign-off, and tells of no worry and no other adult."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from school.access import make_token
from school.records.attendance import Statement
from school.records.people import Address, Right
from tests.api.made_up import NOW, WORRYING, MadeUpSchool, Office, add, message, problem, worry

PATH = "/api/v1/subject-access"


def ask(office: Office, contact: str = "Sami Haddad", *children: str, school: MadeUpSchool | None = None) -> str:
    """The office writes a request down; its id."""
    ids = (school or office.ours).ids
    new = {"contact": ids[contact], "pupils": [ids[name] for name in children]}
    answer = office.client("office", school=school).post(PATH, json=new)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_rule_9_nothing_is_handed_out_before_another_person_by_name_has_signed_it_off(office):
    request = ask(office)
    clerk, head = office.client(), office.client("head")
    assert problem(clerk.post(f"{PATH}/{request}/copy"))["code"] == "conflict"
    assert clerk.post(f"{PATH}/{request}/sign-off").status_code == 403
    with office.database.write() as session:
        _, secret = make_token(session, office.ours.id, name="mis", actor="system", scopes=["copies:sign"], now=NOW)
    machine = {"Authorization": f"Bearer {secret}"}
    signing = office.client(None).post(f"{PATH}/{request}/sign-off", headers=machine)
    assert problem(signing)["code"] == "conflict", "a machine is no named person"
    assert head.post(f"{PATH}/{request}/draft").json()["name"] == "Sami Haddad"
    assert head.post(f"{PATH}/{request}/sign-off").json()["signed_by"] == office.ours.users["head"]
    assert clerk.post(f"{PATH}/{request}/copy").json()["addresses"] == ["+447700900222"]
    verbs = [row["verb"] for row in head.get("/api/v1/changes", params={"limit": 200}).json()["items"]]
    steps = [verb for verb in verbs if verb.endswith("_copy")]
    assert steps == ["ask_for_copy", "look_at_copy", "sign_off_copy", "hand_out_copy"]


def test_rule_9_who_wrote_the_request_down_does_not_sign_it_off(office):
    head = office.client("head")
    request = head.post(PATH, json={"contact": office.ours.ids["Sami Haddad"]}).json()["id"]
    assert problem(head.post(f"{PATH}/{request}/sign-off"))["code"] == "conflict"


def test_rule_9_the_copy_leaves_out_the_queue_and_other_adults_words(office):
    ids = office.ours.ids
    with office.database.write() as session:
        message(session, office.ours, "thread of Sami Haddad", "Noor has the dentist", at=NOW)
        # Both are on Maya's record; she was reported by her mother.
        right = Right(school_id=office.ours.id, contact_id=ids["Sami Haddad"], pupil_id=ids["Maya"], may_be_told=True)
        right.may_see_reasons = True
        session.add(right)
    mark = {"pupil": ids["Maya"], "date": "2026-09-14", "session": "AM", "code": "N"}
    office.client().put("/api/v1/register-marks", json={"marks": [mark]})
    worry(office)
    request = ask(office, "Sami Haddad", "Noor", "Maya")
    office.client("head").post(f"{PATH}/{request}/sign-off")
    copy = office.client().post(f"{PATH}/{request}/copy").json()
    assert [each["words"] for each in copy["texts"]] == ["Noor has the dentist"]
    assert {each["known_as"] for each in copy["children"]} == {"Maya", "Noor"}
    assert copy["statements"] == []
    assert [each["code"] for each in copy["marks"]] == ["N"]
    for never in (WORRYING, "frightened", "violence", "Ada", "+447700900111", "been sick", "gate", "vomiting"):
        assert never not in str(copy)
    with office.database.read() as session:
        assert session.scalars(select(Statement)).first() is not None, "there was something to leave out"


def test_rule_9_a_child_of_whom_they_may_not_be_told_is_not_in_it_whenever_that_came(office):
    ids = office.ours.ids
    assert office.client().post(PATH, json={"contact": ids["Sami Haddad"], "pupils": [ids["Maya"]]}).status_code == 404
    request = ask(office, "Sami Haddad", "Noor")
    office.client("head").post(f"{PATH}/{request}/sign-off")
    with office.database.write() as session:
        session.get_one(Right, (office.ours.id, ids["Sami Haddad"], ids["Noor"])).no_contact = True
    assert office.client().post(f"{PATH}/{request}/copy").json()["children"] == []


def test_rule_9_texts_of_a_phone_that_two_adults_share_are_left_out(office):
    ids = office.ours.ids
    with office.database.write() as session:
        message(session, office.ours, "thread of Sami Haddad", "Noor has the dentist", at=NOW)
        add(
            session, office.ours, "shared", Address,
            contact_id=ids["Ada Okafor"], channel="sms", address="+447700900222",
        )  # fmt: skip
    request = ask(office)
    office.client("head").post(f"{PATH}/{request}/sign-off")
    assert office.client().post(f"{PATH}/{request}/copy").json()["texts"] == []


@pytest.mark.parametrize("step", ["draft", "sign-off", "copy"])
def test_another_schools_request_is_not_there(office, step):
    request = ask(office, school=office.theirs)
    assert office.client("head").post(f"{PATH}/{request}/{step}").status_code == 404
