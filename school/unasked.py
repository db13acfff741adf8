"""A family's message budget: what the school sends unasked keeps to the hours and to so many texts a week (rule 23).

Siblings and senders share one budget: it is of the people behind the same phones and chats. What does not fit goes
with another text as one, or waits for the next week; what would be of no use by then is not sent, and staff see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.records.people import School
from school.records.prompt_queries import forget_prompts
from school.records.unasked import UnaskedText
from school.records.unasked_queries import (
    FELL_AWAY,
    LET_GO,
    MERGED,
    SENT,
    by_family,
    families_of,
    lock_contacts,
    sent_in_week,
    waiting_texts,
)
from school.rules.budget import MAY_WAIT, Manner, Text, first_of, in_hours, next_week, together, week_of
from school.rules.calendar import Calendar
from school.settings import SchoolSettings, settings_of
from school.staff_items import StaffNote, raise_items

Why: TypeAlias = Literal["hours", "budget", "conversation"]

TOO_LATE = "not_sent_in_time"
# A parent who is in the middle of something is not talked over; it is tried again then.
AGAIN = timedelta(minutes=10)
# About so many segments, where the words are not written yet: a question has one, a notice may have two.
SEGMENTS: Mapping[Manner, int] = {Manner.ASKS: 1, Manner.TELLS: 2, Manner.WORDS: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A text that is due: its inbox row's id, whether the family is busy there, and its segments where known."""

    id: str
    busy: bool = False
    segments: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a text now: it goes (with `others` as one text), is tried `again`, or is not sent at all."""

    goes: bool
    again: datetime | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The hours and caps of one school at one moment."""

    calendar: Calendar
    settings: SchoolSettings
    now: datetime

    def cap(self, channel: str) -> int:
        return self.settings.budget_sms if channel == "sms" else self.settings.budget_telegram

    @property
    def opens(self) -> datetime:
        first, last = self.settings.unasked_from, self.settings.unasked_until
        return in_hours(self.calendar, self.now, first=first, last=last)

    @property
    def next_week(self) -> datetime:
        return next_week(self.calendar, self.now, first=self.settings.unasked_from)


def _rules(session: Session, school_id: str, now: datetime) -> _Rules:
    settings = settings_of(session.get_one(School, school_id))
    return _Rules(calendar=calendar_of(session, school_id), settings=settings, now=now)


# Admission -----------------------------------------------------------------------------------


def admit(session: Session, school_id: str, due: Sequence[Waiting], *, now: datetime) -> dict[str, Verdict]:
    """What becomes of each text that is due now, by its id. The caller has locked their threads.

    Who goes is settled by `settle`, once the words are there; what waits is written down with why, and what would be
    of no use any more when it could go is told to staff instead.
    """
    rows = waiting_texts(session, school_id, {each.id for each in due})
    if not rows:
        return {}
    rules = _rules(session, school_id, now)
    families = families_of(session, school_id, {row.contact_id for row in rows.values()})
    members = {each for family in families.values() for each in family}
    lock_contacts(session, school_id, members)
    counts = by_family(sent_in_week(session, school_id, members, week_of(rules.calendar, now)), families)
    of_family: dict[frozenset[str], list[Waiting]] = defaultdict(list)
    for each in due:
        if each.id in rows:
            of_family[families[rows[each.id].contact_id]].append(each)
    found: dict[str, Verdict] = {}
    for family, own in sorted(of_family.items(), key=lambda each: min(each[0])):
        found |= _verdicts(rules, {each.id: rows[each.id] for each in own}, own, counts[family])
    _fall_away(session, [rows[each] for each, verdict in found.items() if _is_over(verdict)], now=now)
    session.flush()
    return found


def _is_over(verdict: Verdict) -> bool:
    return not verdict.goes and verdict.again is None


def _verdicts(rules: _Rules, rows: Mapping[str, UnaskedText], due: Sequence[Waiting], count: int) -> dict[str, Verdict]:
    """One family's texts."""
    found: dict[str, Verdict] = {}
    ready = []
    opens = rules.opens
    for each in due:
        row = rows[each.id]
        if row.until <= rules.now:
            found[each.id] = Verdict(goes=False)
        elif opens > rules.now:
            found[each.id] = _put_off(row, "hours", opens)
        elif each.busy:
            found[each.id] = _put_off(row, "conversation", rules.now + AGAIN)
        else:
            ready.append(_text(row, each))
    groups = together(ready)
    cap = {row.thread_id: rules.cap(row.channel) for row in rows.values()}
    fitting = first_of(count, groups, cap=cap)
    for group in groups[:fitting]:
        ids = tuple(each.id for each in group)
        found |= {each: Verdict(goes=True, others=ids if len(ids) > 1 else ()) for each in ids}
    for group in groups[fitting:]:
        found |= {each.id: _put_off(rows[each.id], "budget", rules.next_week) for each in group}
    return found


def _text(row: UnaskedText, waiting: Waiting) -> Text:
    manner = MAY_WAIT.get((row.purpose, row.flow), Manner.TELLS)
    segments = SEGMENTS[manner] if waiting.segments is None else waiting.segments
    return Text(id=row.id, thread=row.thread_id, manner=manner, segments=segments, until=row.until)


def _put_off(row: UnaskedText, why: Why, until: datetime) -> Verdict:
    """It waits for that moment; what is of no use then is not sent, and nobody waits to know."""
    row.why = why
    if until >= row.until:
        return Verdict(goes=False)
    row.goes_at = until
    return Verdict(goes=False, again=until)


def _fall_away(session: Session, rows: Collection[UnaskedText], *, now: datetime) -> None:
    """What would be stale is not sent. Staff are told of what a family now does not know or was not asked.

    A question about the day is no loss that anybody must see to: it stands in the list, and counts as not asked.
    """
    for row in rows:
        row.status, row.goes_at, row.settled_at = FELL_AWAY, None, now
    prompts = [row for row in rows if row.purpose == "prompt"]
    _forget_prompts(session, prompts)
    notes = [
        StaffNote(
            school_id=row.school_id,
            why=TOO_LATE,
            thread_id=row.thread_id,
            contact_id=row.contact_id,
            pupil_ids=tuple(str(each) for each in row.pupil_ids),
            detail={"what": row.flow, "why": row.why or "time", "text": row.id},
        )
        for row in sorted(rows, key=lambda each: each.id)
        if row not in prompts
    ]
    raise_items(session, notes, now=now)


def _forget_prompts(session: Session, rows: Collection[UnaskedText]) -> None:
    by_school: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_school[row.school_id].add(row.id)
    for school_id, ids in sorted(by_school.items()):
        forget_prompts(session, school_id, ids)


# Afterwards ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a text that was let go became: said, `into` which text where several went as one; else not said."""

    id: str
    said: bool
    into: str | None = None


def settle(session: Session, school_id: str, said: Sequence[Said], *, now: datetime) -> None:
    """Counts what was said in this week's budget, once for each text that leaves; the rest had nothing to say."""
    rows = waiting_texts(session, school_id, {each.id for each in said})
    if not rows:
        return
    week = week_of(calendar_of(session, school_id), now)
    for each in said:
        row = rows.get(each.id)
        if row is None:
            continue
        row.settled_at, row.goes_at = now, None
        if not each.said:
            row.status, row.why = LET_GO, "nothing_to_say"
        elif each.into is not None and each.into != row.id:
            row.status, row.into_id, row.week = MERGED, each.into, week
        else:
            row.status, row.week = SENT, week
    _forget_prompts(session, [row for row in rows.values() if row.status == LET_GO and row.purpose == "prompt"])
    session.flush()


def put_aside(session: Session, school_id: str, until: Mapping[str, datetime]) -> None:
    """A parent began to talk meanwhile: these texts are tried again then."""
    for each, row in waiting_texts(session, school_id, set(until)).items():
        row.why, row.goes_at = "conversation", until[each]
    session.flush()


def stop_waiting(session: Session, school_id: str, ids: Collection[str], *, now: datetime) -> None:
    """Staff stopped what these texts are: they wait no longer."""
    for row in waiting_texts(session, school_id, ids).values():
        row.status, row.why, row.goes_at, row.settled_at = LET_GO, "stopped", None, now
    session.flush()


# What is left --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A family's budget this week: by channel the cap and how many may still go; `contacts` share it."""

    contacts: tuple[str, ...]
    week: date
    sent: int
    caps: Mapping[str, int]

    def left(self, channel: str) -> int:
        """How many more may go by that channel."""
        return max(self.caps[channel] - self.sent, 0)


def left_for_all(session: Session, school_id: str, contact_ids: Collection[str], *, now: datetime) -> dict[str, Left]:
    """What is left this week for each of these contacts and whoever is behind the same phone or chat."""
    rules = _rules(session, school_id, now)
    families = families_of(session, school_id, contact_ids)
    week = week_of(rules.calendar, now)
    members = {each for family in families.values() for each in family}
    counts = by_family(sent_in_week(session, school_id, members, week), families)
    caps = {channel: rules.cap(channel) for channel in ("sms", "telegram")}
    return {
        each: Left(contacts=tuple(sorted(families[each])), week=week, sent=counts[families[each]], caps=caps)
        for each in contact_ids
    }
