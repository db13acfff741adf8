"""What raises a doubt about a text as a whole: too much of it unheard, names or days that bear two readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.acts import Change, Clause, Kind, Topic
from conversations.context import Context
from conversations.doubt import Doubt
from conversations.hearing.contradictions import (
    COMES,
    after_school,
    back_already,
    comes_all_the_same,
    comes_first,
    comes_though_ill,
    fine_and_coming,
    in_after_all,
    late_behind_another,
    only_from_sport,
    only_sent,
    only_treated,
    told_late,
    told_of,
    told_to_come,
    told_yes,
)
from conversations.hearing.gate import features_of, is_risky, judged
from conversations.hearing.hours_at_odds import at_odds, gone_by, half_a_range, hour_or_date, of_another_hour, two_hours
from conversations.hearing.leftovers import adrift, clocked, excepted, left_over, unread_end, unused
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, OTHER, PRONOUN, UNKNOWN, Person
from conversations.hearing.own_hours import not_told_apart
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found, Segment
from conversations.hearing.turns import back_later, fine_beside, left_beside, left_of_all
from conversations.hearing.weighing import Decision
from conversations.hearing.well_again import ill_at_school, well_after_all
from conversations.hearing.whose import another_besides, divided, one_for_the_other, writer_is_booked

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
    ours = frozenset(child.id for child in context.children)
    firm, loose = forbidding(found, segments, clauses, filing, ours), []
    if comes_after_all(filing, segments, told, found, lexicon):
        firm.append(Doubt.COMPETING)
    if after_school(filing, moment) or ill_at_school(filing, told, found):
        firm.append(Doubt.UNSURE)
    elsewhere = told_late(filing, segments, found, moment) or of_another_hour(filing, told, found)
    elsewhere |= any(at_odds(clause) for clause in filing)
    if elsewhere or back_already(filing, segments, found, lexicon) or unread_end(found, filing, lexicon):
        firm.append(Doubt.DATES)
    if any(clause.topic is Topic.SICKNESS for clause in filing) and only_asked_off(segments, found):
        firm.append(Doubt.UNSURE)
    if writer_is_booked(filing, segments, found) or another_besides(filing, segments, found, ours):
        firm.append(Doubt.OTHER_SUBJECT)
    whom = frozenset(each for clause in filing for each in told_of(clause))
    apart = one_for_the_other(filing, told, found, lexicon) or divided(filing, segments, found)
    apart |= len(ours) > 1 and (stays_behind(filing, segments) or (len(whom) > 1 and only_one_of_them(found)))
    behind = left_beside(segments, whom, found) or fine_beside(segments) or left_of_all(segments, whom)
    if apart or (whom and (behind or back_later(segments, whom))):
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


def stays_behind(filing: Sequence[Clause], segments: Sequence[Segment]) -> bool:
    """ "Nan has died, we fly on Friday, Leo stops at his dad's": told of the family, and nothing of him."""
    if not any(clause.topic is Topic.ABSENCE_OTHER for clause in filing):
        return False
    named = [each for each in segments if any(person.rule.startswith("name") for person in each.people)]
    signs = [
        (each.number, sign) for each in segments for sign in each.signs if sign.table in {"absence_other", "leave"}
    ]
    return (
        len(named) == 1
        and bool(signs)
        and not named[0].signs
        and named[0].spoken >= FEWEST_TOLD
        and all(number < named[0].number and sign.about in {OTHER, ""} for number, sign in signs)
    )


def only_one_of_them(found: Found) -> bool:
    """ "Both are poorly but only the little one stays home": one of several, and which is not known."""
    alone = found.small.get("alone", frozenset())
    return any(
        person.rule in {"people.eldest", "people.youngest"}
        and not person.choices
        and bool(alone & {word.norm for word in found.words[max(0, person.first - 2) : person.first]})
        for person in found.people
    )


# A name with fewer words beside it is nothing that is told: "Leo Brown, 3A".
FEWEST_TOLD = 4


def only_asked_off(segments: Sequence[Segment], found: Found) -> bool:
    """ "Keep her home today? She has a slight cough": whether she stays away is what is asked, and no more is said."""
    away = [sign for each in segments for sign in each.signs if sign.table == "say" and sign.name == "absent"]
    ends = [next((w.norm for w in found.words[s.hit.last :] if w.norm in {".", "?", "!", "\n"}), "") for s in away]
    # "Can you let Miss Carr know she won't be in today?" tells it all the same.
    passed_on = any(each.request for each in away) or any(hit.concept == "scope.request" for hit in found.hits)
    asked = not passed_on and any(sign.question and end == "?" for sign, end in zip(away, ends, strict=True))
    return asked and not any(sign.stands for sign in away)


def comes_after_all(
    filing: Sequence[Clause], segments: Sequence[Segment], told: Sequence[Segment], found: Found, lexicon: Lexicon
) -> bool:
    """Whether a child of whom an absence would be filed is in by the same text, or only left out of a lesson."""
    ill = any(clause.topic is Topic.SICKNESS for clause in filing)
    return (
        told_to_come(filing, segments, found)
        or comes_all_the_same(filing, segments, found, lexicon)
        or well_after_all(filing, segments, found)
        or in_after_all(filing, segments, found)
        or comes_though_ill(filing, segments, found)
        or (ill and (only_from_sport(told, found) or only_treated(told, found)))
        or told_yes(filing, found)
        or comes_first(filing, segments, found)
        or fine_and_coming(filing, segments)
        or only_sent(filing, told)
    )


def of_nobody_here(clause: Clause, ours: frozenset[str]) -> bool:
    """ "They found worms at his little brother's nursery. Leo is fine": none of ours is said to have it."""
    named = [(m.role, {*m.value}) for m in clause.mentions if m.kind is Kind.CHILDREN and isinstance(m.value, tuple)]
    nots = {child for role, children in named if role == "not" for child in children}
    ill = clause.topic is Topic.SICKNESS and any(m.kind is Kind.UNKNOWN_NAME for m in clause.mentions)
    return ill and bool(ours) and ours <= nots and all(role == "not" for role, _ in named)


def forbidding(
    found: Found,
    segments: Sequence[Segment],
    clauses: Sequence[Clause],
    filing: Sequence[Clause],
    ours: frozenset[str],
) -> list[Doubt]:
    """What keeps a text from being filed whatever else speaks for it."""
    raised = []
    if filing and any(clause.change is not Change.ADDS for clause in clauses) and len(clauses) > 1:
        raised.append(Doubt.COMPETING)
    if filing and any(hit.concept == "talk.wrong_number" for hit in found.hits):
        raised.append(Doubt.COMPETING)
    mentions = [mention for clause in clauses for mention in clause.mentions]
    if any(mention.kind is Kind.CHILDREN and not mention.sure for mention in mentions):
        raised.append(Doubt.NAMES)
    if filing and any(titled(person, found) for person in found.people):
        raised.append(Doubt.OTHER_SUBJECT)
    off = any(clause.topic is not Topic.APPOINTMENT for clause in filing)
    if any(mention.kind is Kind.DAYS and not mention.sure for mention in mentions) or (off and half_a_range(found)):
        raised.append(Doubt.DATES)
    if any(each.has(*COMES) and not each.days for each in segments) and any(of_nobody_here(c, ours) for c in filing):
        raised.append(Doubt.OTHER_SUBJECT)
    if late_behind_another(filing) or any(not_told_apart(clause, found.words) for clause in filing):
        raised.append(Doubt.UNSURE)
    return raised


def titled(person: Person, found: Found) -> bool:
    """ "Pani Zosi jest chora": right behind a title, a child's name in another case says whose teacher is meant."""
    before = [word.norm for word in found.words[max(0, person.first - 2) : person.first]]
    if person.kind != CHILD or person.rule != "name.bent" or not before or before[-1] not in found.small["titles"]:
        return False
    addressed = any(word in found.small["polite"] for word in before)
    after = found.words[person.last].norm if person.last < len(found.words) else ""
    return not addressed and after in found.small["present"]


def only_weighed(decisions: Sequence[Decision], segments: Sequence[Segment]) -> bool:
    """ "Hamza ate his lunch today": no phrase tells of an illness or an absence, and only weights speak for one.

    "Not sure if Leo is coming in, will ring by 9": of a lateness so where all that is told is a "maybe".
    """
    signs = [sign for segment in segments for sign in segment.signs if sign.table == "say"]
    maybe = any(sign.hypothetical for sign in signs) and not any(sign.stands for sign in signs)
    filed = [decision for decision in decisions if decision.topic in FILED - (set() if maybe else {Topic.LATENESS})]
    told = ("say.absent", "say.home", "say.late", "say.arriving", "say.collect")
    said = not maybe and any(segment.has(*told) for segment in segments)
    # "Leo's sister is ill but he is in": nothing that is told is of him but that he came.
    comes = any(sign.stands for each in segments for sign in each.signs if f"{sign.table}.{sign.name}" in COMES)
    comes = comes and not any(segment.clocks for segment in segments)
    late = comes and any(each.weighed and each.topic is Topic.LATENESS for each in decisions)
    weighed = bool(filed) and all(each.weighed and not each.signs for each in filed)
    return not said and (late or weighed)


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
