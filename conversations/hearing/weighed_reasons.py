"""The reason of a report by the weight of its words, where no table knows it: a proposal, as all reasons are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conversations.acts import Topic
from conversations.context import CHECKIN, Context
from conversations.hearing.classifier import counted, reasons, weightiest
from conversations.hearing.weighing import Decision

if TYPE_CHECKING:
    from conversations.hearing.lexicon import Lexicon
    from conversations.hearing.resolving import Moment
    from conversations.hearing.segments import Found, Segment

# What the tables say where they know no reason.
UNTOLD = frozenset({"unspecified", "other"})
# What may be said by weight. A death, a faith, a suspension and whatever else leads a request for leave another way
# is heard in words, or not at all.
MAY: Mapping[Topic, frozenset[str]] = {
    Topic.SICKNESS: frozenset({"infectious", "injury", "mental_health", "gi", "respiratory", "fever", "pain",
                               "medical_other"}),
    Topic.LATENESS: frozenset({"overslept", "weather", "traffic", "transport", "child_unwell", "family"}),
    Topic.LEAVE: frozenset({"holiday", "family_event", "family_abroad"}),
    Topic.ABSENCE_OTHER: frozenset({"transport", "weather", "family_emergency", "housing"}),
    Topic.BARRIER: frozenset({"anxiety", "refusal", "uniform", "transport", "money", "food", "housing", "bullying",
                              "send", "family"}),
}  # fmt: skip
# As likely as this it must be among the reasons of its topic: nearly all such are right on unseen texts.
SURE = 0.6
REASON = "reason"


def reasoned(
    made: Sequence[Decision],
    by_tables: Sequence[Decision],
    found: Found,
    segments: Sequence[Segment],
    surroundings: tuple[Context, Moment, Lexicon],
) -> list[Decision]:
    """The decisions, with a reason where a text tells one story and the tables know of none for it."""
    context, moment, lexicon = surroundings
    told = [at for at, decision in enumerate(made) if decision.topic is not None]
    if len(told) != 1 or context.expects == CHECKIN or lexicon.codes[0] not in reasons().languages:
        return list(made)
    decision = made[told[0]]
    allowed = MAY.get(decision.topic, frozenset()) if decision.topic else frozenset()
    if not allowed or decision.reason not in UNTOLD or decision.negated:
        return list(made)
    chances = reasons().chances(*counted(found, segments, by_tables, context, moment))[REASON]
    of_topic = {name: chance for name, chance in chances.items() if name.startswith(f"{decision.topic}/")}
    best = max(of_topic, key=lambda name: of_topic[name], default="")
    reason = best.partition("/")[2]
    if reason not in allowed or of_topic[best] < SURE * sum(of_topic.values()):
        return list(made)
    result = list(made)
    words = weightiest(found, reasons(), reasons().answers[REASON].index(best))
    result[told[0]] = replace(decision, reason=reason, reasoned=words)
    return result
