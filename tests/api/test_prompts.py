"""How was school? Names for those who care for children, numbers for heads, topics from teachers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from school.prompt_answers import DayAnswer, tell_days
from school.prompt_pauses import own_pauses
from school.records.base import new_id
from school.records.people import School
from school.records.prompting import Prompt, PromptChild
from school.settings import change_settings
from school.staff_items import StaffNote, raise_items
from tests.api.made_up import NOW, TODAY, MadeUpSchool, Office, message, problem

WEEK = timedelta(weeks=1)


def asked(office: Office, school: MadeUpSchool | None = None, *, mood: str | None = "low") -> str:
    """Ada was asked about Maya and Leo; she said of Maya how it was, in words."""
    school = school or office.ours
    with office.database.write() as session:
        heard = message(session, school, "thread of Ada Okafor", "not great, she cried", at=NOW)
        prompt = Prompt(
            school_id=school.id,
            id=new_id(NOW),
            contact_id=school.ids["Ada Okafor"],
            day=TODAY,
            question=3,
            thread_id=school.ids["thread of Ada Okafor"],
            inbox_id=new_id(NOW),
            at=NOW,
        )
        session.add(prompt)
        session.flush()
        for child in ("Maya", "Leo"):
            session.add(PromptChild(school_id=school.id, pupil_id=school.ids[child], week=TODAY, prompt_id=prompt.id))
        session.flush()
        told = DayAnswer(
            school_id=school.id,
            prompt_id=prompt.id,
            pupil_id=school.ids["Maya"],
            mood=mood,
            contact_id=school.ids["Ada Okafor"],
            message_id=heard.id,
            at=NOW,
        )
        tell_days(session, [told], now=NOW)
        return prompt.id


def test_pastoral_staff_see_who_said_what_and_heads_and_the_office_do_not(office):
    prompt = asked(office)
    for role in ("pastoral", "safeguarding_lead"):
        (shown,) = office.client(role).get("/api/v1/prompts").json()["items"]
        assert (shown["id"], shown["question"], shown["date"]) == (prompt, 3, TODAY.isoformat())
        answers = {each["pupil"]["known_as"]: (each["mood"], each["words"]) for each in shown["children"]}
        assert answers == {"Maya": ("low", "not great, she cried"), "Leo": (None, None)}
    for role in ("office", "teacher", "deputy", "head", "governor", "administrator"):
        assert office.client(role).get("/api/v1/prompts").status_code == 403


def test_answers_are_found_by_child_and_day(office):
    prompt = asked(office)
    client = office.client("pastoral")

    def found(**wanted: object) -> list[str]:
        return [each["id"] for each in client.get("/api/v1/prompts", params=wanted).json()["items"]]

    assert found(pupil=office.ours.ids["Maya"]) == [prompt]
    assert found(pupil=office.ours.ids["Noor"]) == []
    assert found(pupil=office.theirs.ids["Maya"]) == []
    assert found(last=(TODAY - WEEK).isoformat()) == []
    wrong = client.get("/api/v1/prompts", params={"first": TODAY, "last": TODAY - WEEK})
    assert problem(wrong)["faults"][0]["where"] == "first"
    assert client.get("/api/v1/prompts", params={"first": "2020-01-01"}).status_code == 422


def test_words_that_the_lead_alone_may_see_are_not_shown(office):
    asked(office)
    with office.database.write() as session:
        from sqlalchemy import update

        from school.records.messaging import Message

        session.execute(update(Message).values(restricted=True))
    (shown,) = office.client("pastoral").get("/api/v1/prompts").json()["items"]
    assert {each["words"] for each in shown["children"]} == {None}


def test_a_head_sees_numbers_where_enough_answered_and_never_a_name(office):
    asked(office)
    client = office.client("head")
    (hidden,) = client.get("/api/v1/prompts/trends").json()["items"]
    assert {hidden[each] for each in ("asked", "answered", "good", "ok", "low")} == {None}
    with office.database.write() as session:
        school = session.get_one(School, office.ours.id)
        change_settings(session, school, {"prompts_smallest_group": 1}, actor="system", now=NOW)
    answer = client.get("/api/v1/prompts/trends", params={"by_class": True})
    whole, *classes = answer.json()["items"]
    assert (whole["asked"], whole["answered"], whole["low"], whole["class_name"]) == (2, 1, 1, None)
    assert {each["class_name"] for each in classes} == {"3B", "R1"}
    assert not [name for name in ("Maya", "Leo", office.ours.ids["Maya"]) if name in answer.text]
    assert office.client("governor").get("/api/v1/prompts/trends").status_code == 403
    assert office.client("teacher").get("/api/v1/prompts/trends").status_code == 403


def test_hard_days_in_a_row_are_shown_to_pastoral_staff_until_they_are_seen_to(office):
    maya = office.ours.ids["Maya"]
    note = StaffNote(
        school_id=office.ours.id, why="low_days", pupil_ids=(maya,), detail={"days": 3, "role": "pastoral"}
    )
    with office.database.write() as session:
        raise_items(session, [note], now=NOW)
    client = office.client("pastoral")
    (shown,) = client.get("/api/v1/prompts/low-days").json()["items"]
    assert (shown["pupil"]["known_as"], shown["days"]) == ("Maya", 3)
    for role in ("office", "teacher", "head", "governor"):
        assert office.client(role).get("/api/v1/prompts/low-days").status_code == 403
    assert client.post(f"/api/v1/staff-items/{shown['item']}/closing").status_code == 200
    assert client.get("/api/v1/prompts/low-days").json()["items"] == []


def test_hard_days_in_a_row_stand_with_the_childs_name_on_no_other_list(office):
    note = StaffNote(school_id=office.ours.id, why="low_days", pupil_ids=(office.ours.ids["Maya"],), detail={"days": 3})
    with office.database.write() as session:
        (item,) = raise_items(session, [note], now=NOW)
        path = f"/api/v1/staff-items/{item.id}"
    for role in ("office", "head", "deputy"):
        client = office.client(role)
        assert path.rpartition("/")[2] not in client.get("/api/v1/staff-items").text
        assert path.rpartition("/")[2] not in client.get("/api/v1/today").text
        assert client.post(f"{path}/acknowledgement").status_code == 404
        assert client.post(f"{path}/closing").status_code == 404
    for role in ("pastoral", "safeguarding_lead"):
        client = office.client(role)
        assert path.rpartition("/")[2] in client.get("/api/v1/staff-items").text
        assert client.post(f"{path}/acknowledgement").status_code == 200
    assert office.client("pastoral").post(f"{path}/closing").status_code == 200


# Topics ---------------------------------------------------------------------------------------


def test_a_teacher_writes_what_a_class_learns_and_takes_it_back(office):
    client = office.client("teacher")
    wednesday = TODAY + timedelta(days=2)
    body = {"class_name": "3B", "date": wednesday.isoformat(), "words": {"en": "volcanoes", "pl": "wulkany"}}
    made = client.put("/api/v1/prompt-topics", json=body).json()
    assert (made["week"], made["words"]["pl"]) == (TODAY.isoformat(), "wulkany")
    again = client.put("/api/v1/prompt-topics", json={**body, "words": {"en": "maps"}}).json()
    assert (again["id"], again["words"]) == (made["id"], {"en": "maps"})
    assert client.get("/api/v1/prompt-topics").json()["items"] == [again]
    assert client.get("/api/v1/prompt-topics", params={"date": TODAY + WEEK}).json()["items"] == []
    assert client.delete(f"/api/v1/prompt-topics/{made['id']}").status_code == 204
    assert client.delete(f"/api/v1/prompt-topics/{made['id']}").status_code == 404
    assert client.get("/api/v1/prompt-topics").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"class_name": "9Z"}, "class_name"),
        ({"words": {"en": "see www.example.org"}}, "words.en"),
        ({"words": {"pl": "x" * 29}}, "words.pl"),
        ({"words": {}}, "/words"),
    ],
)
def test_what_cannot_be_asked_about_is_refused_with_its_place(office, body, where):
    whole = {"class_name": "3B", "date": TODAY.isoformat(), "words": {"en": "maps"}, **body}
    answer = office.client("teacher").put("/api/v1/prompt-topics", json=whole)
    assert answer.status_code == 422
    assert problem(answer)["faults"][0]["where"] == where


def test_another_schools_topic_is_neither_seen_nor_taken_back(office):
    body = {"class_name": "3B", "date": TODAY.isoformat(), "words": {"en": "maps"}}
    theirs = office.client("teacher", school=office.theirs).put("/api/v1/prompt-topics", json=body).json()
    client = office.client("teacher")
    assert client.get("/api/v1/prompt-topics").json()["items"] == []
    assert client.delete(f"/api/v1/prompt-topics/{theirs['id']}").status_code == 404


# Pauses ---------------------------------------------------------------------------------------


def test_staff_pause_a_child_and_lift_it(office):
    client, maya = office.client("pastoral"), office.ours.ids["Maya"]
    assert client.put(f"/api/v1/prompt-pauses/{maya}", json={"paused": True}).json() == {"pupil": maya, "paused": True}
    assert [each["id"] for each in client.get("/api/v1/prompt-pauses").json()["items"]] == [maya]
    client.put(f"/api/v1/prompt-pauses/{maya}", json={"paused": False})
    assert client.get("/api/v1/prompt-pauses").json()["items"] == []
    assert office.client("teacher").get("/api/v1/prompt-pauses").status_code == 403


def test_another_schools_child_is_not_paused(office):
    theirs = office.theirs.ids["Maya"]
    assert office.client().put(f"/api/v1/prompt-pauses/{theirs}", json={"paused": True}).status_code == 404
    with office.database.read() as session:
        assert own_pauses(session, office.theirs.id) == set()
