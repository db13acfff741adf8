"""What is left of a family's budget, what waits and why, and what went as one, as staff see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from school.reaching import Start, start
from school.records.people import Address, Contact, School
from school.records.staff import StaffItem
from school.settings import change_settings
from school.unasked import Said, Waiting, admit, settle
from tests.api.made_up import NOW, Office, problem

NEXT_MONDAY = datetime(2026, 9, 21, 6, 30, tzinfo=UTC)


def news(office: Office, *, contact: str = "Ada Okafor", until: datetime | None = None, now: datetime = NOW) -> str:
    """News in line for a contact: the id of its push."""
    ours = office.ours
    wanted = Start(
        school_id=ours.id,
        contact_id=ours.ids[contact],
        flow="broadcast",
        purpose="broadcast",
        pupil_ids=(ours.ids["Maya"],),
        until=until,
        over=True,
    )
    with office.database.write() as session:
        (one,), _ = start(session, [wanted], now=now)
    return one.inbox_id


def goes(office: Office, *ids: str, now: datetime = NOW) -> dict[str, Any]:
    """Looks at those texts, and says those that go."""
    with office.database.write() as session:
        found = admit(session, office.ours.id, [Waiting(id=each, segments=1) for each in ids], now=now)
        said = [
            Said(id=each, said=True, into=verdict.others[0] if verdict.others else None)
            for each, verdict in found.items()
            if verdict.goes
        ]
        settle(session, office.ours.id, said, now=now)
    return found


def budget(office: Office, contact: str = "Ada Okafor") -> dict[str, Any]:
    answer = office.client().get(f"/api/v1/unasked-texts/budgets/{office.ours.ids[contact]}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def listed(office: Office, **which: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.client().get("/api/v1/unasked-texts", params=which).json()["items"]
    return items


def test_staff_see_what_is_left_and_why_the_third_text_of_a_week_waits(office: Office) -> None:
    assert (budget(office)["sent"], budget(office)["left_by_sms"]) == (0, 2)
    for _ in range(2):
        goes(office, news(office))
    third = news(office)
    assert goes(office, third)[third].again == NEXT_MONDAY
    assert budget(office) | {"contact": ""} == {
        "contact": "",
        "shared_with": [],
        "week": "2026-09-14",
        "sent": 2,
        "most_by_sms": 2,
        "most_by_telegram": 5,
        "left_by_sms": 0,
        "left_by_telegram": 3,
    }
    (waits,) = listed(office, status="waiting")
    assert (waits["id"], waits["why"], waits["what"]) == (third, "budget", "broadcast")
    assert datetime.fromisoformat(waits["goes_at"]) == NEXT_MONDAY
    assert waits["pupils"] == [office.ours.ids["Maya"]]
    assert goes(office, third, now=NEXT_MONDAY)[third].goes


def test_two_that_wait_go_as_one_and_count_as_one(office: Office) -> None:
    first, second = news(office), news(office)
    goes(office, first, second)
    assert budget(office)["sent"] == 1
    (merged,) = listed(office, status="merged")
    assert (merged["id"], merged["into"]) == (second, first)


def test_contacts_behind_one_phone_share_one_budget(office: Office) -> None:
    with office.database.write() as session:
        twin = Contact(school_id=office.ours.id, id="1" * 26, external_id="twin", name="Ada again")
        session.add(twin)
        session.flush()
        place = {"contact_id": twin.id, "channel": "sms", "address": "+447700900111"}
        session.add(Address(school_id=office.ours.id, id="2" * 26, **place))
    office.ours.ids["twin"] = "1" * 26
    for contact in ("Ada Okafor", "twin"):
        goes(office, news(office, contact=contact))
    assert (budget(office)["sent"], budget(office)["left_by_sms"]) == (2, 0)
    assert budget(office, "twin")["shared_with"] == [office.ours.ids["Ada Okafor"]]
    assert budget(office, "Sami Haddad")["left_by_sms"] == 2
    third = news(office, contact="twin")
    assert not goes(office, third)[third].goes
    assert len(listed(office, contact=office.ours.ids["Ada Okafor"])) == 3


def test_what_would_come_too_late_is_told_to_staff_at_once_and_never_sent(office: Office) -> None:
    for _ in range(2):
        goes(office, news(office))
    late = news(office, until=NOW + timedelta(days=2))
    assert goes(office, late)[late].again is None
    assert [each["id"] for each in listed(office, status="fell_away")] == [late]
    with office.database.read() as session:
        (item,) = session.query(StaffItem).filter_by(school_id=office.ours.id, why="not_sent_in_time")
        assert item.detail == {"what": "broadcast", "why": "budget", "text": late}
    assert goes(office, late, now=NEXT_MONDAY) == {}


def test_a_school_sets_its_own_cap_and_hours(office: Office) -> None:
    with office.database.write() as session:
        chosen = {"budget_sms": 1, "unasked_from": "10:00"}
        change_settings(session, session.get_one(School, office.ours.id), chosen, actor="system", now=NOW)
    early = news(office)
    assert goes(office, early)[early].again == datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    assert listed(office)[0]["why"] == "hours"
    ten = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    assert goes(office, early, now=ten)[early].goes
    second = news(office, now=ten)
    assert goes(office, second, now=ten)[second].again == datetime(2026, 9, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("role", ["teacher", "governor", "administrator"])
def test_budgets_are_for_those_who_may_read_threads(office: Office, role: str) -> None:
    ada = office.ours.ids["Ada Okafor"]
    assert problem(office.client(role).get("/api/v1/unasked-texts"))["status"] == 403
    assert problem(office.client(role).get(f"/api/v1/unasked-texts/budgets/{ada}"))["status"] == 403


def test_nobody_elses_family_has_a_budget_here(office: Office) -> None:
    theirs = office.theirs.ids["Ada Okafor"]
    assert problem(office.client().get(f"/api/v1/unasked-texts/budgets/{theirs}"))["status"] == 404
    news(office)
    assert listed(office, contact=theirs) == []
