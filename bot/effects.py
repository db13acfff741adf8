"""What a turn changed, put on record: each effect becomes a verb of the school, by the set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.contexts import Scene, orm_thread
from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    Effect,
    Evidence,
    LanguageSet,
    NeedsPerson,
    OptedIn,
    OptedOut,
    UnknownSenderWrote,
    WorryHeard,
)
from school import people
from school.absences import AbsenceStatement, Withdrawal, state_absences, withdraw_statements
from school.records.messaging import Thread
from school.safeguarding import Worry, raise_worries
from school.staff_items import StaffNote, raise_items

# What a person must see at once (domain.md, section 0, rule 7; care rule 11).
URGENT = frozenset({"claims_present", "red_flag", "whereabouts", "collection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An effect of a turn, where it happened, and when its words first reached us (aware, UTC)."""

    scene: Scene
    effect: Effect
    at: datetime


def apply(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Puts a set of effects on record, a verb for each kind; withdrawals before statements, as turns order them."""
    stated, withdrawn, notes, worries, chosen = [], [], [], [], []
    opted: dict[bool, list[Thread]] = {True: [], False: []}
    for each in outcomes:
        match each.effect:
            case AbsenceStated() as effect:
                stated.append(_statement(each, effect))
            case AbsenceWithdrawn() as effect:
                withdrawn.append(_withdrawal(each, effect))
            case NeedsPerson() as effect:
                notes.append(_note(each, effect))
            case UnknownSenderWrote() as effect:
                notes.append(_stranger(each, effect))
            case WorryHeard() as effect:
                worries.append(_worry(each, effect))
            case LanguageSet() as effect:
                chosen.append((orm_thread(session, each.scene.thread), effect.language))
            case OptedOut() | OptedIn() as effect:
                opted[isinstance(effect, OptedIn)].append(orm_thread(session, each.scene.thread))
    if withdrawn:
        withdraw_statements(session, [each for each in withdrawn if each is not None], now=now)
    if stated:
        state_absences(session, stated, now=now)
    if notes:
        raise_items(session, notes, now=now)
    if worries:
        raise_worries(session, worries, now=now)
    if chosen:
        people.set_language(session, chosen, now=now)
    people.opt_out(session, opted[False], now=now)
    people.opt_in(session, opted[True], now=now)


def _statement(outcome: Outcome, effect: AbsenceStated) -> AbsenceStatement:
    scene = outcome.scene
    expected = None
    if effect.arrives_at is not None:
        expected = scene.house.calendar.moment(effect.day, effect.arrives_at).astimezone(UTC)
    return AbsenceStatement(
        school_id=scene.thread.school_id,
        pupil_id=effect.child,
        day=effect.day,
        session=effect.session,
        kind=effect.kind.value,
        at=outcome.at,
        reason_category=effect.reason,
        contact_id=scene.contact_for(effect.child),
        message_id=effect.message or None,
        frame=effect.frame,
        appointment_at=effect.at,
        leaves_at=effect.leaves_at,
        returns_at=effect.returns_at,
        expected_at=expected,
        minutes_late=effect.minutes_late,
        open_ended=effect.open_ended,
        partial=effect.partial,
        words_span=_span(effect.evidence),
        rule=" ".join(dict.fromkeys(each.rule for each in effect.evidence)),
    )


def _span(evidence: Sequence[Evidence]) -> tuple[int, ...]:
    """From the first word that counted to the last."""
    if not evidence:
        return ()
    return min(each.span[0] for each in evidence), max(each.span[1] for each in evidence)


def _withdrawal(outcome: Outcome, effect: AbsenceWithdrawn) -> Withdrawal | None:
    contact_id = outcome.scene.contact_for(effect.child)
    if contact_id is None:
        return None
    return Withdrawal(
        school_id=outcome.scene.thread.school_id,
        pupil_id=effect.child,
        day=effect.day,
        session=effect.session,
        contact_id=contact_id,
        at=outcome.at,
        message_id=effect.message or None,
        frame=effect.frame,
    )


def _stranger(outcome: Outcome, effect: UnknownSenderWrote) -> StaffNote:
    thread = outcome.scene.thread
    return StaffNote(school_id=thread.school_id, why="unknown_sender", thread_id=thread.id, message_id=effect.message)


def _note(outcome: Outcome, effect: NeedsPerson) -> StaffNote:
    thread = outcome.scene.thread
    return StaffNote(
        school_id=thread.school_id,
        why=effect.why,
        topic=effect.topic.value if effect.topic else "",
        thread_id=thread.id,
        message_id=effect.message or None,
        contact_id=outcome.scene.family.contact_id,
        pupil_ids=effect.children,
        urgent=effect.why in URGENT,
    )


def _worry(outcome: Outcome, effect: WorryHeard) -> Worry:
    return Worry(
        school_id=outcome.scene.thread.school_id,
        thread_id=outcome.scene.thread.id,
        message_id=effect.message,
        category=effect.category,
        contact_id=outcome.scene.family.contact_id,
        at=outcome.at,
    )
