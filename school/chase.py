"""The morning's chase: each child whom nobody accounted for has a ladder, and every look takes it where it belongs.

A look is a reconciliation: it reads what is on record and does what is missing, so it may be made at any moment and
as often as one likes. What a parent, a teacher or a mark says only has the session looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school import braking
from school.alarms import arm
from school.chase_asking import Asking
from school.chase_record import end, new_chase, note
from school.morning import Facts, Morning, Standing, has_come, morning
from school.records.absence_queries import lock_pupils
from school.records.chase_queries import chases_on, due_days, holds_on, items_since, open_day
from school.records.chasing import BrakeHold, Chase, ChaseDay
from school.records.safeguarding_queries import held_pupils
from school.records.unsettled_queries import Unsettled
from school.rules.brake import Held, Why, checked
from school.rules.calendar import Session
from school.staff_items import StaffNote, raise_items

# So many sessions are looked at in one transaction: of different schools, mostly.
AT_ONCE = 20
# How the record's word for why a chase is over follows from where the session stands.
ENDED = {
    Standing.PRESENT: "present",
    Standing.CODED: "coded",
    Standing.ANSWERED: "answered",
    Standing.LATE: "answered",
    Standing.NOTED: "noted",
}
CLAIMS_PRESENT = "claims_present"
# What makes school hard for a child, or that it would not go in: an adult has said where the child is (care rule 3).
BARRIER = "barrier"
BARRIER_ABSENT = "barrier_absent"
LEAVE_ABSENT = "leave_absent"
# Somebody wrote of this day, and what we asked about it was not answered: a person reads the words.
TOLD_ABSENT = "told_absent"
MISSING_AFTERNOON = "missing_afternoon"


def look_at_all(session: DatabaseSession, *, now: datetime) -> int:
    """Looks at the sessions whose time has come; how many."""
    days = due_days(session, now, limit=AT_ONCE)
    for day in days:
        look(session, day, now=now)
    return len(days)


def look(session: DatabaseSession, day: ChaseDay, *, now: datetime) -> None:
    """Does what is due in one session and says when it is next looked at. The caller has locked the row."""
    found = morning(session, day.school_id, day.day, Session(day.session), now=now)
    ends = max((found.ends(each.pupil) for each in found.pupils.values()), default=now)
    if now >= ends:
        _over(session, found, day, now=now)
        return
    moments = [ends]
    if found.keeps_register and found.settings.chase:
        work = _Look(session, found, now=now)
        moments += work.afternoon() if found.half is Session.PM else work.morning()
    day.look_at = min(moment for moment in moments if moment > now)
    session.flush()


def _over(session: DatabaseSession, found: Morning, day: ChaseDay, *, now: datetime) -> None:
    """A ladder ends with the session; what is left is staff's, and what was not sent yet never is."""
    chases = [each for each in chases_on(session, day.school_id, day.day, day.session) if each.status == "going"]
    for chase in chases:
        facts = found.pupils.get(chase.pupil_id)
        why = ENDED.get(found.standing(facts), "over") if facts is not None else "over"
        end(session, chase, why, now=now)
    braking.over(session, holds_on(session, day.school_id, day.day, day.session), now=now)
    day.look_at, day.is_over = None, True
    session.flush()


def start_by_hand(
    session: DatabaseSession, school_id: str, day: date, half: Session, pupil_ids: Collection[str], *, now: datetime
) -> tuple[list[Chase], dict[str, Standing | None]]:
    """Begins the ladders of these pupils now, brake or not: those alone whom nobody has accounted for.

    Gives the chases, and of every other pupil where the session stands (None: no pupil who is expected), so that a
    list of the wrong children alarms nobody.
    """
    found = morning(session, school_id, day, half, now=now)
    chases = {each.pupil_id: each for each in chases_on(session, school_id, day, half.value) if each.kind != "late"}
    refused: dict[str, Standing | None] = {}
    begun = []
    for pupil_id in sorted(set(pupil_ids)):
        facts = found.pupils.get(pupil_id)
        standing = found.standing(facts) if facts is not None else None
        if facts is None or standing is not Standing.UNACCOUNTED or now >= found.ends(facts.pupil):
            refused[pupil_id] = standing
            continue
        begun.append(chases.get(pupil_id) or _begin_by_hand(session, facts, found, now=now))
    if begun:
        open_day(session, school_id, day, half.value, look_at=now)
    return begun, refused


def _begin_by_hand(session: DatabaseSession, facts: Facts, found: Morning, *, now: datetime) -> Chase:
    chase = new_chase(facts, found, kind_of(facts), now=now)
    session.add(chase)
    session.flush()
    note(session, chase, "begin_chase", now=now, kind=chase.kind)
    return chase


def kind_of(facts: Facts) -> str:
    """A kind question where the child was ill yesterday, unless that was asked this morning already."""
    return "gentle" if facts.was_ill and not facts.was_asked_back else "ladder"


def _for_staff(facts: Facts, *, told: bool, repeats: bool) -> str:
    """Why a child is staff's to ring at minute nought, and nobody is texted; "" where the ladder begins.

    Who asked for leave of this very session has told us where the child would be, agreed or not: never asked twice.
    So has who wrote of the day and did not answer what we asked, unless the school `repeats` its question.
    """
    if facts.pupil.ring_first:
        return "ring_now"
    if facts.is_bereaved:
        return "bereaved"
    if facts.leave_asked:
        return LEAVE_ABSENT
    if told:
        return BARRIER_ABSENT
    return TOLD_ABSENT if facts.unsettled is not None and not repeats else ""


def _is_held(facts: Facts, held: Iterable[Held]) -> bool:
    """Whether the brake holds alerts about this child: its class's, or the whole school's."""
    return any(each.class_name in ("", facts.pupil.class_name) for each in held)


class _Look:
    """One look at one session."""

    def __init__(self, session: DatabaseSession, found: Morning, *, now: datetime) -> None:
        self._session, self._found, self._now = session, found, now
        self._school_id = found.school_id
        self._chases: dict[tuple[str, str], Chase] = {
            (each.pupil_id, "late" if each.kind == "late" else "ask"): each
            for each in chases_on(session, found.school_id, found.day, found.half.value)
        }

    # Mornings ---------------------------------------------------------------------------------

    def morning(self) -> list[datetime]:
        """Begins, goes on with and ends ladders; the moments at which something is next due."""
        moments = [at for each in self._found.pupils.values() if (at := self._found.starts(each.pupil)) > self._now]
        self._settle()
        missing = [each for each in self._due() if (each.pupil.id, "ask") not in self._chases]
        held, tells = self._brake([*missing, *self._overdue()])
        self._begin(missing, held)
        asked = self._lock(self._going())
        asking = Asking(self._session, self._found, now=self._now)
        moments += asking.go_on(asked)
        moments += self._late(asking, held)
        return moments + tells

    def _due(self) -> list[Facts]:
        """Those whose ladder's time has come and of whom nobody has said anything, held families left out."""
        found, now = self._found, self._now
        due = [
            each
            for each in found.pupils.values()
            if found.standing(each) is Standing.UNACCOUNTED and now >= found.starts(each.pupil)
        ]
        held = held_pupils(self._session, self._school_id, [each.pupil.id for each in due]) if due else set()
        return [each for each in due if each.pupil.id not in held]

    def _told_why(self) -> set[str]:
        """The children of whom a parent wrote today what makes school hard: that is a person's to answer."""
        midnight = self._found.calendar.moment(self._found.day, time.min)
        items = items_since(self._session, self._school_id, [BARRIER], midnight)
        return {pupil_id for item in items for pupil_id in item.pupil_ids}

    def _settle(self) -> None:
        """Chases of children who are accounted for by now end; a parent who thinks the child is in stops the asking."""
        told_why = self._told_why()
        began = min((each.started_at for each in self._chases.values()), default=self._now)
        items = items_since(self._session, self._school_id, [CLAIMS_PRESENT], began - timedelta(hours=2))
        thought_in = {pupil_id for item in items for pupil_id in item.pupil_ids}
        for chase in self._chases.values():
            facts = self._found.pupils.get(chase.pupil_id)
            standing = self._found.standing(facts) if facts is not None else Standing.PRESENT
            if chase.status == "ended":
                self._again(chase, standing)
            elif chase.kind == "late":
                if standing is not Standing.OVERDUE and standing is not Standing.LATE:
                    end(self._session, chase, ENDED.get(standing, "answered"), now=self._now)
            elif standing in ENDED or standing is Standing.OVERDUE:
                end(self._session, chase, ENDED.get(standing, "answered"), now=self._now)
            elif chase.pupil_id in told_why and chase.kind in ("ladder", "gentle"):
                end(self._session, chase, BARRIER, now=self._now)
            elif chase.pupil_id in thought_in and chase.status == "going":
                chase.status = "not_known"
                chase.version += 1
                note(self._session, chase, "not_known", now=self._now)

    def _again(self, chase: Chase, standing: Standing) -> None:
        """A mark or a note that was taken back: the child is missing after all, and the ladder goes on."""
        if standing is Standing.UNACCOUNTED and chase.ended_why in ("present", "coded", "noted"):
            chase.status, chase.ended_at, chase.ended_why = "going", None, ""
            chase.version += 1
            note(self._session, chase, "resume_chase", now=self._now)

    def _going(self) -> list[Chase]:
        """The ladders that go on, but for families of whom nobody is contacted meanwhile (care rule 1)."""
        going = [each for each in self._chases.values() if each.status == "going" and each.kind in ("ladder", "gentle")]
        held = held_pupils(self._session, self._school_id, [each.pupil_id for each in going]) if going else set()
        return [each for each in going if each.pupil_id not in held]

    def _lock(self, chases: Iterable[Chase]) -> list[Chase]:
        """Whoever is asked about is locked, so that an answer that comes at this moment is either seen or waits.

        The facts were read before, so those who have an answer by now are settled anew.
        """
        asked = list(chases)
        if not asked:
            return []
        lock_pupils(self._session, {(each.school_id, each.pupil_id) for each in asked})
        self._session.flush()
        self._session.expire_all()
        self._found = morning(self._session, self._school_id, self._found.day, self._found.half, now=self._now)
        self._settle()
        return [each for each in asked if each.status == "going"]

    # The brake --------------------------------------------------------------------------------

    def _brake(self, missing: list[Facts]) -> tuple[list[Held], list[datetime]]:
        """What holds new alerts now; told to whoever must know, with the moment at which the next one is told."""
        standing = holds_on(self._session, self._school_id, self._found.day, self._found.half.value)
        if any(self._now < self._found.closes(each.pupil) for each in self._found.pupils.values()) and not missing:
            return [], []
        if not missing and not standing and self._all_marked():
            return [], []
        released = {_what(each) for each in standing if each.status == "released"}
        held = checked(self._found.register(), self._now, released=released)
        scope = braking.Scope(school_id=self._school_id, day=self._found.day, session=self._found.half.value)
        kept = braking.keep(self._session, scope, standing, held, now=self._now)
        due = braking.tell(self._session, kept, self._found.settings, now=self._now)
        return list(held), [due] if due is not None else []

    def _all_marked(self) -> bool:
        return all(each.mark is not None for each in self._found.pupils.values())

    def _begin(self, missing: Iterable[Facts], held: list[Held]) -> None:
        """A ladder for each whom nothing holds; those whom staff ring first are theirs at once, brake or not."""
        ring: list[Chase] = []
        told_why = self._told_why()
        for facts in missing:
            told = facts.pupil.id in told_why
            why = _for_staff(facts, told=told, repeats=self._found.settings.chase_repeats_question)
            if why:
                ring.append(self._open(facts, "staff", staff_why=why))
            elif not _is_held(facts, held):
                self._open(facts, kind_of(facts))
        for why in sorted({each.staff_why for each in ring} - {TOLD_ABSENT}):
            self._to_staff(why, [each for each in ring if each.staff_why == why])
        self._to_read([each.pupil_id for each in ring if each.staff_why == TOLD_ABSENT])

    def _open(self, facts: Facts, kind: str, *, staff_why: str = "") -> Chase:
        chase = new_chase(facts, self._found, kind, now=self._now, staff_why=staff_why)
        self._session.add(chase)
        self._session.flush()
        self._chases[facts.pupil.id, "late" if kind == "late" else "ask"] = chase
        note(self._session, chase, "begin_chase", now=self._now, kind=kind)
        return chase

    def _to_staff(self, why: str, chases: Iterable[Chase]) -> None:
        pupils = tuple(each.pupil_id for each in chases)
        detail = {"day": self._found.day.isoformat(), "session": self._found.half.value}
        item = StaffNote(school_id=self._school_id, why=why, pupil_ids=pupils, urgent=True, detail=detail)
        arm(self._session, raise_items(self._session, [item], now=self._now), now=self._now)

    def _to_read(self, pupil_ids: Iterable[str]) -> None:
        """What was told of each of these, with the words: siblings of one text are one item."""
        by_text: dict[Unsettled, list[str]] = defaultdict(list)
        for pupil_id in pupil_ids:
            told = self._found.pupils[pupil_id].unsettled
            if told is not None:
                by_text[told].append(pupil_id)
        notes = [
            StaffNote(
                school_id=self._school_id,
                why=TOLD_ABSENT,
                thread_id=told.thread_id,
                message_id=told.message_id,
                contact_id=told.contact_id,
                pupil_ids=tuple(pupils),
                urgent=True,
                anew=True,
                detail={"day": self._found.day.isoformat(), "session": self._found.half.value},
            )
            for told, pupils in by_text.items()
        ]
        raise_items(self._session, notes, now=self._now)

    # Late beyond their hour -------------------------------------------------------------------

    def _overdue(self) -> list[Facts]:
        """Those past the hour at which they were to come, of whom nobody was told yet."""
        passed = [each for each in self._found.pupils.values() if self._found.standing(each) is Standing.OVERDUE]
        return [each for each in passed if (each.pupil.id, "late") not in self._chases]

    def _late(self, asking: Asking, held: Sequence[Held]) -> list[datetime]:
        """Ten minutes after a stated arrival without a mark: one text to whoever said so, and staff see it.

        Not while the class's register is still to come: the child may sit in it, and the marks look again. Nor while
        the brake holds: a register that says of everybody that they are absent says nothing of this child.
        """
        late = [each for each in self._found.pupils.values() if self._found.standing(each) is Standing.LATE]
        passed = [each for each in self._overdue() if not _is_held(each, held)]
        untaken = self._found.untaken() if passed else frozenset()
        overdue = [
            self._open(each, "late", staff_why="late_overdue")
            for each in passed
            if each.mark is not None or each.pupil.class_name not in untaken
        ]
        kept = held_pupils(self._session, self._school_id, [each.pupil_id for each in overdue]) if overdue else set()
        asking.late([each for each in overdue if each.pupil_id not in kept])
        if overdue:
            self._to_staff("late_overdue", overdue)
        return [each.overdue_at(self._found.closes(each.pupil)) for each in late]

    # Afternoons -------------------------------------------------------------------------------

    def afternoon(self) -> list[datetime]:
        """Care rule 5: whoever was there in the morning and is missing without leave is an alarm to staff; no text."""
        moments = [at for each in self._found.pupils.values() if (at := self._found.starts(each.pupil)) > self._now]
        self._settle()
        missing = [each for each in self._due() if (each.pupil.id, "ask") not in self._chases]
        held, tells = self._brake([*missing, *self._overdue()])
        new = [
            self._open(each, "staff", staff_why=MISSING_AFTERNOON)
            for each in missing
            if self._is_news(each) and not _is_held(each, held)
        ]
        if new:
            self._to_staff(MISSING_AFTERNOON, new)
        return moments + tells + self._late(Asking(self._session, self._found, now=self._now), held)

    def _is_news(self, facts: Facts) -> bool:
        """Not of a child who was missing in the morning too: staff know of that one."""
        mark = self._found.other_marks.get(facts.pupil.id)
        return mark is None or has_come(mark.code) or mark.code != "N"


def _what(hold: BrakeHold) -> Held:
    return Held(why=Why(hold.why), class_name=hold.class_name)
