"""What comes before any conversation: opting out, strangers, worries, and a child who writes."""

from __future__ import annotations

from conversations import clauses, filing, routing
from conversations.acts import Command, Heard, OptedOut, Say, Text, Topic, UnknownSenderWrote, WorryHeard
from conversations.context import Sender
from conversations.flows.person import ROUTES, meanwhile
from conversations.state import State
from conversations.talk import Talk, reading


def is_settled_at_once(talk: Talk, text: Text, heard: Heard) -> bool:
    """Opting out, strangers, worry and the like: each decides the whole turn. Care stands above any flow."""
    if heard.command is Command.STOP:
        _opt_out(talk)
    elif talk.context.sender is Sender.UNKNOWN:
        _stranger(talk, heard)
    elif talk.context.lead_holds:
        talk.effects.append(_heard_worry(heard, heard.worry or "thread_held", message=text.id))
    elif heard.worry:
        _worry(talk, heard)
    elif heard.pupil_writes:
        talk.readings.append(reading("pupil"))
        _read_only(talk, heard)
        talk.to_person("pupil_writes", key="person.pupil")
    else:
        return False
    return True


def _opt_out(talk: Talk) -> None:
    """Silence from now on; what is sure is filed as if the time had run out."""
    filing.all_run_out(talk)
    talk.readings.append(reading("stop"))
    talk.effects.append(OptedOut())
    talk.receipts.clear()
    talk.notices.clear()


def _stranger(talk: Talk, heard: Heard) -> None:
    """Care rule 19: an unknown number learns nothing, and is answered once a day; a worry is answered as any is.

    A child who writes is answered kindly (care rule 13); a chat, that it may be joined by a code or the own number.
    """
    if heard.worry:
        _worry(talk, heard)
        return
    talk.effects.append(UnknownSenderWrote(message=talk.message, pupil=heard.pupil_writes))
    if heard.pupil_writes:
        talk.notices.extend(meanwhile("person.pupil", talk.context))
    elif not talk.context.unknown_replied_today:
        talk.notices.append(Say(key="unknown.chat" if talk.context.is_chat else "unknown"))


def _heard_worry(heard: Heard, category: str, *, message: str) -> WorryHeard:
    return WorryHeard(category=category, message=message, spans=tuple(each.span for each in heard.worry_evidence))


def _worry(talk: Talk, heard: Heard) -> None:
    """Care rules 1 and 7: to the safeguarding lead alone, nothing filed, the fixed words or none if so asked."""
    talk.readings.append(routing.worrying(talk, heard))
    talk.effects.append(_heard_worry(heard, heard.worry or "", message=talk.message))
    talk.ask = None
    if not heard.wants_no_reply:
        human = any(clause.topic is Topic.HUMAN for clause in heard.clauses)
        talk.notices.extend(meanwhile(ROUTES[Topic.HUMAN].key if human else "person.worry", talk.context))


def _read_only(talk: Talk, heard: Heard) -> None:
    """What a text seems to say, for staff; nothing of it is filed."""
    shadow = Talk(State(rev=talk.before.rev, lang=talk.lang), talk.context, talk.message)
    clauses.take(shadow, heard)
    talk.readings = [*shadow.readings, *talk.readings]
