"""Where a text speaks against what would be filed of it: ill but coming, one for the other, only a lesson left out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from conversations.acts import Clause, Days, Kind, Part, Topic
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, GROUPS, OTHER, PRONOUN, UNKNOWN, WE, Person
from conversations.hearing.phrases import Hit
from conversations.hearing.resolving import Moment
from conversations.hearing.roles import only_present, tells
from conversations.hearing.segments import Found, Segment, Sign

# How far before a lesson the "not" may stand that leaves it out: "can't take part in PE".
LEFT_OUT = 5
# How far before an appointment "I have" may stand.
HAS_IT = 2
# How long after the end of school an appointment is for nothing to be missed on the way to it.
ON_THE_WAY = timedelta(minutes=30)
# So far behind "back" the "today" may stand that it goes with: "back in school today".
WITH_SCHOOL = 3
# What says where somebody goes back to, or what hurts: "back home today", "a bad back today".
AWAY = ("sickness.", "say.absent", "say.home", "say.collect")
# How many words may stand between "today" and "she comes".
NEAR = 1
# What says that somebody is in school, or on the way.
COMES = frozenset({"say.present", "say.sent", "claims_present.words"})
# What may keep a child at home without a word of being away, and its table.
TROUBLES = {Topic.SICKNESS: "sickness", Topic.ABSENCE_OTHER: "absence_other"}
# What says that a child is away.
OFF = ("say.absent", "say.home")
# What says that a child comes later.
LATE = frozenset({"say.late", "say.arriving"})


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
    last: Person | None = None
    for segment in segments if len(ill) > 1 else ():
        named = [person for person in segment.people if person.kind == CHILD]
        earlier, last = last, named[-1] if named else last
        if segment.clocks or (segment.days and not (only_today(segment, found) and of_today(filing, found))):
            continue
        place = found.words[segment.first].start
        if not named and earlier is not None and any(brings(sign, found) for sign in segment.signs):
            # "Ben has started with it too, but has a test today, so I've sent him": "him" is who was named last.
            named = [earlier]
        if len(named) != 1 or not only_present(segment):
            continue
        if any(choice and all(ill.get(child, place) < place for child in choice) for choice in named[0].choices):
            return True
    return False


def told_yes(filing: Sequence[Clause], found: Found) -> bool:
    """ "Maya yes, Leo no, he's ill": of the one who is answered yes for nothing is to be filed."""
    yes = found.small.get("echoes_yes", frozenset())
    named = [person for person in found.people if person.kind == CHILD and person.rule.startswith("name")]
    marks = {at for at, word in enumerate(found.words) if word.kind == "mark"} | {len(found.words)}
    said = [p for p in named if p.last not in marks and found.words[p.last].norm in yes and p.last + 1 in marks]
    troubled = {child for clause in filing if clause.topic in TROUBLES for child in told_of(clause)}
    return len(named) > 1 and any(troubled & {*choice} for person in said for choice in person.choices)


def only_today(segment: Segment, found: Found) -> bool:
    """Whether a stretch names no day but today."""
    return all(said.first == said.last == found.today for _, _, said, _ in segment.days)


def of_today(filing: Sequence[Clause], found: Found) -> bool:
    """Whether today would be filed: named, or meant for want of any day."""
    days = [m.value for clause in filing for m in clause.mentions if m.kind is Kind.DAYS and isinstance(m.value, Days)]
    return not days or any(each.last is None or each.last >= found.today for each in days)


def comes_all_the_same(filing: Sequence[Clause], segments: Sequence[Segment], found: Found, lexicon: Lexicon) -> bool:
    """ "She was sick in the night and is coming in": a trouble with words of its own that the same child comes.

    "Her gran died but she is coming in" is such a one; the gran whom it befell is not asked to come.
    """
    away = ("say.absent", "say.home", "say.late", "say.arriving", "say.collect")
    if any(clause.topic not in TROUBLES for clause in filing) or any(each.has(*away) for each in segments):
        return False
    tables = {TROUBLES[clause.topic] for clause in filing if clause.topic is not None}
    ill = {each for clause in filing for each in told_of(clause)}
    first = min((s.number for s in segments if s.has(*tables)), default=len(segments))
    turns = lexicon.small["joins"] | lexicon.small["breaks"]
    told = 0
    for segment in segments[first:]:
        last = max((s.hit.last for s in segment.signs if s.table in tables), default=segment.first)
        told = told if tables == {"sickness"} or not segment.has(*tables) else last
        hits = [s.hit for s in segment.signs if brings(s, found) and s.hit.first >= last]
        comes = [hit.first for hit in hits]
        if any(comes_today(hit, segment, filing, found, turns) for hit in hits) and is_of(ill, found, segment.last):
            return True
        # "Phir bhi", all the same, is of two words.
        before = {found.words[at - 1].norm for at in comes if at}
        before |= {f"{found.words[at - 2].norm} {found.words[at - 1].norm}" for at in comes if at > 1}
        before |= {found.words[at].norm for at in comes}
        parted = segment.number > first or bool(before & turns)
        other_day = segment.days and not (only_today(segment, found) and of_today(filing, found))
        elsewhere = other_day or segment.clocks or segment.has("appointment", "travel", "sickness.medical_other")
        if comes and parted and not elsewhere and is_of(ill, found, segment.last, told):
            return True
    return False


def comes_though_ill(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Jan is in school today but he has a bad cough": who comes is not off for what is said after the "but"."""
    away = ("say.absent", "say.home", "say.late", "say.arriving", "say.collect")
    if any(clause.topic is not Topic.SICKNESS for clause in filing) or any(each.has(*away) for each in segments):
        return False
    ill = {each for clause in filing for each in told_of(clause)}
    for before, after in itertools.pairwise(segments if filing else ()):
        if not after.against or not after.has("sickness") or before.question or before.clocks:
            continue
        today = not before.days or (only_today(before, found) and of_today(filing, found))
        if today and any(brings(sign, found) for sign in before.signs) and is_of(ill, found, before.last):
            return True
    return False


def in_after_all(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Leo is stopping at his nan's so he will be in as normal": who is away by one stretch is in by a later one.

    A day, an hour, a condition or a "back" in that stretch says when a child comes back, and who was away on days that
    are past may well be in.
    """
    for clause in filing if of_today(filing, found) else ():
        children = told_of(clause)
        places = {each.span for each in clause.evidence if each.concept in OFF}
        away = [s.number for s in segments if any(lies(sign.hit, found) in places for sign in s.signs)]
        for segment in segments if children and away else ():
            if segment.number <= away[-1] or segment.question or segment.depends or segment.hedged_from is not None:
                continue
            comes = any(is_in(sign, found) for sign in segment.signs)
            later = segment.clocks or (segment.days and not only_today(segment, found))
            later = later or segment.has(*OFF, *LATE, "say.better")
            if comes and not later and of_child(children, found, segment):
                return True
    return False


def is_in(sign: Sign, found: Found) -> bool:
    """Whether a sign says that somebody is in, and not back in."""
    near = {word.norm for word in found.words[max(0, sign.hit.first - 1) : sign.hit.last]}
    present = sign.stands and sign.hit.concept == "say.present"
    return present and not near & found.small.get("returning", frozenset())


def lies(hit: Hit, found: Found) -> tuple[int, int]:
    """Where a phrase stands in the text."""
    return found.words[hit.first].start, found.words[hit.last - 1].end


def of_child(children: set[str], found: Found, segment: Segment) -> bool:
    """Whether the child spoken of last before the end of a stretch is one of some, whoever else was named since."""
    kinds = {person.kind for person in segment.people}
    if not kinds & {CHILD, PRONOUN} or kinds & {UNKNOWN, OTHER}:
        return False
    spoken = [p for p in found.people if p.kind == CHILD and p.first < segment.last]
    return not spoken or bool({each for choice in spoken[-1].choices for each in choice} & children)


def after_school(filing: Sequence[Clause], moment: Moment) -> bool:
    """ "Dentist at 4pm", "I fetch her at 5": school is over by then, and nobody says that anything is missed."""
    for clause in filing:
        hours = [m for m in clause.mentions if m.kind is Kind.TIME and isinstance(m.value, time)]
        roles = {m.role for m in clause.mentions if m.kind is Kind.TIME}
        missed = any(m.kind is Kind.PART for m in clause.mentions) or roles not in ({"at"}, {"collect"})
        if clause.topic is not Topic.APPOINTMENT or not hours or missed:
            continue
        days = [m.value.first for m in clause.mentions if m.kind is Kind.DAYS and isinstance(m.value, Days)]
        day = next((each for each in days if each), moment.likely)
        ends = datetime.combine(day, moment.calendar.times_on(day).ends)
        ends += ON_THE_WAY if roles == {"at"} else timedelta()
        if all(datetime.combine(day, m.value) >= ends for m in hours if isinstance(m.value, time)):
            return True
    return False


def back_already(filing: Sequence[Clause], segments: Sequence[Segment], found: Found, lexicon: Lexicon) -> bool:
    """ "He was off with a bug, he's back in today": no day is said, and today is not it."""
    returning = found.small.get("returning", frozenset())
    places = [at for at, word in enumerate(found.words) if word.norm in returning] if undated(filing) else []
    today = {hit.first for hit in lexicon.days.find(found.words) if hit.concept == "day.today"} if places else set()
    for segment in segments:
        later = any(clock.kind is not Kind.PART or clock.value is not Part.AM for clock in segment.clocks)
        hedged = segment.hedged_from is not None or any(sign.hypothetical for sign in segment.signs)
        if later or hedged or segment.question or segment.depends:
            continue
        inside = [sign for sign in segment.signs if sign.stands and sign.hit.concept == "say.present"]
        for at in (each for each in places if segment.first <= each < segment.last):
            told = any(sign.hit.first <= at < sign.hit.last for sign in inside)
            denied = {word.norm for word in found.words[max(segment.first, at - 3) : at]} & found.small["not"]
            other = any(hit.first <= at < hit.last and hit.concept.startswith(AWAY) for hit in found.hits)
            is_back = at == segment.first or found.words[at - 1].norm in found.small["auxiliaries"]
            near = range(at + 1, at + 1 + (WITH_SCHOOL if told else is_back))
            if not denied and not other and today & {*near}:
                return True
    return False


def comes_today(hit: Hit, segment: Segment, filing: Sequence[Clause], found: Found, turns: frozenset[str]) -> bool:
    """ "She was ill yesterday and today she comes": "today" right beside the coming, and both days would be filed."""
    for first, end, said, _ in segment.days:
        between = range(end, hit.first) if end <= hit.first else range(hit.last, first)
        apart = any(found.words[at].kind == "mark" or found.words[at].norm in turns for at in between)
        if said.last == found.today and len(between) <= NEAR and not apart:
            return any(since_before(clause, found) for clause in filing)
    return False


def since_before(clause: Clause, found: Found) -> bool:
    """Whether the days of a clause begin before today and have today in them."""
    days = [m.value for m in clause.mentions if m.kind is Kind.DAYS and isinstance(m.value, Days)]
    begins = any(each.first is not None and each.first < found.today for each in days)
    return begins and any(each.last is None or each.last >= found.today for each in days)


def undated(filing: Sequence[Clause]) -> bool:
    """Whether an absence is told without a day of its own, so that it would be filed for today."""
    return any(
        clause.topic in {Topic.SICKNESS, Topic.ABSENCE_OTHER}
        and not any(mention.kind is Kind.DAYS and mention.role != "since" for mention in clause.mentions)
        for clause in filing
    )


def told_late(filing: Sequence[Clause], segments: Sequence[Segment], found: Found, moment: Moment) -> bool:
    """ "I never let you know about Leo on Tuesday, he was not well": the only day that is said is past."""
    days = [(segment, each[2]) for segment in segments for each in segment.days]
    if not (moment.past and days and undated(filing)):
        return False
    return all(
        said.role == "on"
        and said.last is not None
        and said.last < moment.today
        and all(sign.table == "talk" for sign in segment.signs)
        and not done(segment, found)
        for segment, said in days
    )


def done(segment: Segment, found: Found) -> bool:
    """Whether a stretch tells of a form that was filled in or a call that was made."""
    words = {found.words[at].norm for at in range(segment.first, segment.last)}
    return bool(words & found.small.get("done_words", frozenset()))


def brings(sign: Sign, found: Found) -> bool:
    """Whether a sign says that a child comes in; "we'll try school" may be hedged, as sending her in is no absence."""
    if sign.hit.concept != "say.present":
        told = sign.hit.concept == "claims_present.words" and sign.stands
        return told or (sign.hit.concept == "say.sent" and not sign.negated)
    hedges = [hit for hit in found.hits if hit.concept == "scope.hypothetical"]
    return sign.stands and not any(hit.first <= sign.hit.first and sign.hit.last <= hit.last for hit in hedges)


def is_of(children: set[str], found: Found, end: int, since: int = 0) -> bool:
    """Whether the person spoken of last between two words is one of some children, or nobody else is."""
    spoken = [p for p in found.people if since <= p.first < end and p.kind not in {PRONOUN, FIRST, WE}]
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
    """ "Can't do PE today, she has hurt her foot": what is left out is a lesson, and nobody says that she is off.

    "No PE please, she has a sore knee" says that she is sent in, whatever the weights make of it.
    """
    if any(segment.has("say.absent", "say.home") for segment in told):
        return False
    named = {person.choices for segment in told for person in segment.people if person.kind == CHILD}
    if len(named) < 2 and any(segment.has("say.sent") for segment in told):
        return True
    activities = found.small.get("activities", frozenset())
    denied = {at for at, word in enumerate(found.words) if word.norm in found.small["not"]}
    denied |= {hit.last - 1 for hit in found.hits if hit.concept == "scope.negator"}
    lessons = [at for at, word in enumerate(found.words) if word.norm in activities]
    return any(0 < lesson - at <= LEFT_OUT for lesson in lessons for at in denied)


def only_treated(told: Sequence[Segment], found: Found) -> bool:
    """ "On antibiotics until Friday": the day is the medicine's last, and nobody says how long the child is off."""
    if any(segment.has("say.absent", "say.home") for segment in told):
        return False
    treatment = found.small.get("treatment", frozenset())
    ills = [sign.hit for segment in told for sign in segment.signs if sign.table == "sickness"]
    if any(not {found.words[at].norm for at in range(hit.first, hit.last)} & treatment for hit in ills):
        # "Has scarlet fever, on antibiotics until Friday": of the illness.
        return False
    until = [(first, last) for segment in told for first, last, said, _ in segment.days if said.role == "until"]
    return any(
        found.words[at].norm in treatment
        for first, last in until
        for at in (first - 1, last)
        if 0 <= at < len(found.words)
    )


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

    "Layla has the dentist at 2, Sami is coming with us": who goes along is not in school.
    """
    whom = {each for clause in filing for each in told_of(clause)}
    if not whom or whom >= children:
        return False
    along = found.small.get("along", frozenset())
    booked = any(clause.topic is Topic.APPOINTMENT for clause in filing)
    for segment in segments:
        for person in segment.people:
            words = [found.words[at].norm for at in range(person.last, segment.last)]
            said = {*words, *map(" ".join, itertools.pairwise(words))}
            named = person.kind == CHILD and any(not whom & {*choice} for choice in person.choices)
            goes = booked and bool(said & along)
            if goes and (named or person.rule == "people.sibling"):
                return True
            after = [sign for sign in segment.signs if sign.stands and tells(sign) and sign.hit.first >= person.last]
            if person.rule == "people.sibling" and any(sign.about == OTHER for sign in after):
                return True
    return False


def writer_is_booked(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "I have an appointment today and Salma will be late": the words name the writer, and the child is only late."""
    if not any(clause.topic is Topic.APPOINTMENT for clause in filing):
        return False
    booked = [segment for segment in segments if segment.has("appointment")]
    named = [(sign.hit, segment) for segment in booked for sign in segment.signs if sign.table == "appointment"]
    plain = [(hit, segment) for hit, segment in named if hit.concept != "appointment.place"]
    mine = all(
        any(p.kind in {FIRST, WE} and p.first <= hit.first and hit.last <= p.last for p in segment.people)
        for hit, segment in plain
    )
    hers = any(person.kind in {CHILD, PRONOUN} for segment in booked for person in segment.people)
    if plain and mine and not hers and any(each.has("say.late") for each in segments if each not in booked):
        return True
    return verb_is_mine([hit for hit, _ in plain], segments, found)


def verb_is_mine(booked: Sequence[Hit], segments: Sequence[Segment], found: Found) -> bool:
    """ "Mam dentystę o 9, Zosia przyjdzie później": the verb says whose it is, and the child only stands by "late"."""
    has = found.small.get("i_have", frozenset())
    if not booked or not all(
        any(found.words[at].norm in has for at in range(max(0, hit.first - HAS_IT), hit.first + 1)) for hit in booked
    ):
        return False
    told = [sign.hit for segment in segments for sign in segment.signs if sign.hit.concept in LATE]
    late = [hit for hit in told if hit.first > booked[0].first]
    people = [person for segment in segments for person in segment.people if person.kind in {CHILD, PRONOUN}]
    beside = [each for each in people if any(each.last == hit.first or hit.last == each.first for hit in late)]
    return bool(people) and beside == people and people[0].kind == CHILD
