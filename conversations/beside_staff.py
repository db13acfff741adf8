"""While a person of the school speaks in a thread the flows are silent, and nothing that a parent says is lost."""

from __future__ import annotations

from dataclasses import replace

from conversations.acts import Clause, Effect, Heard, Kind, NeedsPerson, Text, Topic
from conversations.talk import OPENERS, Talk

# On the staff's list: a text of a talk, of which nothing was filed.
SAID_IN_TALK = "said_in_talk"
# What flows make of a text that is an answer to a person's words, and that they made nothing of.
_NOTHING_MADE = frozenset({"unheard", "in_their_words"})


def plain(talk: Talk, heard: Heard) -> Heard:
    """Of a text to a person only plain reports are filed: nothing is read back, so nothing that is guessed is.

    A report that names neither child nor day ('she has it with her') answers the person; so does a bare day. What the
    school asked before, or asks by a chase, is answered as ever.
    """
    if not talk.context.staff_speaking or talk.ask or talk.context.expects:
        return heard
    return replace(heard, clauses=tuple(clause for clause in heard.clauses if is_plain(clause)))


def is_plain(clause: Clause) -> bool:
    """Whether a clause says of itself what it reports: a bare day does not, nor a report of nobody and no day."""
    if clause.topic is None:
        return False
    said = {mention.kind for mention in clause.mentions}
    return clause.topic not in OPENERS or bool(said & {Kind.CHILDREN, Kind.DAYS})


def pass_on(talk: Talk, text: Text, heard: Heard) -> None:
    """A text of which nothing was filed, asked or put before staff is put before whoever speaks. Manners are not."""
    if not talk.context.staff_speaking or heard.command is not None:
        return
    talk.effects = [each for each in talk.effects if not _made_nothing(each)]
    topics = {clause.topic for clause in heard.clauses}
    cited = any(getattr(effect, "message", "") == text.id for effect in talk.effects)
    kept = any(frame.message == text.id for frame in talk.stack)
    manners = topics == {Topic.SMALLTALK} and heard.answer is None
    if not (cited or kept or manners) and (text.text.strip() or text.media):
        talk.effects.append(NeedsPerson(why=SAID_IN_TALK, message=text.id))


def _made_nothing(effect: Effect) -> bool:
    return isinstance(effect, NeedsPerson) and effect.why in _NOTHING_MADE
