"""Evidence: asked by a person, of who may be asked, seen by few, every look written down, forgotten on its day."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.base import Refused, Rejected
from bot.fetching import Fetcher
from school.evidence import MOST_FILES, Sent, take_in
from school.ledger import verify
from school.purging import purge
from school.records.attendance import Statement
from school.records.base import new_id
from school.records.evidence import EvidenceFile
from school.records.leave import LeaveRequest, LeaveSession
from school.records.messaging import InboxRow, Thread
from school.records.people import Address, Contact, Right, School
from school.records.staff import LedgerRow, StaffItem
from school.settings import change_settings
from tests.api.made_up import NOW, Office, absence, message, problem, worry

PATH = "/api/v1/evidence-requests"
LETTER = b"%PDF-1.4\nDear school\n%%EOF\n"
MAY_ASK = ("office", "safeguarding_lead", "deputy", "head")
NOBODY_ELSE = ("teacher", "supply", "governor", "administrator")
WHY = "The fifth Friday in a row."


class Files:
    """A channel whose files are here; one that is not is refused for ever, or for now."""

    def __init__(self, *, away: bool = False, **files: bytes) -> None:
        self.files, self.away, self.asked = files, away, 0

    def fetch(self, reference: str, *, largest: int) -> bytes:
        """The file; raises as a channel does."""
        self.asked += 1
        if self.away:
            raise Refused("connect")
        found = self.files.get(reference, b"")
        if not 0 < len(found) <= largest:
            raise Rejected("size")
        return found


@pytest.fixture(autouse=True)
def _may_see_reasons(office: Office) -> None:
    with office.database.write() as session:
        session.execute(update(Right).values(may_see_reasons=True))


def new(office: Office, **more: Any) -> dict[str, Any]:
    ids = office.ours.ids
    return {"absence": ids["absence of Maya"], "contact": ids["Ada Okafor"], "why": WHY, **more}


def ask(office: Office, role: str = "office", **more: Any) -> Any:
    return office.client(role).post(PATH, json=new(office, **more))


def sends(office: Office, request: str, *names: str, contact: str = "Ada Okafor") -> None:
    """Files come from that contact's phone."""
    ours = office.ours
    with office.database.write() as session:
        for name in names:
            said = message(session, ours, "thread of Ada Okafor", "", at=NOW)
            row = InboxRow(school_id=ours.id, id=said.id, thread_id=said.thread_id, kind="text", payload={"file": name})
            row.at, row.received_at, row.available_at, row.status = NOW, NOW, NOW, "handled"
            session.add(row)
            session.flush()
            sent = Sent(
                school_id=ours.id, request_id=request, contact_ids=(ours.ids[contact],), thread_id=said.thread_id,
                channel="telegram", message_id=said.id, at=NOW,
            )  # fmt: skip
            take_in(session, [sent], now=NOW)


def fetch(office: Office, files: Files, *, at: Any = NOW) -> None:
    Fetcher(office.database, {"telegram": files}, now=lambda: at).drain()


def read(office: Office, request: str) -> dict[str, Any]:
    found: dict[str, Any] = office.client("office").get(f"{PATH}/{request}").json()
    return found


def pushes(office: Office) -> list[str]:
    with office.database.read() as session:
        rows = session.scalars(
            select(InboxRow).where(InboxRow.school_id == office.ours.id, InboxRow.kind == "push").order_by(InboxRow.id)
        )
        return [str(row.payload["flow"]) for row in rows if row.status == "waiting"]


def verbs(office: Office) -> list[tuple[str, str]]:
    with office.database.read() as session:
        assert verify(session, office.ours.id) is None
        rows = session.scalars(
            select(LedgerRow).where(LedgerRow.subject == "evidence_request").order_by(LedgerRow.number)
        )
        return [(row.verb, row.actor.partition(":")[0]) for row in rows]


# Asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MAY_ASK)
def test_those_who_settle_absences_may_ask_and_one_text_is_put_in_line(office: Office, role: str) -> None:
    made = ask(office, role)
    assert made.status_code == 201
    shown = made.json()
    assert (shown["status"], shown["why"], shown["files"]) == ("asked", WHY, [])
    assert shown["pupils"] == [office.ours.ids["Maya"]]
    assert shown["asked_by"] == f"user:{office.ours.users[role]}"
    assert pushes(office) == ["evidence_ask"]
    assert office.client(role).get(PATH).json()["items"] == [read(office, shown["id"])]


@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_nobody_else_asks_or_sees_anything(office: Office, role: str) -> None:
    request = ask(office).json()["id"]
    assert ask(office, role).status_code == 403
    for path in (PATH, f"{PATH}/{request}"):
        assert office.client(role).get(path).status_code == 403


def test_pastoral_staff_see_and_do_not_ask(office: Office) -> None:
    request = ask(office).json()["id"]
    assert ask(office, "pastoral").status_code == 403
    assert office.client("pastoral").get(f"{PATH}/{request}").status_code == 200


def test_it_is_asked_with_a_reason_about_one_thing_and_once(office: Office) -> None:
    assert ask(office, why="  ").status_code == 422
    assert ask(office, absence=None).status_code == 422
    assert ask(office, leave=office.ours.ids["Maya"]).status_code == 422
    assert ask(office, absence=office.ours.ids["Maya"]).status_code == 404
    assert ask(office).status_code == 201
    assert ask(office).status_code == 409
    assert pushes(office) == ["evidence_ask"]


def test_only_who_may_be_told_why_is_asked(office: Office) -> None:
    assert ask(office, contact=office.ours.ids["Sami Haddad"]).status_code == 422
    with office.database.write() as session:
        session.execute(update(Right).values(may_see_reasons=False))
    assert problem(ask(office))["faults"][0]["where"] == "/contact"
    assert pushes(office) == []


def test_a_family_that_is_held_is_not_asked(office: Office) -> None:
    with office.database.write() as session:
        ids = office.ours.ids
        right = Right(school_id=office.ours.id, pupil_id=ids["Noor"], contact_id=ids["Ada Okafor"], may_be_told=True)
        right.may_see_reasons = True
        session.add(right)
        absence(session, office.ours, "Noor", contact="Ada Okafor")
    worry(office)
    answer = ask(office, absence=ids["absence of Noor"])
    assert problem(answer)["title"] == "Being dealt with: do not contact home."
    assert pushes(office) == []


def test_a_family_that_is_bereaved_is_not_asked_about_a_sibling_either(office: Office) -> None:
    with office.database.write() as session:
        died = absence(session, office.ours, "Leo", contact="Ada Okafor", kind="absence_other")
        died.reason_category = "bereavement"
        session.execute(update(Statement).where(Statement.absence_id == died.id).values(reason_category="bereavement"))
    office.ours.ids["absence of Leo"] = died.id
    assert problem(ask(office))["detail"] == "Somebody died in this family: nothing is asked of it."
    assert pushes(office) == []


def test_who_is_rung_and_not_texted_is_left_to_a_person(office: Office) -> None:
    with office.database.write() as session:
        session.execute(update(Contact).values(ring_only=True))
    assert problem(ask(office))["detail"] == "Please ring instead: ring_only."


# What came ------------------------------------------------------------------------------------


def test_what_came_is_kept_shown_and_every_look_is_written_down(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "letter")
    assert read(office, request)["files"][0]["status"] == "waiting"
    fetch(office, Files(letter=LETTER))
    shown = read(office, request)
    [file] = shown["files"]
    assert (shown["status"], file["status"], file["content_type"], file["size"]) == (
        "received", "kept", "application/pdf", len(LETTER),
    )  # fmt: skip
    assert pushes(office) == ["evidence_ask", "evidence_kept"]
    looked = office.client("head").post(f"{PATH}/{request}/files/{file['id']}/looks")
    assert looked.content == LETTER
    assert looked.headers["content-disposition"] == f'attachment; filename="{file["id"]}.pdf"'
    assert looked.headers["x-content-type-options"] == "nosniff"
    assert looked.headers["cache-control"] == "no-store"
    closed = office.client("office").post(
        f"{PATH}/{request}/closing", json={"note": "a card"}, headers={"If-Match": f'"{shown["version"]}"'}
    )
    assert (closed.json()["status"], closed.json()["note"]) == ("closed", "a card")
    assert verbs(office) == [
        ("ask_for_evidence", "user"), ("send_evidence", "contact"), ("keep_evidence", "system"),
        ("look_at_evidence", "user"), ("close_evidence", "user"),
    ]  # fmt: skip


def test_two_pages_are_thanked_once(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "first", "second")
    fetch(office, Files(first=LETTER, second=LETTER))
    assert pushes(office) == ["evidence_ask", "evidence_kept"]
    with office.database.read() as session:
        whys = list(session.scalars(select(StaffItem.why).where(StaffItem.why.like("evidence%"))))
    assert whys == ["evidence", "evidence"]


@pytest.mark.parametrize("sent", [b"PK a sheet", b"", b"<html>"])
def test_what_is_no_picture_is_not_kept_and_the_parent_hears_so(office: Office, sent: bytes) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "thing")
    fetch(office, Files(thing=sent))
    shown = read(office, request)
    assert (shown["status"], shown["files"][0]["status"], shown["files"][0]["size"]) == ("asked", "unread", 0)
    assert pushes(office) == ["evidence_ask", "evidence_unread"]
    path = f"{PATH}/{request}/files/{shown['files'][0]['id']}/looks"
    assert office.client("office").post(path).status_code == 404


def test_a_file_that_cannot_be_had_now_is_tried_again_and_given_up_at_last(office: Office) -> None:
    request, files = ask(office).json()["id"], Files(away=True, letter=LETTER)
    sends(office, request, "letter")
    fetch(office, files)
    fetch(office, files)
    assert files.asked == 1, "it is not asked for again within the minute"
    fetch(office, files, at=NOW + timedelta(minutes=2))
    assert read(office, request)["files"][0]["status"] == "waiting"
    fetch(office, files, at=NOW + timedelta(minutes=4))
    assert read(office, request)["files"][0]["status"] == "unread"
    fetch(office, files, at=NOW + timedelta(minutes=9))
    assert files.asked == 3


def test_what_another_familys_phone_sends_or_comes_too_late_is_not_taken(office: Office) -> None:
    shown = ask(office).json()
    sends(office, shown["id"], "letter", contact="Sami Haddad")
    assert read(office, shown["id"])["files"] == []
    sends(office, shown["id"], "letter")
    headers = {"If-Match": f'"{shown["version"]}"'}
    assert office.client("office").post(f"{PATH}/{shown['id']}/withdrawal", headers=headers).status_code == 200
    fetch(office, Files(letter=LETTER))
    sends(office, shown["id"], "letter")
    [file] = read(office, shown["id"])["files"]
    assert file["status"] == "unread"
    assert pushes(office) == [], "what had not gone out yet did not go, and nobody is thanked"


def test_no_more_than_so_many_files_are_taken(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, *(["letter"] * (MOST_FILES + 2)))
    assert len(read(office, request)["files"]) == MOST_FILES


def test_a_change_names_the_version_and_what_is_over_stays_over(office: Office) -> None:
    shown = ask(office).json()
    path = f"{PATH}/{shown['id']}"
    assert office.client("office").post(f"{path}/closing", json={}).status_code == 428
    assert office.client("office").post(f"{path}/closing", json={}, headers={"If-Match": '"9"'}).status_code == 412
    assert office.client("office").post(f"{path}/closing", json={}, headers={"If-Match": "*"}).status_code == 200
    assert office.client("office").post(f"{path}/withdrawal", headers={"If-Match": "*"}).status_code == 409


# Forgotten ------------------------------------------------------------------------------------


def test_what_was_sent_is_forgotten_on_its_day_and_that_it_came_is_not(office: Office) -> None:
    with office.database.write() as session:
        ours = session.get_one(School, office.ours.id)
        change_settings(session, ours, {"evidence_keep_days": 20, "retention_days": 3650}, actor="system", now=NOW)
    request = ask(office).json()["id"]
    sends(office, request, "letter")
    fetch(office, Files(letter=LETTER))
    purge(office.database, now=NOW + timedelta(days=20) - timedelta(seconds=1))
    assert read(office, request)["files"][0]["status"] == "kept"
    purge(office.database, now=NOW + timedelta(days=20))
    [file] = read(office, request)["files"]
    assert (file["status"], file["sha256"]) == ("forgotten", None)
    with office.database.read() as session:
        assert session.scalars(select(EvidenceFile.data)).all() == [None]
    assert office.client("office").post(f"{PATH}/{request}/files/{file['id']}/looks").status_code == 404


def test_rule_17_a_death_that_was_told_in_asking_for_leave_is_a_death(office: Office) -> None:
    ours = office.ours
    with office.database.write() as session:
        leave = LeaveRequest(school_id=ours.id, id="leave", contact_id=ours.ids["Ada Okafor"], frame="f")
        leave.thread_id, leave.reason, leave.asked_at = ours.ids["thread of Ada Okafor"], "bereavement", NOW
        leave.first = leave.last = NOW.date()
        session.add(leave)
        session.flush()
        about = {"school_id": ours.id, "request_id": "leave", "pupil_id": ours.ids["Maya"]}
        session.add(LeaveSession(id="half", day=NOW.date(), session="AM", **about))
    assert problem(ask(office))["code"] == "conflict"
    assert pushes(office) == []
    with office.database.write() as session:
        session.execute(update(LeaveRequest).values(status="withdrawn"))
    assert ask(office).status_code == 201


# A copy of what is kept ------------------------------------------------------------------------


def copied(office: Office, contact: str = "Ada Okafor") -> dict[str, Any]:
    """What a subject access request of that contact hands out."""
    path, ids = "/api/v1/subject-access", office.ours.ids
    asked = office.client("office").post(path, json={"contact": ids[contact], "pupils": [ids["Maya"]]}).json()
    office.client("head").post(f"{path}/{asked['id']}/sign-off")
    found: dict[str, Any] = office.client("office").post(f"{path}/{asked['id']}/copy").json()
    return found


def test_what_they_were_asked_and_sent_is_in_a_contacts_own_copy_and_why_staff_asked_is_not(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "card")
    fetch(office, Files(card=LETTER))
    copy = copied(office)
    [shown] = copy["evidence"]
    assert (shown["pupils"], shown["status"]) == ([office.ours.ids["Maya"]], "received")
    assert [(each["content_type"], b64decode(each["base64"])) for each in shown["files"]] == [
        ("application/pdf", LETTER)
    ]
    assert WHY not in str(copy)


def test_who_may_not_be_told_why_a_child_is_away_has_nothing_of_it_in_the_copy(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "card")
    fetch(office, Files(card=LETTER))
    with office.database.write() as session:
        session.execute(update(Right).values(may_see_reasons=False))
    assert copied(office)["evidence"] == []


def test_what_came_from_a_phone_that_two_adults_share_is_in_nobodys_copy(office: Office) -> None:
    request = ask(office).json()["id"]
    sends(office, request, "card")
    fetch(office, Files(card=LETTER))
    with office.database.write() as session:
        thread = session.get_one(Thread, (office.ours.id, office.ours.ids["thread of Ada Okafor"]))
        shared = Address(school_id=office.ours.id, id=new_id(NOW), contact_id=office.ours.ids["Sami Haddad"])
        shared.channel, shared.address = thread.channel, thread.address
        session.add(shared)
    assert copied(office)["evidence"] == []
