"""Staff in a conversation: they take it, write in it and hand it back to the flows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school import ledger
from school.calendars import calendar_of
from school.reaching import push_to
from school.records.base import new_id
from school.records.messaging import InboxRow, Message, Thread
from school.records.people import School
from school.records.safeguarding_queries import held_pupils
from school.records.thread_queries import (
    children_of_thread,
    has_heard_since,
    is_closed_to_us,
    open_items_of,
    silent_talks,
)
from school.rules.calendar import Calendar, CalendarEnds
from school.settings import SchoolSettings, settings_of
from school.staff_items import StaffNote, close_item, raise_items

# The flow whose push carries a member of staff's own words; the words are the message of the same id.
STAFF_WORDS = "staff_words"
# While staff speak the flows are silent, for so much of the school's open time (design.md, section 9).
STAFF_SPEAK_FOR = timedelta(hours=2)
# A talk that ended by itself: what the parent is told, and the item of staff.
TALK_OVER = "talk_over"
# What waits for a person's words, and has them once a person has written in the thread.
ANSWERED_BY_WRITING = ("asked_for_a_person", "said_in_talk", TALK_OVER)
AT_ONCE = 100


class CannotReply(Exception):  # noqa: N818  it says why nothing was sent
    """Nothing may be sent to this thread now; `code` says why: held or closed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A member of staff or a machine that speaks for the school: the id in the message, the ledger's name."""

    id: str
    actor: str
    may_reach_held: bool = False


def reply_as_staff(session: Session, thread: Thread, words: str, *, by: Speaker, now: datetime) -> Message:
    """Puts staff's own words in line as a push; `bot.inbox` sends them. The caller has locked the thread.

    The thread is taken at the same time, and what waited for an answer there is answered. Raises CannotReply where
    the family is held (care rule 1; the lead alone may write then) or nothing may go to that address.
    """
    children = children_of_thread(session, thread)
    if not by.may_reach_held and held_pupils(session, thread.school_id, children):
        raise CannotReply("held")
    if is_closed_to_us(session, thread):
        raise CannotReply("closed")
    settings = settings_of(session.get_one(School, thread.school_id))
    message = Message(
        school_id=thread.school_id,
        id=new_id(now),
        at=now,
        thread_id=thread.id,
        direction="out",
        body=words,
        author=by.id,
        # What is written where a worry is dealt with stays with the lead.
        restricted=thread.lead_holds,
        purge_after=now + timedelta(days=settings.retention_days),
    )
    push = InboxRow(
        school_id=thread.school_id,
        id=message.id,
        thread_id=thread.id,
        kind="push",
        payload={"flow": STAFF_WORDS, "fills": {"message": message.id}},
        at=now,
        received_at=now,
        available_at=now,
    )
    session.add_all([message, push])
    take(session, thread, by=by, now=now)
    thread.staff_spoke_at = now
    for item in open_items_of(session, thread, ANSWERED_BY_WRITING):
        close_item(session, item, actor=by.actor, now=now)
    _record(session, thread, by=by, verb="reply_as_staff", detail={"message": message.id}, now=now)
    return message


def take(session: Session, thread: Thread, *, by: Speaker, now: datetime) -> None:
    """A person speaks here: the flows do not reply until it is handed back or two school hours have passed."""
    settings = settings_of(session.get_one(School, thread.school_id))
    was_taken = is_taken(thread, now=now)
    thread.staff_until = school_hours_after(calendar_of(session, thread.school_id), now, settings=settings)
    if not was_taken:
        thread.staff_since, thread.staff_spoke_at = now, None
        _record(session, thread, by=by, verb="take_thread", detail={}, now=now)


def close(session: Session, thread: Thread, *, by: Speaker, now: datetime) -> None:
    """The flows reply again; closing a thread that nobody holds changes nothing."""
    if thread.staff_until is None:
        return
    thread.staff_until = None
    for item in open_items_of(session, thread, (TALK_OVER,)):
        close_item(session, item, actor=by.actor, now=now)
    _record(session, thread, by=by, verb="close_thread", detail={}, now=now)


def end_silent(session: Session, *, now: datetime) -> int:
    """Ends the talks in which staff have written nothing for two school hours; how many.

    Both sides learn of it: the parent by a short text where a person wrote or the parent did, staff by an item.
    """
    silent = silent_talks(session, now, limit=AT_ONCE)
    for thread in silent:
        thread.staff_until = None
        entry = ledger.Entry(
            school_id=thread.school_id,
            actor=ledger.SYSTEM,
            verb="end_talk",
            subject="thread",
            subject_id=thread.id,
            restricted=thread.lead_holds,
        )
        ledger.record(session, entry, now=now)
        if thread.lead_holds:
            continue
        written = thread.staff_spoke_at is not None
        waiting = thread.staff_since is not None and has_heard_since(session, thread, thread.staff_since)
        if (written or waiting) and not is_closed_to_us(session, thread):
            push_to(session, thread, flow=TALK_OVER, purpose="notice", now=now)
        note = StaffNote(school_id=thread.school_id, why=TALK_OVER, thread_id=thread.id, contact_id=thread.contact_id)
        raise_items(session, [note], now=now)
    session.flush()
    return len(silent)


def is_taken(thread: Thread, *, now: datetime) -> bool:
    """Whether a person speaks in the thread."""
    return thread.staff_until is not None and thread.staff_until > now


def school_hours_after(
    calendar: Calendar, now: datetime, *, settings: SchoolSettings, hours: timedelta = STAFF_SPEAK_FOR
) -> datetime:
    """The moment at which the office will have been open for so long, counted from `now`.

    Where the calendar ends before that, the clock's own hours count.
    """
    opens, closes = settings.office_opens, settings.office_closes
    at, left = now, hours
    try:
        while True:
            if not calendar.is_open(at, opens=opens, closes=closes):
                at = calendar.next_opening(at, opens=opens, closes=closes)
            ends = calendar.moment(calendar.local(at).date(), closes)
            # Compared as moments: two times of one zone would compare by their clock faces.
            open_for = timedelta(seconds=ends.timestamp() - at.timestamp())
            if open_for >= left:
                return now.fromtimestamp(at.timestamp(), tz=now.tzinfo) + left
            left, at = left - open_for, ends
    except CalendarEnds:
        return now + hours


def _record(session: Session, thread: Thread, *, by: Speaker, verb: str, detail: dict[str, str], now: datetime) -> None:
    entry = ledger.Entry(
        school_id=thread.school_id,
        actor=by.actor,
        verb=verb,
        subject="thread",
        subject_id=thread.id,
        detail=detail,
        restricted=thread.lead_holds,
    )
    ledger.record(session, entry, now=now)
