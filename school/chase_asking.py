"""Asking of the chase: whom each ladder asks next, siblings of one family in one message, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as DatabaseSession

from school.installation import mode_of
from school.morning import Morning
from school.reaching import Start, Started, Unreached, start
from school.records.absence_queries import standing_statements
from school.records.base import new_id
from school.records.chase_queries import adults_of, deliveries, items_since, steps_of, texts_since, who_wrote
from school.records.chasing import Chase, ChaseStep
from school.records.people import Contact, Right
from school.rules.ladder import Ask, Ladder, Outcome, Pace, Rung, TellStaff, Wait, next_move
from school.staff_items import StaffNote, raise_items

WRONG_NUMBER = "wrong_number"
# Whose carriers say whether a text arrived; a chat that took a message has it.
WITH_RECEIPTS = frozenset({"sms"})
_ARRIVED, _GOING = frozenset({"delivered"}), frozenset({"", "queued", "sending", "unknown", "sent"})
# What staff are told that ends the asking: the social worker hears of these too.
FAILED = frozenset({"unanswered_chase", "nobody_to_text"})
_STAFF_WHY = {"unanswered": "unanswered_chase"}


class Asking:
    """The asking of one look. It may be used for several sets of chases."""

    def __init__(self, session: DatabaseSession, found: Morning, *, now: datetime) -> None:
        self._session, self._found, self._now = session, found, now
        self._school_id = found.school_id
        settings = found.settings
        self._pace = Pace(
            second=timedelta(minutes=settings.chase_second_minutes),
            staff=timedelta(minutes=settings.chase_staff_minutes),
        )
        self._has_receipts = mode_of(session) != "rehearsal"

    def go_on(self, chases: Sequence[Chase]) -> list[datetime]:
        """Takes each ladder as far as it goes now; the moments at which they go on."""
        if not chases:
            return []
        ladders = self._ladders(chases)
        moments: list[datetime] = []
        todo = list(chases)
        while todo:
            asks: dict[str, list[Chase]] = defaultdict(list)
            told: dict[str, list[Chase]] = defaultdict(list)
            for chase in todo:
                move = next_move(ladders[chase.id], self._pace, self._now)
                if isinstance(move, Ask):
                    asks[move.contact].append(chase)
                elif isinstance(move, TellStaff):
                    told[move.why].append(chase)
                elif isinstance(move, Wait):
                    moments.append(move.until)
            self._tell(told, ladders)
            self._ask(asks, ladders)
            todo = [each for found in (*asks.values(), *told.values()) for each in found]
        return moments

    # Ladders ----------------------------------------------------------------------------------

    def _ladders(self, chases: Sequence[Chase]) -> dict[str, Ladder]:
        pupils = {each.pupil_id for each in chases}
        adults: dict[str, list[tuple[Right, Contact]]] = defaultdict(list)
        for right, contact in adults_of(self._session, self._school_id, pupils):
            if right.may_be_told and right.may_report and not right.social_worker:
                adults[right.pupil_id].append((right, contact))
        steps: dict[str, list[ChaseStep]] = defaultdict(list)
        for step in steps_of(self._session, self._school_id, [each.id for each in chases]):
            if step.kind == "ask":
                steps[step.chase_id].append(step)
        outcomes = self._outcomes([step for each in steps.values() for step in each])
        since = min(each.started_at for each in chases) - self._pace.pause
        whom = {contact.id for each in adults.values() for _, contact in each}
        heard = texts_since(self._session, self._school_id, whom, since) if whom else {}
        return {each.id: self._ladder(each, adults[each.pupil_id], steps[each.id], outcomes, heard) for each in chases}

    def _ladder(
        self,
        chase: Chase,
        adults: list[tuple[Right, Contact]],
        steps: list[ChaseStep],
        outcomes: dict[str, Outcome],
        heard: dict[str, list[datetime]],
    ) -> Ladder:
        found = self._found
        pupil = found.pupils[chase.pupil_id].pupil
        ordered = [contact for _, contact in sorted(adults, key=lambda each: self._order(each[0]))]
        last = max((step.at for step in steps), default=chase.started_at - self._pace.pause)
        texts = [at for contact in ordered for at in heard.get(contact.id, ()) if at >= last]
        by = found.calendar.moment(found.day, found.settings.gentle_staff_by)
        return Ladder(
            started_at=chase.started_at,
            ends_at=found.ends(pupil),
            contacts=tuple(contact.id for contact in ordered if not contact.ring_only),
            rungs=tuple(Rung(contact=step.contact_id, at=step.at, outcome=outcomes[step.id]) for step in steps),
            staff_told=chase.staff_at is not None,
            ring_first=bool(ordered) and ordered[0].ring_only,
            gentle=chase.kind == "gentle",
            staff_by=by,
            heard_at=min(texts, default=None),
        )

    def _order(self, right: Right) -> tuple[bool, bool, int, str]:
        """By the care arrangement: with whom the child is this week, whom it lives with, then the record's order."""
        week = week_of(self._found.day, self._found.settings.care_week_a)
        return (right.care_week not in ("", week), not right.lives_with, right.priority, right.contact_id)

    def _outcomes(self, steps: Sequence[ChaseStep]) -> dict[str, Outcome]:
        sent = deliveries(self._session, self._school_id, {step.inbox_id for step in steps if step.inbox_id})
        began = min((step.at for step in steps), default=self._now)
        items = items_since(self._session, self._school_id, [WRONG_NUMBER], began) if steps else []
        found = {}
        for step in steps:
            way = sent.get(step.inbox_id or "")
            if any(item.thread_id == step.thread_id and item.at >= step.at for item in items):
                found[step.id] = Outcome.WRONG_NUMBER
            elif step.failed or way is None:
                found[step.id] = Outcome.FAILED
            elif way.opted_out or way.quarantined:
                found[step.id] = Outcome.STOPPED
            elif way.status in _ARRIVED or (way.status == "sent" and not self._receipts(way.channel)):
                found[step.id] = Outcome.ARRIVED
            else:
                found[step.id] = Outcome.WAITING if way.status in _GOING else Outcome.FAILED
        return found

    def _receipts(self, channel: str) -> bool:
        return self._has_receipts and channel in WITH_RECEIPTS

    # Steps ------------------------------------------------------------------------------------

    def _ask(self, asks: dict[str, list[Chase]], ladders: dict[str, Ladder]) -> None:
        """One message a family: all of a contact's children who are asked about at this moment."""
        wrote = who_wrote(self._session, self._school_id, asks, self._found.written_since) if asks else set()
        starts = [self._start(contact, chases, wrote=contact in wrote) for contact, chases in sorted(asks.items())]
        by_pupil = {each.pupil_id: each for chases in asks.values() for each in chases}
        for one in self._begin(starts):
            for pupil_id in one.start.pupil_ids:
                chase = by_pupil[pupil_id]
                self._step(chase, one, "ask")
                outcome = Outcome.WAITING if isinstance(one, Started) else Outcome.FAILED
                rung = Rung(contact=one.start.contact_id, at=self._now, outcome=outcome)
                ladder = ladders[chase.id]
                ladders[chase.id] = _with(ladder, rung)
        self._session.flush()

    def _start(self, contact: str, chases: Iterable[Chase], *, wrote: bool) -> Start:
        """One question about all of them: the kind one where it fits each, 'no message' where there was of none."""
        together = list(chases)
        words = {self._words(each, wrote=wrote) for each in together}
        flow, tone = words.pop() if len(words) == 1 else ("absence", "again")
        pupils = tuple(sorted(each.pupil_id for each in together))
        day = self._found.day.isoformat()
        fills: dict[str, object] = {"who": list(pupils), "tone": tone}
        if flow == "absence":
            fills["days"] = [[day, day]]
        return Start(
            school_id=self._school_id,
            contact_id=contact,
            flow=flow,
            purpose="chase",
            pupil_ids=pupils,
            fills=fills,
            until=max(self._found.ends(self._found.pupils[each].pupil) for each in pupils),
            over=True,
        )

    def _words(self, chase: Chase, *, wrote: bool) -> tuple[str, str]:
        """Which question: the kind one; 'no message' only to who sent none, else without it (care rules 18, 24).

        Whether the other parent wrote is not to be read off these words.
        """
        if chase.kind == "gentle":
            return "back_today", "gentle"
        facts = self._found.pupils[chase.pupil_id]
        told_before = facts.was_asked_back or facts.day_before is not None or wrote
        return "absence", "again" if told_before else "first"

    def late(self, chases: Iterable[Chase]) -> None:
        """One text to whoever said that the child would be late; nobody else is asked."""
        asks: dict[str, list[Chase]] = defaultdict(list)
        for chase in chases:
            if (said_by := self._who_said(chase)) is not None:
                asks[said_by].append(chase)
        by_pupil = {each.pupil_id: each for found in asks.values() for each in found}
        starts = [
            Start(
                school_id=self._school_id,
                contact_id=contact,
                flow="late.overdue",
                purpose="chase",
                pupil_ids=tuple(sorted(each.pupil_id for each in found)),
                fills={"who": sorted(each.pupil_id for each in found)},
                until=self._now + timedelta(hours=1),
                over=True,
            )
            for contact, found in sorted(asks.items())
        ]
        for one in self._begin(starts):
            for pupil_id in one.start.pupil_ids:
                self._step(by_pupil[pupil_id], one, "late")
        self._session.flush()

    def _begin(self, starts: Sequence[Start]) -> tuple[Started | Unreached, ...]:
        started, unreached = start(self._session, starts, now=self._now)
        return *started, *unreached

    def _who_said(self, chase: Chase) -> str | None:
        absence = self._found.pupils[chase.pupil_id].absence
        if absence is None:
            return None
        told = standing_statements(self._session, [absence]).get(absence.id, [])
        return next((each.contact_id for each in reversed(told) if each.contact_id), None)

    def _step(self, chase: Chase, one: Started | Unreached, kind: str) -> None:
        self._session.add(
            ChaseStep(
                school_id=self._school_id,
                id=new_id(self._now),
                chase_id=chase.id,
                contact_id=one.start.contact_id,
                kind=kind,
                thread_id=one.thread_id if isinstance(one, Started) else None,
                inbox_id=one.inbox_id if isinstance(one, Started) else None,
                failed=one.why if isinstance(one, Unreached) else "",
                at=self._now,
            )
        )

    # A person's -------------------------------------------------------------------------------

    def _tell(self, told: dict[str, list[Chase]], ladders: dict[str, Ladder]) -> None:
        for why, chases in sorted(told.items()):
            code = _STAFF_WHY.get(why, why)
            for chase in chases:
                chase.staff_at, chase.staff_why = self._now, code
                chase.version += 1
                ladders[chase.id] = _told(ladders[chase.id])
            for pupils in self._families(chases, ladders):
                detail = {"day": self._found.day.isoformat(), "session": self._found.half.value}
                item = StaffNote(school_id=self._school_id, why=code, pupil_ids=pupils, urgent=True, detail=detail)
                raise_items(self._session, [item], now=self._now)
            if code in FAILED:
                self._tell_social_workers(chases)
        self._session.flush()

    def _families(self, chases: Iterable[Chase], ladders: dict[str, Ladder]) -> list[tuple[str, ...]]:
        """Siblings are one call for staff too."""
        families: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for chase in chases:
            key = ladders[chase.id].contacts or (chase.id,)
            families[key].append(chase.pupil_id)
        return [tuple(sorted(pupils)) for _, pupils in sorted(families.items())]

    def _tell_social_workers(self, chases: Iterable[Chase]) -> None:
        """Duty S18: the social worker is told once the ladder failed, by first name alone."""
        by_pupil = {each.pupil_id: each for each in chases}
        workers: dict[str, list[str]] = defaultdict(list)
        for right, contact in adults_of(self._session, self._school_id, by_pupil):
            if right.social_worker:
                workers[contact.id].append(right.pupil_id)
        starts = [
            Start(
                school_id=self._school_id,
                contact_id=contact,
                flow="social_worker",
                purpose="chase",
                pupil_ids=tuple(sorted(pupils)),
                fills={"who": sorted(pupils)},
                over=True,
            )
            for contact, pupils in sorted(workers.items())
        ]
        for one in self._begin(starts):
            for pupil_id in one.start.pupil_ids:
                self._step(by_pupil[pupil_id], one, "social_worker")


def _with(ladder: Ladder, rung: Rung) -> Ladder:
    return replace(ladder, rungs=(*ladder.rungs, rung), heard_at=None)


def _told(ladder: Ladder) -> Ladder:
    return replace(ladder, staff_told=True)


def week_of(day: date, week_a: date) -> str:
    """A or B: which week of the care arrangement a day is in; `week_a` is the Monday of a week A."""
    return "A" if (day - week_a).days // 7 % 2 == 0 else "B"
