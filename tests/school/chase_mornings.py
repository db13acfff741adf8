"""Made-up mornings for the laws of the chase: a small school, what happens in it, and all that the chase did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as DatabaseSession

from school import opting_out
from school.absences import AbsenceStatement, state_absences
from school.braking import NotHeld, release
from school.chase import look_at_all
from school.installation import mark as choose_mode
from school.morning import Standing, morning
from school.notes import NewNote, add_notes
from school.records import queues
from school.records.base import new_id
from school.records.chase_queries import holds_on, open_day
from school.records.chasing import Chase, ChaseStep
from school.records.messaging import InboxRow, Thread
from school.records.people import Address, Contact, Line, Pupil, Right, School
from school.records.staff import StaffItem
from school.registers import Mark, Marker, put_marks
from school.rules.calendar import Session
from school.staff_items import StaffNote, raise_items

DAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# The register closes at 09:15 and the first contact is asked ten minutes later.
STARTS, OVER = 25, 130
SCHOOL = "s"
OFFICE = Marker(actor="user:office", role="office")
# Families: their children with the class of each, then their adults. Zoe's mother is rung, not texted.
FAMILIES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "oakes": ({"sam": "1A", "leo": "2B"}, ("sams-mother", "sams-father")),
    "reed": ({"ava": "1A"}, ("avas-mother", "avas-father", "avas-gran")),
    "stone": ({"zoe": "2B"}, ("zoes-mother", "zoes-father")),
}
CHILDREN = {child: name for children, _ in FAMILIES.values() for child, name in children.items()}
ADULTS = [adult for _, adults in FAMILIES.values() for adult in adults]
RING_ONLY = "zoes-mother"
MATES = {"1A": 9, "2B": 9}


@dataclass(frozen=True, slots=True)
class Happens:
    """Something at a minute after nine: kind is absence, late, note, come, missing, claims, stop, wrong or release."""

    minute: int
    kind: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A morning: who is marked N at nine, classes with wrong registers, what happens, and whether texts arrive."""

    missing: frozenset[str]
    unmarked: frozenset[str] = frozenset()
    all_absent: frozenset[str] = frozenset()
    happens: tuple[Happens, ...] = ()
    arrive: bool = True


@dataclass(slots=True)
class Seen:
    """What one look did: the moment, the steps and the chases that are new, and where each child stood just before."""

    minute: int
    asks: list[ChaseStep]
    begun: list[Chase]
    standing: dict[str, Standing]
    held: set[str]


@dataclass(slots=True)
class Played:
    """A morning that was played. `answered` says at which minute somebody first accounted for a child."""

    plan: Plan
    looks: list[Seen] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)
    chases: dict[str, Chase] = field(default_factory=dict)
    sent_after: list[tuple[str, int]] = field(default_factory=list)

    def asks(self) -> list[tuple[int, str, ChaseStep]]:
        """Every question in order: the minute, the child, the step."""
        return [(seen.minute, self.child(step), step) for seen in self.looks for step in seen.asks]

    def child(self, step: ChaseStep) -> str:
        """Whom a step asks about."""
        return next(pupil for pupil, chase in self.chases.items() if chase.id == step.chase_id)


def add_school(session: DatabaseSession) -> None:
    """The families, their classmates, and a line for texts, in a database that sends nothing."""
    choose_mode(session, "rehearsal", now=NINE - timedelta(hours=2))
    session.add(
        School(id=SCHOOL, name="Hilltop", short_name="Hilltop", phone="01632960123", created_at=NINE, settings={})
    )
    session.add(Line(school_id=SCHOOL, id="line", channel="sms", address="+447700900000"))
    for number, adult in enumerate(ADULTS):
        contact = Contact(school_id=SCHOOL, id=adult, external_id=adult, name=adult, ring_only=adult == RING_ONLY)
        session.add(contact)
        session.flush()
        address = f"+4477009001{number:02}"
        session.add(Address(school_id=SCHOOL, id=f"a-{adult}", contact_id=adult, channel="sms", address=address))
    for name, count in MATES.items():
        for number in range(count):
            _pupil(session, f"mate-{name}-{number}", name)
    for children, adults in FAMILIES.values():
        for child, class_name in children.items():
            _pupil(session, child, class_name)
            for priority, adult in enumerate(adults, start=1):
                rights: dict[str, Any] = {"may_report": True, "may_be_told": True, "lives_with": True}
                session.add(Right(school_id=SCHOOL, contact_id=adult, pupil_id=child, priority=priority, **rights))
    session.flush()


def _pupil(session: DatabaseSession, pupil_id: str, class_name: str) -> None:
    names = {"first_name": pupil_id, "known_as": pupil_id, "surname": "Made-Up"}
    session.add(
        Pupil(school_id=SCHOOL, id=pupil_id, external_id=pupil_id, year=class_name[0], class_name=class_name, **names)
    )
    session.flush()


def play(session: DatabaseSession, plan: Plan) -> Played:
    """Plays a morning minute by minute; each look is made a second time at once, which must change nothing."""
    played = Played(plan=plan)
    _register(session, plan)
    waiting = sorted(plan.happens, key=lambda each: each.minute)
    for minute in range(1, OVER):
        now = NINE + timedelta(minutes=minute)
        while waiting and waiting[0].minute <= minute:
            _happen(session, waiting.pop(0), played, now=now)
        if minute == STARTS:
            open_day(session, SCHOOL, DAY, "AM", look_at=now)
        if minute >= STARTS:
            _look(session, played, minute, now=now)
    return played


def _register(session: DatabaseSession, plan: Plan) -> None:
    marks = []
    for pupil in session.scalars(sa.select(Pupil).where(Pupil.school_id == SCHOOL)):
        absent = pupil.id in plan.missing or pupil.class_name in plan.all_absent
        if pupil.class_name not in plan.unmarked or pupil.id in plan.missing:
            marks.append(Mark(pupil_id=pupil.id, day=DAY, session=Session.AM, code="N" if absent else "/"))
    if marks:
        put_marks(session, marks, school_id=SCHOOL, by=OFFICE, now=NINE)


def _look(session: DatabaseSession, played: Played, minute: int, *, now: datetime) -> None:
    found = morning(session, SCHOOL, DAY, Session.AM, now=now)
    standing = {child: found.standing(found.pupils[child]) for child in CHILDREN}
    before = _ids(session, ChaseStep), _ids(session, Chase)
    if not look_at_all(session, now=now):
        return
    steps = [each for each in _all(session, ChaseStep) if each.id not in before[0] and each.kind == "ask"]
    chases = [each for each in _all(session, Chase) if each.id not in before[1]]
    held = {each.class_name for each in holds_on(session, SCHOOL, DAY, "AM") if each.status == "held"}
    played.looks.append(Seen(minute, steps, chases, standing, held))
    for each in _all(session, Chase):
        played.chases[each.pupil_id] = each
    counted = _counts(session)
    open_day(session, SCHOOL, DAY, "AM", look_at=now)
    look_at_all(session, now=now)
    if _counts(session) != counted:
        played.repeated.append(minute)
    _send(session, played, minute, now=now)


def _counts(session: DatabaseSession) -> tuple[int, ...]:
    return tuple(
        session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0
        for kind in (ChaseStep, Chase, StaffItem, InboxRow)
    )


def _all(session: DatabaseSession, kind: Any) -> list[Any]:
    return list(session.scalars(sa.select(kind).where(kind.school_id == SCHOOL).order_by(kind.id)))


def _ids(session: DatabaseSession, kind: Any) -> set[str]:
    return {each.id for each in _all(session, kind)}


def _send(session: DatabaseSession, played: Played, minute: int, *, now: datetime) -> None:
    """What waits gets its turn, and is sent or refused, as the simulator would do it."""
    for row in [each for each in _all(session, InboxRow) if each.status == "waiting"]:
        row.status, row.handled_at = "handled", now
        played.sent_after += [(child, minute) for child in row.payload["fills"].get("who", ())]
        thread = session.get_one(Thread, (SCHOOL, row.thread_id))
        values = {
            "school_id": SCHOOL, "id": new_id(now), "thread_id": thread.id, "line_id": thread.line_id,
            "channel": "sms", "address": thread.address, "message_id": new_id(now), "message_at": now,
            "inbox_id": row.id, "purpose": "chase", "priority": 0, "segments": 1,
            "status": "sent" if played.plan.arrive else "failed", "tries": 1, "provider_id": None, "error_code": "",
            "created_at": now, "available_at": now, "expires_at": now + timedelta(hours=1), "claimed_at": None,
            "claimed_by": "", "sent_at": now, "settled_at": now,
        }  # fmt: skip
        queues.insert_outbox(session, [values])
    session.flush()


# What happens --------------------------------------------------------------------------------


def _happen(session: DatabaseSession, each: Happens, played: Played, *, now: datetime) -> None:
    if each.kind in ("absence", "late"):
        kind = "sickness" if each.kind == "absence" else "lateness"
        state_absences(session, list(_statements(each, kind, now)), now=now)
    elif each.kind == "note":
        note = NewNote(school_id=SCHOOL, pupil_id=each.who, day=DAY, kind="with_adult", by=OFFICE.actor)
        add_notes(session, [note], now=now)
    elif each.kind in ("come", "missing"):
        code = "L" if each.kind == "come" else "N"
        one = Mark(pupil_id=each.who, day=DAY, session=Session.AM, code=code, reason="seen")
        put_marks(session, [one], school_id=SCHOOL, by=OFFICE, now=now)
    elif each.kind == "release":
        _release(session, now=now)
    else:
        _items(session, each, now=now)
    if each.kind in ("absence", "note", "come", "claims", "late"):
        played.answered.setdefault(each.who, each.minute)


def _statements(each: Happens, kind: str, now: datetime) -> Iterable[AbsenceStatement]:
    for half in Session if kind == "sickness" else (Session.AM,):
        yield AbsenceStatement(
            school_id=SCHOOL, pupil_id=each.who, day=DAY, session=half, kind=kind, at=now, message_id=f"m{each.minute}",
            contact_id=_adults_of(each.who)[-1],
            expected_at=now + timedelta(hours=3) if kind == "lateness" else None,
        )  # fmt: skip


def _adults_of(child: str) -> Sequence[str]:
    return next(adults for children, adults in FAMILIES.values() if child in children)


def _release(session: DatabaseSession, *, now: datetime) -> None:
    for hold in holds_on(session, SCHOOL, DAY, "AM"):
        try:
            release(session, hold, actor=OFFICE.actor, now=now)
        except NotHeld:
            continue


def _items(session: DatabaseSession, each: Happens, *, now: datetime) -> None:
    if each.kind == "claims":
        raise_items(session, [StaffNote(school_id=SCHOOL, why="claims_present", pupil_ids=(each.who,))], now=now)
    else:
        threads = [one for one in _all(session, Thread) if one.contact_id == each.who]
        if each.kind == "stop":
            opting_out.opt_out(session, threads, now=now)
        for thread in threads if each.kind == "wrong" else ():
            raise_items(session, [StaffNote(school_id=SCHOOL, why="wrong_number", thread_id=thread.id)], now=now)
    if now >= NINE + timedelta(minutes=STARTS):
        open_day(session, SCHOOL, DAY, "AM", look_at=now)
