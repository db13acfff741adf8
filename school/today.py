"""The day's board: who is away, who is due, who waits for a person, and whom nobody contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from school.records.attendance import Absence, RegisterMark
from school.records.board_queries import absences_on, marks_on, open_items
from school.records.messaging import Message
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.records.safeguarding_queries import held_pupils
from school.records.staff import StaffItem
from school.records.thread_queries import plain_messages
from school.registers import LATE
from school.rules.codes import CODES

# A stated arrival is given ten minutes' grace before the board turns red (design.md, section 9).
GRACE = timedelta(minutes=10)
UNKNOWN_SENDER = "unknown_sender"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A child who was said to come late: whether they came, and whether they should have by now."""

    absence: Absence
    pupil: Pupil
    arrived: bool
    overdue: bool


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
    words: dict[str, Message]


def board(session: Session, school_id: str, day: date, *, now: datetime) -> Board:
    """The board of a day as it stands `now`; items that wait are shown whichever day they are from."""
    absences = absences_on(session, school_id, day)
    late = [(absence, pupil) for absence, pupil in absences if absence.kind == "lateness"]
    marks = marks_on(session, school_id, day, {pupil.id for _, pupil in late}) if late else {}
    items = open_items(session, school_id)
    held = pupils_by_id(session, school_id, held_pupils(session, school_id))
    return Board(
        day=day,
        reported=tuple(row for row in absences if row[0].kind not in {"lateness", "appointment"}),
        late=tuple(_due(absence, pupil, marks.get((pupil.id, absence.session)), now=now) for absence, pupil in late),
        appointments=tuple(row for row in absences if row[0].kind == "appointment"),
        unknown_senders=tuple(item for item in items if item.why == UNKNOWN_SENDER),
        waiting=tuple(item for item in items if item.why != UNKNOWN_SENDER),
        held=tuple(sorted(held.values(), key=lambda pupil: (pupil.surname, pupil.known_as, pupil.id))),
        words=plain_messages(session, school_id, {item.message_id for item in items if item.message_id}),
    )


def _due(absence: Absence, pupil: Pupil, mark: RegisterMark | None, *, now: datetime) -> Due:
    arrived = mark is not None and has_come(mark.code)
    passed = absence.expected_at is not None and now >= absence.expected_at + GRACE
    return Due(absence=absence, pupil=pupil, arrived=arrived, overdue=passed and not arrived)


def has_come(mark: str) -> bool:
    """Whether a mark says that somebody saw the child: present, late, or late after the register closed."""
    code = CODES.get(mark)
    return mark in LATE or (code is not None and code.counts_as_attended)
