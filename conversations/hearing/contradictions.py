"""Where a text speaks against what would be filed of it: ill but coming, one for the other, only a lesson left out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from conversations.acts import Clause, Days, Kind, Part, Topic
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, OTHER, PRONOUN, UNKNOWN, WE, Person
from conversations.hearing.phrases import Hit
from conversations.hearing.resolving import Moment
from conversations.hearing.roles import only_present
from conversations.hearing.segments import Found, Segment, Sign

# How far before a lesson the "not" may stand that leaves it out: "can't take part in PE".
LEFT_OUT = 5
# How long after the end of school an appointment is for nothing to be missed on the way to it.
ON_THE_WAY = timedelta(minutes=30)
# So far behind "back" the "today" may stand that it goes with: "back in school today".
WITH_SCHOOL = 3
# What says where somebody goes back to, or what hurts: "back home today", "a bad back today".
AWAY = ("sickness.", "say.absent", "say.home", "say.collect")
# How many words may stand between "today" and "she comes".
NEAR = 1
# What may be said of a child who is well and comes in.
WELL = frozenset({"say.better", "say.present", "say.sent", "say.arriving", "claims_present.words", "talk.smalltalk"})
# What says that somebody is in school, or on the way.
COMES = frozenset({"say.present", "say.sent", "claims_present.words"})
# What may keep a child at home without a word of being away, and its table.
TROUBLES = {Topic.SICKNESS: "sickness", Topic.ABSENCE_OTHER: "absence_other"}
# What says that a child is away.
OFF = ("say.absent", "say.home")
# What says that a child comes later.
LATE = frozenset({"say.late", "say.arriving"})


def late_behind_another(filing: Sequence[Clause]) -> bool:
    """ "Taking Maya to hospital, gran drops Leo off, a bit late": told behind a child for whom it is not filed."""
    for made in filing:
        named = [each for each in made.mentions if each.kind is Kind.CHILDREN]
        first = min((each.span[0] for each in made.evidence if each.concept == "say.late"), default=0)
        last = max((each for each in named if each.span[0] < first), key=lambda each: each.span, default=None)
        if made.topic is Topic.LATENESS and last is not None and last.role == "not":
            return True
    return False


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
        comes = any(brings(sign, found) and sign.about != OTHER for sign in segment.signs)
        if not named and earlier is not None and comes:
            # "Ben has started with it too, but has a test today, so I've sent him": "him" is who was named last.
            named = [earlier]
        if len(named) != 1 or not only_present(segment):
            continue
        if any(choice and all(ill.get(child, place) < place for child in choice) for choice in named[0].choices):
            return True
    return False


def only_sent(filing: Sequence[Clause], told: Sequence[Segment]) -> bool:
    """ "The car broke down and we walked, Leo may be tired today": who says how a child will be has sent it in."""
    away = any(segment.has(*OFF, "say.late", "say.collect") for segment in told)
    trouble = any(clause.topic is Topic.ABSENCE_OTHER for clause in filing)
    return trouble and not away and any(segment.has("say.sent") for segment in told)


def comes_first(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Only Leo is in today, the other has been sick all night": an illness behind a child who comes may be another's.

    It is so where that illness names no child, and nobody is said to stay away.
    """
    away = ("say.absent", "say.home", "say.late", "say.arriving", "say.collect", "appointment")
    whom = {child for clause in filing if clause.topic is Topic.SICKNESS for child in told_of(clause)}
    if not whom or any(each.has(*away) for each in segments) or not of_today(filing, found):
        return False
    for at, segment in enumerate(segments):
        named = {child for p in segment.people if p.kind == CHILD for choice in p.choices for child in choice}
        today = not segment.clocks and (not segment.days or only_today(segment, found))
        if not named or not named & whom or not today or not only_present(segment):
            continue
        if not any(sign.stands and f"{sign.table}.{sign.name}" in COMES for sign in segment.signs):
            continue
        after = next((each for each in segments[at + 1 :] if each.has("sickness")), None)
        if after is not None and not any(person.kind == CHILD for person in after.people):
            return True
    return False


def fine_and_coming(filing: Sequence[Clause], segments: Sequence[Segment]) -> bool:
    """ "A new lad is with us. Been sick all night, so won't be in. Leo is fine and on his way": not of Leo.

    A child who is named beside that he is well and comes is not the one of whom an absence is told without a name.
    """
    absent = [clause for clause in filing if clause.topic in {Topic.SICKNESS, Topic.ABSENCE_OTHER}]
    whom = {child for clause in absent for child in told_of(clause)}
    well = {segment.sentence for segment in segments if segment.has("say.better")} if whom else set()
    for sentence in sorted(well):
        same = [each for each in segments if each.sentence == sentence]
        people = [person for each in same for person in each.people if person.kind == CHILD]
        named = {child for person in people for choice in person.choices for child in choice}
        signs = {f"{s.table}.{s.name}" for each in same for s in each.signs if s.stands}
        dated = any(each.days or each.clocks or each.against for each in same)
        if named & whom and "say.better" in signs and signs & {*COMES, "say.arriving"} and not dated and signs <= WELL:
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
        ours = {child for p in segment.people if p.kind == CHILD for choice in p.choices for child in choice}
        anothers = bool(ours) and not ours & {child for clause in filing for child in told_of(clause)}
        if later or hedged or segment.question or segment.depends or anothers:
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


def only_from_sport(told: Sequence[Segment], found: Found) -> bool:
    """ "Can't do PE today, she has hurt her foot": what is left out is a lesson, and nobody says that she is off.

    "No PE please, she has a sore knee" says that she is sent in, whatever the weights make of it.
    """
    let_off = [at for at, word in enumerate(found.words) if word.norm in found.small.get("left_out", frozenset())]
    activities = found.small.get("activities", frozenset())
    lessons = [at for at, word in enumerate(found.words) if {word.norm, word.typed} & activities]
    excused = {at for at in let_off if near_lesson(at, lessons, found)}
    away = [sign.hit for segment in told for sign in segment.signs if sign.hit.concept in OFF]
    if any(excused.isdisjoint(range(hit.first, hit.last)) for hit in away):
        return False
    named = {person.choices for segment in told for person in segment.people if person.kind == CHILD}
    if len(named) < 2 and any(segment.has("say.sent") for segment in told):
        return True
    denied = {at for at, word in enumerate(found.words) if word.norm in found.small["not"]}
    denied |= {hit.last - 1 for hit in found.hits if hit.concept in {"scope.negator", "scope.negator_after"}}
    return bool(excused) or any(near_lesson(at, lessons, found) for at in denied)


def near_lesson(at: int, lessons: Sequence[int], found: Found) -> bool:
    """Whether a lesson follows a "not" or an "excuse"; or stands before it, where the verb comes last."""
    behind = LEFT_OUT if found.small["past_final"] else 0
    return any(0 < lesson - at <= LEFT_OUT or 0 < at - lesson <= behind for lesson in lessons)


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
