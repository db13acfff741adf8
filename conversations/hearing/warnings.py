"""What care stands above any report for: worry words, red flags, a pupil who writes, a sender not to be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from conversations.acts import Clause, Evidence, Topic
from conversations.hearing.by_sentence import Sentence
from conversations.hearing.classifier import classifier, weightiest
from conversations.hearing.hints import hinted
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, OTHER, PRONOUN
from conversations.hearing.phrases import Hit
from conversations.hearing.segments import Found

# The most pressing category names the worry where several are heard.
ORDER = (
    "self_harm",
    "sexual",
    "violence",
    "weapon",
    "missing",
    "exploitation",
    "stranger",
    "staff",
    "neglect",
    "disclosure",
    "parent",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautions:
    """What was heard that no flow may act on by itself."""

    worry: str | None = None
    evidence: tuple[Evidence, ...] = ()
    pupil: bool = False
    no_reply: bool = False
    red_flag: bool = False


# What the words weigh together, where no table names it; and from how likely on.
WEIGHED = "weighed"
WEIGHS_FROM = 0.4
# Whoever names a child of theirs, or tells of its absence, writes of no film and no friend. From 0.4 and 0.15 rather
# than 0.8 and 0.3 15 of 375 unseen worries more are heard, for no false alarm more of 1,237 ordinary texts, and 5 more
# of 4,811 texts that are none of a school's; see docs/hearing.md.
WEIGHS_OF_OURS_FROM = 0.15
# What a doubtful phrase raises must be so likely: of 2,973 worrying texts 43 hang on such phrases alone, all likelier.
DOUBTFUL_FROM = 0.02
# A sentence by itself must be so likely: of 475 unseen worries behind a report of a cold and a dentist 282 were heard
# by the whole text and 393 are with this, for 20 false alarms more of 2,855 texts.
ALONE_FROM = 0.7
# Where staff look for the child at once, or say at once what a parent must do, a worry by weight needs more: the words
# of "left at eight, and his phone is off" and "his uncle fetches him" are those of worries too.
LOOKED_FOR = frozenset({Topic.CLAIMS_PRESENT, Topic.COLLECTION})
WEIGHS_MORE_FROM = 0.97
# "Where is Maya?" is answered by whom to ring, whatever else it weighs.
NEVER = 2.0
TOLD = frozenset({Topic.SICKNESS, Topic.ABSENCE_OTHER, Topic.LATENESS, Topic.APPOINTMENT, Topic.LEAVE})


def cautions(
    found: Found,
    lexicon: Lexicon,
    clauses: Sequence[Clause],
    likely: Mapping[str, float],
    worst: Sentence | None = None,
) -> Cautions:
    """Looks for all of them. Recall goes before precision: a negation or a joke hides no worry.

    Oblique worries are in no table: the classifier's `likely` raises one where a text reads as those did that it was
    taught, and so does its `worst` sentence by itself. It takes none away but what hangs on a phrase that is harmless
    as often as not (`doubtful`).
    """
    cleared = {at for hit in found.hits if hit.concept.startswith("worry_not.") for at in range(hit.first, hit.last)}
    told = [(hit.concept.partition(".")[2], hit) for hit in found.hits if hit.concept.startswith("worry.")]
    likeliest = max(likely.get("safeguarding", 0.0), worst.worry if worst else 0.0)
    unlikely = bool(likely) and likeliest < DOUBTFUL_FROM
    worries = {
        (name, hit): None
        for name, hit in (*told, *hinted(found, lexicon, cleared))
        if not cleared.issuperset(range(hit.first, hit.last)) and not (unlikely and named(hit) in doubtful())
    }
    names = {name for name, _ in worries}
    red_flag = any(hit.concept.startswith("red_flag.") for hit in found.hits)
    # "He can't breathe, his lips are blue" is to ring 999 now: no guess comes before that.
    needed = weighs_from(found, clauses)
    weighed = not (names or red_flag) and likely.get("safeguarding", 0.0) >= needed
    alone = not (names or red_flag or weighed) and worst is not None and worst.worry >= max(needed, ALONE_FROM)
    return Cautions(
        worry=WEIGHED if weighed or alone else next((name for name in ORDER if name in names), None),
        evidence=by_weight(found, worst if alone else None)
        if weighed or alone
        else tuple(
            Evidence(
                span=(found.words[hit.first].start, found.words[hit.last - 1].end),
                concept=hit.concept,
                rule=named(hit),
            )
            for _, hit in worries
        ),
        pupil=pupil_writes(found),
        no_reply=any(hit.concept == "talk.no_reply" for hit in found.hits),
        red_flag=red_flag,
    )


@cache
def doubtful() -> frozenset[str]:
    """Phrases of worry that are harmless as often as not ("social worker", "gone missing" of a coat), as counted."""
    stored = json.loads(resources.files("conversations.hearing").joinpath("doubtful.json").read_text("utf-8"))
    return frozenset(stored["phrases"])


def named(hit: Hit) -> str:
    """A phrase as evidence names it."""
    return hit.phrase[:60]


def weighs_from(found: Found, clauses: Sequence[Clause]) -> float:
    """How likely a worry must be by weight to be raised."""
    if any(clause.topic is Topic.WHEREABOUTS for clause in clauses):
        return NEVER
    if any(clause.topic in LOOKED_FOR for clause in clauses):
        return WEIGHS_MORE_FROM
    ours = any(person.kind == CHILD and person.rule.startswith("name") for person in found.people)
    return WEIGHS_OF_OURS_FROM if ours or any(clause.topic in TOLD for clause in clauses) else WEIGHS_FROM


def by_weight(found: Found, sentence: Sentence | None) -> tuple[Evidence, ...]:
    """The words that weigh most for a worry, of one sentence where that alone raised it."""
    first, last = (sentence.first, sentence.last) if sentence else (0, None)
    return tuple(
        Evidence(span=(found.words[at].start, found.words[at].end), concept="worry.weighed", rule="classifier")
        for at in weightiest(found, classifier(), classifier().topics.index("safeguarding"), first, last)
    )


def pupil_writes(found: Found) -> bool:
    """A child writes in: ill or away in the first person, or of "my teacher", and nobody else is spoken of as ill."""
    if not any(hit.concept == "talk.pupil" for hit in found.hits):
        return False
    kin = False
    for person in found.people:
        if person.kind == PRONOUN and not kin:
            return False
        # "My mum can't text because she's at work": the pronoun is hers.
        kin = kin or person.kind == OTHER
        if person.kind == CHILD and not introduced(found, person.first):
            return False
    return any(person.kind == FIRST for person in found.people) or any(
        word.norm in found.small["mine"] for word in found.words
    )


def introduced(found: Found, first: int) -> bool:
    """ "This is Ben", "hi, sunt Gabi": a name by which the writer says who writes, in one word or two before it."""
    before = [word.norm for word in found.words[max(0, first - 2) : first]]
    return " ".join(before) in found.small["introduces"] or (
        bool(before) and before[-1] in found.small["introduces"] and before[-1] not in found.small["verbs"]
    )
