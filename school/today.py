"""The day's board: who is away, who is due, who waits for a person, and whom nobody contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.morning import GRACE, Facts, Standing, has_come, ids, morning, unaccounted, unmarked
from school.records.attendance import Absence, RegisterMark
from school.records.board_queries import absences_on, marks_on, open_items
from school.records.chase_queries import chases_on, marked, open_brake_holds, steps_of
from school.records.chasing import BrakeHold, Chase
from school.records.messaging import Message
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.records.safeguarding_queries import held_pupils
from school.records.staff import StaffItem
from school.records.thread_queries import plain_messages
from school.rules.calendar import Calendar, CalendarEnds
from school.rules.calendar import Session as Half
from school.rules.unexplained import n_due

# Marks without a reason are looked for so far back: older ones were settled, or have been red for weeks.
REASONS_WANTED = timedelta(days=42)
NO_REASON = "N"
UNKNOWN_SENDER = "unknown_sender"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A child who was said to come late: whether they came, and whether they should have by now."""

    absence: Absence
    pupil: Pupil
    arrived: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaccounted:
    """A child of whom nobody knows where it is; `state`: none, held, asked, second, staff or not_known.

    `since` is when the chase began. `overdue`: said to come late, and the hour has passed.
    """

    pupil: Pupil
    session: Half
    state: str
    overdue: bool
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReason:
    """A mark that still lacks its reason, and the last day on which it may (None: term dates end before)."""

    mark: RegisterMark
    pupil: Pupil
    due_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What staff see of one day. `words` are the messages behind the items, those that all staff may read."""

    day: date
    reported: tuple[tuple[Absence, Pupil], ...]
    late: tuple[Due, ...]
    appointments: tuple[tuple[Absence, Pupil], ...]
    unknown_senders: tuple[StaffItem, ...]
    waiting: tuple[StaffItem, ...]
    held: tuple[Pupil, ...]
    unaccounted: tuple[Unaccounted, ...]
    unmarked: tuple[tuple[str, int], ...]
    no_reason: tuple[NoReason, ...]
    brake: tuple[BrakeHold, ...]
    words: dict[str, Message]


def board(session: Session, school_id: str, day: date, *, now: datetime) -> Board:
    """The board of a day as it stands `now`; items that wait are shown whichever day they are from."""
    absences = absences_on(session, school_id, day)
    late = [(absence, pupil) for absence, pupil in absences if absence.kind == "lateness"]
    marks = marks_on(session, school_id, day, {pupil.id for _, pupil in late}) if late else {}
    items = open_items(session, school_id)
    held = pupils_by_id(session, school_id, held_pupils(session, school_id))
    calendar = calendar_of(session, school_id)
    brake = open_brake_holds(session, school_id)
    missing, without = _missing(session, school_id, day, calendar, brake, now=now)
    return Board(
        day=day,
        reported=tuple(row for row in absences if row[0].kind not in {"lateness", "appointment"}),
        late=tuple(_due(absence, pupil, marks.get((pupil.id, absence.session)), now=now) for absence, pupil in late),
        appointments=tuple(row for row in absences if row[0].kind == "appointment"),
        unknown_senders=tuple(item for item in items if item.why == UNKNOWN_SENDER),
        waiting=tuple(item for item in items if item.why != UNKNOWN_SENDER),
        held=tuple(sorted(held.values(), key=lambda pupil: (pupil.surname, pupil.known_as, pupil.id))),
        unaccounted=missing,
        unmarked=without,
        no_reason=_no_reason(session, school_id, day, calendar),
        brake=tuple(brake),
        words=plain_messages(session, school_id, {item.message_id for item in items if item.message_id}),
    )


def _due(absence: Absence, pupil: Pupil, mark: RegisterMark | None, *, now: datetime) -> Due:
    arrived = mark is not None and has_come(mark.code)
    passed = absence.expected_at is not None and now >= absence.expected_at + GRACE
    return Due(absence=absence, pupil=pupil, arrived=arrived, overdue=passed and not arrived)


def _missing(
    session: Session, school_id: str, day: date, calendar: Calendar, brake: Sequence[BrakeHold], *, now: datetime
) -> tuple[tuple[Unaccounted, ...], tuple[tuple[str, int], ...]]:
    """Whom nobody has accounted for in the session that is on, red ones first; and classes without their marks."""
    here = calendar.local(now)
    afternoon = here.date() == day and here.time() >= calendar.times_on(day).afternoon_starts
    half = Half.PM if afternoon else Half.AM
    found = morning(session, school_id, day, half, now=now)
    lost = unaccounted(found)
    chases = {each.pupil_id: each for each in chases_on(session, school_id, day, half.value) if each.kind != "late"}
    wanted = {chases[each].id for each in ids(lost) if each in chases}
    asked = Counter(step.chase_id for step in steps_of(session, school_id, wanted) if step.kind == "ask")
    held = {each.class_name for each in brake if each.day == day and each.session == half.value}
    rows = [
        Unaccounted(
            pupil=each.pupil,
            session=half,
            state=_state(each, chases.get(each.pupil.id), asked, held),
            overdue=found.standing(each) is Standing.OVERDUE,
            since=chases[each.pupil.id].started_at if each.pupil.id in chases else None,
        )
        for each in lost
    ]
    rows.sort(key=lambda row: (_REDNESS[row.state], row.pupil.surname, row.pupil.known_as, row.pupil.id))
    classes = Counter(each.pupil.class_name for each in unmarked(found)) if found.keeps_register else Counter[str]()
    return tuple(rows), tuple(sorted(classes.items()))


_REDNESS = {"not_known": 0, "staff": 1, "second": 2, "asked": 3, "held": 4, "none": 5}


def _state(facts: Facts, chase: Chase | None, asked: Counter[str], held: set[str]) -> str:
    if chase is None or chase.status == "ended":
        return "held" if {"", facts.pupil.class_name} & held else "none"
    if chase.status == "not_known":
        return "not_known"
    if chase.staff_at is not None:
        return "staff"
    return "second" if asked[chase.id] > 1 else "asked"


def _no_reason(session: Session, school_id: str, day: date, calendar: Calendar) -> tuple[NoReason, ...]:
    """Marks that lack their reason, of earlier days too: they are seen long before they are too old."""
    rows = marked(session, school_id, NO_REASON, day - REASONS_WANTED, day)
    return tuple(NoReason(mark=mark, pupil=pupil, due_by=_due_by(calendar, mark.day, pupil)) for mark, pupil in rows)


def _due_by(calendar: Calendar, day: date, pupil: Pupil) -> date | None:
    try:
        return n_due(calendar, day, year=pupil.year)
    except CalendarEnds:
        return None
