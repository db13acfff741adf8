"""What became of a request for leave: which sessions were missed, and whether a child stayed away longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.records.leave import LeaveRequest, LeaveSession
from school.records.people import Pupil
from school.records.pupil_queries import pupils_by_id
from school.records.register_queries import marks_between
from school.rules.calendar import Calendar, Session
from school.rules.codes import parse
from school.rules.register_code import Statistic

_ABSENT = frozenset({Statistic.AUTHORISED, Statistic.UNAUTHORISED})
# Whoever is not back after three weeks of school is no longer a matter of this leave.
LOOKS_ON = timedelta(days=21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """One request afterwards.

    `marks` are the register's, by (pupil, day, session), where there are any. `overstayed` says for each pupil how
    many sessions in a row were missed from the day back on: that is an unexplained absence like any other.
    """

    marks: Mapping[tuple[str, date, str], str] = field(default_factory=dict)
    overstayed: Mapping[str, int] = field(default_factory=dict)


def aftermath(
    session: DatabaseSession, row: LeaveRequest, asked: Sequence[LeaveSession], *, now: datetime
) -> Aftermath:
    """What the register says of a request, up to now."""
    calendar = calendar_of(session, row.school_id)
    today = calendar.local(now).date()
    pupils = pupils_by_id(session, row.school_id, {each.pupil_id for each in asked})
    until = min(today, row.last + LOOKS_ON)
    marks = {
        (mark.pupil_id, mark.day, mark.session): mark.code
        for mark in marks_between(session, row.school_id, pupils, row.first, until)
    }
    granted: dict[str, date] = {}
    for each in asked:
        if each.granted:
            granted[each.pupil_id] = max(each.day, granted.get(each.pupil_id, each.day))
    stayed = {
        pupil_id: _missed_after(calendar, pupils[pupil_id], last, until, marks) for pupil_id, last in granted.items()
    }
    own = {(each.pupil_id, each.day, each.session) for each in asked}
    return Aftermath(
        marks={key: code for key, code in marks.items() if key in own},
        overstayed={pupil_id: count for pupil_id, count in stayed.items() if count},
    )


def _missed_after(
    calendar: Calendar, pupil: Pupil, last: date, until: date, marks: Mapping[tuple[str, date, str], str]
) -> int:
    """The sessions in a row that a child missed from the day back on."""
    count = 0
    for day, half in calendar.sessions(last + timedelta(days=1), until, year=pupil.year):
        code = marks.get((pupil.id, day, Session(half).value))
        if code is None or parse(code, on=day).statistic not in _ABSENT:
            break
        count += 1
    return count
