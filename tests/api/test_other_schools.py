"""No route tells one school anything of another, or changes anything there."""

from __future__ import annotations

import re

import pytest

from api.access import Door
from api.routes import GuardedRoute
from tests.api.made_up import ROLES, MadeUpSchool, Office, worry

BODIES = {
    "/api/v1/threads/{thread_id}/messages": {"words": "Hello"},
    "/api/v1/users/{user_id}/roles": {"roles": ["office"]},
    "/api/v1/absences/{absence_id}": {"code": "I"},
    "/api/v1/pupils/{pupil_id}/care": {"ring_first": True},
    "/api/v1/prompt-pauses/{pupil_id}": {"paused": True},
    "/api/v1/safeguarding-items/{item_id}/allegation": {"about": "staff"},
    "/api/v1/contacts/{contact_id}/choices": {"quiet": True},
    "/api/v1/leave-requests/{request_id}/decision": {"decision": "granted"},
    "/api/v1/support-cases/{case_id}/replies": {"words": "Hello"},
    "/api/v1/support-cases/{case_id}/notes": {"words": "Hello"},
    "/api/v1/support-cases/{case_id}/closing": {"note": "done"},
    "/api/v1/support-cases/{case_id}/offers": {"kind": "call", "contact": "0" * 26},
    "/api/v1/support-cases/{case_id}/offers/{offer_id}/answer": {"answer": "declined"},
    "/api/v1/evidence-requests/{request_id}/closing": {"note": "seen"},
    "/api/v1/attendance-updates/{update_id}/children/{pupil_id}": {"left_out": False},
}


def everything(office: Office, school: MadeUpSchool) -> dict[str, list[object]]:
    """All rows of a school, table by table."""
    from sqlalchemy import select

    from school.records.base import Base

    with office.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).where(table.c.school_id == school.id))]
            for table in Base.metadata.sorted_tables
            if "school_id" in table.c
        }


@pytest.mark.parametrize("role", ["office", "safeguarding_lead", "head", "administrator"])
def test_every_id_of_another_school_is_404_on_every_route(office, role):
    worry(office, office.theirs)
    strangers = {**office.theirs.ids, **office.theirs.users, "item of theirs": "0" * 26}
    before, client, tried = everything(office, office.theirs), office.client(role), 0
    for route in office.app.routes:
        assert isinstance(route, GuardedRoute)
        if "{" not in route.path:
            continue
        for method in route.methods or ():
            for each in strangers.values():
                path = re.sub(r"{\w+}", each, route.path)
                headers = {"If-Match": "*"}
                response = client.request(method, path, json=BODIES.get(route.path), headers=headers)
                assert response.status_code in {403, 404}, f"{method} {route.path}"
                tried += response.status_code == 404
    assert tried > 100
    assert everything(office, office.theirs) == before


@pytest.mark.parametrize("role", ROLES)
def test_no_list_holds_anything_of_another_school(office, role):
    worry(office, office.theirs)
    client = office.client(role)
    theirs = [*office.theirs.ids.values(), *office.theirs.users.values(), office.theirs.id]
    for route in office.app.routes:
        assert isinstance(route, GuardedRoute)
        listed = "{" not in route.path and "GET" in (route.methods or ()) and not route.path.endswith("/stream")
        if listed and route.access is not Door.OPEN:
            said = client.get(route.path).text
            assert not [each for each in theirs if each in said], route.path


def test_another_schools_ids_in_a_body_or_a_query_find_nobody(office):
    client, theirs = office.client(), office.theirs.ids
    assert client.get("/api/v1/absences", params={"pupil": theirs["Maya"]}).json()["items"] == []
    assert client.get("/api/v1/register-marks", params={"pupil": theirs["Maya"]}).json()["items"] == []
    assert client.get("/api/v1/threads", params={"contact": theirs["Ada Okafor"]}).json()["items"] == []
    mark = {"pupil": theirs["Maya"], "date": "2026-09-14", "session": "AM", "code": "/"}
    assert client.put("/api/v1/register-marks", json={"marks": [mark]}).status_code == 422
    token = {"name": "x", "user": office.theirs.users["office"]}
    assert office.client("administrator").post("/api/v1/tokens", json=token).status_code == 404
