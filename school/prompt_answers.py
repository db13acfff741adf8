"""What families answer to 'How was school?': kept with the prompt; hard days in a row become a note for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import SYSTEM, Entry, by_contact, record
from school.records.people import School
from school.records.prompt_queries import children_of_prompts, contacts_by_id, last_moods
from school.records.prompting import PromptChild
from school.records.staff import LOW_DAYS
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items

LOW = "low"
WHY = LOW_DAYS
# Of a run longer than this the beginning is not counted.
LONGEST_RUN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAnswer:
    """How one child's day was: `mood` good, ok, low, or None for words that name none."""

    school_id: str
    prompt_id: str
    pupil_id: str
    mood: str | None
    contact_id: str | None
    message_id: str | None
    at: datetime


def tell_days(session: Session, answers: Sequence[DayAnswer], *, now: datetime) -> list[PromptChild]:
    """Keeps the answers to prompts of their school, and raises a note where enough hard days came in a row."""
    kept: list[PromptChild] = []
    by_school: dict[str, list[DayAnswer]] = defaultdict(list)
    for each in answers:
        by_school[each.school_id].append(each)
    for school_id, own in sorted(by_school.items()):
        rows = {
            (row.prompt_id, row.pupil_id): row
            for row in children_of_prompts(session, school_id, {each.prompt_id for each in own})
        }
        found = [(rows[each.prompt_id, each.pupil_id], each) for each in own if (each.prompt_id, each.pupil_id) in rows]
        for row, each in found:
            row.mood, row.answered_at, row.message_id = each.mood, each.at, each.message_id
            _record(session, row, each, now=now)
        session.flush()
        _note_low_days(session, school_id, [each for _, each in found], now=now)
        kept += [row for row, _ in found]
    return kept


def _note_low_days(session: Session, school_id: str, answers: Sequence[DayAnswer], *, now: datetime) -> None:
    """One note at the third hard day, and again at the sixth: not one a week from then on."""
    low = [each for each in answers if each.mood == LOW]
    if not low:
        return
    wanted = settings_of(session.get_one(School, school_id)).prompts_low_days
    notes = []
    for each in low:
        run = _run(last_moods(session, school_id, each.pupil_id, LONGEST_RUN))
        if run and run % wanted == 0:
            notes.append(
                StaffNote(
                    school_id=school_id,
                    why=WHY,
                    topic="checkin_reply",
                    contact_id=each.contact_id,
                    pupil_ids=(each.pupil_id,),
                    detail={"days": run, "role": "pastoral"},
                )
            )
    raise_items(session, notes, now=now)


def _run(moods: Sequence[str]) -> int:
    """How many of the latest moods are low without another between."""
    return next((number for number, mood in enumerate(moods) if mood != LOW), len(moods))


def set_quiet(session: Session, school_id: str, contact_ids: Collection[str], *, quiet: bool, now: datetime) -> None:
    """A parent wants no such questions any more, or again. It holds for everybody behind the same address."""
    for contact in contacts_by_id(session, school_id, contact_ids):
        if contact.quiet == quiet:
            continue
        contact.quiet = quiet
        entry = Entry(
            school_id=school_id,
            actor=by_contact(contact.id),
            verb="choose_quiet" if quiet else "choose_prompts",
            subject="contact",
            subject_id=contact.id,
            detail={},
        )
        record(session, entry, now=now)
    session.flush()


def _record(session: Session, row: PromptChild, answer: DayAnswer, *, now: datetime) -> None:
    """That it was answered; how the day was is for fewer eyes than the ledger's."""
    entry = Entry(
        school_id=row.school_id,
        actor=by_contact(answer.contact_id) if answer.contact_id else SYSTEM,
        verb="answer_prompt",
        subject="prompt",
        subject_id=row.prompt_id,
        detail={"pupil": row.pupil_id},
    )
    record(session, entry, now=now)
