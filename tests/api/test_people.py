"""Pupils, contacts, users and tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from conversations.state import load
from school import opting_out, people
from school.joining import join_by_code
from school.records.messaging import Thread
from school.records.people import JoinCode
from tests.api.made_up import NOW, Office, problem

# Pupils and contacts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [("maya", ["Maya"]), ("OKA", ["Leo", "Maya"]), ("noor had", ["Noor"]), ("aya", []), ("%", []), ("_", [])],
)
def test_pupils_are_found_by_the_starts_of_their_names(office, words, found):
    items = office.client().get("/api/v1/pupils", params={"q": words}).json()["items"]
    assert [item["known_as"] for item in items] == found


def test_pages_of_pupils_go_by_surname_and_hold_each_once(office):
    seen: list[str] = []
    after = None
    while True:
        page = office.client().get("/api/v1/pupils", params={"limit": 1, **({"after": after} if after else {})}).json()
        seen += [item["known_as"] for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert seen == ["Noor", "Leo", "Maya"]
    assert len(office.client().get("/api/v1/pupils", params={"class_name": "3B"}).json()["items"]) == 2


def test_a_pupils_contacts_come_with_rights_and_numbers_for_those_who_may_see_them(office):
    path = f"/api/v1/pupils/{office.ours.ids['Maya']}"
    assert office.client("teacher").get(path).json()["known_as"] == "Maya"
    (contact,) = office.client().get(f"{path}/contacts").json()["items"]
    assert (contact["name"], contact["addresses"][0]["address"]) == ("Ada Okafor", "+447700900111")
    assert (contact["rights"]["may_report"], contact["rights"]["no_contact"]) == (True, False)
    assert office.client("teacher").get(f"{path}/contacts").status_code == 403
    assert "+4477" not in office.client("teacher").get("/api/v1/pupils").text


def test_contacts_are_listed_with_their_children(office):
    page = office.client().get("/api/v1/contacts", params={"limit": 1}).json()
    (ada,) = page["items"]
    assert set(ada["pupils"]) == {office.ours.ids["Maya"], office.ours.ids["Leo"]}
    assert office.client().get(f"/api/v1/contacts/{ada['id']}").json() == ada
    rest = office.client().get("/api/v1/contacts", params={"after": page["next"]}).json()
    assert [item["name"] for item in rest["items"]] == ["Sami Haddad"]


def test_a_number_that_was_called_wrong_is_written_to_again_once_a_person_has_rung(office):
    ada = office.client().get("/api/v1/contacts", params={"limit": 1}).json()["items"][0]
    with office.database.write() as session:
        key = (office.ours.id, "sms", "+447700900111")
        people.quarantine(session, [(key, people.WRONG_NUMBER)], now=NOW)
    path = f"/api/v1/contacts/{ada['id']}"
    assert [each["quarantined"] for each in office.client().get(path).json()["addresses"]] == [True]
    assert office.client("teacher").post(f"{path}/release").status_code == 403
    assert [each["quarantined"] for each in office.client().post(f"{path}/release").json()["addresses"]] == [False]


def test_a_number_that_the_roster_dropped_comes_back_with_the_roster_alone(office):
    ada = office.client().get("/api/v1/contacts", params={"limit": 1}).json()["items"][0]
    with office.database.write() as session:
        key = (office.ours.id, "sms", "+447700900111")
        people.quarantine(session, [(key, "not_in_roster")], now=NOW)
    released = office.client().post(f"/api/v1/contacts/{ada['id']}/release").json()
    assert [each["quarantined"] for each in released["addresses"]] == [True]


def chosen(office: Office, version: str | None = "*", /, **choices: object) -> Any:
    """What the office sets for Ada; the answer."""
    headers = {"If-Match": version} if version is not None else {}
    path = f"/api/v1/contacts/{office.ours.ids['Ada Okafor']}/choices"
    return office.client().patch(path, json=choices, headers=headers)


def test_staff_set_a_contacts_quiet_and_language_and_the_next_text_is_in_it(office):
    answer = chosen(office, quiet=True, language="pl").json()
    assert (answer["quiet"], answer["language"]) == (True, "pl")
    with office.database.read() as session:
        thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        assert thread.language == "pl"
    assert chosen(office, quiet=False).json()["language"] == "pl"


def test_staff_set_numbers_alone_and_a_conversation_under_way_goes_on_so(office):
    def thread() -> Thread:
        row: Thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        return row

    with office.database.write() as session:
        thread().state = {"schema": 3, "rev": 7, "lang": "en"}
    path = f"/api/v1/contacts/{office.ours.ids['Ada Okafor']}"
    assert office.client().get(path).json()["numbers_only"] is False
    assert chosen(office, numbers_only=True).json()["numbers_only"] is True
    with office.database.read() as session:
        assert (thread().numbers_only, load(thread().state).numbers) == (True, True)
    assert chosen(office, language="pl").json()["numbers_only"] is True
    assert chosen(office, numbers_only=False).json()["numbers_only"] is False
    with office.database.read() as session:
        assert (thread().numbers_only, load(thread().state).numbers) == (False, False)
    assert chosen(office, numbers_only="perhaps").status_code == 422


def test_a_choice_is_set_on_the_version_that_was_seen(office):
    path = f"/api/v1/contacts/{office.ours.ids['Ada Okafor']}"
    seen = office.client().get(path).headers["ETag"]
    assert chosen(office, None, quiet=True).status_code == 428
    assert chosen(office, seen, quiet=True).status_code == 200
    assert chosen(office, seen, quiet=False).status_code == 412
    assert office.client().get(path).json()["quiet"] is True
    assert office.client("teacher").patch(f"{path}/choices", json={"quiet": False}).status_code == 403


def test_staff_see_who_can_no_longer_be_reached_by_text_and_who_can_again(office):
    def out_of_reach() -> list[str]:
        return [each["name"] for each in office.client().get("/api/v1/contacts?reachable=false").json()["items"]]

    def thread() -> Thread:
        row: Thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        return row

    assert out_of_reach() == []
    with office.database.write() as session:
        opting_out.opt_out(session, [thread()], now=NOW)
    assert out_of_reach() == ["Ada Okafor"]
    (sami,) = office.client().get("/api/v1/contacts?reachable=true").json()["items"]
    assert (sami["name"], sami["reachable_by_text"]) == ("Sami Haddad", True)
    with office.database.write() as session:
        opting_out.opt_in(session, [thread()], now=NOW)
    assert out_of_reach() == []


# Users ------------------------------------------------------------------------------------------


def new_user(*roles: str) -> dict[str, object]:
    return {"name": "Nia Jones", "email": "Nia@Example.org", "roles": list(roles)}


def test_an_administrator_adds_a_user_whose_token_then_opens_what_the_role_may(office):
    client = office.client("administrator")
    user = client.post("/api/v1/users", json=new_user("teacher"))
    assert user.status_code == 201
    assert user.json()["email"] == "nia@example.org"
    token = client.post("/api/v1/tokens", json={"name": "Nia's", "user": user.json()["id"]})
    assert token.status_code == 201
    headers = {"Authorization": f"Bearer {token.json()['secret']}"}
    assert office.client(None).get("/api/v1/me", headers=headers).json()["roles"] == ["teacher"]
    assert token.json()["secret"] not in client.get("/api/v1/tokens").text

    assert client.post("/api/v1/users", json=new_user("teacher")).status_code == 409
    client.post(f"/api/v1/users/{user.json()['id']}/closing")
    assert office.client(None).get("/api/v1/me", headers=headers).status_code == 401
    assert [each["active"] for each in client.get("/api/v1/users").json()["items"] if each["name"] == "Nia Jones"] == [
        False
    ]


@pytest.mark.parametrize("role", ["safeguarding_lead", "head"])
def test_only_the_lead_and_the_head_let_somebody_into_the_leads_room(office, role):
    administrator = office.client("administrator")
    teacher = office.ours.users["teacher"]
    for response in (
        administrator.post("/api/v1/users", json=new_user(role)),
        administrator.put(f"/api/v1/users/{teacher}/roles", json={"roles": ["teacher", role]}),
        administrator.put(f"/api/v1/users/{office.ours.users['administrator']}/roles", json={"roles": [role]}),
        administrator.post("/api/v1/tokens", json={"name": "x", "user": office.ours.users[role]}),
        administrator.post("/api/v1/tokens", json={"name": "x", "scopes": ["safeguarding:read"]}),
        administrator.post(f"/api/v1/users/{office.ours.users[role]}/closing"),
    ):
        assert response.status_code in {403, 409}
        problem(response)
    assert office.client("head").post("/api/v1/users", json=new_user(role)).status_code == 201


def test_the_lead_is_told_when_somebody_becomes_one(office):
    path = f"/api/v1/users/{office.ours.users['pastoral']}/roles"
    said = office.client("head").put(path, json={"roles": ["pastoral", "safeguarding_lead"]})
    assert said.json()["roles"] == ["pastoral", "safeguarding_lead"]
    items = office.client("safeguarding_lead").get("/api/v1/today").json()["waiting"]
    assert "lead_granted" in {item["why"] for item in items}
    assert office.client("pastoral").get("/api/v1/safeguarding-items").status_code == 200


def test_nobody_changes_their_own_roles_or_ends_their_own_entry(office):
    head = office.ours.users["head"]
    for method, path, body in (
        ("PUT", f"/api/v1/users/{head}/roles", {"roles": ["administrator"]}),
        ("POST", f"/api/v1/users/{head}/closing", None),
    ):
        assert problem(office.client("head").request(method, path, json=body))["code"] == "conflict"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "email": "a@b", "roles": []},
        {"name": "x", "email": "nobody", "roles": []},
        {"name": "x", "email": "a@b", "roles": ["king"]},
        {"name": "\x00", "email": "a@b", "roles": []},
        {"name": "x", "email": "a\x00@b", "roles": []},
        {"name": "x", "email": "a@b"},
    ],
)
def test_a_user_with_a_fault_is_not_added(office: Office, body):
    client = office.client("administrator")
    before = client.get("/api/v1/users").json()
    assert problem(client.post("/api/v1/users", json=body))["code"] == "invalid"
    assert client.get("/api/v1/users").json() == before


# Tokens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "x", "scopes": ["all"]},
        {"name": "x", "scopes": ["pupils:read"], "expires_at": "2026-09-14T08:25:00Z"},
        {"name": "x", "scopes": ["pupils:read"], "expires_at": "2026-10-01T00:00:00"},
        {"name": "x", "scopes": ["pupils:read"], "expires_at": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_a_token_with_a_fault_is_not_made(office, body):
    client = office.client("administrator")
    before = client.get("/api/v1/tokens").json()
    assert problem(client.post("/api/v1/tokens", json=body))["code"] == "invalid"
    assert client.get("/api/v1/tokens").json() == before


def test_a_revoked_token_opens_nothing_and_stays_on_the_list(office):
    client = office.client("administrator")
    made = client.post("/api/v1/tokens", json={"name": "mis", "scopes": ["pupils:read"]}).json()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert office.client(None).get("/api/v1/pupils", headers=headers).status_code == 200
    revoked = client.post(f"/api/v1/tokens/{made['id']}/revocation").json()
    assert revoked["revoked_at"] is not None
    assert "secret" not in revoked
    assert office.client(None).get("/api/v1/pupils", headers=headers).status_code == 401
    assert revoked in client.get("/api/v1/tokens").json()["items"]


# Joining ------------------------------------------------------------------------------------------


def test_a_code_to_join_with_is_shown_once_and_its_hash_alone_is_kept(office: Office) -> None:
    contact = office.ours.ids["Ada Okafor"]
    answer = office.client().post(f"/api/v1/contacts/{contact}/join-codes")
    assert answer.status_code == 201
    code = answer.json()["code"]
    with office.database.write() as session:
        kept = session.scalars(select(JoinCode)).one()
        assert code not in (kept.code_hash, kept.contact_id)
        joined = join_by_code(
            session, office.ours.id, code, channel="telegram", address="5500001", now=office.now + timedelta(days=6)
        )
        assert joined is not None
        assert joined.id == contact
    assert office.client().post(f"/api/v1/contacts/{'0' * 26}/join-codes").status_code == 404
    assert office.client("teacher").post(f"/api/v1/contacts/{contact}/join-codes").status_code == 403
