"""What the school starts or answers in a thread: a push opens its flow with slots told, or is only said."""

from __future__ import annotations

from conversations import checkin, filing, repeating
from conversations.acts import NeedsPerson, Push, Turn
from conversations.chasing import answered_meanwhile, is_chase, narrowed
from conversations.context import Context
from conversations.flows import back_today, support
from conversations.flows.notices import NOTICES, TALK_OVER
from conversations.frame import TONE, filled
from conversations.state import Frame, State
from conversations.talk import FLOWS, Talk, wake_of


def stands_aside(state: State, push: Push, context: Context) -> bool:
    """Whether a push waits: a person or the lead holds the thread, or the parent is in the middle of something."""
    return context.lead_holds or context.staff_speaking or bool(checkin.without(state).stack and not push.over)


def pushed(state: State, push: Push, context: Context) -> Turn:
    """The same flow as a parent's, with slots already told.

    Never while the parent is in the middle of it, unless it cannot wait (`over`): then it is asked first, and what
    stood before is asked again afterwards.
    """
    if stands_aside(state, push, context):
        return Turn(state=state, wake=wake_of(state, context))
    free = checkin.without(state)
    talk = Talk(free, context, push.id)
    if push.flow in NOTICES:
        # What answers it ("thanks", "why?") is an ordinary text, so nothing is left open.
        talk.notices.extend(NOTICES[push.flow](push.fills, context))
        # What a parent began while a person spoke was asked nothing: now it is.
        begun = push.flow == TALK_OVER and any(frame.status == "open" for frame in talk.stack)
        asked = talk.asked
        stands = asked is not None and asked.status == "open" and not back_today.has_register(asked, context)
        if talk.notices and (begun or stands):
            # A number is an answer to what was asked last, so that stands below what is told.
            filing.question(talk)
        return talk.finish()
    if push.flow not in FLOWS:
        talk.effects.append(NeedsPerson(why="flow_gone", message=""))
        return talk.finish()
    if talk.stack:
        # What is filed already only waited for something wanted.
        filing.settle_finished(talk)
    # What has begun meanwhile is no request for leave any more, before the school asks where the child is.
    filing.stop(talk)
    told = filled(Frame(id=talk.new_id(), flow=push.flow), push.fills, "told")
    if checkin.is_own(push):
        frame = checkin.worth_asking(told, context)
    elif push.flow == support.NAME:
        frame = _offered(talk, told)
    else:
        frame = None if answered_meanwhile(told, context) else narrowed(told, context)
    if frame is not None and not _opened(talk, _toned(frame, talk)):
        return Turn(state=state, wake=wake_of(state, context))
    filing.advance(talk)
    if frame is None:
        # Somebody has accounted for the child meanwhile: nothing is said, and nothing asked again.
        talk.question, talk.ask = None, state.ask if state.ask and talk.fits(state.ask) else None
    return talk.finish()


def _opened(talk: Talk, frame: Frame) -> bool:
    """Puts what the school asks on top; False where there is no room. A chase repeats what we asked already."""
    return repeating.opened(talk, frame) if is_chase(frame) else talk.open(frame)


def _toned(frame: Frame, talk: Talk) -> Frame:
    """A chase in the words that fit: who wrote, and has a question of ours open, is not told that nobody wrote."""
    wrote = any(each.status == "open" and each.message for each in talk.stack)
    return filled(frame, {TONE: "again"}, "told") if wrote and is_chase(frame) else frame


def _offered(talk: Talk, asked: Frame) -> Frame | None:
    """An offer of support, unless this contact may hear of it no more: then staff are told that it was not made."""
    frame = support.worth_offering(asked, talk.context)
    if frame is None:
        talk.effects.append(NeedsPerson(why="support_not_sent", message=""))
    return frame
