"""Staff read conversations and write in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from school.records.messaging import InboxRow, Message, Thread
from tests.api.made_up import NOW, Office, message, problem, worry

PATH = "/api/v1/threads"


def ada(office: Office) -> str:
    return f"{PATH}/{office.ours.ids['thread of Ada Okafor']}"


def pushes(office: Office) -> list[InboxRow]:
    with office.database.read() as session:
        return list(session.scalars(select(InboxRow).where(InboxRow.kind == "push")))


def test_threads_are_listed_with_the_latest_words_first(office):
    later = datetime(2026, 9, 14, 8, 26, tzinfo=UTC)
    with office.database.write() as session:
        message(session, office.ours, "thread of Ada Okafor", "back tomorrow", at=later)
    items = office.client().get(PATH).json()["items"]
    assert [item["contact"] for item in items] == [office.ours.ids["Ada Okafor"], None]
    assert items[0]["last_at"] == "2026-09-14T08:26:00Z"
    assert len(office.client().get(PATH, params={"unknown": True}).json()["items"]) == 1
    of_contact = office.client().get(PATH, params={"contact": office.ours.ids["Ada Okafor"]}).json()["items"]
    assert [item["id"] for item in of_contact] == [office.ours.ids["thread of Ada Okafor"]]


def test_pages_of_threads_hold_each_once(office):
    client = office.client()
    first = client.get(PATH, params={"limit": 1}).json()
    second = client.get(PATH, params={"limit": 1, "after": first["next"]}).json()
    assert second["next"] is None
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {
        office.ours.ids["thread of Ada Okafor"],
        office.ours.ids["thread of nobody"],
    }


def test_messages_come_in_order_and_ours_say_how_their_sending_stands(office):
    items = office.client().get(f"{ada(office)}/messages").json()["items"]
    assert [(item["direction"], item["words"]) for item in items] == [
        ("in", "Maya poorly, been sick in the night"),
        ("out", "Thank you. Maya is marked ill today."),
    ]
    assert items[0]["delivery"] is None
    assert items[1]["delivery"] == {"status": "delivered", "error_code": ""}


def test_staff_words_wait_as_a_push_and_the_flows_are_silent_for_two_school_hours(office):
    client = office.client()
    response = client.post(f"{ada(office)}/messages", json={"words": " Get well soon, Maya. "})
    assert response.status_code == 202
    said = response.json()
    (push,) = pushes(office)
    assert (push.id, push.payload["flow"], push.status) == (said["id"], "staff_words", "waiting")
    with office.database.read() as session:
        words = session.scalars(select(Message).where(Message.id == push.id)).one()
        assert (words.body, words.direction, words.at) == ("Get well soon, Maya.", "out", push.at)
        assert words.author == office.ours.users["office"]
    assert client.get(ada(office)).json()["taken_until"] == "2026-09-14T10:25:00Z"
    assert client.post(f"{ada(office)}/closing").json()["taken_until"] is None


def test_two_school_hours_run_over_the_night_and_the_weekend(office):
    # A Friday, 15:00 in London: the office closes at four and opens on Monday at eight.
    office.now = datetime(2026, 9, 18, 14, 0, tzinfo=UTC)
    assert office.client().post(f"{ada(office)}/taking").json()["taken_until"] == "2026-09-21T08:00:00Z"


def test_the_same_key_sends_once_and_gets_the_same_answer(office):
    client, headers = office.client(), {"Idempotency-Key": "6f1c"}
    first = client.post(f"{ada(office)}/messages", json={"words": "Hello"}, headers=headers)
    again = client.post(f"{ada(office)}/messages", json={"words": "Hello"}, headers=headers)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(pushes(office)) == 1
    other = client.post(f"{ada(office)}/messages", json={"words": "Something else"}, headers=headers)
    assert problem(other)["code"] == "key-reused"
    # A key belongs to who sent it.
    office.client("head").post(f"{ada(office)}/messages", json={"words": "Hello"}, headers=headers)
    assert len(pushes(office)) == 2


def test_twenty_requests_at_once_with_one_key_send_once(office):
    clients = [office.client() for _ in range(20)]

    def send(number: int) -> tuple[int, str]:
        response = clients[number].post(
            f"{ada(office)}/messages", json={"words": "Hello"}, headers={"Idempotency-Key": "twin"}
        )
        return response.status_code, response.text

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert answers.pop()[0] == 202
    assert len(pushes(office)) == 1


def test_a_refused_request_leaves_its_key_free(office):
    client, headers = office.client(), {"Idempotency-Key": "k"}
    with office.database.write() as session:
        session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"])).opted_out_at = NOW
    refused = client.post(f"{ada(office)}/messages", json={"words": "Hello"}, headers=headers)
    assert (refused.status_code, problem(refused)["code"]) == (409, "conflict")
    with office.database.write() as session:
        session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"])).opted_out_at = None
    assert client.post(f"{ada(office)}/messages", json={"words": "Hello"}, headers=headers).status_code == 202


@pytest.mark.parametrize("words", ["", "   ", "a" * 1601, "nul\x00", None, 7])
def test_words_that_cannot_be_sent_are_refused(office, words):
    response = office.client().post(f"{ada(office)}/messages", json={"words": words})
    assert response.status_code == 422
    assert problem(response)["faults"][0]["where"] == "/words"
    assert pushes(office) == []


def test_nobody_but_the_lead_writes_to_a_family_that_is_held(office):
    worry(office)
    with office.database.write() as session:
        message(session, office.ours, "thread of Sami Haddad", "Noor is late", at=NOW)
    path = f"{PATH}/{office.ours.ids['thread of Sami Haddad']}/messages"
    refused = office.client().post(path, json={"words": "All well?"})
    assert (refused.status_code, problem(refused)["code"]) == (409, "do-not-contact")
    assert office.client("safeguarding_lead").post(path, json={"words": "I'll ring you."}).status_code == 202
    with office.database.read() as session:
        assert session.scalars(select(func.count()).where(Message.restricted)).one() == 2, "the lead's words too"
    assert "I'll ring you" not in office.client().get(path).text
