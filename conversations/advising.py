"""Is it all right to come in? Guidance beside what a text says, in answer to a question and never in a report's way."""

from __future__ import annotations

from conversations.acts import Heard, NeedsPerson, Say, Topic
from conversations.flows.person import ROUTES
from conversations.talk import Talk
from school.rules.illness_guidance import GUIDANCE

# One message holds one piece of advice; two, where a text names two illnesses, go in two.
MOST = 2
# Beside a question about figures, or about anything else, an illness is only mentioned.
ABOUT_ILLNESS = frozenset({None, Topic.ILLNESS_QUESTION, Topic.SICKNESS, Topic.ABSENCE_OTHER, Topic.SMALLTALK})


def advise(talk: Talk, heard: Heard) -> None:
    """Adds what the NHS and UKHSA say of the illness that was asked about; a person answers where there is no room.

    Nothing is said beside an urgent word, where a person reads the text for something else, or where a receipt and a
    question already fill two messages: what is filed or asked goes first. The parent decides; nothing is filed by it.
    """
    facts = [Say(key=f"illness.{says}") for says in _says(heard)]
    busy = bool(talk.urgent) or any(
        isinstance(effect, NeedsPerson) and effect.message == talk.message and effect.why != "flow_gone"
        for effect in talk.effects
    )
    full = len(talk.receipts) + len(talk.notices) + (talk.question is not None) > 1
    full = full or (len(facts) == MOST and (bool(talk.receipts) or talk.question is not None))
    if not facts or len(facts) > MOST or busy or full or not {each.topic for each in heard.clauses} <= ABOUT_ILLNESS:
        if talk.advises and not busy:
            talk.to_person(ROUTES[Topic.ILLNESS_QUESTION].why, key="person.illness", topic=Topic.ILLNESS_QUESTION)
        return
    talk.notices.append(Say(key="illness", args={"facts": tuple(facts)}))


def _says(heard: Heard) -> tuple[str, ...]:
    """What is to be said of the illnesses named: where one keeps a child at home, that one decides."""
    found = [GUIDANCE[each] for each in heard.ailments if each in GUIDANCE]
    off = [each for each in found if each.keeps_off]
    return tuple(dict.fromkeys(each.says for each in off or found))


def is_answered(heard: Heard) -> bool:
    """Whether a text only asks about illnesses that we can say something of, so that no person need read it."""
    topics = {clause.topic for clause in heard.clauses}
    return topics == {Topic.ILLNESS_QUESTION} and 0 < len(_says(heard)) <= MOST and not heard.red_flag
