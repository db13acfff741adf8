"""Whatever happens in some weeks: no budget is broken but by what may, nothing is lost, and nothing comes too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session as DatabaseSession

from bot.inbox import Inbox
from conversations.shaping import Abilities
from school.broadcasts import Audience, approve, send_due, write
from school.migrations import upgrade
from school.reaching import Start, start
from school.records.base import new_id
from school.records.broadcasting import Broadcast
from school.records.database import Database
from school.records.messaging import InboxRow, Message, OutboxRow, Thread, WakeRow
from school.records.people import Address, Contact, Line, Pupil, Right, School
from school.records.staff import StaffItem
from school.records.unasked import UnaskedText

EXPLORES = settings.get_current_profile_name() == "random"
MONDAY = date(2026, 11, 2)
START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
WEEKS = 3
SMS_CAP, CHAT_CAP = 2, 4
ABILITIES = {
    "sms": Abilities(buttons=0, label=0, charset="gsm7", segments=1),
    "telegram": Abilities(buttons=8, label=40, charset="unicode", segments=0),
}
KINDS = ("news", "news", "news", "closure", "prompt", "back_today", "update", "chase", "decision", "staff_speak")
numbers = count(1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the school wants to say, about one child and to one adult where it is not to all."""

    at: datetime
    kind: str
    adult: int
    child: int


def weeks_of(seed: int) -> tuple[list[Event], list[tuple[int, bool]]]:
    """Some weeks of events in order, and the adults: which phone each has, and whether a chat."""
    chance = Random(seed)
    adults = [(chance.randint(0, 2), chance.random() < 0.3) for _ in range(chance.randint(1, 3))]
    events = []
    for _ in range(chance.randint(4, 14)):
        day = MONDAY + timedelta(days=chance.randrange(7 * WEEKS))
        at = datetime.combine(day, time(chance.randint(0, 23), chance.choice((0, 15, 29, 30, 45))), UTC)
        kind = chance.choice(KINDS)
        times = chance.choice((1, 1, 1, 2, 3))
        events += [Event(at, kind, chance.randrange(len(adults)), chance.randrange(2)) for _ in range(times)]
    return sorted(events, key=lambda each: each.at), adults


@dataclass
class Clock:
    """The house's time, put from event to event."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Weeks:
    """One school's weeks as they were lived: what was wanted (id, kind, until), and every row there is afterwards."""

    wanted: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    at_once: dict[str, datetime] = field(default_factory=dict)
    out: list[OutboxRow] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    rows: dict[str, UnaskedText] = field(default_factory=dict)
    items: list[StaffItem] = field(default_factory=list)
    phones: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Inbox, Clock]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('laws')}/laws.sqlite3"
    upgrade(url)
    database, clock = Database(url), Clock()
    yield database, Inbox(database, ABILITIES, now=clock, packs=("en",)), clock
    database.close()


def fill(session: DatabaseSession, school: str, adults: list[tuple[int, bool]]) -> None:
    chosen = {"budget_sms": SMS_CAP, "budget_telegram": CHAT_CAP}
    names = {"name": school, "short_name": school, "phone": "+447700900999"}
    session.add(School(id=school, created_at=START, settings=chosen, **names))
    for channel in ("sms", "telegram"):
        session.add(Line(school_id=school, id=channel, channel=channel, address=f"{school}-{channel}"))
    for child in range(2):
        names = {"first_name": "Sam", "known_as": f"Sam{child}", "surname": "Oakes"}
        session.add(Pupil(school_id=school, id=f"p{child}", external_id=str(child), class_name="3A", **names))
    for number, (phone, chat) in enumerate(adults):
        session.add(Contact(school_id=school, id=f"c{number}", external_id=str(number), name="x"))
        session.flush()
        places = {"sms": f"+44770090010{phone}"} | ({"telegram": f"55{phone}"} if chat else {})
        for channel, address in places.items():
            where = {"contact_id": f"c{number}", "channel": channel, "address": address}
            session.add(Address(school_id=school, id=f"a{number}{channel}", **where))
        for child in range(2):
            may = {"may_be_told": True, "may_report": True, "lives_with": True, "may_see_reasons": True}
            session.add(Right(school_id=school, contact_id=f"c{number}", pupil_id=f"p{child}", **may))
    session.flush()


def begin(session: DatabaseSession, school: str, event: Event, lived: Weeks) -> None:
    """What the event puts in line."""
    today, now = event.at.date(), event.at
    who = [f"p{event.child}"]
    evening = max(now, datetime.combine(today, time(19), UTC))
    facts: dict[str, tuple[str, str, dict[str, Any], datetime | None]] = {
        "prompt": (
            "prompt",
            "how_was_school",
            {"who": who, "day": today.isoformat(), "prompt": new_id(now), "question": 1},
            evening,
        ),
        "back_today": ("back_today", "back_today", {"who": who}, now + timedelta(hours=2)),
        "update": (
            "notice",
            "attendance_update",
            {"missed": [[who[0], 6]], "days": ["2026-09-07", "2026-10-23"]},
            None,
        ),
        "chase": ("chase", "late.overdue", {"who": who}, None),
        "decision": ("notice", "leave_decision", {"who": who, "decision": "granted", "days": ["2026-12-07"]}, None),
    }
    if event.kind in ("news", "closure"):
        kind: dict[str, Any] = {"kind": event.kind, "texts": {"en": f"news {new_id(now)}"}}
        row = write(session, school, audience=Audience(to="all"), actor="user:u", now=now, **kind)
        session.flush()
        approve(session, row, actor="user:u", now=now)
        return
    if event.kind == "staff_speak":
        speaks = sa.update(Thread).where(Thread.school_id == school).values(staff_until=now + timedelta(hours=2))
        session.execute(speaks)
        return
    purpose, flow, fills, until = facts[event.kind]
    over = event.kind in ("chase", "decision")
    wanted: dict[str, Any] = {"purpose": purpose, "flow": flow, "fills": fills, "until": until, "over": over}
    (one,), _ = start(session, [Start(school_id=school, contact_id=f"c{event.adult}", **wanted)], now=now)
    if over and not session.get_one(Thread, (school, one.thread_id)).staff_until:
        lived.at_once[one.inbox_id] = now


def drain(database: Database, inbox: Inbox, clock: Clock, school: str, until: datetime) -> None:
    """All that is due of this school by then, each at its own moment."""
    moments = (
        sa.select(sa.func.min(InboxRow.available_at)).where(InboxRow.school_id == school, InboxRow.status == "waiting"),
        sa.select(sa.func.min(Broadcast.look_at)).where(Broadcast.school_id == school),
        sa.select(sa.func.min(WakeRow.due_at)).where(WakeRow.school_id == school),
    )
    for _ in range(2_000):
        with database.write() as session:
            send_due(session, now=clock.now)
        inbox.handle_waiting()
        inbox.wake()
        with database.read() as session:
            found = [session.execute(each).scalar() for each in moments]
        due = [each for each in found if each is not None]
        if not due or min(due) > until:
            clock.now = max(clock.now, until)
            return
        clock.now = max(clock.now, min(due))
    raise AssertionError("what waits is looked at for ever")


def lived(house: tuple[Database, Inbox, Clock], seed: int) -> Weeks:
    database, inbox, clock = house
    events, adults = weeks_of(seed)
    school, found = f"s{next(numbers)}", Weeks(phones={f"c{each}": phone for each, (phone, _) in enumerate(adults)})
    clock.now = START
    with database.write() as session:
        fill(session, school, adults)
    for event in events:
        drain(database, inbox, clock, school, event.at)
        with database.write() as session:
            begin(session, school, event, found)
        drain(database, inbox, clock, school, event.at)
    drain(database, inbox, clock, school, events[-1].at + timedelta(days=12))
    with database.read() as session:
        found.out = list(session.scalars(sa.select(OutboxRow).where(OutboxRow.school_id == school)))
        found.rows = {each.id: each for each in session.scalars(sa.select(UnaskedText).filter_by(school_id=school))}
        found.items = list(session.scalars(sa.select(StaffItem).where(StaffItem.school_id == school)))
        found.words = {each.id: each.body for each in session.scalars(sa.select(Message).filter_by(school_id=school))}
        session.expunge_all()
    return found


MANY = settings(
    max_examples=300 if EXPLORES else 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


def hold(found: Weeks) -> None:
    """The laws of some weeks that were lived."""
    unasked = [row for row in found.out if row.inbox_id in found.rows]

    # The cap of each week and family, by what it went by: a family is a phone here, and a chat goes with its phone. All
    # of these weeks are in winter, when London keeps UTC.
    by_week: Counter[tuple[int, tuple[int, int]]] = Counter()
    for row in sorted(unasked, key=lambda each: each.id):
        contact = found.rows[str(row.inbox_id)].contact_id
        key = (found.phones[contact], row.created_at.isocalendar()[:2])
        by_week[key] += 1
        assert by_week[key] <= (SMS_CAP if row.channel == "sms" else CHAT_CAP)
        # The hours.
        assert time(7, 30) <= row.created_at.time() < time(19, 0)
        # Not stale.
        assert row.created_at < found.rows[str(row.inbox_id)].until

    # Nothing lost: each is out, within another, had nothing to say, or is before staff.
    out = {row.inbox_id: found.words[row.message_id] for row in unasked}
    told = {item.detail["text"] for item in found.items if item.why == "not_sent_in_time"}
    for each in found.rows.values():
        assert each.status != "waiting"
        if each.status == "sent":
            assert each.id in out
        elif each.status == "merged":
            assert each.into_id in out
            assert each.settled_at is not None
            assert each.settled_at < each.until
            if each.flow == "broadcast":
                assert found.words[each.id] in out[each.into_id]
        elif each.status == "fell_away":
            assert each.purpose == "prompt" or each.id in told
            assert each.id not in out
        else:
            assert (each.why, each.flow) == ("nothing_to_say", "how_was_school")

    # What cannot wait went at once.
    went = {row.inbox_id: row.created_at for row in found.out}
    assert {each: went.get(each) for each in found.at_once} == found.at_once


@MANY
@given(seed=st.integers(0, 10**9))
def test_care_rule_23_no_cap_and_no_quiet_hour_is_broken_and_nothing_is_lost_or_stale(house, seed):
    hold(lived(house, seed))


def test_the_laws_are_not_held_by_saying_nothing(house):
    statuses: Counter[str] = Counter()
    for seed in range(4):
        found = lived(house, seed)
        hold(found)
        statuses.update(each.status for each in found.rows.values())
    assert min(statuses[each] for each in ("sent", "merged", "fell_away")) > 0
