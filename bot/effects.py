"""What a turn changed, put on record: each effect becomes a verb of the school, by the set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.contexts import Scene, orm_thread
from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    BackSaid,
    Effect,
    Evidence,
    LanguageSet,
    NeedsPerson,
    OptedIn,
    OptedOut,
    UnknownSenderWrote,
    WorryHeard,
)
from conversations.asked import AttendanceAsked, LeaveAsked, LeaveTakenBack
from conversations.offered import DeathTold, EvidenceSent, OfferAnswered, OfferTakenBack
from conversations.told import DayTold, NumbersChosen, QuietChosen
from school import opting_out, people
from school.absences import AbsenceStatement, Withdrawal, state_absences, withdraw_statements
from school.alarms import arm
from school.attendance_figures import Question, answer
from school.evidence import BEREAVEMENT, Sent, stop_for_bereaved, take_in
from school.leave import Ask, TakenBack, ask_leave, take_back
from school.ledger import by_contact
from school.notes import NewNote, add_notes
from school.prompt_answers import DayAnswer, set_quiet, tell_days
from school.records.chase_queries import look_again
from school.records.messaging import Thread
from school.safeguarding import Worry, raise_worries
from school.staff_items import StaffNote, raise_items
from school.support import Barrier, hear_barriers
from school.support_offers import OfferAnswer, answer_offers, take_back_answers

# What a person must see at once (domain.md, section 0, rule 7; care rule 11).
URGENT = frozenset({"claims_present", "red_flag", "whereabouts", "collection"})

# What may bear on a chase: not a choice of language.
BEARS = (AbsenceStated, AbsenceWithdrawn, NeedsPerson, OptedOut, WorryHeard)

E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An effect of a turn, where it happened, and when its words first reached us (aware, UTC)."""

    scene: Scene
    effect: Effect
    at: datetime


def apply(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Puts a set of effects on record, a verb for each kind; withdrawals before statements, as turns order them."""
    withdrawn = [_withdrawal(each, effect) for each, effect in _of(outcomes, AbsenceWithdrawn)]
    if withdrawn:
        withdraw_statements(session, [each for each in withdrawn if each is not None], now=now)
    if stated := [_statement(each, effect) for each, effect in _of(outcomes, AbsenceStated)]:
        state_absences(session, stated, now=now)
        died = [(each.school_id, each.pupil_id) for each in stated if each.reason_category == BEREAVEMENT]
        _stop_for_bereaved(session, died, now=now)
    notes = [_note(each, effect) for each, effect in _of(outcomes, NeedsPerson)]
    notes += [_stranger(each, effect) for each, effect in _of(outcomes, UnknownSenderWrote)]
    if gone := [_taken_back(each, effect) for each, effect in _of(outcomes, LeaveTakenBack)]:
        take_back(session, gone, now=now)
    if leave := [_leave(each, effect) for each, effect in _of(outcomes, LeaveAsked)]:
        ask_leave(session, leave, now=now)
        mourning = [each for each in leave if each.reason == BEREAVEMENT]
        died = [(each.school_id, pupil) for each in mourning for pupil, _, _ in each.sessions]
        _stop_for_bereaved(session, died, now=now)
    deaths = [
        (each.scene.thread.school_id, pupil) for each, death in _of(outcomes, DeathTold) for pupil in death.children
    ]
    _stop_for_bereaved(session, deaths, now=now)
    if notes:
        arm(session, raise_items(session, notes, now=now), now=now)
    _support(session, outcomes, now=now)
    people.quarantine(session, _wrong_numbers(outcomes), now=now)
    if worries := [_worry(each, effect) for each, effect in _of(outcomes, WorryHeard)]:
        raise_worries(session, worries, now=now)
    _choices(session, outcomes, now=now)
    if back := [_back(each, effect) for each, effect in _of(outcomes, BackSaid)]:
        add_notes(session, back, now=now)
    if asked := [_question(session, each, effect) for each, effect in _of(outcomes, AttendanceAsked)]:
        answer(session, asked, now=now)
    if told := [_day(each, effect) for each, effect in _of(outcomes, DayTold)]:
        tell_days(session, told, now=now)
    opting_out.opt_out(session, [_thread(session, each) for each, _ in _of(outcomes, OptedOut)], now=now)
    opting_out.opt_in(session, [_thread(session, each) for each, _ in _of(outcomes, OptedIn)], now=now)
    _look_at_chases(session, outcomes, now=now)


def _choices(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """What parents chose for themselves: a language, numbers alone, not to be asked how school was."""
    if chosen := [(_thread(session, each), effect.language) for each, effect in _of(outcomes, LanguageSet)]:
        people.set_language(session, chosen, now=now)
    if digits := [(_thread(session, each), effect.numbers) for each, effect in _of(outcomes, NumbersChosen)]:
        people.set_numbers(session, digits, now=now)
    for outcome, choice in _of(outcomes, QuietChosen):
        scene = outcome.scene
        set_quiet(session, scene.thread.school_id, scene.family.contact_ids, quiet=choice.quiet, now=now)


def _support(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """What makes school hard goes into its case; answers to offers, and what was asked to be shown, to theirs."""
    hard = [(each, effect) for each, effect in _of(outcomes, NeedsPerson) if effect.why == "barrier"]
    if hard:
        hear_barriers(session, [_barrier(each, effect) for each, effect in hard], now=now)
    if answers := [_answer(each, effect) for each, effect in _of(outcomes, OfferAnswered)]:
        answer_offers(session, answers, now=now)
    if sent := [_sent(each, effect) for each, effect in _of(outcomes, EvidenceSent)]:
        take_in(session, sent, now=now)
    if gone := [_answer(each, effect) for each, effect in _of(outcomes, OfferTakenBack)]:
        take_back_answers(session, gone, now=now)


def _stop_for_bereaved(session: Session, told: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """Of whom a death was told, by (school, pupil): nothing is asked of the family any more."""
    died: dict[str, set[str]] = {}
    for school_id, pupil_id in told:
        died.setdefault(school_id, set()).add(pupil_id)
    for school_id, pupils in sorted(died.items()):
        stop_for_bereaved(session, school_id, pupils, now=now)


def _look_at_chases(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Whatever a parent said may end a ladder, or send it on at once: the day's sessions are looked at again."""
    for school_id in sorted({each.scene.thread.school_id for each in outcomes if isinstance(each.effect, BEARS)}):
        house = next(each.scene.house for each in outcomes if each.scene.thread.school_id == school_id)
        look_again(session, school_id, house.calendar.local(now).date(), now=now)


def _of(outcomes: Sequence[Outcome], kind: type[E]) -> list[tuple[Outcome, E]]:
    """The outcomes of one kind of effect, in order."""
    return [(each, each.effect) for each in outcomes if isinstance(each.effect, kind)]


def _thread(session: Session, outcome: Outcome) -> Thread:
    return orm_thread(session, outcome.scene.thread)


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


def _wrong_numbers(outcomes: Sequence[Outcome]) -> list[tuple[people.Key, str]]:
    """The addresses whose holder says that they are not the parent's: nothing more about a child goes there.

    The answer to that very text still does, and the office sees the item with the contact whose number it was.
    """
    threads = [each.scene.thread for each, effect in _of(outcomes, NeedsPerson) if effect.why == people.WRONG_NUMBER]
    return [((each.school_id, each.channel, each.address), people.WRONG_NUMBER) for each in threads]


def _stranger(outcome: Outcome, effect: UnknownSenderWrote) -> StaffNote:
    thread = outcome.scene.thread
    return StaffNote(
        school_id=thread.school_id,
        why="pupil_writes" if effect.pupil else "unknown_sender",
        thread_id=thread.id,
        message_id=effect.message,
    )


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


def _question(session: Session, outcome: Outcome, effect: AttendanceAsked) -> Question:
    return Question(
        thread=_thread(session, outcome),
        pupil_ids=effect.children,
        message_id=effect.message,
        contact_id=outcome.scene.family.contact_id,
    )


def _day(outcome: Outcome, effect: DayTold) -> DayAnswer:
    return DayAnswer(
        school_id=outcome.scene.thread.school_id,
        prompt_id=effect.prompt,
        pupil_id=effect.child,
        mood=effect.mood,
        contact_id=outcome.scene.contact_for(effect.child),
        message_id=effect.message or None,
        at=outcome.at,
    )


def _leave(outcome: Outcome, effect: LeaveAsked) -> Ask:
    thread = outcome.scene.thread
    return Ask(
        school_id=thread.school_id,
        thread_id=thread.id,
        contact_id=outcome.scene.family.contact_id,
        frame=effect.frame,
        message_id=effect.message or None,
        words=effect.words,
        reason=effect.reason,
        sessions=effect.sessions,
        at=outcome.at,
    )


def _taken_back(outcome: Outcome, effect: LeaveTakenBack) -> TakenBack:
    return TakenBack(
        school_id=outcome.scene.thread.school_id,
        thread_id=outcome.scene.thread.id,
        contact_id=outcome.scene.family.contact_id,
        frame=effect.frame,
        message_id=effect.message or None,
    )


def _barrier(outcome: Outcome, effect: NeedsPerson) -> Barrier:
    scene = outcome.scene
    whose = scene.family.contact_id or next((scene.contact_for(each) for each in effect.children), None)
    return Barrier(
        school_id=scene.thread.school_id,
        contact_id=whose,
        thread_id=scene.thread.id,
        message_id=effect.message,
        pupil_ids=effect.children,
    )


def _answer(outcome: Outcome, effect: OfferAnswered | OfferTakenBack) -> OfferAnswer:
    scene = outcome.scene
    said = (
        {"answer": effect.answer.value, "time": effect.time, "consent": effect.consent}
        if isinstance(effect, OfferAnswered)
        else {"answer": "taken_back"}
    )
    return OfferAnswer(
        school_id=scene.thread.school_id,
        thread_id=scene.thread.id,
        contact_ids=scene.family.contact_ids,
        offer_id=effect.offer,
        message_id=effect.message,
        at=outcome.at,
        **said,
    )


def _sent(outcome: Outcome, effect: EvidenceSent) -> Sent:
    scene = outcome.scene
    return Sent(
        school_id=scene.thread.school_id,
        request_id=effect.request,
        contact_ids=scene.family.contact_ids,
        thread_id=scene.thread.id,
        channel=scene.thread.channel,
        message_id=effect.message,
        at=outcome.at,
    )


def _back(outcome: Outcome, effect: BackSaid) -> NewNote:
    return NewNote(
        school_id=outcome.scene.thread.school_id,
        pupil_id=effect.child,
        day=effect.day,
        kind="said_back",
        by=by_contact(outcome.scene.contact_for(effect.child) or ""),
    )


def _worry(outcome: Outcome, effect: WorryHeard) -> Worry:
    return Worry(
        school_id=outcome.scene.thread.school_id,
        thread_id=outcome.scene.thread.id,
        message_id=effect.message,
        category=effect.category,
        contact_id=outcome.scene.family.contact_id,
        at=outcome.at,
        spans=effect.spans,
    )
