"""What a text says in answer to the question that stands: a no in other words, a child or a day that is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from conversations.acts import Change, Clause, Kind, Mention, Topic
from conversations.context import Context
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD
from conversations.hearing.normalise import Word
from conversations.hearing.segments import Found
from conversations.hearing.whole import in_parts
from conversations.state import Ask

# The option that every question whether we understood has.
NO = "no"
YES_OR_NO = ("yes", NO)
# As likely as this an answer in other words must be, of which nothing else was heard.
SURE = 0.9
# What each slot is answered with.
ANSWERS = {"who": Kind.CHILDREN, "days": Kind.DAYS}
# What says that a child is not the one who is off.
WELL = frozenset({"say.better", "say.present", "say.sent"})


def answered(
    clauses: Sequence[Clause],
    answer: str | None,
    ask: Ask | None,
    found: Found,
    parts: tuple[Context, Lexicon, Mapping[str, float]],
) -> tuple[tuple[Clause, ...], str | None]:
    """The clauses and the yes or no of a text, as they count beside the question that it meets.

    To "did you mean this?" the words of a whole yes or no are nothing else besides; "no, you misread that", of which
    nothing more was heard, is a no, and "yes, Maya" of an only child a yes, as is "yes, just as you wrote it" by its
    weight. To "who is off?" and "which day?",
    "I meant Leo" answers, and puts nothing right.
    """
    if ask is None:
        return tuple(clauses), answer
    context, lexicon, likely = parts
    if NO in ask.options:
        if answer is None and len(context.children) == 1:
            answer = in_parts(unnamed(found), lexicon)
        if answer is None and not any(clause.topic or clause.mentions for clause in clauses):
            answer = next((each for each in YES_OR_NO if likely.get(each, 0.0) >= SURE), None)
        if answer is not None:
            return tuple(each for each in clauses if each.topic is Topic.SMALLTALK), answer
        if refuses(clauses, found.words, lexicon):
            return (), NO
    if ask.slot in ANSWERS:
        bare = (_bare(clause, ANSWERS[ask.slot]) for clause in clauses)
        return tuple(_without_the_well(clause, found) for clause in bare), answer
    return tuple(clauses), answer


def unnamed(found: Found) -> list[Word]:
    """The words of a text without the child's name: there is nobody else whom "yes, Maya" could mean."""
    names = [person for person in found.people if person.kind == CHILD and person.rule.startswith("name")]
    places = {at for person in names for at in range(person.first, person.last)}
    return [word for at, word in enumerate(found.words) if at not in places and word.kind != "mark"]


def refuses(clauses: Sequence[Clause], words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a text begins with a no, or says that we are wrong, and tells nothing that could be kept."""
    if any(clause.topic not in {None, Topic.CORRECTION} for clause in clauses):
        return False
    told = [mention for clause in clauses for mention in clause.mentions if mention.rule != "people.own"]
    if any(mention.role != "not" for mention in told):
        return False
    if any(clause.topic is Topic.CORRECTION for clause in clauses):
        return True
    spoken = list(takewhile(lambda word: word.kind != "mark", words))
    return any(hit.first == 0 and hit.concept == f"answer.{NO}" for hit in lexicon.whole.find(spoken))


def _bare(clause: Clause, kind: Kind) -> Clause:
    """A clause that only names what was asked for, without saying that it was told otherwise before."""
    meant = [mention for mention in clause.mentions if mention.role != "not"]
    rights = clause.topic is Topic.CORRECTION and clause.change is Change.INSTEAD
    if not rights or not meant or any(mention.kind is not kind for mention in meant):
        return clause
    if kind is Kind.DAYS and len(meant) > 1:
        return clause
    return replace(clause, topic=None, change=Change.ADDS)


def _without_the_well(clause: Clause, found: Found) -> Clause:
    """A clause that only names children, without those of whom it says that they are well, in school or not meant.

    "The big one, Leo, the little one is fine" answers "who is off?" with Leo alone, as does "choti ki nahi, Leo ki".
    """
    if clause.topic is not None:
        return clause
    named = [mention for mention in clause.mentions if mention.kind is Kind.CHILDREN and mention.role != "not"]
    fine = [mention for mention in named if _is_well(mention, found) or _is_denied(mention, found)]
    if not fine or len(fine) == len(named):
        return clause
    return replace(clause, mentions=tuple(mention for mention in clause.mentions if mention not in fine))


def _is_well(mention: Mention, found: Found) -> bool:
    """Whether the child of a mention is the nearest one before words that say that somebody is well."""
    for hit in found.hits:
        if hit.concept not in WELL:
            continue
        before = [person for person in found.people if person.kind == CHILD and person.first < hit.last]
        if before and found.words[before[-1].first].start == mention.span[0]:
            return True
    return False


def _is_denied(mention: Mention, found: Found) -> bool:
    """Whether a "not" stands right behind a child, over one light word at most, and ends what is said of it."""
    words, small = found.words, found.small
    for person in found.people:
        if words[person.first].start != mention.span[0]:
            continue
        at = person.last
        if at < len(words) and words[at].norm in small["light"]:
            at += 1
        ends = at + 1 >= len(words) or words[at + 1].kind == "mark"
        if at < len(words) and ends and words[at].norm in small.get("not_behind", ()):
            return True
    return False
