"""Whose a report is, where what a text says of two children, or of who writes, speaks against what would be filed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from conversations.acts import Clause, Topic
from conversations.hearing.clocks import Clock
from conversations.hearing.contradictions import COMES, LATE, told_of
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, GROUPS, OTHER, PRONOUN, WE
from conversations.hearing.phrases import Hit
from conversations.hearing.roles import tells
from conversations.hearing.segments import Found, Segment

# How far before an appointment "I have" may stand, and behind it its hour.
HAS_IT = 2


def not_theirs(clock: Clock, segment: Segment, found: Found) -> bool:
    """ "My own dentist is at 9, so Leo will be late": the hour right behind somebody else's appointment is theirs."""
    booked = [s.hit.last for s in segment.signs if s.table == "appointment" and s.about in {FIRST, OTHER}]
    named = {person.first for person in found.people}
    return any(
        0 <= clock.first - last <= HAS_IT
        and not named & set(range(last, clock.first))
        and "," not in {word.norm for word in found.words[last : clock.first]}
        for last in booked
    )


def one_for_the_other(filing: Sequence[Clause], told: Sequence[Segment], found: Found, lexicon: Lexicon) -> bool:
    """ "Maya caught it from Leo", "Leo says Maya is ill": two in one report whom neither "and" nor a comma joins."""
    together = [told_of(clause) for clause in filing]
    if any(person.rule in {"people.pair", "people.all", "people.them"} for person in found.people):
        return False
    hits = [hit for hit in found.hits if hit.concept == "calendar.and"]
    joins = lexicon.small["joins"] | {found.words[at].norm for hit in hits for at in range(hit.first, hit.last)}
    joins |= lexicon.small["or"]
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


def one_comes(filing: Sequence[Clause], segments: Sequence[Segment]) -> bool:
    """ "Ayaan and Hana both have the dentist. Bilal hasn't, he's in": another sentence says so of one to be filed.

    What it says of an hour or of another day is when a child comes back, and no such thing; before the story nobody
    comes back: "Leo has walked down and will be in by ten to. Maya, however, is staying in bed".
    """
    away = ("say.absent", "say.home", "say.late", "say.collect", "appointment")
    for clause in filing:
        whom = told_of(clause)
        story = {each.sentence for each in segments if each.has(*away, "sickness") and not each.has(*COMES)}
        if len(whom) < 2 or not story:
            continue
        for sentence in {each.sentence for each in segments} - story:
            stretches = [each for each in segments if each.sentence == sentence]
            before = sentence < min(story)
            named = [p for each in stretches for p in each.people if p.kind == CHILD and p.rule.startswith("name")]
            coming = COMES | {"say.arriving"} if before else COMES
            comes = any(
                sign.stands for each in stretches for sign in each.signs if f"{sign.table}.{sign.name}" in coming
            )
            dated = any((not before and (each.days or each.clocks)) or each.has(*away) for each in stretches)
            if comes and not dated and len(named) == 1 and named[0].choices and whom & {*named[0].choices[0]}:
                return True
    return False


def divided(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Salma is coming Yousef is not": two are to be filed, and between their names one comes, or stands a "not"."""
    if one_comes(filing, segments):
        return True
    grouped = any(person.rule in {"people.them", *GROUPS} for person in found.people)
    signs = [sign for segment in segments for sign in segment.signs]
    said = {at for sign in signs if not sign.negated for at in range(sign.hit.first, sign.hit.last)}
    nots = [hit for hit in found.hits if hit.concept in {"scope.negator", "scope.negator_after"}]
    for clause in filing if not grouped else ():
        both = told_of(clause)
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


def another_besides(
    filing: Sequence[Clause], segments: Sequence[Segment], found: Found, children: frozenset[str]
) -> bool:
    """ "Sami is poorly and his sister has a temperature": of two children she may be the other, and nothing is filed.

    "Not sending her or her brother in" is of both. "Layla has the dentist at 2, Sami is coming with us": who goes
    along is not in school.
    """
    whom = {each for clause in filing for each in told_of(clause)}
    if not whom or whom >= children:
        return False
    along = found.small.get("along", frozenset())
    joins = found.small["joins"] | found.small["or"]
    ours = {person.last for person in found.people if person.kind in {CHILD, PRONOUN}}
    booked = any(clause.topic is Topic.APPOINTMENT for clause in filing)
    for segment in segments:
        for person in segment.people:
            words = [found.words[at].norm for at in range(person.last, segment.last)]
            said = {*words, *map(" ".join, itertools.pairwise(words))}
            named = person.kind == CHILD and any(not whom & {*choice} for choice in person.choices)
            goes = booked and bool(said & along)
            if goes and (named or person.rule == "people.sibling"):
                return True
            if (
                person.rule == "people.sibling"
                and person.first - 1 in ours
                and found.words[person.first - 1].norm in joins
            ):
                # "I won't be sending her or her brother in".
                return True
            told = [segment, *next_of(segment, segments)]
            after = [s for each in told for s in each.signs if s.stands and tells(s) and s.hit.first >= person.last]
            if person.rule == "people.sibling" and any(sign.about == OTHER for sign in after):
                return True
    return False


def next_of(segment: Segment, segments: Sequence[Segment]) -> list[Segment]:
    """The stretch behind one, where the sentence goes on in it and it names nobody."""
    after = segments[segment.number + 1 : segment.number + 2]
    return [each for each in after if each.sentence == segment.sentence and not each.people]


def writer_is_booked(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "I have an appointment today and Salma will be late": the words name the writer, and the child is only late."""
    if not any(clause.topic is Topic.APPOINTMENT for clause in filing):
        return False
    booked = [segment for segment in segments if segment.has("appointment")]
    named = [(sign.hit, segment) for segment in booked for sign in segment.signs if sign.table == "appointment"]
    plain = [(hit, segment) for hit, segment in named if hit.concept != "appointment.place"]
    if any(called_mine(hit, segment, found) for hit, segment in plain):
        return True
    mine = all(
        any(p.kind in {FIRST, WE} and p.first <= hit.first and hit.last <= p.last for p in segment.people)
        for hit, segment in plain
    )
    hers = any(person.kind in {CHILD, PRONOUN} for segment in booked for person in segment.people)
    if plain and mine and not hers and any(each.has("say.late") for each in segments if each not in booked):
        return True
    brought = any(is_brought(segment) for segment in segments if segment not in booked)
    if brought and not hers and has_it([hit for hit, _ in named], found):
        return True
    return verb_is_mine([hit for hit, _ in plain], segments, found)


def called_mine(hit: Hit, segment: Segment, found: Found) -> bool:
    """ "My appointment with Mrs Holt is at 2": the writer's, where no child is named beside it."""
    near = [*found.words[max(0, hit.first - 2) : hit.first + 1], *found.words[hit.last : hit.last + 1]]
    named = any(person.kind in {CHILD, PRONOUN} for person in segment.people)
    return not named and any(word.norm in found.small["mine"] for word in near)


def has_it(booked: Sequence[Hit], found: Found) -> bool:
    """ "I've got the dentist", "I'm at the doctor's": close before each appointment stands that it is the writer's."""
    has = found.small.get("i_have", frozenset())
    near = [range(max(0, hit.first - HAS_IT - 1), hit.first + 1) for hit in booked]
    return bool(booked) and all(any(found.words[at].norm in has for at in places) for places in near)


def is_brought(segment: Segment) -> bool:
    """ "So nan is walking Bea in": a child comes in, or late, in another stretch than that of the appointment."""
    return segment.has("say.present", "say.late", "say.arriving", "claims_present") and any(
        person.kind == CHILD for person in segment.people
    )


def verb_is_mine(booked: Sequence[Hit], segments: Sequence[Segment], found: Found) -> bool:
    """ "Mam dentystę o 9, Zosia przyjdzie później": the verb says whose it is, and the child only stands by "late"."""
    if not has_it(booked, found):
        return False
    told = [sign.hit for segment in segments for sign in segment.signs if sign.hit.concept in LATE]
    late = [hit for hit in told if hit.first > booked[0].first]
    people = [person for segment in segments for person in segment.people if person.kind in {CHILD, PRONOUN}]
    beside = [each for each in people if any(each.last == hit.first or hit.last == each.first for hit in late)]
    return bool(people) and beside == people and people[0].kind == CHILD
