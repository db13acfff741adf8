"""Reaching a contact: by chat before text, never where care or the contact forbids it, and always with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from school.reaching import Start, Started, Unreached, start
from school.records.database import Database
from school.records.messaging import InboxRow, Thread
from school.records.people import Address, Contact, Line
from school.records.staff import Hold
from tests.school.made_up import EARLY, FATHER, LATER, MOTHER, PHONES, SAM, add_family


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    with database.write() as session:
        add_family(session)
        session.add(Line(school_id="s", id="line", channel="sms", address="+447700900000"))
        session.flush()
        yield session


def wanted(contact_id: str = MOTHER, **more: object) -> Start:
    facts = {"school_id": "s", "contact_id": contact_id, "flow": "absence", "purpose": "chase", "pupil_ids": (SAM,)}
    return Start(**{**facts, **more})  # type: ignore[arg-type]


def started(session: Session, *starts: Start) -> tuple[Started | Unreached, ...]:
    gone, left = start(session, starts, now=LATER)
    return (*gone, *left)


def why(session: Session, each: Start) -> str:
    (found,) = started(session, each)
    return found.why if isinstance(found, Unreached) else "started"


def test_a_contact_without_a_thread_gets_one_in_their_language(school: Session) -> None:
    school.get_one(Contact, ("s", MOTHER)).language = "pl"
    (found,) = started(school, wanted(fills={"who": [SAM]}))
    assert isinstance(found, Started)
    thread = school.get_one(Thread, ("s", found.thread_id))
    assert (thread.address, thread.line_id, thread.language, thread.contact_id) == (
        PHONES[MOTHER],
        "line",
        "pl",
        MOTHER,
    )
    row = school.get_one(InboxRow, ("s", found.inbox_id))
    assert (row.kind, row.status, row.thread_id) == ("push", "waiting", thread.id)
    assert row.payload == {"flow": "absence", "fills": {"who": [SAM]}, "purpose": "chase"}


def test_two_starts_with_one_contact_share_a_thread(school: Session) -> None:
    started(school, wanted(), wanted(flow="other"))
    assert len(school.scalars(select(Thread)).all()) == 1


def test_a_chat_goes_before_a_text_where_the_school_has_a_bot(school: Session) -> None:
    chat = Address(school_id="s", id="chat", contact_id=MOTHER, channel="telegram", address="77")
    school.add(chat)
    school.flush()
    (by_text,) = started(school, wanted())
    school.add(Line(school_id="s", id="bot", channel="telegram", address="bot"))
    school.flush()
    (by_chat,) = started(school, wanted())
    (text_again,) = started(school, wanted(channels=("sms",)))
    channels = [each.channel for each in (by_text, by_chat, text_again) if isinstance(each, Started)]
    assert channels == ["sms", "telegram", "sms"]


def test_a_held_family_is_not_started_with(school: Session) -> None:
    school.add(Hold(school_id="s", id="h", pupil_id=SAM, at=EARLY))
    school.flush()
    assert why(school, wanted(FATHER)) == "held"
    assert why(school, wanted(FATHER, pupil_ids=())) == "started"


def test_whoever_cannot_be_written_to_is_named_with_the_reason(school: Session) -> None:
    mother = school.scalars(select(Address).where(Address.contact_id == MOTHER)).one()
    mother.opted_out_at = EARLY
    school.flush()
    assert why(school, wanted()) == "opted_out"
    mother.opted_out_at, mother.quarantined_at = None, EARLY
    school.flush()
    assert why(school, wanted()) == "quarantined"
    school.get_one(Contact, ("s", MOTHER)).ring_only = True
    school.flush()
    assert why(school, wanted()) == "ring_only"
    school.delete(school.scalars(select(Address).where(Address.contact_id == FATHER)).one())
    school.flush()
    assert why(school, wanted(FATHER)) == "no_address"
    school.get_one(Contact, ("s", FATHER)).active = False
    school.flush()
    assert why(school, wanted(FATHER)) == "gone"


def test_a_start_waits_for_its_time(school: Session) -> None:
    (found,) = started(school, wanted(at=LATER + timedelta(hours=1), until=LATER + timedelta(hours=2)))
    assert isinstance(found, Started)
    row = school.get_one(InboxRow, ("s", found.inbox_id))
    assert row.available_at == LATER + timedelta(hours=1)
    assert row.payload["until"] == (LATER + timedelta(hours=2)).isoformat()


def test_a_school_cannot_start_with_another_schools_contact(school: Session) -> None:
    add_family(school, "other")
    assert why(school, wanted(school_id="other")) == "no_address"
    assert why(school, wanted("nobody")) == "gone"
