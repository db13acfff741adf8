"""What raises a doubt about a text as a whole: too much of it unheard, names or days that bear two readings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import time

from conversations.acts import Change, Clause, Kind, Topic
from conversations.context import Context
from conversations.doubt import Doubt
from conversations.hearing.gate import features_of, is_risky, judged
from conversations.hearing.leftovers import adrift, clocked, excepted, left_over, unused
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, GROUPS, PRONOUN, UNKNOWN, WE
from conversations.hearing.resolving import Moment
from conversations.hearing.roles import only_present
from conversations.hearing.segments import Found, Segment, Sign
from conversations.hearing.weighing import Decision

FILED = frozenset({Topic.SICKNESS, Topic.LATENESS, Topic.APPOINTMENT, Topic.ABSENCE_OTHER})

# What is only suspicious: the gate weighs it with all else that it counts.
WEIGHED = frozenset({Doubt.COMPETING, Doubt.NAMES, Doubt.DATES, Doubt.UNHEARD, Doubt.BY_WEIGHT})

# A text of up to this many words is an answer or a short report, and needs nobody to be named.
SHORT = 9
# In a few words even "bed" or "cold" is news: "still in bed", "bad cold"; with "my son" in a few more.
SHORTEST_STORY = 7
LONGEST_STORY = 12
# In so many it is a word among others, whoever is spoken of.
LONG_STORY = 25
# So many unheard words, and such a share of all, make a text one that we have not understood.
MOST_UNHEARD = 3
MOST_SHARE = 0.22
MOST_SHARE_NAMED = 0.5
# How far before a lesson the "not" may stand that leaves it out: "can't take part in PE".
LEFT_OUT = 5


def doubts(
    found: Found,
    segments: Sequence[Segment],
    clauses: Sequence[Clause],
    decisions: Sequence[Decision],
    context: Context,
    lexicon: Lexicon,
    told: Sequence[Segment],
    moment: Moment,
    answers: Mapping[str, Mapping[str, float]],
) -> tuple[Doubt, ...]:
    """Each reason not to file this text without asking; `told` are the stretches that tell its stories.

    What a rule forbids stays forbidden. What is only suspicious is weighed by the gate with all else, where the
    classifier knows the language; elsewhere it stands.
    """
    filing = [clause for clause in clauses if clause.topic in FILED and clause.change is not Change.WITHDRAWS]
    firm, loose = forbidding(found, clauses, filing), []
    if told_to_come(filing, segments, found) or comes_all_the_same(filing, segments, found, lexicon):
        firm.append(Doubt.COMPETING)
    if any(clause.topic is Topic.SICKNESS for clause in filing) and only_from_sport(told, found):
        firm.append(Doubt.COMPETING)
    if one_for_the_other(filing, told, found, lexicon) or divided(filing, segments, found):
        firm.append(Doubt.NAMES)
    if filing and not context.expects and only_weighed(decisions, segments):
        firm.append(Doubt.UNSURE)
    loose += [
        doubt
        for clause, decision in zip(clauses, decisions, strict=True)
        if clause in filing or clause.topic is None
        for doubt in decision.doubts
    ]
    if filing and unbound(found, clauses, told, moment):
        loose.append(Doubt.DATES)
    if filing and (
        unheard(found, segments, context, lexicon) or (not context.expects and thin(found, decisions, lexicon))
    ):
        loose.append(Doubt.UNHEARD)
    firm += [doubt for doubt in loose if doubt not in WEIGHED or not answers]
    if filing and not firm:
        counts = features_of(found, segments, told, clauses, filing, context, lexicon)
        counts |= judged(filing, loose, answers, moment)
        if not is_risky(counts):
            return ()
        firm = [*loose] or [Doubt.UNSURE]
    return tuple(dict.fromkeys([*firm, *loose]))


def forbidding(found: Found, clauses: Sequence[Clause], filing: Sequence[Clause]) -> list[Doubt]:
    """What keeps a text from being filed whatever else speaks for it."""
    raised = []
    if filing and any(clause.change is not Change.ADDS for clause in clauses) and len(clauses) > 1:
        raised.append(Doubt.COMPETING)
    if filing and any(hit.concept == "talk.wrong_number" for hit in found.hits):
        raised.append(Doubt.COMPETING)
    mentions = [mention for clause in clauses for mention in clause.mentions]
    if any(mention.kind is Kind.CHILDREN and not mention.sure for mention in mentions):
        raised.append(Doubt.NAMES)
    off = any(clause.topic is not Topic.APPOINTMENT for clause in filing)
    if any(mention.kind is Kind.DAYS and not mention.sure for mention in mentions) or (off and half_a_range(found)):
        raised.append(Doubt.DATES)
    return raised


def told_to_come(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Omar has a temp and Malak a tummy ache, Omar's off and Malak is coming in": of her nothing is to be filed."""
    ill = {
        child: mention.span[0]
        for clause in filing
        if clause.topic is Topic.SICKNESS
        for mention in clause.mentions
        if mention.kind is Kind.CHILDREN and mention.role != "not" and isinstance(mention.value, tuple)
        for child in mention.value
    }
    for segment in segments if len(ill) > 1 else ():
        named = [person for person in segment.people if person.kind == CHILD]
        if segment.days or segment.clocks or len(named) != 1 or not only_present(segment):
            continue
        place = found.words[segment.first].start
        if any(choice and all(ill.get(child, place) < place for child in choice) for choice in named[0].choices):
            return True
    return False


def comes_all_the_same(filing: Sequence[Clause], segments: Sequence[Segment], found: Found, lexicon: Lexicon) -> bool:
    """ "She was sick in the night and is coming in": an illness with words of its own that the same child comes."""
    away = ("say.absent", "say.home", "say.late", "say.arriving", "say.collect")
    if any(clause.topic is not Topic.SICKNESS for clause in filing) or any(each.has(*away) for each in segments):
        return False
    ill = {each for clause in filing for each in told_of(clause)}
    first = min((s.number for s in segments if s.has("sickness")), default=len(segments))
    turns = lexicon.small["joins"] | lexicon.small["breaks"]
    for segment in segments[first:]:
        last = max((s.hit.last for s in segment.signs if s.table == "sickness"), default=segment.first)
        comes = [s.hit.first for s in segment.signs if brings(s, found) and s.hit.first >= last]
        parted = segment.number > first or any(found.words[at - 1].norm in turns for at in comes if at)
        elsewhere = segment.days or segment.clocks or segment.has("appointment", "travel", "sickness.medical_other")
        if comes and parted and not elsewhere and is_of(ill, found, segment.last):
            return True
    return False


def brings(sign: Sign, found: Found) -> bool:
    """Whether a sign says that a child comes in; "we'll try school" may be hedged, as sending her in is no absence."""
    if sign.hit.concept != "say.present":
        return sign.hit.concept == "say.sent" and not sign.negated
    hedges = [hit for hit in found.hits if hit.concept == "scope.hypothetical"]
    return sign.stands and not any(hit.first <= sign.hit.first and sign.hit.last <= hit.last for hit in hedges)


def is_of(children: set[str], found: Found, end: int) -> bool:
    """Whether the person spoken of last before a word is one of some children, or nobody else is."""
    spoken = [p for p in found.people if p.first < end and p.kind not in {PRONOUN, FIRST, WE}]
    return not spoken or bool({each for choice in spoken[-1].choices for each in choice} & children)


def told_of(clause: Clause) -> set[str]:
    """The children whom a clause is about."""
    told = [m.value for m in clause.mentions if m.kind is Kind.CHILDREN and m.role != "not"]
    return {child for value in told if isinstance(value, tuple) for child in value}


def one_for_the_other(filing: Sequence[Clause], told: Sequence[Segment], found: Found, lexicon: Lexicon) -> bool:
    """ "Maya caught it from Leo", "Leo says Maya is ill": two in one report whom neither "and" nor a comma joins."""
    together = [told_of(clause) for clause in filing]
    if any(person.rule in {"people.pair", "people.all", "people.them"} for person in found.people):
        return False
    hits = [hit for hit in found.hits if hit.concept == "calendar.and"]
    joins = lexicon.small["joins"] | {found.words[at].norm for hit in hits for at in range(hit.first, hit.last)}
    apart, linked = [], []
    for one, other in itertools.pairwise(p for p in found.people if p.kind == CHILD and p.rule.startswith("name")):
        between = range(one.last, other.first)
        pair = {each for person in (one, other) for choice in person.choices for each in choice}
        before = [found.words[person.first - 1].norm if person.first else "" for person in (one, other)]
        # "Nici Andrei nici Ioana": the same word before both, or one phrase around them.
        again = bool(before[0]) and before[0] == before[1]
        again = again or any(hit.first < one.first and other.last <= hit.last for hit in found.hits)
        if any(found.words[at].kind == "mark" or found.words[at].norm in joins for at in between):
            linked.append(pair)
        elif len(pair) > 1 and not again and any(found.words[at].norm in lexicon.known for at in between):
            apart += [pair for each in told if each.first <= one.first and other.last <= each.last]
    return any(pair <= each for pair in apart for each in together if pair not in linked)


def only_from_sport(told: Sequence[Segment], found: Found) -> bool:
    """ "Can't do PE today, she has hurt her foot": what is left out is a lesson, and nobody says that she is off."""
    if any(segment.has("say.absent", "say.home") for segment in told):
        return False
    activities = found.small.get("activities", frozenset())
    denied = {at for at, word in enumerate(found.words) if word.norm in found.small["not"]}
    denied |= {hit.last - 1 for hit in found.hits if hit.concept == "scope.negator"}
    lessons = [at for at, word in enumerate(found.words) if word.norm in activities]
    return any(0 < lesson - at <= LEFT_OUT for lesson in lessons for at in denied)


def only_weighed(decisions: Sequence[Decision], segments: Sequence[Segment]) -> bool:
    """ "Hamza ate his lunch today": no phrase tells of an illness or an absence, and only weights speak for one."""
    filed = [decision for decision in decisions if decision.topic in FILED - {Topic.LATENESS}]
    said = any(segment.has("say.absent", "say.home", "say.late", "say.arriving", "say.collect") for segment in segments)
    return bool(filed) and not said and all(each.weighed and not each.signs for each in filed)


# What says that somebody is in school, or on the way.
COMES = frozenset({"say.present", "say.sent", "claims_present.words"})


def divided(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Salma is coming Yousef is not": two are to be filed, and between their names one comes, or stands a "not"."""
    grouped = any(person.rule in {"people.them", *GROUPS} for person in found.people)
    signs = [sign for segment in segments for sign in segment.signs]
    said = {at for sign in signs if not sign.negated for at in range(sign.hit.first, sign.hit.last)}
    nots = [hit for hit in found.hits if hit.concept in {"scope.negator", "scope.negator_after"}]
    for clause in filing if not grouped else ():
        told = [m for m in clause.mentions if m.kind is Kind.CHILDREN and m.role != "not"]
        both = {child for mention in told if isinstance(mention.value, tuple) for child in mention.value}
        called = [p for p in found.people if p.kind == CHILD and p.rule.startswith("name") and p.choices]
        names = [person for person in called if both & {*person.choices[0]}]
        if len(both) < 2 or len(names) < 2:
            continue
        first, last = names[0].last, names[-1].first
        comes = [sign.hit for sign in signs if sign.stands and f"{sign.table}.{sign.name}" in COMES]
        if any(first <= hit.first and hit.last <= last and hit.first not in said for hit in nots):
            return True
        if any(first <= hit.first < last for hit in comes):
            return True
    return False


def unbound(found: Found, clauses: Sequence[Clause], told: Sequence[Segment], moment: Moment) -> bool:
    """Whether a day or an hour of the text is in no clause, or in one where it may not belong."""
    return (
        left_over(found)
        or excepted(found)
        or unused(found, clauses, told, moment.today)
        or adrift(found, clauses, told, moment.likely)
        or clocked(found, clauses, told, moment.now)
        or two_hours(clauses)
        or hour_or_date(found, clauses)
        or gone_by(clauses, moment)
    )


def gone_by(clauses: Sequence[Clause], moment: Moment) -> bool:
    """Whether somebody is to come in today at an hour that is past already."""
    late = [clause for clause in clauses if clause.topic is Topic.LATENESS]
    return any(
        isinstance(m.value, time) and m.value < moment.now and moment.today == moment.likely
        for clause in late
        if not any(each.kind is Kind.DAYS for each in clause.mentions)
        for m in clause.mentions
    )


def two_hours(clauses: Sequence[Clause]) -> bool:
    """Whether one appointment has two hours of its own: "at ten past two, for twenty to three"."""
    booked = [clause for clause in clauses if clause.topic is Topic.APPOINTMENT]
    return any(len({m.value for m in each.mentions if m.kind is Kind.TIME and m.role == "at"}) > 1 for each in booked)


def hour_or_date(found: Found, clauses: Sequence[Clause]) -> bool:
    """Whether somebody is late on a day written as an hour may be: "we'll be there 9.10"."""
    late = [clause for clause in clauses if clause.topic is Topic.LATENESS]
    dotted = {word.start for word in found.words if word.kind == "dotted"}
    return any(
        m.kind is Kind.DAYS and m.span[0] in dotted and not timed(clause) for clause in late for m in clause.mentions
    )


# So many words at most stand between the two days of a range: "de la 4 la 6 martie".
APART = 2


def half_a_range(found: Found) -> bool:
    """Whether a bare number taken for an hour stands right before a day of the month: "off from 4 to 6 March"."""
    dates = {first for first, _, _, rule in found.days if rule == "date.day_month"}
    bare = [clock.last for clock in found.clocks if clock.rule == "clock.bare"]
    return any(0 < first - last <= APART for last in bare for first in dates)


def timed(clause: Clause) -> bool:
    """Whether a clause has a time, or minutes."""
    return any(mention.kind in {Kind.TIME, Kind.MINUTES} for mention in clause.mentions)


def thin(found: Found, decisions: Sequence[Decision], lexicon: Lexicon) -> bool:
    """Whether all that was heard is a word or two of many meanings, and no child of ours is named."""
    signs = [sign for decision in decisions if decision.topic in FILED for sign in decision.signs]
    if any(sign.table == "say" for sign in signs):
        return False
    spoken = sum(word.kind == "word" for word in found.words)
    near = any(person.kind == PRONOUN or person.rule.startswith("name") for person in found.people)
    if near and spoken <= LONG_STORY:
        return False
    said = {found.words[at].norm for sign in signs for at in range(sign.hit.first, sign.hit.last)}
    role = any(person.kind == CHILD for person in found.people)
    least = LONGEST_STORY if role else SHORTEST_STORY
    many = lexicon.small["many_meanings"]
    return spoken > least and bool(said & many) and said <= many | lexicon.small["ordinary"]


def unheard(found: Found, segments: Sequence[Segment], context: Context, lexicon: Lexicon) -> bool:
    """Whether much of a text is in no table, the more so where it names no child."""
    heard = {at for hit in found.hits for at in range(hit.first, hit.last)}
    heard |= {at for person in found.people for at in range(person.first, person.last)}
    polite = {at for hit in found.hits if hit.concept == "talk.smalltalk" for at in range(hit.first, hit.last)}
    spoken = [
        at
        for at, word in enumerate(found.words)
        if word.kind == "word" and at not in polite and word.norm not in lexicon.greetings
    ]
    strange = [
        at
        for at in spoken
        if at not in heard and found.words[at].norm not in lexicon.known and len(found.words[at].norm) > 1
    ]
    named = any(person.kind == CHILD for person in found.people)
    share = len(strange) / max(1, len(spoken))
    if named:
        return len(strange) > MOST_UNHEARD and share > MOST_SHARE_NAMED
    absent = any(segment.has("say.absent", "say.late", "say.arriving", "say.collect") for segment in segments)
    booked = any(
        sign.table == "appointment" and sign.hit.last - sign.hit.first > 1 for s in segments for sign in s.signs
    )
    spoken_of = any(person.kind == PRONOUN for person in found.people)
    anchored = len(spoken) <= SHORT or absent or spoken_of or booked or bool(context.expects)
    return (
        not anchored
        or (len(strange) >= MOST_UNHEARD and share > MOST_SHARE)
        or (any(p.kind == UNKNOWN for p in found.people) and share > MOST_SHARE)
    )
