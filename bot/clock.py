"""The school's daily round: jobs that are due at a moment of the day, each run once, whichever process looks first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.inbox import INBOX_BELL
from school.calendars import calendar_of
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.people import School
from school.records.rounds import take_run
from school.records.school_queries import all_schools
from school.rules.calendar import Calendar
from school.settings import SchoolSettings, settings_of

log = logging.getLogger(__name__)

# A job that was missed while nobody ran is of use for so long; what it is for decides, so each may set its own.
LATEST = timedelta(hours=2)
# No job is worth doing a day after its moment.
LONGEST_KNOWN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """One school's day as its jobs see it: the local date, the calendar and the school's own choices."""

    school_id: str
    day: date
    calendar: Calendar
    settings: SchoolSettings


Due: TypeAlias = Callable[[Today], Iterable[datetime]]
"""The moments of that day (aware) at which a job is due; none on a day that is none of its."""

Work: TypeAlias = Callable[[Session, Today, datetime], None]
"""What the job does in its transaction; `datetime` is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that the school does at a time of the day. `latest`: how long after it it is still worth doing."""

    name: str
    due: Due
    work: Work
    latest: timedelta = LATEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something that rows of the database say when to do: `next_due` is the earliest, `work` does what is due.

    `work` gives how much it did; it locks what it takes, passing by what another process is at.
    """

    name: str
    next_due: Callable[[Session], datetime | None]
    work: Callable[[Session, datetime], int]


class Round:
    """Runs what is due of all schools' jobs. Any number of processes may: a run row decides whose it is."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        *,
        now: Callable[[], datetime],
        timers: Sequence[Timer] = (),
    ) -> None:
        self._database = database
        self._jobs = tuple(jobs)
        self._timers = tuple(timers)
        self._now = now
        # Whose run row stands already: asked for once, not at every look while the job would still be worth doing.
        self._stands: set[tuple[str, str, datetime]] = set()

    def run_due(self) -> int:
        """Runs the jobs that are due and have not run, each in a transaction of its own; how many ran."""
        now = self._now()
        ran = 0
        for today in self._today(now):
            for job, at in self._slots(today):
                if at <= now < at + job.latest and (today.school_id, job.name, at) not in self._stands:
                    ran += self._run(job, today, at, now)
        self._stands = {each for each in self._stands if each[2] > now - LONGEST_KNOWN}
        return ran + self.run_timers()

    def run_timers(self) -> int:
        """Does what rows of the database say is due; how much."""
        now = self._now()
        return sum(self._take(timer, now) for timer in self._due(now))

    def _due(self, now: datetime) -> list[Timer]:
        """The timers that have something to do; one look for all of them, since mostly none has."""
        if not self._timers:
            return []
        with self._database.read() as session:
            moments = [(timer, timer.next_due(session)) for timer in self._timers]
        return [timer for timer, at in moments if at is not None and at <= now]

    def _take(self, timer: Timer, now: datetime) -> int:
        try:
            with self._database.write() as session:
                done = timer.work(session, now)
                self._database.notify(session, INBOX_BELL)
        except (DatabaseBusy, DatabaseGone):
            raise
        except Exception as error:  # noqa: BLE001  one timer that fails must not keep the others from running
            log.error("a timer of the round failed", extra={"timer": timer.name, "type": type(error).__name__})
            return 0
        return done

    def next_due(self, after: datetime, before: datetime) -> datetime | None:
        """The first moment between two at which a job is due; a rehearsal's clock stops there on its way."""
        return min((at for at in (self.next_job(after, before), self.next_timer(after, before)) if at), default=None)

    def next_timer(self, after: datetime, before: datetime) -> datetime | None:
        """The first moment between two at which rows of the database say that something is due."""
        if not self._timers:
            return None
        with self._database.read() as session:
            moments = [timer.next_due(session) for timer in self._timers]
        return min((at for at in moments if at is not None and after < at < before), default=None)

    def next_job(self, after: datetime, before: datetime) -> datetime | None:
        """The first moment between two at which a job of the day is due."""
        if not self._jobs:
            return None
        day = after
        # A day more than there seems to be: midnight is not at the same moment everywhere.
        while day < before + timedelta(days=1):
            moments = [at for today in self._today(day) for _, at in self._slots(today) if after < at < before]
            if moments:
                return min(moments)
            day += timedelta(days=1)
        return None

    def _today(self, now: datetime) -> list[Today]:
        with self._database.read() as session:
            return [_today_of(session, school, now) for school in all_schools(session)]

    def _slots(self, today: Today) -> list[tuple[Job, datetime]]:
        found = [(job, at) for job in self._jobs for at in job.due(today)]
        return sorted(found, key=lambda each: each[1])

    def _run(self, job: Job, today: Today, at: datetime, now: datetime) -> int:
        try:
            with self._database.write() as session:
                if not take_run(session, today.school_id, job.name, at, now=now):
                    self._stands.add((today.school_id, job.name, at))
                    return 0
                job.work(session, today, now)
                self._database.notify(session, INBOX_BELL)
        except Exception as error:  # noqa: BLE001  one job that fails must not keep the others from running
            log.error("a job of the round failed", extra={"job": job.name, "type": type(error).__name__})
            return 0
        self._stands.add((today.school_id, job.name, at))
        return 1


def _today_of(session: Session, school: School, now: datetime) -> Today:
    calendar = calendar_of(session, school.id)
    return Today(school_id=school.id, day=calendar.local(now).date(), calendar=calendar, settings=settings_of(school))
