"""Offers of support: made by staff, answered by a parent in their own time, and never held against anybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import SYSTEM, by_contact
from school.reaching import Start, Unreached, start
from school.records.base import new_id
from school.records.messaging import InboxRow
from school.records.people import School
from school.records.support import SupportCase, SupportOffer
from school.records.support_queries import (
    asked_and_said,
    locked_case,
    locked_offer,
    offers_of_cases,
    offers_to_remind,
    pupils_of_cases,
    rights_of,
)
from school.rules.budget import OF_USE
from school.rules.calendar import Calendar, CalendarEnds
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items
from school.support import CLOSED, Step, SupportRefused, refuse_closed, write_down
from school.unasked import stop_waiting

FLOW = "support"
KINDS = ("call", "meeting", "team")
# As many as a text has room for; `conversations.flows.support` says the same, and a test holds them together.
MOST_TIMES = 3
OFFERED, ACCEPTED, DECLINED, ASKED = "offered", "accepted", "declined", "asked"
TAKEN_BACK, WITHDRAWN = "taken_back", "withdrawn"
# The one reminder that a school may want comes at noon, so that somebody reads what is answered.
REMIND_AT = time(12, 30)


# Made ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """What staff offer to one contact: what kind, about which pupils of the case, and times (aware) to choose from."""

    kind: str
    contact_id: str
    pupil_ids: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()


def offer(session: Session, case: SupportCase, new: NewOffer, *, actor: str, now: datetime) -> SupportOffer:
    """Puts an offer in line for a contact, by day and within the family's budget (care rule 23), and gives it.

    Raises SupportRefused: `closed`, `pupils`, `not_theirs` (care rule 1 apart, an offer says that something is hard,
    so it goes to those who may be told why a child is away), `standing`, `times`, `held`, and why nothing reaches them.
    """
    refuse_closed(case)
    about = {each.id for each in pupils_of_cases(session, case.school_id, [case.id]).get(case.id, [])}
    pupils = tuple(sorted(new.pupil_ids or about))
    if not pupils or not set(pupils) <= about:
        raise SupportRefused("pupils", "An offer is about the pupils of its case.")
    refuse_strangers(session, case.school_id, new.contact_id, pupils)
    offers = offers_of_cases(session, case.school_id, [case.id]).get(case.id, [])
    if any(each.contact_id == new.contact_id and each.status == OFFERED for each in offers):
        raise SupportRefused("standing", "An offer to this contact stands already, and nobody is asked twice.")
    times = sorted({each.astimezone(UTC) for each in new.times})
    if len(times) > MOST_TIMES or any(each <= now for each in times):
        raise SupportRefused("times", f"At most {MOST_TIMES} times, all of them still to come, can be offered.")
    row = SupportOffer(school_id=case.school_id, id=new_id(now), case_id=case.id, contact_id=new.contact_id)
    row.kind, row.pupil_ids, row.times = new.kind, list(pupils), [each.isoformat() for each in times]
    row.status, row.offered_at, row.offered_by = OFFERED, now, actor
    calendar = calendar_of(session, case.school_id)
    started, unreached = start(session, [_start(row, now=now)], now=now)
    if unreached:
        raise cannot_reach(unreached[0])
    row.inbox_id = started[0].inbox_id
    row.remind_at = _reminder(session, calendar, case.school_id, now)
    session.add(row)
    session.flush()
    write_down(session, case, Step(kind="offered", by=actor, ledger="offer_support", about_id=row.id), now=now)
    return row


def refuse_strangers(session: Session, school_id: str, contact_id: str, pupil_ids: Collection[str]) -> None:
    """Raises SupportRefused unless the contact may be told of each of these pupils, and why they are away."""
    rights = {right.pupil_id: right for right in rights_of(session, school_id, contact_id, pupil_ids)}
    allowed = {
        pupil_id
        for pupil_id, right in rights.items()
        if right.may_be_told and right.may_see_reasons and not right.no_contact and not right.social_worker
    }
    if allowed != set(pupil_ids):
        raise SupportRefused("not_theirs", "This contact may not be told about that.")


def cannot_reach(unreached: Unreached) -> SupportRefused:
    """Why nothing can be sent, as a refusal; a held family is named in the same words as everywhere."""
    return SupportRefused("held" if unreached.why == "held" else "unreached", f"Please ring instead: {unreached.why}.")


def _start(row: SupportOffer, *, now: datetime, reminder: bool = False) -> Start:
    fills: dict[str, object] = {"who": list(row.pupil_ids), "kind": row.kind, "offer": row.id}
    if row.times:
        fills["times"] = list(row.times)
    if reminder:
        fills["reminder"] = True
    return Start(
        school_id=row.school_id,
        contact_id=row.contact_id,
        flow=FLOW,
        purpose="notice",
        pupil_ids=tuple(row.pupil_ids),
        fills=fills,
        until=now + OF_USE,
    )


def _reminder(session: Session, calendar: Calendar, school_id: str, now: datetime) -> datetime | None:
    """So many school days after it was made, where the school wants a reminder at all."""
    wait = settings_of(session.get_one(School, school_id)).support_remind_days
    day = calendar.local(now).date()
    try:
        for _ in range(wait):
            day = calendar.next_school_day(day)
    except CalendarEnds:
        return None
    return calendar.moment(day, REMIND_AT).astimezone(UTC) if wait else None


# Answered ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswer:
    """What a parent said to an offer: `contact_ids` are those behind the phone that said it, `at` is aware.

    `consent` names the question whose exact words are to be kept, where their yes lets others be told.
    """

    school_id: str
    thread_id: str
    contact_ids: tuple[str, ...]
    offer_id: str
    answer: str
    message_id: str
    at: datetime
    time: str = ""
    consent: str = ""


def answer_offers(session: Session, answers: Sequence[OfferAnswer], *, now: datetime) -> None:
    """Puts answers on record. One from another family's phone changes nothing.

    What was withdrawn meanwhile stays so, but whoever said yes to it was told that a person comes back to them, and one
    does.
    """
    for each in answers:
        row = locked_offer(session, each.school_id, each.offer_id)
        if row is None or row.contact_id not in each.contact_ids:
            continue
        if row.status in (WITHDRAWN, TAKEN_BACK):
            if each.answer != DECLINED:
                _raise(session, row, "support_late", each, now=now)
            continue
        case = locked_case(session, row.school_id, row.case_id)
        assert case is not None  # noqa: S101  an offer points at its case
        by, was = by_contact(row.contact_id), row.status
        if each.consent and not _keep_consent(session, row, each):
            _raise(session, row, "support_unclear", each, now=now)
            continue
        row.status, row.answered_at, row.remind_at = each.answer, each.at, None
        step = Step(kind=each.answer, by=by, ledger="answer_offer", message_id=each.message_id, about_id=row.id)
        if was != row.status:
            write_down(session, case, step, now=now)
        if each.time:
            row.chosen_at = datetime.fromisoformat(each.time)
            chosen = Step(kind="time_chosen", by=by, ledger="choose_time", message_id=each.message_id, about_id=row.id)
            write_down(session, case, chosen, now=now)
        if was != row.status and row.status == ACCEPTED:
            _raise(session, row, "support_accepted", each, now=now)


def _keep_consent(session: Session, row: SupportOffer, answer: OfferAnswer) -> bool:
    """Keeps what was asked and what was said, word for word; False where the words cannot be found."""
    if row.consent_at is not None:
        return True
    words = asked_and_said(session, answer.school_id, answer.message_id, answer.consent)
    if words is None:
        return False
    row.consent_asked, row.consent_said = words
    row.consent_at = answer.at
    return True


def take_back_answers(session: Session, answers: Sequence[OfferAnswer], *, now: datetime) -> None:
    """Whoever said yes has agreed to nothing any more: the consent ends, and a person is told."""
    for each in answers:
        row = locked_offer(session, each.school_id, each.offer_id)
        if row is None or row.contact_id not in each.contact_ids or row.status not in (ACCEPTED, DECLINED, ASKED):
            continue
        case = locked_case(session, row.school_id, row.case_id)
        assert case is not None  # noqa: S101  an offer points at its case
        row.status, row.chosen_at = TAKEN_BACK, None
        row.consent_ended_at = each.at if row.consent_at else None
        step = Step(
            kind=TAKEN_BACK,
            by=by_contact(row.contact_id),
            ledger="take_back_answer",
            message_id=each.message_id,
            about_id=row.id,
        )
        write_down(session, case, step, now=now)
        _raise(session, row, "support_taken_back", each, now=now)


def _raise(session: Session, row: SupportOffer, why: str, answer: OfferAnswer, *, now: datetime) -> None:
    item = StaffNote(
        school_id=row.school_id,
        why=why,
        topic="barrier",
        thread_id=answer.thread_id,
        message_id=answer.message_id,
        contact_id=row.contact_id,
        pupil_ids=tuple(row.pupil_ids),
        detail={"case": row.case_id, "offer": row.id},
    )
    raise_items(session, [item], now=now)


# By staff, afterwards ------------------------------------------------------------------------


def record_answer(
    session: Session, case: SupportCase, row: SupportOffer, answer: str, words: str, *, actor: str, now: datetime
) -> None:
    """What a parent said to a person, in that person's words. Raises SupportRefused: `no_words`, `ended`.

    A yes to a meeting with others needs the words in which it was given: they are what is kept as the consent.
    """
    if row.status not in (OFFERED, ASKED):
        raise SupportRefused("ended", "This offer was answered already.")
    if answer == ACCEPTED and row.kind == "team" and not words:
        raise SupportRefused("no_words", "Write down what was asked and what was said.")
    row.status, row.answered_at, row.remind_at = answer, now, None
    if answer == ACCEPTED and row.kind == "team":
        row.consent_said, row.consent_at = words, now
    write_down(session, case, Step(kind=answer, by=actor, ledger="answer_offer", about_id=row.id, note=words), now=now)


def withdraw(session: Session, case: SupportCase, row: SupportOffer, *, actor: str, now: datetime) -> None:
    """The school offers it no more; what has not gone out yet does not go. Raises SupportRefused: `ended`."""
    if row.status not in (OFFERED, ASKED):
        raise SupportRefused("ended", "This offer was answered already.")
    row.status, row.remind_at = WITHDRAWN, None
    push = session.get(InboxRow, (row.school_id, row.inbox_id), with_for_update=True) if row.inbox_id else None
    if push is not None and push.status == "waiting":
        push.status, push.handled_at = "handled", now
        stop_waiting(session, row.school_id, [push.id], now=now)
    write_down(session, case, Step(kind=WITHDRAWN, by=actor, ledger="withdraw_offer", about_id=row.id), now=now)


def withdraw_all(session: Session, case: SupportCase, *, actor: str, now: datetime) -> None:
    """What stands open in a case that is about to be closed."""
    for row in offers_of_cases(session, case.school_id, [case.id]).get(case.id, []):
        if row.status in (OFFERED, ASKED):
            withdraw(session, case, row, actor=actor, now=now)


# Reminded ------------------------------------------------------------------------------------


def remind_of_offers(session: Session, *, now: datetime) -> int:
    """Sends the one kind reminder of offers that nobody has answered; how many were looked at.

    Whoever has declined, asked, or cannot be reached, gets none, and none comes twice.
    """
    rows = offers_to_remind(session, now)
    for row in rows:
        row.remind_at = None
        case = locked_case(session, row.school_id, row.case_id)
        if case is None or case.status == CLOSED or row.status != OFFERED:
            continue
        started, _ = start(session, [_start(row, now=now, reminder=True)], now=now)
        if started:
            row.inbox_id = started[0].inbox_id
            step = Step(kind="reminded", by=SYSTEM, ledger="remind_of_offer", about_id=row.id)
            write_down(session, case, step, now=now)
    return len(rows)
