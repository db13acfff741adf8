"""What a turn may know, gathered for a set of threads at once: families, records, calendars, the school's settings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from conversations.acts import AbsenceKind
from conversations.choosing import offered
from conversations.context import Chased, Child, Context, Recorded, SchoolFacts, Sender
from school.absences import OnRecord, is_register_closed, on_record
from school.calendars import calendar_of
from school.people import ChildWithRights, Family, families
from school.records.chase_queries import asked_in
from school.records.evidence import EvidenceRequest
from school.records.evidence_queries import open_evidence
from school.records.messaging import Thread
from school.records.people import School
from school.records.prompt_queries import topics_of_week
from school.records.queues import ThreadRow
from school.records.safeguarding_queries import held_pupils
from school.rules.calendar import Calendar, CalendarEnds
from school.rules.weekly_question import week_of_day
from school.settings import SchoolSettings, settings_of
from school.threads import school_hours_after

# What a text may correct or add to: a month back, a school year ahead.
LOOKS_BACK = timedelta(days=35)
LOOKS_AHEAD = timedelta(days=370)
# The channel whose addresses are chats, which a parent joins.
CHAT = "telegram"
# So long after the last words of staff a talk goes on although the office is closed.
AFTER_HOURS = timedelta(hours=1)
# A question waits over a weekend for its reminder, and for nothing longer: a person is told.
LONGEST_WAIT = timedelta(days=4)
# What a parent writes so soon after they were asked to show something may well be their answer.
ANSWERED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One school as a turn sees it."""

    facts: SchoolFacts
    settings: SchoolSettings
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One thread with all that its turns may know; `context` is for texts that came in just now."""

    thread: ThreadRow
    family: Family
    house: House
    context: Context

    def contact_for(self, child_id: str) -> str | None:
        """In whose name a statement about a child counts."""
        for child in self.family.children:
            if child.id == child_id:
                return child.contact_id
        return self.family.contact_id


def scenes(
    session: Session,
    threads: Sequence[ThreadRow],
    *,
    now: datetime,
    packs: tuple[str, ...],
    prompting: Collection[str] = (),
) -> dict[tuple[str, str], Scene]:
    """The scene of each thread, by (school, thread): a few statements a school, however many threads.

    `packs` are the languages that this house speaks. Only for schools in `prompting` is looked up what their classes
    learn this week.
    """
    houses = {school_id: _house(session, school_id) for school_id in sorted({each.school_id for each in threads})}
    found = _families(session, threads, houses, now=now)
    recorded = _on_record(session, threads, found, houses, now=now)
    chased = _chased(session, threads, houses, now=now)
    topics = {each: _topics(session, each, houses[each].calendar.local(now).date()) for each in sorted(prompting)}
    asked_for = _asked_for(session, found, now=now)
    result = {}
    for thread in threads:
        family = found[thread.school_id, thread.channel, thread.address]
        house = houses[thread.school_id]
        asked = chased.get((thread.school_id, thread.id), ())
        context = _context(thread, family, house, recorded[thread.school_id], asked, now=now, packs=packs)
        context = replace(context, topics=topics.get(thread.school_id, {}))
        context = replace(context, **_evidence(family, asked_for[thread.school_id], now=now))
        result[thread.school_id, thread.id] = Scene(thread=thread, family=family, house=house, context=context)
    return result


def held_among(session: Session, contexts: Mapping[tuple[str, str], Context]) -> set[tuple[str, str]]:
    """Those of these threads, by school and id, of families with whom nothing is started (care rule 1)."""
    pupils: dict[str, set[str]] = defaultdict(set)
    for (school_id, _), context in contexts.items():
        pupils[school_id] |= {child.id for child in context.children}
    found = {school_id: held_pupils(session, school_id, ids) for school_id, ids in sorted(pupils.items()) if ids}
    return {
        key
        for key, context in contexts.items()
        if any(child.id in found.get(key[0], set()) for child in context.children)
    }


def _families(
    session: Session, threads: Iterable[ThreadRow], houses: Mapping[str, House], *, now: datetime
) -> dict[tuple[str, str, str], Family]:
    """The families of the threads, as they are on their school's own day."""
    by_day: dict[date, list[tuple[str, str, str]]] = defaultdict(list)
    for each in threads:
        day = houses[each.school_id].calendar.local(now).date()
        by_day[day].append((each.school_id, each.channel, each.address))
    found: dict[tuple[str, str, str], Family] = {}
    for day, keys in sorted(by_day.items()):
        found |= families(session, keys, on=day)
    return found


def _house(session: Session, school_id: str) -> House:
    school = session.get_one(School, school_id)
    settings = settings_of(school)
    facts = SchoolFacts(
        short_name=school.short_name,
        phone=school.phone,
        care_line=school.care_line,
        opens=settings.office_opens,
        closes=settings.office_closes,
    )
    return House(facts=facts, settings=settings, calendar=calendar_of(session, school_id))


def _topics(session: Session, school_id: str, day: date) -> dict[str, dict[str, str]]:
    """What the classes of a school learn in that week, by the topic's id and the language."""
    return {each.id: dict(each.words) for each in topics_of_week(session, school_id, week_of_day(day))}


def _asked_for(
    session: Session, found: Mapping[tuple[str, str, str], Family], *, now: datetime
) -> dict[str, list[EvidenceRequest]]:
    """What staff asked anybody of these families to show and may still come, by school."""
    contacts: dict[str, set[str]] = defaultdict(set)
    for (school_id, _, _), family in found.items():
        contacts[school_id] |= set(family.contact_ids)
    return {school_id: open_evidence(session, school_id, ids, now=now) for school_id, ids in sorted(contacts.items())}


def _evidence(family: Family, asked: Iterable[EvidenceRequest], *, now: datetime) -> dict[str, Any]:
    """The latest of what whoever is behind this thread was asked to show, as the context has it."""
    own = [each for each in asked if each.contact_id in family.contact_ids]
    if not own:
        return {}
    return {
        "evidence": own[-1].id,
        "evidence_new": own[-1].status == "asked" and now - own[-1].asked_at < ANSWERED_WITHIN,
    }


def _on_record(
    session: Session,
    threads: Iterable[ThreadRow],
    found: Mapping[tuple[str, str, str], Family],
    houses: Mapping[str, House],
    *,
    now: datetime,
) -> dict[str, list[OnRecord]]:
    children: dict[str, set[str]] = defaultdict(set)
    for thread in threads:
        family = found[thread.school_id, thread.channel, thread.address]
        children[thread.school_id] |= {child.id for child in family.children}
    rows: dict[str, list[OnRecord]] = defaultdict(list)
    for school_id, ids in sorted(children.items()):
        if ids:
            today = houses[school_id].calendar.local(now).date()
            rows[school_id] = on_record(session, school_id, sorted(ids), today - LOOKS_BACK, today + LOOKS_AHEAD)
    return rows


def _chased(
    session: Session, threads: Sequence[ThreadRow], houses: Mapping[str, House], *, now: datetime
) -> dict[tuple[str, str], tuple[Chased, ...]]:
    """The children about whom the school asked in these threads today."""
    found: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    by_school: dict[str, set[str]] = defaultdict(set)
    for thread in threads:
        by_school[thread.school_id].add(thread.id)
    for school_id, ids in sorted(by_school.items()):
        today = houses[school_id].calendar.local(now).date()
        for thread_id, chase in asked_in(session, school_id, ids, today):
            found[school_id, thread_id][chase.pupil_id] = chase.status == "ended"
    return {
        key: tuple(Chased(child=child, over=over) for child, over in sorted(children.items()))
        for key, children in found.items()
    }


def _context(
    thread: ThreadRow,
    family: Family,
    house: House,
    recorded: Iterable[OnRecord],
    chased: tuple[Chased, ...],
    *,
    now: datetime,
    packs: tuple[str, ...],
) -> Context:
    settings, calendar = house.settings, house.calendar
    local = calendar.local(now)
    hours = {"opens": settings.office_opens, "closes": settings.office_closes}
    is_open = calendar.is_open(now, **hours)
    mine = {child.id: child for child in family.children}
    missing = [each.child for each in chased if not each.over]
    within = timedelta(minutes=settings.answer_within_minutes)
    return Context(
        now=local,
        thread=thread.id,
        sender=Sender.CONTACT if family.is_known else Sender.UNKNOWN,
        calendar=calendar,
        school=house.facts,
        children=tuple(_child(child) for child in family.children),
        recorded=tuple(
            _recorded(row, mine[row.pupil_id], family, calendar, now) for row in recorded if row.pupil_id in mine
        ),
        office_open=is_open,
        office_opens=None if is_open else _next_opening(calendar, now, settings),
        answer_by=calendar.local(school_hours_after(calendar, now, settings=settings, hours=within))
        if is_open
        else None,
        remind_at=_remind_at(calendar, now, settings),
        staff_speaking=_is_spoken_in(thread, is_open=is_open, now=now),
        lead_holds=thread.lead_holds,
        chased=chased,
        expects="chase" if missing else "",
        expects_child=missing[0] if len(missing) == 1 else None,
        unknown_replied_today=_is_today(thread.unknown_replied_at, local.date(), calendar),
        is_chat=thread.channel == CHAT,
        languages=offered(settings.languages, packs),
        helped_before=family.helped_before,
    )


def _remind_at(calendar: Calendar, now: datetime, settings: SchoolSettings) -> datetime | None:
    """When a question of now is called to mind; None where the school wants none, or only after a holiday."""
    if not settings.leave_question_hours:
        return None
    hours = timedelta(hours=settings.leave_question_hours)
    at = school_hours_after(calendar, now, settings=settings, hours=hours)
    return calendar.local(at) if at - now <= LONGEST_WAIT else None


def _is_spoken_in(thread: ThreadRow, *, is_open: bool, now: datetime) -> bool:
    """Whether a person speaks here. At night nobody does, unless somebody just did (care rule 7)."""
    if thread.staff_until is None or thread.staff_until <= now:
        return False
    return is_open or (thread.staff_spoke_at is not None and now - thread.staff_spoke_at < AFTER_HOURS)


def _next_opening(calendar: Calendar, now: datetime, settings: SchoolSettings) -> datetime | None:
    try:
        return calendar.next_opening(now, opens=settings.office_opens, closes=settings.office_closes)
    except CalendarEnds:
        return None


def _child(child: ChildWithRights) -> Child:
    return Child(
        id=child.id,
        first_name=child.first_name,
        known_as=child.known_as,
        surname=child.surname,
        year=child.year,
        class_name=child.class_name,
        may_report=child.may_report,
        may_be_told=child.may_be_told,
        may_see_reasons=child.may_see_reasons,
        may_request_leave=child.may_request_leave,
        lives_with=child.lives_with,
        social_worker=child.social_worker,
    )


def _recorded(row: OnRecord, child: ChildWithRights, family: Family, calendar: Calendar, now: datetime) -> Recorded:
    """One session on record. The kind is told only to the one who said it (care rule 15)."""
    kind = row.kind_said_by(family.contact_ids)
    return Recorded(
        child=row.pupil_id,
        day=row.day,
        session=row.session,
        mine=kind is not None,
        kind=AbsenceKind(kind) if kind is not None else None,
        confirmed=row.confirmed,
        register_closed=is_register_closed(calendar, row.day, row.session, at=now, year=child.year),
        reference=row.reference_for(family.contact_ids) if kind is not None else "",
    )


def _is_today(at: datetime | None, today: date, calendar: Calendar) -> bool:
    return at is not None and calendar.local(at).date() == today


def orm_thread(session: Session, thread: ThreadRow) -> Thread:
    """The thread as verbs take it; locked already by this transaction."""
    return session.get_one(Thread, (thread.school_id, thread.id))
