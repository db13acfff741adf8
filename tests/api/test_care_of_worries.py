"""Care rules 8 and 9 through the API: the queue moves by itself, and worry messages survive the purge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.jobs import TIMERS
from school.purging import purge
from school.records.messaging import InboxRow, Message, Thread
from school.records.people import School
from school.safeguarding import Worry, raise_worries
from tests.api.made_up import NOW, WORRYING, Office, message, problem, worry

PATH = "/api/v1/safeguarding-items"
LEAD, DEPUTY, HEAD, GOVERNOR = "safeguarding_lead", "deputy", "head", "named_governor"
PHONES = {LEAD: "+447700900701", DEPUTY: "+447700900702", HEAD: "+447700900703", GOVERNOR: "+447700900704"}


def let_time_pass(office: Office, minutes: float) -> None:
    """The clock moves, and what is due of the queue is done at each step."""
    (timer,) = [each for each in TIMERS if each.name == "worries"]
    until = office.now + timedelta(minutes=minutes)
    while True:
        with office.database.write() as session:
            due = timer.next_due(session)
            if due is None or due > until:
                break
            office.now = max(office.now, due)
            timer.work(session, office.now)
    office.now = until


def who_reads(office: Office) -> set[str]:
    """The roles that find anything in the queue."""
    return {role for role in PHONES if office.client(role).get(PATH).json()["items"]}


def rung(office: Office) -> list[str]:
    """Which phones were told, in order."""
    wanted = (
        select(Thread.address)
        .join(InboxRow, (InboxRow.school_id == Thread.school_id) & (InboxRow.thread_id == Thread.id))
        .where(InboxRow.kind == "push", Thread.school_id == office.ours.id)
        .order_by(InboxRow.id)
    )
    names = {phone: role for role, phone in PHONES.items()}
    with office.database.read() as session:
        return [names[address] for address in session.scalars(wanted)]


def accuse(office: Office, words: str, heard: str) -> str:
    """Noor's father accuses somebody at the school; the item's id."""
    with office.database.write() as session:
        said = message(session, office.ours, "thread of Sami Haddad", words, at=office.now)
        at = words.index(heard)
        raised = Worry(
            school_id=office.ours.id, thread_id=said.thread_id, message_id=said.id, category="violence",
            contact_id=office.ours.ids["Sami Haddad"], at=office.now, spans=((at, at + len(heard)),),
        )  # fmt: skip
        return raise_worries(session, [raised], now=office.now)[0].id


@pytest.fixture
def office(office: Office) -> Office:
    """The made-up school with phones for all four."""
    with office.database.write() as session:
        school = session.get_one(School, office.ours.id)
        school.settings = {
            "lead_phone": PHONES[LEAD],
            "deputy_phone": PHONES[DEPUTY],
            "head_phone": PHONES[HEAD],
            "named_governor_phone": PHONES[GOVERNOR],
        }
    return office


def test_rule_8_unopened_it_goes_to_the_deputy_after_ten_school_minutes_and_to_the_head_after_twenty(office):
    worry(office)
    let_time_pass(office, 9)
    assert (who_reads(office), rung(office)) == ({LEAD}, [LEAD])
    let_time_pass(office, 1)
    assert (who_reads(office), rung(office)) == ({LEAD, DEPUTY}, [LEAD, DEPUTY])
    let_time_pass(office, 10)
    assert (who_reads(office), rung(office)) == ({LEAD, DEPUTY, HEAD}, [LEAD, DEPUTY, HEAD])
    let_time_pass(office, 600)
    assert rung(office) == [LEAD, DEPUTY, HEAD], "each is told once"
    (item,) = office.client(HEAD).get(PATH).json()["items"]
    assert item["words"] == WORRYING
    assert [each["role"] for each in item["told"]] == [LEAD, DEPUTY, HEAD]


def test_rule_8_who_opens_it_ends_its_way_and_who_stands_in_does_all_that_the_lead_does(office):
    ids = worry(office)
    let_time_pass(office, 10)
    deputy = office.client(DEPUTY)
    opened = deputy.post(f"{PATH}/{ids['item']}/opening")
    assert (opened.json()["status"], opened.json()["opened_by"]) == ("opened", office.ours.users[DEPUTY])
    let_time_pass(office, 60)
    assert who_reads(office) == {LEAD, DEPUTY}
    assert deputy.post(f"/api/v1/holds/{office.ours.ids['Noor']}/release").json()["released"] is True
    etag = {"If-Match": opened.headers["etag"]}
    assert deputy.post(f"{PATH}/{ids['item']}/handing-back", headers=etag).json()["status"] == "handed_back"


def test_rule_8_minutes_are_the_schools_and_nobody_is_told_while_it_is_closed(office):
    office.now = datetime(2026, 9, 14, 14, 55, tzinfo=UTC)  # 15:55 in London, five minutes before the office closes
    worry(office, at=office.now)
    let_time_pass(office, 60)
    assert who_reads(office) == {LEAD}
    morning = datetime(2026, 9, 15, 7, 5, tzinfo=UTC)
    let_time_pass(office, (morning - office.now) / timedelta(minutes=1) - 1)
    assert who_reads(office) == {LEAD}
    let_time_pass(office, 1)
    assert who_reads(office) == {LEAD, DEPUTY}


def test_rule_8_a_worry_at_night_is_told_when_the_school_opens(office):
    office.now = datetime(2026, 9, 14, 21, 0, tzinfo=UTC)
    worry(office, at=office.now)
    let_time_pass(office, 9 * 60)
    assert rung(office) == []
    let_time_pass(office, 60)
    assert rung(office) == [LEAD]


@pytest.mark.parametrize(
    ("words", "heard", "about", "told"),
    [
        ("her teacher hit her today", "hit her", "staff", {LEAD, HEAD}),
        ("the headteacher hit her today", "hit her", "head", {LEAD, GOVERNOR}),
        ("the safeguarding lead hit her today", "hit her", "lead", {HEAD, GOVERNOR}),
    ],
)
def test_rule_8_an_allegation_goes_to_those_that_the_rule_names_and_never_to_who_is_accused(
    office, words, heard, about, told
):
    item = accuse(office, words, heard)
    let_time_pass(office, 0)
    assert (who_reads(office), set(rung(office))) == (told, told)
    let_time_pass(office, 120)
    assert who_reads(office) == told, "it moves to nobody else"
    for role in PHONES:
        seen = office.client(role).get(f"{PATH}/{item}")
        assert seen.status_code == (200 if role in told else 404)
        assert office.client(role).post(f"{PATH}/{item}/opening").status_code == seen.status_code
        if role in told:
            assert seen.json()["about"] == about


def test_rule_8_an_accused_lead_learns_nothing_from_the_feed_nor_lets_the_family_go(office):
    lead = office.client(LEAD)
    before = lead.get("/api/v1/changes", params={"limit": 200}).json()
    item = accuse(office, "the safeguarding lead hit her today", "hit her")
    let_time_pass(office, 30)
    after = lead.get("/api/v1/changes", params={"limit": 200}).json()
    assert [row["verb"] for row in after["items"][len(before["items"]) :]] == ["hold_pupil"]
    assert after["latest"] == before["latest"] + 1
    assert item not in str(after)
    path = f"/api/v1/holds/{office.ours.ids['Noor']}/release"
    assert problem(lead.post(path))["code"] == "forbidden"
    assert office.client(HEAD).post(path).json()["released"] is True


def test_rule_8_a_later_text_of_that_thread_goes_where_the_allegation_went(office):
    accuse(office, "the headteacher hit her today", "hit her")
    worry(office)
    let_time_pass(office, 30)
    assert {role: len(office.client(role).get(PATH).json()["items"]) for role in PHONES} == {
        LEAD: 2, DEPUTY: 0, HEAD: 0, GOVERNOR: 2,
    }  # fmt: skip


def test_rule_8_a_reader_says_that_it_is_an_allegation_where_the_words_did_not(office):
    ids, lead = worry(office), office.client(LEAD)
    let_time_pass(office, 5)
    lead.post(f"{PATH}/{ids['item']}/opening")
    said = lead.post(f"{PATH}/{ids['item']}/allegation", json={"about": "head"})
    assert (said.json()["about"], said.json()["status"]) == ("head", "new")
    let_time_pass(office, 60)
    assert who_reads(office) == {LEAD, GOVERNOR}
    assert lead.post(f"{PATH}/{ids['item']}/allegation", json={"about": ""}).status_code == 422


def test_rule_8_that_somebody_was_told_stands_in_no_thread_that_the_office_reads(office):
    worry(office)
    before = office.client().get("/api/v1/threads").text
    let_time_pass(office, 30)
    with office.database.read() as session:
        purposes = [row.payload["purpose"] for row in session.scalars(select(InboxRow).where(InboxRow.kind == "push"))]
    assert purposes == ["worry"] * 3
    assert office.client().get("/api/v1/threads").text == before


def test_rule_8_no_administrator_lets_anybody_into_the_queue(office):
    administrator, head = office.client("administrator"), office.client(HEAD)
    for role in (DEPUTY, GOVERNOR):
        new = {"name": "New One", "email": f"new-{role}@example.org", "roles": [role]}
        assert problem(administrator.post("/api/v1/users", json=new))["code"] == "forbidden"
        user = head.post("/api/v1/users", json=new)
        assert user.status_code == 201
        key = {"name": "key", "user": user.json()["id"]}
        assert problem(administrator.post("/api/v1/tokens", json=key))["code"] == "forbidden"


def words_left(office: Office) -> set[str]:
    """The bodies that stand in the database."""
    with office.database.read() as session:
        return set(session.scalars(select(Message.body).where(Message.school_id == office.ours.id)))


def test_rule_9_worry_messages_survive_the_purge_until_they_are_recorded_as_copied_to_the_file(office):
    ids, lead = worry(office), office.client(LEAD)
    with office.database.write() as session:
        message(session, office.ours, "thread of Sami Haddad", "Noor has the dentist", at=NOW)
    office.now += timedelta(days=31)
    purge(office.database, now=office.now)
    assert words_left(office) == {WORRYING}

    path = f"{PATH}/{ids['item']}"
    assert problem(lead.post(f"{path}/filing"))["code"] == "conflict", "nobody can have copied what nobody opened"
    lead.post(f"{path}/opening")
    filed = lead.post(f"{path}/filing").json()
    assert (filed["filed_by"], filed["words"]) == (office.ours.users[LEAD], WORRYING)
    assert lead.post(f"{path}/filing").json() == filed, "who was first stays"
    purge(office.database, now=office.now)
    assert words_left(office) == set()
    (item,) = lead.get(PATH).json()["items"]
    assert (item["words"], item["category"]) == (None, "violence"), "that it was, and what was done, stays"


def test_rule_9_what_is_on_file_waits_for_its_day_and_for_the_other_worries_of_its_thread(office):
    first, lead = worry(office), office.client(LEAD)
    second = worry(office, at=NOW + timedelta(days=20))
    for each in (first, second):
        lead.post(f"{PATH}/{each['item']}/opening")
    lead.post(f"{PATH}/{first['item']}/filing")
    purge(office.database, now=NOW + timedelta(days=31))
    assert words_left(office) == {WORRYING}
    lead.post(f"{PATH}/{second['item']}/filing")
    purge(office.database, now=NOW + timedelta(days=31))
    with office.database.read() as session:
        (left,) = session.scalars(select(Message).where(Message.school_id == office.ours.id))
    assert left.id == second["message"], "its own thirty days are not over"


def test_rule_9_only_who_reads_the_queue_records_that_it_is_on_file(office):
    ids = worry(office)
    for role in ("office", "pastoral", "administrator", DEPUTY, HEAD, GOVERNOR):
        assert office.client(role).post(f"{PATH}/{ids['item']}/filing").status_code in {403, 404}
