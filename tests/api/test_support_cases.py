"""Support through the API: who reads a family's words, every step for good, offers that nobody is held to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from school.ledger import verify
from school.records.messaging import InboxRow, Thread
from school.records.people import Address, Contact, Right
from school.records.staff import LedgerRow, StaffItem
from school.records.support import SupportOffer
from school.support import Barrier, hear_barriers
from school.support_offers import OfferAnswer, answer_offers, remind_of_offers, take_back_answers
from tests.api.made_up import NOW, Office, message, problem, worry

HARD = "she cries every morning and I can't get her out of the car"
HELPERS = ("pastoral", "safeguarding_lead", "deputy", "head")
OTHERS = ("office", "teacher", "governor", "administrator")


@pytest.fixture
def case(office: Office) -> str:
    """A case that Ada Okafor's words about Maya opened; its id. She may be told why her children are away."""
    with office.database.write() as session:
        ours = office.ours
        session.execute(update(Right).where(Right.school_id == ours.id).values(may_see_reasons=True))
        said = message(session, ours, "thread of Ada Okafor", HARD, at=NOW)
        told = Barrier(
            school_id=ours.id, contact_id=ours.ids["Ada Okafor"], thread_id=said.thread_id, message_id=said.id,
            pupil_ids=(ours.ids["Maya"],),
        )  # fmt: skip
        return hear_barriers(session, [told], now=NOW)[0].id


def post(office: Office, path: str, role: str = "pastoral", *, version: int | None = None, **body: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return office.client(role).post(f"/api/v1/support-cases{path}", json=body, headers=headers)


def read(office: Office, case: str) -> dict[str, Any]:
    found: dict[str, Any] = office.client("pastoral").get(f"/api/v1/support-cases/{case}").json()
    return found


def make(office: Office, case: str, **more: Any) -> Any:
    return post(office, f"/{case}/offers", **{"kind": "call", "contact": office.ours.ids["Ada Okafor"], **more})


def answered(office: Office, offer: str, answer: str, words: str = "1", **more: Any) -> None:
    with office.database.write() as session:
        ours = office.ours
        said = message(session, ours, "thread of Ada Okafor", words, at=NOW + timedelta(minutes=5))
        told = OfferAnswer(
            school_id=ours.id, thread_id=said.thread_id, contact_ids=(ours.ids["Ada Okafor"],), offer_id=offer,
            answer=answer, message_id=said.id, at=said.at, **more,
        )  # fmt: skip
        answer_offers(session, [told], now=said.at)


def pushes(office: Office) -> list[dict[str, Any]]:
    with office.database.read() as session:
        rows = session.query(InboxRow).filter(InboxRow.school_id == office.ours.id, InboxRow.kind == "push")
        return [dict(row.payload) for row in rows if row.status == "waiting"]


def whys(office: Office) -> list[str]:
    with office.database.read() as session:
        return [row.why for row in session.query(StaffItem).filter(StaffItem.school_id == office.ours.id)]


# Cases ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", HELPERS)
def test_those_who_help_read_the_words(office: Office, case: str, role: str) -> None:
    shown = office.client(role).get(f"/api/v1/support-cases/{case}").json()
    assert [step["words"] for step in shown["steps"] if step["kind"] == "words"] == [HARD]
    assert [each["known_as"] for each in shown["pupils"]] == ["Maya"]
    assert office.client(role).get("/api/v1/support-cases").json()["items"][0]["id"] == case


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(office: Office, case: str, role: str) -> None:
    assert office.client(role).get(f"/api/v1/support-cases/{case}").status_code == 403
    assert office.client(role).get("/api/v1/support-cases").status_code == 403


def test_a_case_is_seen_replied_to_noted_and_closed_and_each_step_stays(office: Office, case: str) -> None:
    assert post(office, f"/{case}/seeing").json()["status"] == "seen"
    assert post(office, f"/{case}/seeing").json()["status"] == "seen"
    assert post(office, f"/{case}/replies", words="Thank you. Shall we talk?").status_code == 202
    shown = post(office, f"/{case}/notes", kind="letter", words="Letter about a meeting, by post").json()
    assert post(office, f"/{case}/closing", version=shown["version"] - 1).status_code == 412
    assert post(office, f"/{case}/closing").status_code == 428
    closed = post(office, f"/{case}/closing", version=shown["version"], note="settled").json()
    kinds = [step["kind"] for step in closed["steps"]]
    assert kinds == ["opened", "words", "seen", "replied", "letter", "closed"]
    assert closed["status"] == "closed"
    assert {step["by"] for step in closed["steps"][2:]} == {f"user:{office.ours.users['pastoral']}"}
    assert post(office, f"/{case}/notes", words="too late").status_code == 409
    with office.database.read() as session:
        verbs = [row.verb for row in session.query(LedgerRow).filter(LedgerRow.subject == "support_case")]
        assert verify(session, office.ours.id) is None
    assert {"open_support_case", "see_support_case", "reply_in_support_case", "close_support_case"} <= set(verbs)


@pytest.mark.parametrize("change", ["UPDATE support_steps SET note = 'never said'", "DELETE FROM support_steps"])
def test_the_database_itself_refuses_to_change_a_step(office: Office, case: str, change: str) -> None:
    assert case
    with pytest.raises(DatabaseError), office.database.write() as session:
        session.execute(text(change))


def test_later_words_join_the_open_case_and_open_it_again(office: Office, case: str) -> None:
    post(office, f"/{case}/seeing")
    with office.database.write() as session:
        ours = office.ours
        said = message(session, ours, "thread of Ada Okafor", "no better today", at=NOW)
        told = Barrier(
            school_id=ours.id, contact_id=ours.ids["Ada Okafor"], thread_id=said.thread_id, message_id=said.id,
            pupil_ids=(),
        )  # fmt: skip
        assert hear_barriers(session, [told], now=NOW)[0].id == case
    assert read(office, case)["status"] == "open"


def test_two_homes_have_a_case_each(office: Office, case: str) -> None:
    with office.database.write() as session:
        ours = office.ours
        session.add(
            Right(school_id=ours.id, contact_id=ours.ids["Sami Haddad"], pupil_id=ours.ids["Maya"], may_be_told=True)
        )
        said = message(session, ours, "thread of Sami Haddad", "he hates school", at=NOW)
        told = Barrier(
            school_id=ours.id, contact_id=ours.ids["Sami Haddad"], thread_id=said.thread_id, message_id=said.id,
            pupil_ids=(ours.ids["Maya"],),
        )  # fmt: skip
        other = hear_barriers(session, [told], now=NOW)[0].id
    assert other != case
    assert HARD not in str(read(office, other))
    listed = office.client("pastoral").get("/api/v1/support-cases", params={"pupil": office.ours.ids["Maya"]})
    assert {each["id"] for each in listed.json()["items"]} == {case, other}


def test_staff_open_a_case_and_nothing_is_sent(office: Office) -> None:
    made = post(office, "", pupils=[office.ours.ids["Leo"]], note="two weeks of late mornings")
    assert made.status_code == 201
    assert pushes(office) == []
    assert problem(post(office, "", pupils=[office.theirs.ids["Leo"]]))["faults"][0]["where"] == "pupils"


# Offers ---------------------------------------------------------------------------------------


def test_an_offer_is_put_in_line_for_the_one_contact_with_its_times(office: Office, case: str) -> None:
    times = ["2026-09-16T10:00:00+01:00", "2026-09-15T15:30:00+01:00"]
    made = make(office, case, times=times)
    assert made.status_code == 201
    (push,) = pushes(office)
    assert push["flow"] == "support"
    assert push["fills"]["times"] == ["2026-09-15T14:30:00+00:00", "2026-09-16T09:00:00+00:00"]
    assert push["fills"]["who"] == [office.ours.ids["Maya"]]
    (offer,) = read(office, case)["offers"]
    assert (offer["id"], offer["status"], offer["reminder_at"]) == (made.json()["offer"], "offered", None)


def test_the_same_key_offers_once_and_a_second_offer_waits_for_the_first(office: Office, case: str) -> None:
    client = office.client("pastoral")
    body, headers = {"kind": "call", "contact": office.ours.ids["Ada Okafor"]}, {"Idempotency-Key": "a"}
    first, second = (client.post(f"/api/v1/support-cases/{case}/offers", json=body, headers=headers) for _ in range(2))
    assert first.json() == second.json()
    assert len(pushes(office)) == 1
    assert make(office, case).status_code == 409


def test_faulty_offers_are_sent_back(office: Office, case: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "times": {"times": ["2026-09-13T10:00:00Z"]},
        "pupils": {"pupils": [office.ours.ids["Noor"]]},
        "contact": {"contact": office.theirs.ids["Ada Okafor"]},
    }
    for where, body in bodies.items():
        assert where in problem(make(office, case, **body))["faults"][0]["where"]


@pytest.mark.parametrize(
    "wrong", [{"may_be_told": False}, {"may_see_reasons": False}, {"no_contact": True}, {"social_worker": True}]
)
def test_no_offer_goes_to_a_contact_without_the_right(office: Office, case: str, wrong: dict[str, bool]) -> None:
    with office.database.write() as session:
        session.execute(update(Right).where(Right.school_id == office.ours.id).values(**wrong))
    assert problem(make(office, case))["faults"][0]["where"] == "contact"
    assert pushes(office) == []


def test_care_rule_1_a_held_family_gets_no_offer_in_the_same_words_as_ever(office: Office, case: str) -> None:
    with office.database.write() as session:
        ours = office.ours
        session.add(
            Right(school_id=ours.id, contact_id=ours.ids["Sami Haddad"], pupil_id=ours.ids["Maya"], may_be_told=True)
        )
    worry(office)
    answer = make(office, case)
    assert answer.status_code == 409
    assert problem(answer)["title"] == "Being dealt with: do not contact home."
    assert read(office, case)["offers"] == []


@pytest.mark.parametrize("table", [Address, Thread])
def test_who_stopped_us_is_rung_instead(office: Office, case: str, table: Any) -> None:
    with office.database.write() as session:
        session.execute(update(table).where(table.school_id == office.ours.id).values(opted_out_at=NOW))
    assert "opted_out" in problem(make(office, case))["detail"]
    assert post(office, f"/{case}/replies", words="Hello").status_code == 409


def test_who_cannot_read_is_rung_instead(office: Office, case: str) -> None:
    with office.database.write() as session:
        session.execute(update(Contact).where(Contact.school_id == office.ours.id).values(ring_only=True))
    assert "ring_only" in problem(make(office, case))["detail"]


def test_care_rule_23_an_offer_keeps_to_the_familys_budget_and_hours(office: Office, case: str) -> None:
    make(office, case)
    (push,) = pushes(office)
    assert push["unasked"] is True


def test_what_is_withdrawn_before_the_morning_never_goes(office: Office, case: str) -> None:
    office.now = datetime(2026, 9, 14, 19, 0, tzinfo=UTC)
    offer = make(office, case).json()["offer"]
    assert post(office, f"/{case}/offers/{offer}/withdrawal").json()["offers"][0]["status"] == "withdrawn"
    assert pushes(office) == []
    assert post(office, f"/{case}/offers/{offer}/withdrawal").status_code == 409


def test_a_no_is_written_down_and_becomes_nobodys_task(office: Office, case: str) -> None:
    offer = make(office, case).json()["offer"]
    before = whys(office)
    answered(office, offer, "declined", "2")
    shown = read(office, case)
    assert shown["offers"][0]["status"] == "declined"
    assert whys(office) == before
    assert shown["offers"][0]["reminder_at"] is None


def test_the_consent_keeps_what_was_asked_and_said_after_the_texts_are_gone(office: Office, case: str) -> None:
    offer = make(office, case, kind="team").json()["offer"]
    with office.database.write() as session:
        asked = message(session, office.ours, "thread of Ada Okafor", "May we? 1 I agree", at=NOW, direction="out")
        asked.said = ["ask.support_sure"]
    answered(office, offer, "accepted", "1", consent="ask.support_sure")
    with office.database.write() as session:
        session.execute(text("DELETE FROM messages"))
    consent = read(office, case)["offers"][0]["consent"]
    assert (consent["asked"], consent["said"]) == ("May we? 1 I agree", "1")
    assert consent["at"] == "2026-09-14T08:30:00Z"
    assert "support_accepted" in whys(office)


def test_without_the_words_that_were_asked_there_is_no_consent(office: Office, case: str) -> None:
    offer = make(office, case, kind="team").json()["offer"]
    answered(office, offer, "accepted", "1", consent="ask.support_sure")
    (shown,) = read(office, case)["offers"]
    assert (shown["status"], shown["consent"]) == ("offered", None)
    assert "support_unclear" in whys(office)


def test_a_consent_taken_back_has_ended(office: Office, case: str) -> None:
    offer = make(office, case, kind="team").json()["offer"]
    post(office, f"/{case}/offers/{offer}/answer", answer="accepted", words="Asked by telephone, she said yes, do")
    with office.database.write() as session:
        ours = office.ours
        gone = OfferAnswer(
            school_id=ours.id, thread_id=ours.ids["thread of Ada Okafor"], contact_ids=(ours.ids["Ada Okafor"],),
            offer_id=offer, answer="taken_back", message_id="", at=NOW,
        )  # fmt: skip
        take_back_answers(session, [gone], now=NOW)
    (shown,) = read(office, case)["offers"]
    assert shown["status"] == "taken_back"
    assert shown["consent"]["ended_at"] is not None


def test_a_person_writes_down_a_consent_only_with_its_words(office: Office, case: str) -> None:
    offer = make(office, case, kind="team").json()["offer"]
    bare = post(office, f"/{case}/offers/{offer}/answer", answer="accepted")
    assert problem(bare)["faults"][0]["where"] == "words"
    done = post(office, f"/{case}/offers/{offer}/answer", answer="accepted", words="'Yes, tell the nurse'").json()
    assert done["offers"][0]["consent"]["said"] == "'Yes, tell the nurse'"


def test_an_answer_from_another_familys_phone_changes_nothing(office: Office, case: str) -> None:
    offer = make(office, case).json()["offer"]
    with office.database.write() as session:
        ours = office.ours
        said = message(session, ours, "thread of Sami Haddad", "1", at=NOW)
        told = OfferAnswer(
            school_id=ours.id, thread_id=said.thread_id, contact_ids=(ours.ids["Sami Haddad"],), offer_id=offer,
            answer="accepted", message_id=said.id, at=NOW,
        )  # fmt: skip
        answer_offers(session, [told], now=NOW)
    assert read(office, case)["offers"][0]["status"] == "offered"


def test_one_kind_word_at_most_and_none_once_there_is_an_answer(office: Office, case: str) -> None:
    from school.records.people import School
    from school.settings import change_settings

    with office.database.write() as session:
        school = session.get_one(School, office.ours.id)
        change_settings(session, school, {"support_remind_days": 2}, actor="system", now=NOW)
    offer = make(office, case).json()["offer"]
    with office.database.read() as session:
        due = session.get_one(SupportOffer, (office.ours.id, offer)).remind_at
    # Two school days on, at noon.
    assert due == datetime(2026, 9, 16, 11, 30, tzinfo=UTC)
    with office.database.write() as session:
        assert remind_of_offers(session, now=due - timedelta(minutes=1)) == 0
        assert remind_of_offers(session, now=due) == 1
        assert remind_of_offers(session, now=due + timedelta(days=30)) == 0
    assert [each["fills"].get("reminder", False) for each in pushes(office)] == [False, True]
    assert [step["kind"] for step in read(office, case)["steps"]].count("reminded") == 1
