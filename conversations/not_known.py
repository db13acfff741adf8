"""Children whom the school looks for and who should be there, as far as the parent knows (care rule 4)."""

from __future__ import annotations

from conversations.acts import Clause, Kind, Topic
from conversations.chasing import is_chase, without
from conversations.flows.person import ROUTES
from conversations.slots.who import ids_of
from conversations.talk import Talk


def named_beside(talk: Talk, clause: Clause) -> None:
    """'Leo is ill, Maya left at eight': whoever is named beside the story and is looked for goes to a person, loudly.

    What was said of her is not that she is off, so nothing is asked about her any more.
    """
    beside = {
        child
        for mention in clause.mentions
        if mention.kind is Kind.CHILDREN and mention.role == "not" and isinstance(mention.value, tuple)
        for child in mention.value
    }
    for frame in [each for each in talk.stack if is_chase(each)]:
        children = tuple(child for child in ids_of(frame, talk.context) if child in beside)
        if not children:
            continue
        route = ROUTES[Topic.CLAIMS_PRESENT]
        talk.to_person(route.why, key=route.key, topic=Topic.CLAIMS_PRESENT, children=children)
        left = without(frame, children, talk.context)
        talk.drop(frame) if left is None else talk.put(left)
