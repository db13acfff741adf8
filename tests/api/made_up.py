"""A made-up school and its neighbour, filled for the tests of the staff's side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.app import Settings, create_app
from school.access import add_user, make_token
from school.records.attendance import Absence, Statement
from school.records.base import new_id
from school.records.board_queries import open_items
from school.records.database import Database
from school.records.messaging import Message, OutboxRow, Thread
from school.records.people import Address, Contact, Line, Pupil, Right, School
from school.safeguarding import Worry, raise_worries
from school.staff_items import StaffNote, close_item, raise_items

# A Monday in term, ten minutes after the register closed: 09:25 in London, which is on summer time.
NOW = datetime(2026, 9, 14, 8, 25, tzinfo=UTC)
TODAY = date(2026, 9, 14)
WORRYING = "he hit her again and she is frightened"
ROLES = (
    *("office", "teacher", "pastoral", "safeguarding_lead", "deputy", "head", "governor", "named_governor"),
    *("administrator", "supply"),
)


@dataclass
class MadeUpSchool:
    """Ids of one school's things, by what they are."""

    id: str
    secrets: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class Office:
    """The app over a real database, a client for each role, a clock to move."""

    database: Database
    ours: MadeUpSchool
    theirs: MadeUpSchool
    now: datetime = NOW
    clocks: list[datetime] = field(default_factory=list)

    def set_clock(self, now: datetime) -> None:
        """The rehearsal's clock."""
        if now < self.now:
            raise ValueError("backwards")
        self.clocks.append(now)
        self.now = now

    def client(self, role: str | None = "office", *, school: MadeUpSchool | None = None) -> TestClient:
        """A client with the token of a role's user; None has no token."""
        secrets = (school or self.ours).secrets
        headers = {} if role is None else {"Authorization": f"Bearer {secrets[role]}"}
        return TestClient(self.app, headers=headers)

    @cached_property
    def app(self) -> FastAPI:
        """The whole app, in rehearsal."""
        quick = Settings(look_seconds=0.01, version="t")
        return create_app(self.database, now=lambda: self.now, rehearsal=self, settings=quick)


def open_office(database: Database) -> Office:
    """Two schools with the same kinds of things in them."""
    with database.write() as session:
        ours, theirs = _school(session, "Oak Hill"), _school(session, "Elm Bank")
    return Office(database=database, ours=ours, theirs=theirs)


def _school(session: Session, name: str) -> MadeUpSchool:
    school = MadeUpSchool(id=new_id(NOW))
    session.add(
        School(
            id=school.id,
            name=name,
            short_name=name,
            phone="+441632960001",
            settings={},
            created_at=NOW,
            on_call="nobody",
        )
    )
    session.flush()
    for role in ROLES:
        user = add_user(
            session,
            school.id,
            name=f"{role} of {name}",
            email=f"{role}@example.org",
            roles=[role],
            actor="system",
            granter_roles=("head",),
            now=NOW,
        )
        token, secret = make_token(session, school.id, name=role, actor="system", user_id=user.id, now=NOW)
        school.secrets[role], school.users[role] = secret, user.id
        school.ids[f"token of {role}"] = token.id
    # That the school has a lead was read when the lead came.
    for told in open_items(session, school.id):
        close_item(session, told, actor="system", now=NOW)
    _family(session, school)
    _items(session, school)
    return school


def _family(session: Session, school: MadeUpSchool) -> None:
    """Maya and Leo with their mother, who texts; Noor alone, whose father wrote something that worries."""
    line = add(session, school, "line", Line, channel="sms", address=f"+4477009009{new_id(NOW)[-2:]}")
    for known_as, surname, class_name in (("Maya", "Okafor", "3B"), ("Leo", "Okafor", "R1"), ("Noor", "Haddad", "3B")):
        pupil = add(
            session,
            school,
            known_as,
            Pupil,
            external_id=known_as,
            first_name=known_as,
            known_as=known_as,
            surname=surname,
            year="3",
            class_name=class_name,
        )
        session.flush()
        assert pupil.id
    for name, number, children in (
        ("Ada Okafor", "+447700900111", ("Maya", "Leo")),
        ("Sami Haddad", "+447700900222", ("Noor",)),
    ):
        contact = add(session, school, name, Contact, external_id=name, name=name)
        session.flush()
        add(session, school, f"address of {name}", Address, contact_id=contact.id, channel="sms", address=number)
        for child in children:
            right = Right(school_id=school.id, contact_id=contact.id, pupil_id=school.ids[child], may_report=True)
            right.may_be_told = True
            session.add(right)
        add(
            session,
            school,
            f"thread of {name}",
            Thread,
            line_id=line.id,
            channel="sms",
            address=number,
            contact_id=contact.id,
            last_at=NOW,
            created_at=NOW,
        )
    session.flush()
    heard = message(session, school, "thread of Ada Okafor", "Maya poorly, been sick in the night", at=NOW)
    message(session, school, "thread of Ada Okafor", "Thank you. Maya is marked ill today.", at=NOW, direction="out")
    absence(session, school, "Maya", contact="Ada Okafor", message=heard)


def _items(session: Session, school: MadeUpSchool) -> None:
    thread = add(
        session,
        school,
        "thread of nobody",
        Thread,
        line_id=school.ids["line"],
        channel="sms",
        address="+447700900333",
        last_at=NOW,
        created_at=NOW,
    )
    asked = message(session, school, "thread of nobody", "is this the school?", at=NOW)
    note = StaffNote(school_id=school.id, why="unknown_sender", thread_id=thread.id, message_id=asked.id)
    school.ids["item"] = raise_items(session, [note], now=NOW)[0].id


def add(records: Session, school: MadeUpSchool, called: str, table: Any, /, **values: Any) -> Any:
    """A row of the school under a new id, which is kept as `called`."""
    row = table(school_id=school.id, id=new_id(NOW), **values)
    school.ids[called] = row.id
    records.add(row)
    return row


def message(
    session: Session, school: MadeUpSchool, thread: str, body: str, *, at: datetime, direction: str = "in"
) -> Message:
    """A text that came in, or one of ours with its row in the outbox."""
    row = Message(
        school_id=school.id,
        id=new_id(at),
        at=at,
        thread_id=school.ids[thread],
        direction=direction,
        body=body,
        purge_after=at + timedelta(days=30),
    )
    session.add(row)
    if direction == "out":
        session.add(
            OutboxRow(
                school_id=school.id,
                id=new_id(at),
                thread_id=row.thread_id,
                line_id=school.ids["line"],
                channel="sms",
                address="+447700900111",
                message_id=row.id,
                message_at=at,
                status="delivered",
                created_at=at,
                available_at=at,
                expires_at=at + timedelta(hours=12),
                sent_at=at,
            )
        )
    session.flush()
    return row


def absence(
    session: Session,
    school: MadeUpSchool,
    child: str,
    *,
    contact: str | None = None,
    message: Message | None = None,
    day: date = TODAY,
    half: str = "AM",
    kind: str = "sickness",
    **values: Any,
) -> Absence:
    """An absence as a parent's text leaves it, kept as `absence of <child>`."""
    row = add(
        session,
        school,
        f"absence of {child}",
        Absence,
        pupil_id=school.ids[child],
        day=day,
        session=half,
        kind=kind,
        reason_category="vomiting" if kind == "sickness" else None,
        proposed_code="I" if kind == "sickness" else None,
        proposed_why="illness: A parent said so.",
        explained=True,
        note="was seen at the gate",
        created_at=NOW,
        changed_at=NOW,
        **values,
    )
    session.flush()
    add(
        session,
        school,
        f"statement about {child}",
        Statement,
        absence_id=row.id,
        contact_id=school.ids[contact] if contact else None,
        message_id=message.id if message else None,
        kind=kind,
        reason_category=row.reason_category,
        words_span=[5, 11],
        rule="en.sickness.poorly",
        at=NOW,
    )
    session.flush()
    made: Absence = row
    return made


def worry(office: Office, school: MadeUpSchool | None = None, *, at: datetime = NOW) -> dict[str, str]:
    """Noor's father writes something that worries; gives the ids of the message and the item."""
    school = school or office.ours
    with office.database.write() as session:
        said = message(session, school, "thread of Sami Haddad", WORRYING, at=at)
        raised = Worry(
            school_id=school.id,
            thread_id=said.thread_id,
            message_id=said.id,
            category="violence",
            contact_id=school.ids["Sami Haddad"],
            at=at,
        )
        items = raise_worries(session, [raised], now=at)
        return {"message": said.id, "item": items[0].id, "thread": said.thread_id}


def problem(response: Any) -> Mapping[str, Any]:
    """The body of a failure, having looked at its one shape."""
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) <= {"type", "title", "status", "code", "detail", "faults"}
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:how-was-school:problem:{body['code']}"
    assert body["title"]
    for fault in body.get("faults", []):
        assert set(fault) == {"where", "code", "says"}
    return body
