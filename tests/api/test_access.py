"""Who is let in, and how far."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.access import BY_ROLE, Door, Scope
from api.routes import GuardedRoute
from school.access import ROLES, close_user, find_token, find_user, make_token, revoke
from school.rules.worry_queue import READERS
from tests.api.made_up import NOW, Office, problem

OPEN = {"/health", "/api/v1/openapi.json", "/api/v1/docs"}


def routes_of(office: Office) -> list[GuardedRoute]:
    return [route for route in office.app.routes if isinstance(route, GuardedRoute)]


def test_every_route_names_what_it_asks_for_and_only_three_ask_for_nothing(office):
    assert office.app.routes
    for route in office.app.routes:
        assert isinstance(route, GuardedRoute), f"{route} has no guard"
        assert isinstance(route.access, Scope | Door)
    assert {route.path for route in routes_of(office) if route.access is Door.OPEN} == OPEN


def test_every_scope_opens_some_route_and_every_role_has_its_scopes(office):
    asked = {route.access for route in routes_of(office)}
    assert set(Scope) - asked == {Scope.REASONS_READ}
    assert set(BY_ROLE) == ROLES


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic dXNlcjpwdw==", "Bearer é",
                                    "Bearer " + "a" * 5000])  # fmt: skip
def test_without_a_valid_token_nothing_is_said_and_no_body_is_read(office, header):
    client = office.client(None)
    for route in routes_of(office):
        if route.access is Door.OPEN:
            continue
        path = re.sub(r"{\w+}", office.ours.ids["Maya"], route.path)
        for method in route.methods or ():
            headers = {} if header is None else {"Authorization": header.encode()}
            response = client.request(method, path, headers=headers, content=b"{not json")
            assert response.status_code == 401, f"{method} {route.path}"
            assert problem(response)["code"] == "unauthenticated"
            assert response.headers["www-authenticate"].startswith("Bearer")


def test_each_role_enters_where_its_scopes_say_and_nowhere_else(office):
    for role, scopes in BY_ROLE.items():
        client = office.client(role)
        for route in routes_of(office):
            if route.access is Door.OPEN or route.path.endswith("/stream"):
                continue
            path = re.sub(r"{\w+}", "0" * 26, route.path)
            for method in route.methods or ():
                status = client.request(method, path, content=b"{").status_code
                allowed = route.access is Door.SIGNED_IN or route.access in scopes
                assert (status != 403) == allowed, f"{role} {method} {route.path}: {status}"


def test_the_scopes_of_each_role_are_these():
    worries = {Scope.SAFEGUARDING_READ, Scope.SAFEGUARDING_WRITE}
    assert {role for role, scopes in BY_ROLE.items() if scopes & worries} == READERS
    assert not {Scope.REASONS_READ, Scope.CONTACTS_READ, Scope.THREADS_READ, Scope.ITEMS_READ} & BY_ROLE["teacher"]
    assert BY_ROLE["governor"] == {Scope.FIGURES_READ}
    assert BY_ROLE["supply"] < BY_ROLE["teacher"]
    assert {role for role, scopes in BY_ROLE.items() if Scope.REHEARSAL in scopes} == {"administrator"}
    assert Scope.ABSENCES_READ not in BY_ROLE["administrator"]


def machine(office: Office, *scopes: str, **more) -> dict[str, str]:
    with office.database.write() as session:
        _, secret = make_token(session, office.ours.id, name="mis", actor="system", scopes=scopes, now=NOW, **more)
    return {"Authorization": f"Bearer {secret}"}


def test_a_machine_has_its_own_scopes_alone(office):
    client = office.client(None)
    headers = machine(office, "pupils:read", "no:such")
    assert client.get("/api/v1/pupils", headers=headers).status_code == 200
    assert client.get("/api/v1/absences", headers=headers).status_code == 403
    assert client.get("/api/v1/me", headers=headers).json()["scopes"] == ["pupils:read"]
    assert client.get("/api/v1/me", headers=headers).json()["user"] is None


def test_a_users_token_can_be_narrowed_but_not_widened(office):
    client = office.client(None)
    headers = machine(office, "pupils:read", "safeguarding:read", user_id=office.ours.users["office"])
    assert client.get("/api/v1/me", headers=headers).json()["scopes"] == ["pupils:read"]
    assert client.get("/api/v1/safeguarding-items", headers=headers).status_code == 403


def test_a_token_that_ran_out_was_revoked_or_whose_user_left_opens_nothing(office):
    client, expires = office.client(None), NOW + timedelta(hours=1)
    headers = machine(office, "pupils:read", expires_at=expires)
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    office.now = expires
    assert client.get("/api/v1/me", headers=headers).status_code == 401

    teacher, head = office.client("teacher"), office.client("head")
    assert teacher.get("/api/v1/me").status_code == head.get("/api/v1/me").status_code == 200
    with office.database.write() as session:
        token = find_token(session, office.ours.id, office.ours.ids["token of teacher"])
        user = find_user(session, office.ours.id, office.ours.users["head"])
        assert token is not None
        assert user is not None
        revoke(session, token, actor="system", now=NOW)
        close_user(session, user, actor="system", now=NOW)
    assert teacher.get("/api/v1/me").status_code == head.get("/api/v1/me").status_code == 401


def test_me_says_who_asks(office):
    said = office.client("office").get("/api/v1/me").json()
    assert said["roles"] == ["office"]
    assert said["school"] == office.ours.id
    assert said["user"] == office.ours.users["office"]
    assert "absences:write" in said["scopes"]
