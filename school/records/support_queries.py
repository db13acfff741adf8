"""Cases of support, their steps and offers, as verbs and lists need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from school.records.messaging import InboxRow, Message
from school.records.people import Pupil, Right
from school.records.support import SupportCase, SupportOffer, SupportPupil, SupportStep

# An answer belongs to one of the last texts that went out; older ones were answered or are over.
LOOKS_BACK = 20


def locked_case(session: Session, school_id: str, case_id: str) -> SupportCase | None:
    """One case of this school, locked until the transaction ends."""
    return session.get(SupportCase, (school_id, case_id), with_for_update=True, populate_existing=True)


def locked_offer(session: Session, school_id: str, offer_id: str) -> SupportOffer | None:
    """One offer of this school, locked until the transaction ends."""
    return session.get(SupportOffer, (school_id, offer_id), with_for_update=True, populate_existing=True)


def cases_page(
    session: Session, school_id: str, *, status: str | None, pupil_id: str | None, after: str | None, limit: int
) -> list[SupportCase]:
    """Cases by id, which is the order in which they were opened."""
    wanted = select(SupportCase).where(SupportCase.school_id == school_id)
    if status is not None:
        wanted = wanted.where(SupportCase.status == status)
    if pupil_id is not None:
        about = select(SupportPupil.case_id).where(
            SupportPupil.school_id == school_id, SupportPupil.pupil_id == pupil_id
        )
        wanted = wanted.where(SupportCase.id.in_(about))
    if after is not None:
        wanted = wanted.where(SupportCase.id > after)
    return list(session.scalars(wanted.order_by(SupportCase.id).limit(limit)))


def open_cases_of(session: Session, school_id: str, contact_ids: Collection[str]) -> list[SupportCase]:
    """The cases that these contacts' words opened and that nobody has closed, the latest first."""
    wanted = (
        select(SupportCase)
        .where(
            SupportCase.school_id == school_id,
            SupportCase.contact_id.in_(sorted(contact_ids)),
            SupportCase.status != "closed",
        )
        .order_by(SupportCase.id.desc())
        .with_for_update()
    )
    return list(session.scalars(wanted))


def pupils_of_cases(session: Session, school_id: str, case_ids: Collection[str]) -> dict[str, list[Pupil]]:
    """The pupils whom each case is about."""
    wanted = (
        select(SupportPupil.case_id, Pupil)
        .join(Pupil, (Pupil.school_id == SupportPupil.school_id) & (Pupil.id == SupportPupil.pupil_id))
        .where(SupportPupil.school_id == school_id, SupportPupil.case_id.in_(sorted(case_ids)))
        .order_by(Pupil.known_as, Pupil.id)
    )
    found: dict[str, list[Pupil]] = defaultdict(list)
    for case_id, pupil in session.execute(wanted):
        found[case_id].append(pupil)
    return dict(found)


def steps_of_cases(session: Session, school_id: str, case_ids: Collection[str]) -> dict[str, list[SupportStep]]:
    """The steps of each case in the order in which they were taken."""
    wanted = (
        select(SupportStep)
        .where(SupportStep.school_id == school_id, SupportStep.case_id.in_(sorted(case_ids)))
        .order_by(SupportStep.id)
    )
    found: dict[str, list[SupportStep]] = defaultdict(list)
    for row in session.scalars(wanted):
        found[row.case_id].append(row)
    return dict(found)


def offers_of_cases(session: Session, school_id: str, case_ids: Collection[str]) -> dict[str, list[SupportOffer]]:
    """What was offered in each case, in order."""
    wanted = (
        select(SupportOffer)
        .where(SupportOffer.school_id == school_id, SupportOffer.case_id.in_(sorted(case_ids)))
        .order_by(SupportOffer.id)
    )
    found: dict[str, list[SupportOffer]] = defaultdict(list)
    for row in session.scalars(wanted):
        found[row.case_id].append(row)
    return dict(found)


def rights_of(session: Session, school_id: str, contact_id: str, pupil_ids: Collection[str]) -> list[Right]:
    """What a contact may know of these pupils."""
    wanted = select(Right).where(
        Right.school_id == school_id, Right.contact_id == contact_id, Right.pupil_id.in_(sorted(pupil_ids))
    )
    return list(session.scalars(wanted))


def next_kind_word(session: Session) -> datetime | None:
    """When the next offer's one reminder is due, of all schools."""
    return session.scalar(select(func.min(SupportOffer.remind_at)))


def offers_to_remind(session: Session, now: datetime) -> list[SupportOffer]:
    """The offers whose reminder is due, locked; those that another process is at are passed by."""
    wanted = (
        select(SupportOffer)
        .where(SupportOffer.remind_at <= now)
        .order_by(SupportOffer.school_id, SupportOffer.id)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(wanted))


def asked_and_said(session: Session, school_id: str, message_id: str, question: str) -> tuple[str, str] | None:
    """The text with that question that a message answers, and the answer, word for word; None where it is gone.

    A button's words are its label as it was shown; under a text the options stand in the text itself.
    """
    answer = session.scalars(select(Message).where(Message.school_id == school_id, Message.id == message_id)).first()
    if answer is None:
        return None
    sent = session.scalars(
        select(Message)
        .where(
            Message.school_id == school_id,
            Message.thread_id == answer.thread_id,
            Message.direction == "out",
            Message.id < message_id,
        )
        .order_by(Message.id.desc())
        .limit(LOOKS_BACK)
    )
    asked = next((each for each in sent if question in each.said), None)
    if asked is None:
        return None
    labels = {str(data).partition(":")[2]: str(label) for label, data in asked.buttons}
    row = session.get(InboxRow, (school_id, message_id))
    pressed = labels.get(str(row.payload.get("key"))) if row is not None and row.kind == "press" else None
    shown = "".join(f"\n[{label}]" for label in labels.values())
    return asked.body + shown, pressed or answer.body
