"""Who is unaccounted for in a session, and what its register looks like: the facts that the chase and board go by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.records.attendance import Absence, RegisterMark
from school.records.chase_queries import absences_of, counts_on, has_marks_since, marks_of, notes_of, outings_on, roll
from school.records.chasing import Outing, PupilNote
from school.records.leave_queries import asked_on
from school.records.people import Pupil, School
from school.records.unsettled_queries import Unsettled, unsettled_on
from school.registers import LATE
from school.rules.brake import ClassRegister, Register, is_untaken
from school.rules.calendar import Calendar, CalendarEnds, Session
from school.rules.codes import CODES
from school.settings import SchoolSettings, settings_of

NO_REASON = "N"
LATENESS = "lateness"
WITH_ADULT, SENT_HOME, SAID_BACK, ASKED_BACK = "with_adult", "sent_home_ill", "said_back", "asked_back"

# A stated arrival is given ten minutes' grace (design.md, section 9).
GRACE = timedelta(minutes=10)
# What a family writes of no day after this hour is about the next school day, as conversations hear it.
AFTERNOON = time(15, 0)
# What is usual on a weekday is read off so many earlier ones.
USUAL_WEEKS = 8
# A school that has put no mark in for so long keeps its register elsewhere.
KEEPS_REGISTER = timedelta(days=14)


class Standing(StrEnum):
    """Where a pupil's session stands, as far as the school knows (care rule 3)."""

    PRESENT = "present"
    CODED = "coded"
    ANSWERED = "answered"
    NOTED = "noted"
    LATE = "late"
    OVERDUE = "overdue"
    UNMARKED = "unmarked"
    UNACCOUNTED = "unaccounted"


def has_come(mark: str) -> bool:
    """Whether a mark says that somebody saw the child: present, late, or late after the register closed."""
    code = CODES.get(mark)
    return mark in LATE or (code is not None and code.counts_as_attended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is on record of one pupil's session. `day_before` is what stands of the school day before."""

    pupil: Pupil
    mark: RegisterMark | None = None
    absence: Absence | None = None
    notes: tuple[PupilNote, ...] = ()
    day_before: Absence | None = None
    sent_home: bool = False
    leave_asked: bool = False
    unsettled: Unsettled | None = None

    def standing(self, now: datetime, *, closes: datetime) -> Standing:
        """Where it stands; `closes` is when a child who is late without an hour should be there."""
        if self.mark is not None and has_come(self.mark.code):
            return Standing.PRESENT
        if self.mark is not None and self.mark.code != NO_REASON:
            return Standing.CODED
        if self.absence is not None and self.absence.kind != LATENESS:
            return Standing.ANSWERED
        if any(note.kind == WITH_ADULT for note in self.notes):
            return Standing.NOTED
        if self.absence is not None:
            return Standing.OVERDUE if now >= self.overdue_at(closes) else Standing.LATE
        return Standing.UNMARKED if self.mark is None else Standing.UNACCOUNTED

    def overdue_at(self, closes: datetime) -> datetime:
        """Ten minutes after the stated arrival, or after the register closed where no hour was given."""
        stated = self.absence.expected_at if self.absence is not None else None
        return (stated or closes) + GRACE

    @property
    def was_ill(self) -> bool:
        """Ill on the school day before, or sent home ill: a kind question today, no alarm (care rule 24)."""
        return self.sent_home or (self.day_before is not None and self.day_before.kind == "sickness")

    @property
    def is_bereaved(self) -> bool:
        """Care rule 17: such a family is rung by a person, when it suits them."""
        return self.day_before is not None and self.day_before.reason_category == "bereavement"

    @property
    def was_asked_back(self) -> bool:
        """A parent was asked this morning whether the child comes today, or said that it does."""
        return any(note.kind in (SAID_BACK, ASKED_BACK) for note in self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """One session of one school day, afternoons too, with the facts of every pupil who is expected."""

    school_id: str
    day: date
    half: Session
    now: datetime
    calendar: Calendar
    settings: SchoolSettings
    pupils: Mapping[str, Facts]
    outings: tuple[Outing, ...] = ()
    usual: Callable[[], tuple[float, ...]] = tuple
    keeps_register: bool = False
    other_marks: Mapping[str, RegisterMark] = field(default_factory=dict)
    _moments: dict[str, tuple[datetime, datetime, datetime]] = field(default_factory=dict, repr=False, compare=False)

    def closes(self, pupil: Pupil) -> datetime:
        """When the pupil's register closes."""
        return self._times(pupil)[1]

    def opens(self, pupil: Pupil) -> datetime:
        """When the pupil's register opens."""
        return self._times(pupil)[0]

    def starts(self, pupil: Pupil) -> datetime:
        """When the first contact is asked: some minutes after the register closed."""
        return self.closes(pupil) + timedelta(minutes=self.settings.chase_after_minutes)

    def ends(self, pupil: Pupil) -> datetime:
        """When the pupil's session is over."""
        return self._times(pupil)[2]

    @property
    def written_since(self) -> datetime:
        """Since when what a family wrote may be about this day: since three on the school day before it."""
        before = _school_day_before(self.calendar, self.day)
        return self._moment(time()) if before is None else self.calendar.moment(before, AFTERNOON).astimezone(UTC)

    def standing(self, facts: Facts) -> Standing:
        """Where one pupil stands now."""
        return facts.standing(self.now, closes=self.closes(facts.pupil))

    def register(self) -> Register:
        """The registers as the brake sees them: of those classes whose register has closed."""
        closed = [facts for facts in self.pupils.values() if self.now >= self.closes(facts.pupil)]
        opened = [self.opens(facts.pupil) for facts in closed] or [self.now]
        times = [self.closes(facts.pupil) for facts in closed] or [self.now]
        return Register(
            is_school_day=bool(self.pupils),
            opened_at=min(opened),
            closed_at=max(times),
            classes=tuple(self._class(name, found) for name, found in sorted(_by_class(closed).items())),
            usual=self.usual(),
            most_absent=self.settings.brake_share_percent / 100,
        )

    def untaken(self) -> frozenset[str]:
        """The classes, closed or not, in whose register a missing mark says nothing yet."""
        classes = (self._class(name, found) for name, found in _by_class(self.pupils.values()).items())
        return frozenset(each.name for each in classes if is_untaken(each))

    def _class(self, name: str, found: list[Facts]) -> ClassRegister:
        marks = [facts.mark for facts in found if facts.mark is not None]
        codes = [CODES[mark.code] for mark in marks if mark.code in CODES]
        year = found[0].pupil.year
        return ClassRegister(
            name=name,
            expected=len(found),
            unmarked=len(found) - len(marks),
            absent=sum(code.counts_as_absent for code in codes),
            unexplained=sum(self.standing(facts) is Standing.UNACCOUNTED for facts in found),
            taken_at=max((mark.taken_at for mark in marks), default=None),
            outing=any(_is_of(each, name, year) for each in self.outings),
        )

    def _times(self, pupil: Pupil) -> tuple[datetime, datetime, datetime]:
        """When the pupil's register opens and closes and the session ends: worked out once a year group."""
        found = self._moments.get(pupil.year)
        if found is None:
            times = self.calendar.times_on(self.day, year=pupil.year)
            opens, closes = (self._moment(at) for at in times.register(self.half))
            found = self._moments[pupil.year] = (opens, closes, self._moment(times.bounds(self.half)[1]))
        return found

    def _moment(self, at: time) -> datetime:
        return self.calendar.moment(self.day, at).astimezone(UTC)


def _by_class(pupils: Iterable[Facts]) -> dict[str, list[Facts]]:
    found: dict[str, list[Facts]] = defaultdict(list)
    for facts in pupils:
        found[facts.pupil.class_name].append(facts)
    return found


def _is_of(outing: Outing, class_name: str, year: str) -> bool:
    return outing.class_name in ("", class_name) and outing.year in ("", year)


def morning(session: DatabaseSession, school_id: str, day: date, half: Session, *, now: datetime) -> Morning:
    """The session's facts as they stand: some statements, however many pupils."""
    calendar, settings = calendar_of(session, school_id), settings_of(session.get_one(School, school_id))
    expected = [each for each in roll(session, school_id, day) if calendar.is_school_day(day, year=each.year)]
    before = _school_day_before(calendar, day)
    days = [day] if before is None else [before, day]
    marks, absences = marks_of(session, school_id, day), absences_of(session, school_id, days)
    notes: dict[tuple[str, date], list[PupilNote]] = defaultdict(list)
    for note in notes_of(session, school_id, days):
        notes[note.pupil_id, note.day].append(note)
    on_leave = asked_on(session, school_id, day, half.value)
    open_texts = unsettled_on(session, school_id, day)
    pupils = {}
    halves = [each.value for each in Session]
    for pupil in expected:
        old = [absences[pupil.id, before, each] for each in halves
               if before is not None and (pupil.id, before, each) in absences]  # fmt: skip
        told = notes.get((pupil.id, before), []) if before is not None else []
        pupils[pupil.id] = Facts(
            pupil=pupil,
            mark=marks.get((pupil.id, half.value)),
            absence=absences.get((pupil.id, day, half.value)),
            notes=tuple(each for each in notes.get((pupil.id, day), []) if each.session in ("", half.value)),
            day_before=old[-1] if old else None,
            sent_home=any(each.kind == SENT_HOME for each in told),
            leave_asked=pupil.id in on_leave,
            unsettled=open_texts.get(pupil.id),
        )
    other = Session.PM if half is Session.AM else Session.AM
    return Morning(
        school_id=school_id,
        day=day,
        half=half,
        now=now,
        calendar=calendar,
        settings=settings,
        pupils=pupils,
        outings=tuple(outings_on(session, school_id, day)),
        # The brake alone asks for it, and most looks have nothing to brake.
        usual=lambda: _usual(session, school_id, day, half),
        keeps_register=has_marks_since(session, school_id, day - KEEPS_REGISTER),
        other_marks={pupil_id: mark for (pupil_id, which), mark in marks.items() if which == other.value},
    )


def _school_day_before(calendar: Calendar, day: date) -> date | None:
    try:
        return calendar.previous_school_day(day)
    except CalendarEnds:
        return None


def _usual(session: DatabaseSession, school_id: str, day: date, half: Session) -> tuple[float, ...]:
    """The shares absent on the same weekday of the weeks before, those without marks left out."""
    days = [day - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    return tuple(_share(codes) for _, codes in sorted(counts_on(session, school_id, days, half.value).items()))


def _share(codes: Mapping[str, int]) -> float:
    counted = {code: count for code, count in codes.items() if code in CODES and CODES[code].counts_as_possible}
    absent = sum(count for code, count in counted.items() if CODES[code].counts_as_absent)
    return absent / sum(counted.values()) if counted else 0.0


def unaccounted(found: Morning) -> list[Facts]:
    """Those whom nobody has accounted for: marked absent without a reason, or late beyond their hour."""
    return [
        facts for facts in found.pupils.values() if found.standing(facts) in (Standing.UNACCOUNTED, Standing.OVERDUE)
    ]


def unmarked(found: Morning) -> list[Facts]:
    """Those of closed registers who have no mark and of whom nothing is known."""
    return [
        facts
        for facts in found.pupils.values()
        if found.standing(facts) is Standing.UNMARKED and found.now >= found.closes(facts.pupil)
    ]


def ids(found: Iterable[Facts]) -> list[str]:
    """The pupils' ids, in order."""
    return sorted(each.pupil.id for each in found)
