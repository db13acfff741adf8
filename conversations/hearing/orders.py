"""Orders to the service in a parent's own words: "could these come in Polish", "I stopped them by mistake"."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import Clause, Command, Heard, Kind, Topic
from conversations.hearing.doubts import FILED
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit
from conversations.hearing.whole import named_languages

# Who stopped by mistake and wants the messages again says both; who says how all this works asks for nothing else.
ORDER = (Command.START, Command.STOP, Command.LANGUAGE, Command.HELP)
# A longer text tells more than an order.
LONGEST = 30


def ordered(words: Sequence[Word], clauses: Sequence[Clause], lexicon: Lexicon) -> Heard | None:
    """The order that a text gives in a parent's own words; None where it gives none, or reports something besides."""
    if len(words) > LONGEST or any(reports(clause) for clause in clauses):
        return None
    hits = {hit.concept.partition(".")[2]: hit for hit in told(words, lexicon)}
    for command in ORDER:
        hit = hits.get(command.value)
        if hit is None:
            continue
        target = None
        if command is Command.LANGUAGE:
            codes = [each.concept.partition(".")[2] for each in named_languages(words[hit.first : hit.last], lexicon)]
            target = codes[-1] if codes else None
        return Heard(command=command, target=target)
    return None


def reports(clause: Clause) -> bool:
    """Whether a clause tells of an absence: a bare "when he is ill" in a question how to say so does not."""
    dated = any(mention.kind is Kind.DAYS for mention in clause.mentions)
    if not dated and (clause.question or clause.topic is Topic.ABSENCE_OTHER):
        return False
    return clause.topic in FILED or clause.topic is Topic.LEAVE


def told(words: Sequence[Word], lexicon: Lexicon) -> list[Hit]:
    """Every order in a text, of each kind the last; one that is denied ("do not stop them") is none."""
    named = {hit.first: hit.last for hit in named_languages(words, lexicon)}
    hits = lexicon.orders.find(words, named, "<language>")
    denied = lexicon.small["not"]
    return [hit for hit in hits if not hit.first or words[hit.first - 1].norm not in denied]
