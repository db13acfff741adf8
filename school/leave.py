"""Leave in term time: asked for by a parent, decided by the head, told in plain words, and looked at afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import Session as DatabaseSession

from school.absences import AbsenceStatement, state_absences
from school.calendars import calendar_of
from school.ledger import Entry, by_contact, record
from school.reaching import Start, start
from school.records.base import new_id
from school.records.board_queries import open_items
from school.records.leave import LeaveRequest, LeaveSession
from school.records.leave_queries import (
    open_requests,
    requests_of_frames,
    sessions_asked,
    to_remind,
)
from school.records.people import School
from school.records.pupil_queries import pupils_by_id
from school.rules.calendar import CalendarEnds, Session
from school.rules.leave import grantable
from school.settings import settings_of
from school.staff_items import StaffNote, close_item, raise_items

Decision: TypeAlias = Literal["granted", "part", "refused"]
ASKED, WITHDRAWN = "asked", "withdrawn"
# The head's reasons: each is said in every language; what is beyond them, the head writes in the thread.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "ordinary": "Nothing out of the ordinary",
        "tests": "Tests or exams then",
        "long": "More days than can be agreed to",
        "another_time": "Could be in the school holidays",
    }
)
# What an absence that the head granted is filed under: its code is for the office to choose.
GRANTED = "leave_granted"


class LeaveRefused(ValueError):  # noqa: N818
    """The decision cannot be made so; `code` says why: decided, withdrawn, begun, not_asked, no_reason, nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a parent confirmed: `sessions` by child; `at` is when the words first reached us, aware."""

    school_id: str
    thread_id: str
    contact_id: str | None
    frame: str
    message_id: str | None
    words: tuple[str, ...]
    reason: str | None
    sessions: tuple[tuple[str, date, Session], ...]
    at: datetime


# Asked ---------------------------------------------------------------------------------------


def ask_leave(session: DatabaseSession, asks: Sequence[Ask], *, now: datetime) -> list[LeaveRequest]:
    """Puts requests on record and before staff, with when to remind the head; gives the requests.

    The same sessions asked for again in the same thread are the same request, with newer words.
    """
    made, notes = [], []
    for ask in asks:
        if not ask.sessions:
            continue
        known = _same(session, ask)
        if known is not None:
            known.words, known.frame = list(ask.words), ask.frame
            made.append(known)
            continue
        row = _request(session, ask, now=now)
        made.append(row)
        notes.append(_note(row, _pupils(ask), "leave"))
        _record(session, row, by_contact(ask.contact_id or ""), "ask_leave", now)
    raise_items(session, notes, now=now)
    return made


def _pupils(ask: Ask) -> tuple[str, ...]:
    return tuple(dict.fromkeys(child for child, _, _ in ask.sessions))


def _same(session: DatabaseSession, ask: Ask) -> LeaveRequest | None:
    there = open_requests(session, ask.school_id, ask.thread_id)
    asked = sessions_asked(session, ask.school_id, [each.id for each in there])
    wanted = {(child, day, half.value) for child, day, half in ask.sessions}
    for row in there:
        if {(each.pupil_id, each.day, each.session) for each in asked.get(row.id, [])} == wanted:
            return row
    return None


def _request(session: DatabaseSession, ask: Ask, *, now: datetime) -> LeaveRequest:
    days = [day for _, day, _ in ask.sessions]
    row = LeaveRequest(
        school_id=ask.school_id,
        id=new_id(now),
        contact_id=ask.contact_id,
        thread_id=ask.thread_id,
        message_id=ask.message_id,
        frame=ask.frame,
        words=list(ask.words),
        reason=ask.reason or "",
        first=min(days),
        last=max(days),
        asked_at=ask.at,
        remind_at=_reminder(session, ask.school_id, min(days), now=now),
    )
    session.add(row)
    session.flush()
    for child, day, half in sorted(ask.sessions):
        held = {"school_id": ask.school_id, "request_id": row.id, "pupil_id": child, "day": day}
        session.add(LeaveSession(id=new_id(now), session=half.value, **held))
    session.flush()
    return row


def _reminder(session: DatabaseSession, school_id: str, first: date, *, now: datetime) -> datetime | None:
    """So many school days before the first day off, when the office opens; at once where that is past."""
    calendar = calendar_of(session, school_id)
    settings = settings_of(session.get_one(School, school_id))
    day = first
    try:
        for _ in range(settings.leave_remind_days):
            day = calendar.previous_school_day(day)
    except CalendarEnds:
        return None
    return max(calendar.moment(day, settings.office_opens).astimezone(UTC), now)


def remind(session: DatabaseSession, *, now: datetime) -> int:
    """Puts before staff, as urgent, what the head has not decided with the first day off near; how many."""
    rows = to_remind(session, now)
    notes = []
    for row in rows:
        row.remind_at = None
        if row.status == ASKED:
            pupils = {each.pupil_id for each in sessions_asked(session, row.school_id, [row.id]).get(row.id, [])}
            notes.append(_note(row, sorted(pupils), "leave_undecided", urgent=True))
    raise_items(session, notes, now=now)
    return len(rows)


def _close_items(session: DatabaseSession, row: LeaveRequest, *, actor: str, now: datetime) -> None:
    """What asked staff to decide is done with, however it ended."""
    for item in open_items(session, row.school_id):
        if item.why in ("leave", "leave_undecided") and item.detail.get("request") == row.id:
            close_item(session, item, actor=actor, now=now)


# Taken back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A parent takes back what a frame of their thread asked for."""

    school_id: str
    thread_id: str
    contact_id: str | None
    frame: str
    message_id: str | None


def take_back(session: DatabaseSession, frames: Sequence[TakenBack], *, now: datetime) -> None:
    """Withdraws undecided requests; of a decided one staff are told, and nothing changes by itself."""
    notes = []
    for each in frames:
        for row in requests_of_frames(session, each.school_id, each.thread_id, [each.frame]):
            pupils = {asked.pupil_id for asked in sessions_asked(session, row.school_id, [row.id]).get(row.id, [])}
            if row.status == ASKED:
                row.status, row.remind_at = WITHDRAWN, None
                _close_items(session, row, actor=by_contact(each.contact_id or ""), now=now)
                row.version += 1
                _record(session, row, by_contact(each.contact_id or ""), "take_back_leave", now)
            elif row.status != WITHDRAWN:
                notes.append(_note(row, sorted(pupils), "leave_not_wanted", message_id=each.message_id))
    raise_items(session, notes, now=now)


# Decided -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What the head decides: all, the sessions of some `days`, or none; `why` is one of REASONS where not all."""

    decision: Decision
    days: tuple[date, ...] = ()
    why: str = ""
    note: str = ""


def decide_leave(
    session: DatabaseSession, row: LeaveRequest, new: NewDecision, *, actor: str, user_id: str | None, now: datetime
) -> bool:
    """Decides a request and puts the answer in line for whoever asked; whether it will reach them.

    Raises LeaveRefused: a request is decided once, a session that has begun is never granted (reg 11: in advance),
    and a refusal, whole or in part, has its reason.
    """
    asked = sessions_asked(session, row.school_id, [row.id]).get(row.id, [])
    granted = _granted(session, row, new, asked, now=now)
    row.status, row.why, row.note = new.decision, new.why, new.note
    row.decided_at, row.decided_by, row.remind_at = now, actor, None
    row.version += 1
    for each in asked:
        each.granted = each.id in granted
    session.flush()
    _record(session, row, actor, "decide_leave", now, decision=new.decision)
    _close_items(session, row, actor=actor, now=now)
    _state(session, row, [each for each in asked if each.granted], user_id=user_id, actor=actor, now=now)
    return _tell(session, row, asked, now=now)


def _granted(
    session: DatabaseSession, row: LeaveRequest, new: NewDecision, asked: Sequence[LeaveSession], *, now: datetime
) -> set[str]:
    if row.status == WITHDRAWN:
        raise LeaveRefused("withdrawn", "The parent has taken this request back.")
    if row.status != ASKED:
        raise LeaveRefused("decided", "This request was decided already.")
    if new.decision != "granted" and new.why not in REASONS:
        raise LeaveRefused("no_reason", "A refusal, whole or in part, has a reason.")
    if new.decision == "refused":
        return set()
    wanted = [each for each in asked if new.decision == "granted" or each.day in new.days]
    if set(new.days) - {each.day for each in asked}:
        raise LeaveRefused("not_asked", "Only days that were asked for can be granted.")
    if not wanted or (new.decision == "part" and len(wanted) == len(asked)):
        raise LeaveRefused("nothing", "Some of the days is neither none of them nor all.")
    calendar = calendar_of(session, row.school_id)
    pupils = pupils_by_id(session, row.school_id, {each.pupil_id for each in wanted})
    for each in wanted:
        slot = (each.day, Session(each.session))
        if not grantable(calendar, [slot], at=now, year=pupils[each.pupil_id].year):
            raise LeaveRefused("begun", "Leave is never given for what has begun. Grant the days to come, or refuse.")
    return {each.id for each in wanted}


def _state(
    session: DatabaseSession,
    row: LeaveRequest,
    granted: Sequence[LeaveSession],
    *,
    user_id: str | None,
    actor: str,
    now: datetime,
) -> None:
    """What was granted is on record as an absence that the school knows of: nobody is asked about it."""
    statements = [
        AbsenceStatement(
            school_id=row.school_id,
            pupil_id=each.pupil_id,
            day=each.day,
            session=Session(each.session),
            kind="absence_other",
            reason_category=GRANTED,
            at=now,
            user_id=user_id or "head",
            written_by=actor,
            frame=f"leave.{row.id}",
        )
        for each in granted
    ]
    if statements:
        state_absences(session, statements, now=now)


def _tell(session: DatabaseSession, row: LeaveRequest, asked: Sequence[LeaveSession], *, now: datetime) -> bool:
    pupils = tuple(dict.fromkeys(each.pupil_id for each in asked))
    fills: dict[str, Any] = {
        "who": sorted(pupils),
        "decision": row.status,
        "why": row.why,
        "days": sorted({each.day.isoformat() for each in asked if row.status != "part" or each.granted}),
    }
    wanted = Start(
        school_id=row.school_id,
        contact_id=row.contact_id or "",
        flow="leave_decision",
        purpose="notice",
        pupil_ids=pupils,
        fills=fills,
        over=True,
    )
    started, unreached = start(session, [wanted], now=now)
    if started:
        row.told_at = now
        return True
    notes = [
        StaffNote(
            school_id=row.school_id,
            why="leave_not_told",
            topic="leave",
            thread_id=row.thread_id,
            contact_id=row.contact_id,
            pupil_ids=pupils,
            urgent=True,
            detail={"request": row.id, "why": each.why},
        )
        for each in unreached
    ]
    raise_items(session, notes, now=now)
    return False


def _note(
    row: LeaveRequest,
    pupil_ids: Collection[str],
    why: str,
    *,
    urgent: bool = False,
    message_id: str | None = None,
) -> StaffNote:
    return StaffNote(
        school_id=row.school_id,
        why=why,
        topic="leave",
        thread_id=row.thread_id,
        message_id=message_id or (row.message_id if why == "leave" else None),
        contact_id=row.contact_id,
        pupil_ids=tuple(pupil_ids),
        urgent=urgent,
        detail={"request": row.id},
    )


def _record(session: DatabaseSession, row: LeaveRequest, actor: str, verb: str, now: datetime, **detail: str) -> None:
    entry = Entry(
        school_id=row.school_id, actor=actor, verb=verb, subject="leave_request", subject_id=row.id, detail=detail
    )
    record(session, entry, now=now)
