"""The jobs of the school's daily round, in the order in which they run where two are due at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from bot.clock import Due, Job, Timer, Today
from school.alarms import ring
from school.attendance_updates import is_first_day, prepare_at_start
from school.back_today import ask_back_today
from school.broadcasts import send_due
from school.chase import look_at_all
from school.continuity import write_sheet
from school.evidence import expire
from school.leave import remind
from school.prompts import ask_how_was_school
from school.records.broadcast_queries import next_broadcast
from school.records.chase_queries import next_look, open_day
from school.records.evidence_queries import next_expiry
from school.records.item_queries import next_alarm
from school.records.leave_queries import next_reminder
from school.records.safeguarding_queries import next_move
from school.records.support_queries import next_kind_word
from school.records.thread_queries import next_silent_talk
from school.rules.calendar import Session
from school.settings import PROMPTS_UNTIL, WEEKDAYS
from school.support_offers import remind_of_offers
from school.threads import end_silent
from school.unexplained import raise_due
from school.worry_moves import move

# When the office is told which marks must get their reason by tomorrow (care rule 28: the sheet is of half past nine).
REASONS_AT = time(9, 30)


def _after_register(session: Session) -> Job:
    """Begins to look after a session's register some minutes after it closed; each year group at its own time."""

    def due(today: Today) -> Iterable[datetime]:
        if not today.settings.chase or not today.calendar.is_school_day(today.day):
            return []
        wait = timedelta(minutes=today.settings.chase_after_minutes)
        times = [today.calendar.times, *today.calendar.times_by_year.values()]
        closes = {each.register(session)[1] for each in times}
        return [today.calendar.moment(today.day, min(closes)).astimezone(UTC) + wait]

    def work(records: DatabaseSession, today: Today, now: datetime) -> None:
        open_day(records, today.school_id, today.day, session.value, look_at=now)

    return Job(name=f"chase_{session.value.lower()}", due=due, work=work)


def _on_school_days(at: Callable[[Today], time | None]) -> Due:
    """Once a school day, at a time of the school's own choice; None is never."""

    def due(today: Today) -> Iterable[datetime]:
        chosen = at(today)
        if chosen is None or not today.calendar.is_school_day(today.day):
            return []
        return [today.calendar.moment(today.day, chosen).astimezone(UTC)]

    return due


def _back_today(records: DatabaseSession, today: Today, now: datetime) -> None:
    closes = today.calendar.times_on(today.day).register_closes
    until = today.calendar.moment(today.day, closes).astimezone(UTC)
    ask_back_today(records, today.school_id, today.day, now=now, until=until)


def _prompts_at(today: Today) -> time | None:
    """When it is asked how school was: once a week, where the school has switched it on."""
    settings = today.settings
    is_day = WEEKDAYS[today.day.weekday()] == settings.prompts_on if today.day.weekday() < len(WEEKDAYS) else False
    return settings.prompts_at if settings.prompts and is_day else None


def _prompts(records: DatabaseSession, today: Today, now: datetime) -> None:
    until = today.calendar.moment(today.day, PROMPTS_UNTIL).astimezone(UTC)
    if now < until:
        ask_how_was_school(records, today.school_id, today.day, now=now, until=until)


def _update_at(today: Today) -> time | None:
    """On the first school day of a half-term, where the school has switched it on."""
    wanted = today.settings.attendance_update and is_first_day(today.calendar, today.day)
    return today.settings.office_opens if wanted else None


def _update(records: DatabaseSession, today: Today, now: datetime) -> None:
    prepare_at_start(records, today.school_id, now=now)


def _sheet(records: DatabaseSession, today: Today, now: datetime) -> None:
    write_sheet(records, today.school_id, today.day, now=now)


def _reasons(records: DatabaseSession, today: Today, now: datetime) -> None:
    raise_due(records, today.school_id, today.day, now=now)


JOBS: tuple[Job, ...] = (
    Job(
        name="back_today",
        due=_on_school_days(lambda today: today.settings.back_today_at if today.settings.back_today else None),
        work=_back_today,
        latest=timedelta(hours=1),
    ),
    _after_register(Session.AM),
    Job(name="n_due", due=_on_school_days(lambda _: REASONS_AT), work=_reasons, latest=timedelta(hours=6)),
    Job(
        name="sheet", due=_on_school_days(lambda today: today.settings.sheet_at), work=_sheet, latest=timedelta(hours=6)
    ),
    _after_register(Session.PM),
    Job(name="attendance_update", due=_on_school_days(_update_at), work=_update, latest=timedelta(hours=8)),
    Job(name="how_was_school", due=_on_school_days(_prompts_at), work=_prompts),
)

# What rows say when to do: each session that is looked after says when it is next looked at.
TIMERS: tuple[Timer, ...] = (
    Timer(name="chase", next_due=next_look, work=lambda session, now: look_at_all(session, now=now)),
    Timer(name="leave", next_due=next_reminder, work=lambda session, now: remind(session, now=now)),
    Timer(name="support", next_due=next_kind_word, work=lambda session, now: remind_of_offers(session, now=now)),
    Timer(name="evidence", next_due=next_expiry, work=lambda session, now: expire(session, now=now)),
    Timer(name="broadcasts", next_due=next_broadcast, work=lambda session, now: send_due(session, now=now)),
    Timer(name="talks", next_due=next_silent_talk, work=lambda session, now: end_silent(session, now=now)),
    Timer(name="alarms", next_due=next_alarm, work=lambda session, now: ring(session, now=now)),
    Timer(name="worries", next_due=next_move, work=lambda session, now: move(session, now=now)),
)
