"""Helpers through the API: added after a call, listed while they stand, ended early; every step in the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.access import BY_ROLE, Scope
from school.ledger import verify
from school.records.messaging import InboxRow, OutboxRow
from school.records.people import Helper, Right
from school.records.staff import LedgerRow
from tests.api.made_up import NOW, Office, problem

TODAY = NOW.date()
MAY_ADD = sorted(role for role, scopes in BY_ROLE.items() if Scope.CONTACTS_WRITE in scopes)


@pytest.fixture
def home(office: Office) -> Office:
    """Ada Okafor lives with both of her children."""
    with office.database.write() as session:
        session.execute(update(Right).where(Right.school_id == office.ours.id).values(lives_with=True))
    return office


def add(office: Office, role: str = "office", *, key: str | None = None, **more: Any) -> Any:
    ids = office.ours.ids
    body = {
        "name": "Joan", "phone": "07700 900555", "pupils": [ids["Maya"]], "until": str(TODAY + timedelta(days=10)),
        "why": "parent_away", "rang": ids["Ada Okafor"], "call_confirmed": True, **more,
    }  # fmt: skip
    headers = {} if key is None else {"Idempotency-Key": key}
    return office.client(role).post("/api/v1/helpers", json=body, headers=headers)


def listed(office: Office, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.client().get("/api/v1/helpers", params=query).json()["items"]
    return items


def in_line(office: Office) -> list[str]:
    """What waits to be said or was: the ids of pushes and of messages out."""
    with office.database.read() as session:
        pushes = session.scalars(select(InboxRow.id).where(InboxRow.kind == "push"))
        return sorted([*pushes, *session.scalars(select(OutboxRow.id))])


def test_a_helper_is_added_listed_and_ended_early_and_nobody_is_texted(home: Office) -> None:
    before = in_line(home)
    made = add(home)
    assert made.status_code == 201
    (row,) = listed(home)
    assert row["contact"] == made.json()["contact"]
    assert (row["pupils"], row["why"], row["rang"]) == (
        [home.ours.ids["Maya"]], "parent_away", home.ours.ids["Ada Okafor"],
    )  # fmt: skip
    assert (row["added_by"], row["addresses"][0]["address"]) == (home.ours.users["office"], "+447700900555")
    path = f"/api/v1/helpers/{row['contact']}/ending"
    assert problem(home.client().post(path))["code"] == "no-precondition"
    assert home.client().post(path, headers={"If-Match": '"7"'}).status_code == 412
    ended = home.client().post(path, headers={"If-Match": f'"{row["version"]}"'})
    assert (ended.json()["ended_at"] is not None, ended.headers["etag"]) == (True, f'"{row["version"] + 1}"')
    assert listed(home) == []
    assert in_line(home) == before
    with home.database.read() as session:
        ledger = session.scalars(
            select(LedgerRow)
            .where(LedgerRow.school_id == home.ours.id, LedgerRow.subject == "helper")
            .order_by(LedgerRow.number)
        ).all()
        assert [each.verb for each in ledger] == ["add_helper", "end_helper"]
        assert ledger[0].actor == f"user:{home.ours.users['office']}"
        assert "Joan" not in str(ledger[0].detail)
        assert "555" not in str(ledger[0].detail)
        verify(session, home.ours.id)


@pytest.mark.parametrize("role", sorted(BY_ROLE))
def test_only_who_may_change_contacts_adds_a_helper(home: Office, role: str) -> None:
    assert {"office", "head"} <= set(MAY_ADD)
    assert not {"teacher", "supply", "governor", "administrator"} & set(MAY_ADD)
    if role in home.ours.secrets:
        assert add(home, role).status_code == (201 if role in MAY_ADD else 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"call_confirmed": False}, {"phone": "12"}, {"until": str(TODAY - timedelta(days=1))},
        {"until": str(TODAY + timedelta(days=400))}, {"pupils": []}, {"why": "because"}, {"rang": "0" * 26},
    ],
)  # fmt: skip
def test_care_rule_10_nobody_is_added_without_a_call_an_end_and_a_child(home: Office, wrong: dict[str, Any]) -> None:
    assert problem(add(home, **wrong))["status"] == 422
    with home.database.read() as session:
        assert session.scalars(select(Helper)).all() == []


def test_neither_another_schools_child_nor_its_parent_will_do(home: Office) -> None:
    assert add(home, pupils=[home.theirs.ids["Maya"]]).status_code == 422
    assert add(home, rang=home.theirs.ids["Ada Okafor"]).status_code == 422
    assert add(home, rang=home.ours.ids["Sami Haddad"]).status_code == 422


def test_a_number_on_record_or_of_a_helper_who_stands_is_a_conflict_and_a_repeat_is_none(home: Office) -> None:
    assert problem(add(home, phone="+447700900111"))["code"] == "conflict"
    first = add(home, key="one")
    assert add(home, key="one").json() == first.json()
    assert add(home, key="one", name="Jean").status_code == 422
    assert problem(add(home))["code"] == "conflict"
    assert len(listed(home)) == 1


def test_who_ends_within_a_week_is_shown_and_who_has_ended_is_not(home: Office) -> None:
    add(home)
    soon = add(home, phone="07700 900556", name="Ann", until=str(TODAY + timedelta(days=7))).json()["contact"]
    assert [(each["name"], each["ends_soon"]) for each in listed(home)] == [("Joan", False), ("Ann", True)]
    assert [each["contact"] for each in listed(home, ending=True)] == [soon]
    shown = home.client().get(f"/api/v1/contacts/{soon}").json()
    assert date.fromisoformat(shown["helps_until"]) == TODAY + timedelta(days=7)
    assert home.client().get(f"/api/v1/contacts/{home.ours.ids['Ada Okafor']}").json()["helps_until"] is None
    home.set_clock(NOW + timedelta(days=8))
    assert [each["name"] for each in listed(home)] == ["Joan"]
