"""Worrying texts are for the safeguarding lead alone, and nothing anywhere else tells of them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from api.access import Door
from api.routes import GuardedRoute
from tests.api.made_up import NOW, ROLES, WORRYING, MadeUpSchool, Office, message, problem, worry

PATH = "/api/v1/safeguarding-items"
# Supply staff may less than teachers.
OTHERS = [role for role in ROLES if role not in {"safeguarding_lead", "supply"}]
# They read what came to them unopened, or accuses another (tests/api/test_care_of_worries.py); this did not.
STAND_INS = {"deputy", "head", "named_governor"}


def every_look(office: Office, role: str, ids: dict[str, str]) -> dict[str, str]:
    """What a role reads at every GET address there is, with every id that it could try there."""
    client, seen = office.client(role), {}
    for route in office.app.routes:
        assert isinstance(route, GuardedRoute)
        if "GET" not in (route.methods or ()) or route.path.endswith("/stream"):
            continue
        of_one = "{" in route.path
        tried = sorted({*office.ours.ids.values(), *ids.values()}) if of_one else [""]
        for each in tried:
            path = re.sub(r"{\w+}", each, route.path)
            for query in ("",) if of_one else ("?limit=200", "?open=true&limit=200", "?from=2026-09-01&to=2026-09-30"):
                response = client.get(path + query)
                if response.status_code == 200 and route.access is not Door.OPEN:
                    seen[path + query] = response.text
    return seen


def plain(text: str, office: Office) -> Any:
    """An answer without what a hold shows to everybody on purpose: the child's name on the list of those held."""
    seen = json.loads(text)
    if isinstance(seen, dict) and "do_not_contact" in seen:
        seen["do_not_contact"], seen["counts"]["held"] = [], 0
        seen.pop("as_of")
    return seen


@pytest.mark.parametrize("role", OTHERS)
def test_a_worry_changes_nothing_that_any_other_role_can_read_but_the_hold(office, role):
    ids = {"message": "0" * 26, "item": "0" * 26}
    before = every_look(office, role, ids)
    ids = worry(office)
    after = every_look(office, role, ids)

    said = "\n".join(after.values())
    for trace in (WORRYING, "frightened", "violence", ids["item"], ids["message"], "safeguarding_item", "raise_worry"):
        assert trace not in said, trace
    for path, text in after.items():
        if "/holds" in path:
            continue
        if "/changes" in path:
            was = json.loads(before[path])
            now = json.loads(text)
            added = now["items"][len(was["items"]) :]
            assert [(row["verb"], row["subject"]) for row in added] == [("hold_pupil", "pupil")]
            assert now["latest"] == was["latest"] + 1, "no gap tells of the rows that are the lead's"
            continue
        assert plain(text, office) == plain(before[path], office), path


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_opens_or_hands_back_and_none_learns_whether_an_item_is_there(office, role):
    ids, client = worry(office), office.client(role)
    says = "not-found" if role in STAND_INS else "forbidden"
    for path in (f"{PATH}/{ids['item']}", f"{PATH}/{'0' * 26}"):
        assert problem(client.get(path))["code"] == says
        assert problem(client.post(f"{path}/opening"))["code"] == says
        assert problem(client.post(f"{path}/handing-back", headers={"If-Match": "*"}))["code"] == says
    if role in STAND_INS:
        assert client.get(PATH).json()["items"] == []
    else:
        assert problem(client.get(PATH))["code"] == "forbidden"
    assert problem(client.post(f"/api/v1/holds/{office.ours.ids['Noor']}/release"))["code"] == "forbidden"


def test_the_thread_of_a_text_that_worries_is_not_there_for_anybody_else(office):
    ids, client = worry(office), office.client()
    for path in ("", "/messages"):
        assert client.get(f"/api/v1/threads/{ids['thread']}{path}").status_code == 404
    assert client.post(f"/api/v1/threads/{ids['thread']}/taking").status_code == 404
    assert client.post(f"/api/v1/threads/{ids['thread']}/messages", json={"words": "Hi"}).status_code == 404


def test_a_worry_in_a_thread_with_ordinary_words_moves_nothing_there(office):
    with office.database.write() as session:
        message(session, office.ours, "thread of Sami Haddad", "Noor has the dentist", at=NOW)
    path = f"/api/v1/threads/{office.ours.ids['thread of Sami Haddad']}"
    client = office.client()
    before = [client.get(path).text, client.get(f"{path}/messages").text, client.get("/api/v1/threads").text]
    worry(office, at=NOW + timedelta(minutes=5))
    assert [client.get(path).text, client.get(f"{path}/messages").text, client.get("/api/v1/threads").text] == before


def test_an_item_for_the_office_about_a_restricted_text_is_not_shown(office):
    from school.staff_items import StaffNote, raise_items

    ids = worry(office)
    with office.database.write() as session:
        note = StaffNote(school_id=office.ours.id, why="human", message_id=ids["message"], thread_id=ids["thread"])
        (item,) = raise_items(session, [note], now=NOW)
    client = office.client()
    assert ids["message"] not in client.get("/api/v1/staff-items").text + client.get("/api/v1/today").text
    assert client.post(f"/api/v1/staff-items/{item.id}/closing").status_code == 404


def test_the_lead_reads_opens_and_hands_back_and_each_step_is_kept(office):
    ids, lead = worry(office), office.client("safeguarding_lead")
    (item,) = lead.get(PATH).json()["items"]
    assert (item["id"], item["status"], item["words"], item["category"]) == (ids["item"], "new", WORRYING, "violence")
    assert item["pupils"] == [office.ours.ids["Noor"]]

    opened = lead.post(f"{PATH}/{ids['item']}/opening")
    assert (opened.json()["status"], opened.json()["opened_by"]) == (
        "opened",
        office.ours.users["safeguarding_lead"],
    )
    stale = lead.post(f"{PATH}/{ids['item']}/handing-back", headers={"If-Match": '"1"'})
    assert (stale.status_code, problem(stale)["code"]) == (412, "changed-meanwhile")
    unnamed = lead.post(f"{PATH}/{ids['item']}/handing-back")
    assert (unnamed.status_code, problem(unnamed)["code"]) == (428, "no-precondition")
    back = lead.post(f"{PATH}/{ids['item']}/handing-back", headers={"If-Match": opened.headers["etag"]})
    assert back.json()["status"] == "handed_back"
    again = lead.post(f"{PATH}/{ids['item']}/handing-back", headers={"If-Match": back.headers["etag"]})
    assert problem(again)["code"] == "conflict"
    assert lead.get(PATH).json()["items"] == []
    assert len(lead.get(PATH, params={"status": "handed_back"}).json()["items"]) == 1

    verbs = [row["verb"] for row in lead.get("/api/v1/changes", params={"limit": 200}).json()["items"]]
    assert verbs[-4:] == ["raise_worry", "hold_pupil", "open_worry", "hand_back_worry"] or verbs[-4:] == [
        "hold_pupil",
        "raise_worry",
        "open_worry",
        "hand_back_worry",
    ]


def test_everybody_sees_whom_not_to_contact_in_the_same_words_until_the_lead_lets_go(office):
    worry(office)
    for role in ("office", "teacher", "pastoral", "head", "safeguarding_lead"):
        client = office.client(role)
        (held,) = client.get("/api/v1/holds").json()["items"]
        assert held["says"] == "Being dealt with: do not contact home"
        assert set(held) == {"pupil", "says"}
        assert client.get("/api/v1/today").json()["do_not_contact"] == [held]
    lead, path = office.client("safeguarding_lead"), f"/api/v1/holds/{office.ours.ids['Noor']}/release"
    assert lead.post(path).json()["released"] is True
    assert lead.post(path).json()["released"] is False
    assert office.client().get("/api/v1/holds").json()["items"] == []


def test_another_schools_lead_knows_nothing_of_it(office):
    ids = worry(office)
    stranger: MadeUpSchool = office.theirs
    lead = office.client("safeguarding_lead", school=stranger)
    assert lead.get(PATH).json()["items"] == []
    assert lead.get(f"{PATH}/{ids['item']}").status_code == 404
    assert lead.post(f"{PATH}/{ids['item']}/opening").status_code == 404
    assert lead.post(f"/api/v1/holds/{office.ours.ids['Noor']}/release").status_code == 404
