"""Says in plain English what was heard in a text, what is done with it, and why something is asked first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    Evidence,
    Heard,
    Kind,
    Mention,
    NeedsPerson,
    Part,
    Turn,
)
from conversations.concepts import concepts
from conversations.context import Context
from conversations.doubt import Doubt

DOUBTS = {
    Doubt.QUESTION: "it is put as a question",
    Doubt.REQUEST: "it asks the school to do something",
    Doubt.OTHER_SUBJECT: "it may be about somebody else",
    Doubt.COMPETING: "it says several things that do not go together",
    Doubt.UNHEARD: "too much of it is in no table",
    Doubt.DATES: "its days can be read in two ways",
    Doubt.NAMES: "its names can mean more than one child, or nobody we know",
    Doubt.NEGATED: "it says what is not so",
    Doubt.HYPOTHETICAL: "it says what may be, not what is",
    Doubt.BY_WEIGHT: "no table names it, and only its words together speak for it",
    Doubt.UNSURE: "texts of this build were heard wrong too often to file them unasked",
    Doubt.FOREIGN: "it is in a language that we do not know well",
}
ASKED = {
    "who": "it does not say which child is meant",
    "days": "it does not say plainly which day is meant",
    "reason": "it is filed, and no reason was given",
    "kind": "it does not say whether the child is ill, late or away",
    "at": "it does not say at what time",
    "which": "it differs from what the parent told us before",
    "also": "another day was told before",
    "answer": "that day is in the register already",
    "words": "it does not say what the leave is for",
    "last": "it does not say when the child is back",
    "send": "leave is read back before the head is asked",
}
# Questions that hold nothing up: they come when all is filed, or stand beside what is.
AFTERWARDS = frozenset({"reason", "which", "also", "answer", "at"})
PERSON = {
    "unheard": "nothing of ours was heard in it",
    "not_understood": "it was not understood three times",
    "red_flag": "it sounds like an emergency",
    "pupil_writes": "a pupil seems to have written it",
    "media": "it came with a picture",
    "asked_for_a_person": "it asks for a person",
    "leave": "it asks for leave, which the head decides",
    "language": "it asks for a language that we do not write",
    "leave_past": "it asks for leave that has begun, so it is a report of absence",
    "leave_not_entitled": "this contact may not ask for leave for that child",
    "leaves_early": "the child would leave between two registers, so no session is missed",
    "fine_query": "it asks about a fine, of which no text of ours speaks",
    "in_their_words": "the reason is in the parent's own words",
    "long": "it reaches over many days",
    "long_ago": "it is about days long ago",
    "far_ahead": "it is about days far ahead",
    "may_not_report": "this contact may not report for that child",
    "unclear_change": "it changes something, and it is not plain what",
    "not_what_was_meant": "the parent said that we got it wrong",
    "undo_after_register": "it takes back what is in the register already",
    "changed_after_register": "it changes what is in the register already",
    "too_many": "it tells more than we can ask about at once",
}
KINDS = {
    Kind.CHILDREN: "whom it is about",
    Kind.UNKNOWN_NAME: "a name of none of the children",
    Kind.DAYS: "the days",
    Kind.PART: "the part of the day",
    Kind.TIME: "a time",
    Kind.MINUTES: "how late, in minutes",
    Kind.REASON: "the reason",
    Kind.ANSWER: "an answer",
    Kind.MOOD: "how the day was",
}
ROLES = {
    "not": "named, and not meant", "until": "the last day away", "since": "away since", "from": "from then on",
    "back": "when the child is back", "collect": "when the child is fetched", "arrive": "when the child arrives",
}  # fmt: skip
PARTS = {Part.AM: "morning only", Part.PM: "afternoon only", Part.ALL: "all day"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Some words of a text, what they led to, and the concept or rule behind it."""

    words: str
    means: str
    rule: str
    first: int


def because(text: str, heard: Heard, made: Turn, context: Context) -> list[Because]:
    """Which words led to what, in the order of the text; of equal words the first meaning counts once."""
    mentions = (each for clause in heard.clauses for each in clause.mentions if each.kind is not Kind.REASON)
    found = [_mentioned(text, each, context) for each in mentions]
    found += [_evident(text, each) for each in _evidence(heard, made)]
    unique = {(each.first, each.words, each.means): each for each in found if each.words}
    return sorted(unique.values(), key=lambda each: (each.first, -len(each.words)))


def _evidence(heard: Heard, made: Turn) -> Iterator[Evidence]:
    yield from heard.worry_evidence
    for clause in heard.clauses:
        yield from clause.evidence
    for reading in made.readings:
        yield from reading.evidence


def _evident(text: str, evidence: Evidence) -> Because:
    first, last = evidence.span
    return Because(words=text[first:last], means=gloss(evidence.concept), rule=evidence.concept, first=first)


def _mentioned(text: str, mention: Mention, context: Context) -> Because:
    first, last = mention.span
    means = ROLES.get(mention.role, KINDS[mention.kind])
    shown = value(mention, context)
    told = f"{means}: {shown}" if shown else means
    return Because(words=text[first:last], means=told, rule=mention.rule, first=first)


def gloss(concept: str) -> str:
    """What a concept means: "sickness: tummy bug, being sick"."""
    known = concepts().get(concept)
    section = concept.partition(".")[0].replace("_", " ")
    return f"{section}: {known.gloss}" if known else section


def value(mention: Mention, context: Context) -> str:
    """A mention's value as an officer reads it."""
    given = mention.value
    names = {child.id: child.known_as for child in context.children}
    if mention.kind is Kind.CHILDREN and isinstance(given, tuple):
        return " and ".join(names.get(str(each), "?") for each in given)
    if mention.kind is Kind.DAYS:
        return _days(given)
    if isinstance(given, Part):
        return PARTS[given]
    if mention.kind is Kind.TIME:
        return f"{given:%H:%M}"
    return str(given).replace("_", " ")


def _days(days: object) -> str:
    first, last = getattr(days, "first", None), getattr(days, "last", None)
    if getattr(days, "open_ended", False):
        return "no end is known"
    told = list(dict.fromkeys(f"{day:%a} {day.day} {day:%b %Y}" for day in (first, last) if day))
    return " to ".join(told)


def why_asked(heard: Heard, made: Turn) -> list[str]:
    """Why a question is put instead of filing at once, or afterwards; none where nothing is asked."""
    ask = made.state.ask
    if ask is None:
        return []
    frame = next((each for each in made.state.stack if each.id == ask.frame), None)
    fill = frame.fills.get("doubts") if frame else None
    kept = [str(each) for each in fill.value] if fill and isinstance(fill.value, list) else []
    doubts = dict.fromkeys([*heard.doubts, *(Doubt(each) for each in kept if each in set(Doubt))])
    reasons = [DOUBTS[doubt] for doubt in doubts]
    if ask.slot in AFTERWARDS:
        return [ASKED[ask.slot]]
    return [ASKED[ask.slot], *reasons] if ask.slot in ASKED else reasons or ["we may not have understood it"]


def why_a_person(made: Turn) -> list[str]:
    """Why a text goes to a person; what worries says no more than that."""
    codes = dict.fromkeys(effect.why for effect in made.effects if isinstance(effect, NeedsPerson))
    return [PERSON.get(code, code.replace("_", " ")) for code in codes]


def done(made: Turn, context: Context) -> list[str]:
    """What is put on record, a line for each child and day."""
    names = {child.id: child.known_as for child in context.children}
    found: dict[tuple[object, ...], list[str]] = {}
    for effect in made.effects:
        if isinstance(effect, AbsenceStated | AbsenceWithdrawn):
            kind = str(effect.kind) if isinstance(effect, AbsenceStated) else "taken back"
            found.setdefault((names.get(effect.child, "?"), effect.day, kind), []).append(effect.session.value)
    return [
        f"{child}, {day:%a} {day.day} {day:%b %Y} ({', '.join(dict.fromkeys(sessions))}): {str(kind).replace('_', ' ')}"
        for (child, day, kind), sessions in found.items()
        if isinstance(day, date)
    ]
