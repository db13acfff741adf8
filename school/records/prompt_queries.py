"""'How was school?' in SQL: who was asked in a week, what was said, whose family is not asked, what classes learn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from school.records.attendance import Absence, Statement
from school.records.leave import LeaveRequest, LeaveSession
from school.records.messaging import Message
from school.records.people import Contact, Pupil, Right
from school.records.prompting import Prompt, PromptChild, PromptPause, PromptTopic

BEREAVEMENT = "bereavement"

# Who is asked ---------------------------------------------------------------------------------


def asked_in_week(session: Session, school_id: str, week: date) -> tuple[set[str], set[str]]:
    """The pupils and the contacts of a week's prompts."""
    wanted = (
        select(PromptChild.pupil_id, Prompt.contact_id)
        .join(Prompt, (Prompt.school_id == PromptChild.school_id) & (Prompt.id == PromptChild.prompt_id))
        .where(PromptChild.school_id == school_id, PromptChild.week == week)
    )
    rows = session.execute(wanted).all()
    return {pupil for pupil, _ in rows}, {contact for _, contact in rows}


def asked_before(session: Session, school_id: str, contact_ids: Collection[str]) -> set[str]:
    """Those contacts who were ever asked."""
    wanted = (
        select(Prompt.contact_id)
        .where(Prompt.school_id == school_id, Prompt.contact_id.in_(sorted(contact_ids)))
        .distinct()
    )
    return set(session.scalars(wanted))


def forget_prompts(session: Session, school_id: str, inbox_ids: Collection[str]) -> None:
    """Takes back prompts that never went out, by their pushes: nobody was asked, and the next one is the first."""
    wanted = select(Prompt.id).where(Prompt.school_id == school_id, Prompt.inbox_id.in_(sorted(inbox_ids)))
    ids = list(session.scalars(wanted))
    if ids:
        for table, key in ((PromptChild, PromptChild.prompt_id), (Prompt, Prompt.id)):
            gone = delete(table).where(table.school_id == school_id, key.in_(ids))
            session.execute(gone.execution_options(synchronize_session=False))


def bereaved_at(session: Session, school_id: str) -> dict[str, datetime]:
    """When a bereavement was last told of each pupil: as why a child is off, or as what leave was asked for."""
    told = (
        select(Absence.pupil_id, func.max(Statement.at).label("last_at"))
        .join(Statement, (Statement.school_id == Absence.school_id) & (Statement.absence_id == Absence.id))
        .where(
            Absence.school_id == school_id,
            Statement.reason_category == BEREAVEMENT,
            Statement.withdrawn_at.is_(None),
        )
        .group_by(Absence.pupil_id)
    )
    leave = (
        select(LeaveSession.pupil_id, func.max(LeaveRequest.asked_at).label("last_at"))
        .join(
            LeaveRequest,
            (LeaveRequest.school_id == LeaveSession.school_id) & (LeaveRequest.id == LeaveSession.request_id),
        )
        .where(
            LeaveSession.school_id == school_id,
            LeaveRequest.reason == BEREAVEMENT,
            LeaveRequest.status != "withdrawn",
        )
        .group_by(LeaveSession.pupil_id)
    )
    found: dict[str, datetime] = {}
    for wanted in (told, leave):
        for row in session.execute(wanted):
            found[row.pupil_id] = max(row.last_at, found.get(row.pupil_id, row.last_at))
    return found


def pauses(session: Session, school_id: str) -> dict[str, PromptPause]:
    """What staff decided of prompts, by pupil."""
    found = session.scalars(select(PromptPause).where(PromptPause.school_id == school_id))
    return {row.pupil_id: row for row in found}


def siblings(session: Session, school_id: str, pupil_ids: Collection[str]) -> set[str]:
    """These pupils and all who share an adult with one of them; a social worker or a helper makes no family."""
    if not pupil_ids:
        return set()
    adults = select(Right.contact_id).where(
        Right.school_id == school_id,
        Right.pupil_id.in_(sorted(pupil_ids)),
        Right.social_worker.is_(False),
        Right.report_until.is_(None),
    )
    wanted = select(Right.pupil_id).where(Right.school_id == school_id, Right.contact_id.in_(adults))
    return set(pupil_ids) | set(session.scalars(wanted.distinct()))


# Topics ---------------------------------------------------------------------------------------


def topics_of_week(session: Session, school_id: str, week: date) -> list[PromptTopic]:
    """What the classes learn in a week, by class."""
    wanted = (
        select(PromptTopic)
        .where(PromptTopic.school_id == school_id, PromptTopic.week == week)
        .order_by(PromptTopic.class_name)
    )
    return list(session.scalars(wanted))


def topic_of(session: Session, school_id: str, class_name: str, week: date) -> PromptTopic | None:
    """One class's topic of a week."""
    return session.scalar(
        select(PromptTopic).where(
            PromptTopic.school_id == school_id, PromptTopic.class_name == class_name, PromptTopic.week == week
        )
    )


def has_class(session: Session, school_id: str, class_name: str) -> bool:
    """Whether there is a pupil in that class."""
    wanted = select(Pupil.id).where(
        Pupil.school_id == school_id, Pupil.class_name == class_name, Pupil.left_on.is_(None)
    )
    return session.scalar(wanted.limit(1)) is not None


# What was sent and said -----------------------------------------------------------------------


def children_of_prompts(session: Session, school_id: str, prompt_ids: Collection[str]) -> list[PromptChild]:
    """Whom these prompts were about."""
    wanted = (
        select(PromptChild)
        .where(PromptChild.school_id == school_id, PromptChild.prompt_id.in_(sorted(prompt_ids)))
        .order_by(PromptChild.prompt_id, PromptChild.pupil_id)
    )
    return list(session.scalars(wanted))


def prompts_page(
    session: Session, school_id: str, *, first: date, last: date, pupil_id: str | None, after: str | None, limit: int
) -> list[Prompt]:
    """The prompts of some days, or those of one pupil, in the order in which they went."""
    wanted = select(Prompt).where(Prompt.school_id == school_id, Prompt.day.between(first, last))
    if pupil_id is not None:
        about = select(PromptChild.prompt_id).where(
            PromptChild.school_id == school_id, PromptChild.pupil_id == pupil_id
        )
        wanted = wanted.where(Prompt.id.in_(about))
    if after is not None:
        wanted = wanted.where(Prompt.id > after)
    return list(session.scalars(wanted.order_by(Prompt.id).limit(limit)))


def words_of(session: Session, school_id: str, message_ids: Collection[str]) -> dict[str, str]:
    """The words of these messages, as far as they are kept and not the safeguarding lead's alone."""
    wanted = select(Message.id, Message.body).where(
        Message.school_id == school_id, Message.id.in_(sorted(message_ids)), Message.restricted.is_(False)
    )
    return {row.id: row.body for row in session.execute(wanted)}


def last_moods(session: Session, school_id: str, pupil_id: str, limit: int) -> list[str]:
    """What was last said of a child's days, the latest first; answers in words alone are left out."""
    wanted = (
        select(PromptChild.mood)
        .where(PromptChild.school_id == school_id, PromptChild.pupil_id == pupil_id, PromptChild.mood.is_not(None))
        .order_by(PromptChild.week.desc())
        .limit(limit)
    )
    return [mood for mood in session.scalars(wanted) if mood is not None]


def counts_by_class(
    session: Session, school_id: str, first: date, last: date
) -> Sequence[tuple[date, str, str | None, bool, int]]:
    """How many children of each class were asked about in the weeks: (week, class, mood, answered, how many)."""
    answered: Any = PromptChild.answered_at.is_not(None)
    wanted = (
        select(PromptChild.week, Pupil.class_name, PromptChild.mood, answered, func.count())
        .join(Pupil, (Pupil.school_id == PromptChild.school_id) & (Pupil.id == PromptChild.pupil_id))
        .where(PromptChild.school_id == school_id, PromptChild.week.between(first, last))
        .group_by(PromptChild.week, Pupil.class_name, PromptChild.mood, answered)
    )
    return [(week, name, mood, bool(told), count) for week, name, mood, told, count in session.execute(wanted)]


def contacts_by_id(session: Session, school_id: str, contact_ids: Collection[str]) -> list[Contact]:
    """These contacts of this school, locked for a change."""
    wanted = (
        select(Contact)
        .where(Contact.school_id == school_id, Contact.id.in_(sorted(contact_ids)))
        .order_by(Contact.id)
        .with_for_update()
    )
    return list(session.scalars(wanted))
