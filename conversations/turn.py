"""One turn of a conversation: a state and what came in give a new state, things to say, effects and a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from conversations import (
    advising,
    beside_staff,
    by_number,
    checkin,
    choosing,
    clauses,
    commands,
    filing,
    leaving,
    precedence,
    reminding,
    returning,
    showing,
)
from conversations.acts import (
    Due,
    Heard,
    Incoming,
    NeedsPerson,
    Press,
    Push,
    Say,
    Text,
    Topic,
    Turn,
)
from conversations.asked import AttendanceAsked
from conversations.chasing import asked_about, is_chase
from conversations.context import Context, Sender
from conversations.denying import asks_again
from conversations.flows import back_today, how_was_school, leave, menu
from conversations.flows.absence import IN_SCHOOL
from conversations.flows.person import ROUTES, closed
from conversations.frame import filled
from conversations.hearing import hear
from conversations.labels import labelled, shown_again
from conversations.language import Language
from conversations.pushing import pushed
from conversations.slots.who import OTHER, ids_of
from conversations.state import Ask, Frame, State
from conversations.supporting import answers_offer
from conversations.talk import Talk, is_reminded, reading, wake_of

# The third text that we make nothing of goes to a person, with what we have.
MOST_MISSES = 3

# So many words are no mistyped answer: a person reads what we made nothing of, also while a question stands.
A_SENTENCE = 4

# A whole-message 9 is 'something else' under every menu.
SOMETHING_ELSE = 9


class Hearer(Protocol):
    """What turns a text into clauses of mentions; another one can be plugged in, and tested beside ours."""

    def __call__(self, text: str, ask: Ask | None, language: Language, context: Context) -> Heard:
        """All that is heard in a text."""


def turn(state: State, incoming: Incoming, context: Context, language: Language, *, hearer: Hearer = hear) -> Turn:
    """All that follows from one thing that came in. Pure: the same arguments always give the same turn.

    A turn whose `state.rev` did not move changed nothing: a stale timer or button, or a push that must be tried
    again later because the parent is in the middle of something.
    """
    if isinstance(incoming, Due):
        return _due(state, incoming, context)
    if isinstance(incoming, Push):
        return pushed(state, incoming, context)
    if isinstance(incoming, Press):
        return _press(state, incoming, context)
    plain, context = context, checkin.expecting(state, context)
    talk = Talk(replace(state, lang=language.written(incoming.text)), context, incoming.id)
    heard = choosing.listen(hearer, incoming.text, talk.ask, language, context)
    heard = _with_label(talk, incoming.text, heard, language)
    if plain is not context:
        heard = checkin.both_ways(heard, lambda: choosing.listen(hearer, incoming.text, None, language, plain))
    heard = showing.plain(talk, incoming, beside_staff.plain(talk, heard))
    if precedence.is_settled_at_once(talk, incoming, heard):
        checkin.over(talk, heard)
        return talk.finish()
    _text(talk, incoming, heard)
    beside_staff.pass_on(talk, incoming, heard)
    choosing.offer(talk, heard)
    return talk.finish()


def _with_label(talk: Talk, text: str, heard: Heard, language: Language) -> Heard:
    """What was heard, with the option whose label the text is."""
    frame, ask = talk.asked, talk.ask
    slot = talk.flow(frame).slot(ask.slot) if frame and ask else None
    if frame is None or ask is None or slot is None or heard.option in ask.options or heard.command is not None:
        return heard
    key = labelled(text, ask, slot, frame, context=talk.context, language=language)
    said = heard.answer if heard.answer == key else None
    return heard if key is None else replace(heard, option=key, pick=None, answer=said)


# Timers, pushes and buttons ------------------------------------------------------------------


def _due(state: State, due: Due, context: Context) -> Turn:
    """Silence ends what is open: filed as far as it is sure, the rest to a person, and nothing is said.

    A question about leave is called to mind first, once.
    """
    if due.token != str(state.rev) or not state.stack:
        return Turn(state=state, wake=wake_of(state, context))
    if is_reminded(state, context):
        return reminding.remind(state, context, due.id)
    talk = Talk(state, context, due.id)
    filing.all_run_out(talk)
    talk.receipts.clear()
    talk.notices.clear()
    return talk.finish()


def _press(state: State, press: Press, context: Context) -> Turn:
    """A button counts only under the question that is on the screen, on the day it was asked."""
    talk = Talk(state, context, press.id)
    ask = talk.ask
    if context.lead_holds or context.sender is Sender.UNKNOWN:
        return Turn(state=state, wake=wake_of(state, context))
    if ask is None or press.token != ask.token or press.key not in ask.options or ask.day != context.now.date():
        return Turn(state=state, says=_moved_on(talk), wake=wake_of(state, context))
    _choose(talk, press.key)
    filing.advance(talk)
    return talk.finish()


def _moved_on(talk: Talk) -> tuple[Say, ...]:
    """Said to a stale button; the question that does count is shown again, while it can still be answered as shown."""
    if talk.context.staff_speaking:
        return ()
    frame, ask = talk.asked, talk.ask
    slot = talk.flow(frame).slot(ask.slot) if frame and ask else None
    again = shown_again(ask, slot, frame, context=talk.context) if frame and ask and slot else None
    return (Say(key="moved_on"), again) if again else (Say(key="moved_on"),)


# A contact's text ----------------------------------------------------------------------------


def _text(talk: Talk, text: Text, heard: Heard) -> None:
    """A text of a contact, after everything that stands above it."""
    prompt = checkin.over(talk, heard)
    by_number.over(talk, heard)
    if text.media:
        showing.take(talk, text)
    if heard.red_flag:
        talk.urgent.append(Say(key="red_flag"))
        talk.quietly_to_person("red_flag")
    if heard.command is not None:
        talk.again = True
        commands.obey(talk, heard, heard.command)
        filing.advance(talk)
        return
    if leaving.in_own_words(talk, heard) or answers_offer(talk, heard, text.text):
        talk.readings.append(reading("answer"))
        filing.advance(talk)
        return
    took = choosing.takes_offer(talk, heard)
    if prompt is not None and not took:
        left = checkin.take(talk, prompt, heard)
        if left is None:
            return
        heard = left
    talk.advises = advising.is_answered(heard)
    if took or _answered(talk, heard) or clauses.take(talk, heard):
        filing.advance(talk)
        _keep_asking(talk, heard)
        advising.advise(talk, heard)
        return
    if showing.is_asked_for(talk, text):
        # What stands open is asked again below our thanks.
        return
    if text.media and not text.text.strip():
        filing.question(talk)
        return
    _missed(talk, text)


def _keep_asking(talk: Talk, heard: Heard) -> None:
    """Manners alone get no answer, nor is a question asked again for them: two machines would go on for ever.

    Figures come in a message of their own, with the question below them.
    """
    topics = {clause.topic for clause in heard.clauses}
    counted = any(isinstance(effect, AttendanceAsked) for effect in talk.effects)
    if topics in ({Topic.SMALLTALK}, {Topic.ATTENDANCE_QUERY}) and (counted or Topic.SMALLTALK in topics):
        asked = talk.before.ask
        if asked and talk.ask and (asked.frame, asked.slot) == (talk.ask.frame, talk.ask.slot):
            talk.question = None
            talk.ask = asked
        greets = any("greet" in each.concept for clause in heard.clauses for each in clause.evidence)
        if greets and talk.ask is None and not talk.effects:
            talk.notices.append(Say(key="hello"))
            by_number.show_menu(talk)


# Answers -------------------------------------------------------------------------------------


def _answered(talk: Talk, heard: Heard) -> bool:
    """An answer to the question on the screen, as a whole message: a number, a label, yes or no."""
    if heard.pick is None and heard.option is None and heard.answer is None:
        return False
    _answer_reading(talk, heard)
    ask = talk.ask if talk.ask and talk.ask.day == talk.context.now.date() else None
    key = _key(ask, heard) if ask else None
    if key is not None:
        _choose(talk, key)
        return True
    if ask and heard.pick == SOMETHING_ELSE and ask.options == back_today.OPTIONS:
        returning.in_own_words(talk)
        return True
    if ask and heard.pick == SOMETHING_ELSE and ask.options:
        _hand_over(talk, "something_else")
        return True
    if ask is None and heard.pick == 1 and (talk.context.chased or talk.context.expects == "chase"):
        _choose_present(talk, None)
        return True
    if ask is None and heard.pick is not None:
        talk.again = True
        talk.notices.append(Say(key="moved_on"))
        by_number.show_menu(talk)
        return True
    return False


def _answer_reading(talk: Talk, heard: Heard) -> None:
    if all(clause.topic in {None, Topic.SMALLTALK} for clause in heard.clauses):
        talk.readings.append(reading(heard.answer or "answer"))


def _key(ask: Ask, heard: Heard) -> str | None:
    """The key of the option that was chosen; None where it is none of them."""
    if heard.option in ask.options:
        return heard.option
    if heard.pick is not None and 1 <= heard.pick <= len(ask.options):
        return ask.options[heard.pick - 1]
    if heard.answer in ask.options:
        return heard.answer
    options = tuple(each for each in ask.options if each != IN_SCHOOL)
    yes_or_no = len(options) == 2 and options[1] == OTHER
    if heard.answer and (yes_or_no or ask.options == back_today.OPTIONS):
        return ask.options[0 if heard.answer == "yes" else 1]
    return None


def _choose(talk: Talk, key: str) -> None:
    """Fills what an option stands for; 'someone else' and 'no' leave nothing to file."""
    frame, ask = talk.asked, talk.ask
    if frame is None or ask is None:
        return
    if frame.flow == how_was_school.NAME:
        checkin.chosen(talk, frame, key)
        return
    if frame.flow == menu.NAME:
        by_number.chosen(talk, frame, key)
        return
    if key == menu.RING and frame.flow == leave.NAME:
        _hand_over(talk, ROUTES[Topic.HUMAN].why)
        return
    if key == IN_SCHOOL:
        _choose_present(talk, frame)
        return
    if key == OTHER:
        _hand_over(talk, "another_child")
        return
    slot = talk.flow(frame).slot(ask.slot)
    values: Mapping[str, object] = slot.choose(key, frame, talk.context) if slot and slot.choose else {}
    if not values:
        _refused(talk, frame)
        return
    talk.put(replace(talk.signed(filled(frame, dict(values), "chosen")), misses=0))  # type: ignore[arg-type]
    talk.ask = None
    _chosen_reading(talk, frame.id)


def _chosen_reading(talk: Talk, frame_id: str) -> None:
    frame = talk.find(frame_id)
    if frame is not None:
        talk.readings.append(talk.flow(frame).reading(frame, talk.context))


def _refused(talk: Talk, frame: Frame) -> None:
    """'No' to what we thought we heard: it is forgotten, and what is meant is asked for.

    A second 'no', and one while the school looks for the child, go to a person, who reads the text in case it matters.
    """
    if asks_again(talk, frame):
        return
    talk.drop(frame)
    talk.to_person("not_what_was_meant", key="person.not_meant", children=ids_of(frame, talk.context))


def _choose_present(talk: Talk, frame: Frame | None) -> None:
    """Care rule 4: the parent thinks that the child is in school."""
    route = ROUTES[Topic.CLAIMS_PRESENT]
    beside = frame is not None and not is_chase(frame)
    children = ids_of(frame, talk.context) if frame and not beside else asked_about(talk.stack, talk.context)
    if frame:
        talk.drop(frame)
    talk.readings.append(reading(Topic.CLAIMS_PRESENT, children))
    talk.to_person(route.why, key=route.key, topic=Topic.CLAIMS_PRESENT, children=children)


def _hand_over(talk: Talk, why: str) -> None:
    """The frame in play goes to a person with what we have."""
    frame = talk.stack[-1]
    talk.drop(frame)
    talk.to_person(why, children=ids_of(frame, talk.context), message=frame.message)


# Nothing heard -------------------------------------------------------------------------------


def _missed(talk: Talk, text: Text) -> None:
    """A text of which nothing was heard: the question again, plainer; the third time, or unasked, a person."""
    talk.readings.append(reading("none"))
    frame = talk.asked
    if not text.text.strip() and frame is None:
        talk.notices.append(Say(key="empty"))
        filing.advance(talk)
        return
    if frame is None:
        talk.to_person("unheard")
        filing.advance(talk)
        return
    if frame.status == "committed":
        # The wanted words were asked for once, and here they are, for a person to read.
        talk.quietly_to_person("in_their_words", children=ids_of(frame, talk.context))
        talk.notices.append(Say(key="thanks"))
        filing.finish(talk, frame)
        filing.advance(talk)
        return
    if frame.misses + 1 >= MOST_MISSES:
        talk.effects.append(NeedsPerson(why="not_understood", message=text.id, children=ids_of(frame, talk.context)))
        filing.run_out(talk, frame)
        talk.notices.extend(say for say in (Say(key="person"),) if talk.context.office_open)
        talk.notices.extend(() if talk.context.office_open else (closed(talk.context),))
        filing.advance(talk)
        return
    talk.put(replace(frame, misses=frame.misses + 1))
    if len(text.text.split()) >= A_SENTENCE:
        talk.quietly_to_person("unheard")
    talk.notices.append(Say(key="again"))
    filing.advance(talk)
