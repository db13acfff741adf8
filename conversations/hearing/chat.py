"""What parents write to schools about besides absence, down to plain manners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.acts import Topic
from conversations.doubt import Doubt
from conversations.hearing.segments import Sign
from conversations.hearing.weighing import Decision, Weighing, category

# The first that is said is what the text is about: what could hurt goes first, manners last.
TALK_ORDER = (
    Topic.WRONG_NUMBER,
    Topic.NEW_DETAILS,
    Topic.LEAVING_SCHOOL,
    Topic.COLLECTION,
    Topic.WHEREABOUTS,
    Topic.ILLNESS_QUESTION,
    Topic.HUMAN,
    Topic.OTHER_SCHOOL_MATTER,
    Topic.SMALLTALK,
)

LATE_TO_FETCH = "talk.late_to_fetch"


def fetched_late(fetching: Sequence[Sign], told: Decision | None) -> Decision:
    """ "I'll be ten minutes late picking her up, the tram is stuck": whoever fetches is late, and no child is.

    Beside another report it makes that one doubtful.
    """
    if told is None:
        return Decision(topic=Topic.COLLECTION, signs=tuple(fetching))
    return replace(told, doubts=(*told.doubts, Doubt.COMPETING))


def talk(weigh: Weighing) -> Decision | None:
    """What a text without a report is about, if any table knows it."""
    said = [sign for sign in weigh.all if not sign.negated]
    question = any(segment.question for segment in weigh.segments)
    query = [sign for sign in said if sign.table == "attendance_query"]
    if query:
        return Decision(topic=Topic.ATTENDANCE_QUERY, question=True, signs=tuple(query))
    barrier = [sign for sign in said if sign.table == "barrier"]
    if barrier:
        return Decision(topic=Topic.BARRIER, reason=category("barrier", barrier), signs=tuple(barrier))
    leave = [sign for sign in said if sign.table == "leave"]
    asks = [sign for sign in said if sign.table == "talk" and sign.name == "announces"]
    if leave and asks:
        reason = category("leave", leave)
        return Decision(topic=Topic.LEAVE, reason=reason, question=question, signs=(*leave, *asks))
    for topic in TALK_ORDER:
        signs = [sign for sign in said if sign.table == "talk" and sign.name == topic.value]
        if signs and (topic is not Topic.SMALLTALK or manners(weigh, signs)):
            return Decision(topic=topic, question=question, signs=tuple(signs))
    return None


def manners(weigh: Weighing, signs: Sequence[Sign]) -> bool:
    """Whether a text is nothing but manners: most of its words are, it asks for nothing and names no child or day."""
    said = {at for sign in signs for at in range(sign.hit.first, sign.hit.last)}
    words = sum(segment.spoken for segment in weigh.segments)
    asks = any(segment.question or segment.request for segment in weigh.segments)
    news = any(person.rule.startswith("name") for segment in weigh.segments for person in segment.people) or any(
        first not in said for segment in weigh.segments for first, _, _, _ in segment.days
    )
    return not asks and not news and words - len(said) <= max(2, len(said))
