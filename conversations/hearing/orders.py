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
HOW = "order.help"
# A longer text tells more than an order.
LONGEST = 30


def ordered(words: Sequence[Word], clauses: Sequence[Clause], lexicon: Lexicon) -> Heard | None:
    """The order that a text gives in a parent's own words; None where it gives none, or reports something besides."""
    if len(words) > LONGEST:
        return None
    orders = told(words, lexicon)
    hits = {hit.concept.partition(".")[2]: hit for hit in orders}
    asked = [(words[hit.first].start, words[hit.last - 1].end) for hit in orders if hit.concept == HOW]
    if any(reports(clause, asked) for clause in clauses):
        return None
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


def reports(clause: Clause, asked: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether a clause tells of an absence: a bare "when he is ill" in a question how to say so (`asked`) does not."""
    dated = any(mention.kind is Kind.DAYS for mention in clause.mentions)
    if not dated and (clause.question or clause.topic is Topic.ABSENCE_OTHER):
        return False
    places = [each.span for each in clause.evidence]
    if not dated and places and all(any(a <= first and last <= b for a, b in asked) for first, last in places):
        return False
    return clause.topic in FILED or clause.topic is Topic.LEAVE


def told(words: Sequence[Word], lexicon: Lexicon) -> list[Hit]:
    """Every order in a text, of each kind the last; one that is denied ("do not stop them") is none."""
    named = {hit.first: hit.last for hit in named_languages(words, lexicon)}
    hits = lexicon.orders.find(words, named, "<language>")
    denied = lexicon.small["not"]
    return [hit for hit in hits if not hit.first or words[hit.first - 1].norm not in denied]
