"""'How was school?' once a week: which children it is asked about, whom it is asked of, and one message a family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session as DatabaseSession

from school.calendars import calendar_of
from school.chase_asking import week_of
from school.morning import LATENESS, SENT_HOME, WITH_ADULT
from school.prompt_pauses import paused
from school.reaching import Start, Started, same_people, start
from school.records.base import new_id
from school.records.chase_queries import absences_of, adults_of, marks_of, notes_of, outings_on, roll
from school.records.chasing import Outing
from school.records.people import Contact, Pupil, Right, School
from school.records.prompt_queries import asked_before, asked_in_week, topics_of_week
from school.records.prompting import Prompt, PromptChild, PromptTopic
from school.rules.weekly_question import question_of, week_of_day
from school.settings import SchoolSettings, settings_of

FLOW = "how_was_school"
# What a child who was in school all day is marked: a trip, another site or a late mark after the register closed is
# not a day of which a family can be asked how school was.
IN_SCHOOL = frozenset({"/", "\\", "L"})
# An exam is a day in school.
AWAY = frozenset({"trip", "other"})
# Another adult at home may be asked instead; a held family or a full budget is not asked by another way.
TRY_ANOTHER = frozenset({"no_address", "opted_out", "quarantined", "ring_only", "gone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """Somebody who may be asked about a child, and how near: the lower, the sooner."""

    contact: Contact
    near: tuple[bool, bool]
    priority: int

    @property
    def is_left_alone(self) -> bool:
        """Whether they want no such question, or none by text; it holds for everybody behind the same phone."""
        return self.contact.quiet or self.contact.ring_only


def ask_how_was_school(
    session: DatabaseSession, school_id: str, day: date, *, now: datetime, until: datetime
) -> list[Prompt]:
    """Asks the families of the children who were in school all of that day; what was asked, in order.

    Never about a child who was absent, on a trip, held, or in a family that is bereaved (care rules 1 and 17), and
    once a week at most. Who cannot be reached is not asked, and that is nobody's to ring. After `until` a prompt
    that still waits falls away.
    """
    settings = settings_of(session.get_one(School, school_id))
    week = week_of_day(day)
    asked_pupils, asked_contacts = asked_in_week(session, school_id, week)
    pupils = {each.id: each for each in present(session, school_id, day) if each.id not in asked_pupils}
    adults = _adults(session, school_id, pupils, day, settings)
    whom = {each.contact.id for found in adults.values() for each in found}
    same = same_people(session, school_id, whom | asked_contacts)
    left_alone = {same[each.contact.id] for found in adults.values() for each in found if each.is_left_alone}
    asked_people = {same[each] for each in asked_contacts}
    round_ = _Round(session, school_id, day, now=now, until=until, settings=settings, same=same)
    made: list[Prompt] = []
    left = {
        pupil_id: [each for each in found if same[each.contact.id] not in left_alone]
        for pupil_id, found in adults.items()
    }
    left = {pupil_id: found for pupil_id, found in left.items() if found}
    while left:
        chosen = one_a_family(left)
        groups: dict[str, list[str]] = defaultdict(list)
        for pupil_id, contact_id in chosen.items():
            if same[contact_id] not in asked_people:
                groups[same[contact_id]].append(pupil_id)
        done, failed = round_.ask({contact: [pupils[each] for each in ids] for contact, ids in groups.items()})
        made += done
        asked_people |= {each.contact_id for each in done}
        left = {
            pupil_id: [each for each in found if same[each.contact.id] != same[chosen[pupil_id]]]
            for pupil_id, found in left.items()
            if same[chosen[pupil_id]] in failed
        }
        left = {pupil_id: found for pupil_id, found in left.items() if found}
    return made


# Which children ------------------------------------------------------------------------------


def present(session: DatabaseSession, school_id: str, day: date) -> list[Pupil]:
    """The pupils who were in school in every session that is marked, and of whom nothing else is known that day."""
    calendar = calendar_of(session, school_id)
    codes: dict[str, set[str]] = defaultdict(set)
    for (pupil_id, _), mark in marks_of(session, school_id, day).items():
        codes[pupil_id].add(mark.code)
    off = {pupil_id for (pupil_id, *_), row in absences_of(session, school_id, [day]).items() if row.kind != LATENESS}
    off |= {note.pupil_id for note in notes_of(session, school_id, [day]) if note.kind in (WITH_ADULT, SENT_HOME)}
    off |= paused(session, school_id)
    outings = [each for each in outings_on(session, school_id, day) if each.kind in AWAY]
    return [
        pupil
        for pupil in roll(session, school_id, day)
        if codes[pupil.id]
        and codes[pupil.id] <= IN_SCHOOL
        and pupil.id not in off
        and calendar.is_school_day(day, year=pupil.year)
        and not any(_is_on(each, pupil) for each in outings)
    ]


def _is_on(outing: Outing, pupil: Pupil) -> bool:
    return outing.class_name in ("", pupil.class_name) and outing.year in ("", pupil.year)


# Whom ----------------------------------------------------------------------------------------


def _adults(
    session: DatabaseSession, school_id: str, pupil_ids: Collection[str], day: date, settings: SchoolSettings
) -> dict[str, list[Adult]]:
    """For each child those who may be asked, by the care arrangement of that day.

    Where somebody lives with the child and has it this week, it is nobody else: a parent of another home cannot say
    how the day was.
    """
    week = week_of(day, settings.care_week_a)
    found: dict[str, list[Adult]] = defaultdict(list)
    for right, contact in adults_of(session, school_id, pupil_ids) if pupil_ids else []:
        if right.may_be_told and not right.social_worker:
            found[right.pupil_id].append(_adult(right, contact, week))
    return {pupil_id: _at_home(adults) for pupil_id, adults in sorted(found.items())}


def _adult(right: Right, contact: Contact, week: str) -> Adult:
    near = (right.care_week not in ("", week), not right.lives_with)
    return Adult(contact=contact, near=near, priority=right.priority)


def _at_home(adults: Sequence[Adult]) -> list[Adult]:
    nearest = min(each.near for each in adults)
    return sorted((each for each in adults if each.near == nearest), key=lambda each: (each.priority, each.contact.id))


def one_a_family(adults: Mapping[str, Sequence[Adult]]) -> dict[str, str]:
    """The contact of each child: whoever may be asked about most of them, so that siblings are one message."""
    counts: dict[str, int] = defaultdict(int)
    for found in adults.values():
        for each in found:
            counts[each.contact.id] += 1
    return {
        pupil_id: min(found, key=lambda each: (-counts[each.contact.id], each.priority, each.contact.id)).contact.id
        for pupil_id, found in adults.items()
    }


# Asking --------------------------------------------------------------------------------------


class _Round:
    """The asking of one day."""

    def __init__(
        self,
        session: DatabaseSession,
        school_id: str,
        day: date,
        *,
        now: datetime,
        until: datetime,
        settings: SchoolSettings,
        same: Mapping[str, str],
    ) -> None:
        self._session, self._school_id, self._day = session, school_id, day
        self._now, self._until = now, until
        self._channels = ("telegram", "sms") if settings.prompts_by_sms else ("telegram",)
        self._topics = {each.class_name: each for each in topics_of_week(session, school_id, week_of_day(day))}
        before = asked_before(session, school_id, same)
        self._known = {same[each] for each in before}

    def ask(self, families: Mapping[str, Sequence[Pupil]]) -> tuple[list[Prompt], set[str]]:
        """Asks each contact about these pupils: what was asked, and the contacts whom nothing reaches."""
        starts = [self._start(contact, pupils) for contact, pupils in sorted(families.items())]
        started, unreached = start(self._session, starts, now=self._now)
        made = [self._keep(each) for each in started]
        self._session.flush()
        return made, {each.start.contact_id for each in unreached if each.why in TRY_ANOTHER}

    def _start(self, contact_id: str, pupils: Sequence[Pupil]) -> Start:
        ids = tuple(sorted(each.id for each in pupils))
        first = contact_id not in self._known
        fills: dict[str, object] = {
            "who": list(ids),
            "day": self._day.isoformat(),
            "prompt": new_id(self._now),
            "question": question_of(self._day),
        }
        if first:
            fills["first"] = True
        if not first and (topic := self._topic(pupils)) is not None:
            fills["topic"] = topic.id
        return Start(
            school_id=self._school_id,
            contact_id=contact_id,
            flow=FLOW,
            purpose="prompt",
            pupil_ids=ids,
            fills=fills,
            until=self._until,
            channels=self._channels,
        )

    def _topic(self, pupils: Iterable[Pupil]) -> PromptTopic | None:
        """What the children's class learns this week; siblings of two classes have the week's question."""
        classes = {each.class_name for each in pupils}
        return self._topics.get(classes.pop()) if len(classes) == 1 else None

    def _keep(self, started: Started) -> Prompt:
        fills = started.start.fills
        prompt = Prompt(
            school_id=self._school_id,
            id=str(fills["prompt"]),
            contact_id=started.start.contact_id,
            day=self._day,
            question=int(fills["question"]),
            topic_id=fills.get("topic"),
            thread_id=started.thread_id,
            inbox_id=started.inbox_id,
            at=self._now,
        )
        self._session.add(prompt)
        self._session.flush()
        week = week_of_day(self._day)
        for pupil_id in started.start.pupil_ids:
            self._session.add(PromptChild(school_id=self._school_id, pupil_id=pupil_id, week=week, prompt_id=prompt.id))
        return prompt
