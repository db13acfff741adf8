"""Where a text tells that a child is in school or well: today after an illness, or on a past day of being ill there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.acts import Clause, Days, Topic
from conversations.hearing.contradictions import COMES, is_of, told_of
from conversations.hearing.segments import Found, Segment, Sign

# How far behind a day that may stand which says so of it.
AFTER = 2
# How many words may stand between an illness and "at school".
BESIDE = 1


def well_after_all(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """Whether a child was in school on the day of the illness, or is well on a day that would be filed."""
    if not filing or any(clause.topic is not Topic.SICKNESS for clause in filing):
        return False
    if any(segment.has("say.absent", "say.home", "say.late", "say.arriving", "say.collect") for segment in segments):
        return False
    if covers(filing, found.today):
        return (
            well_today(filing, segments, found)
            or well_on_the_last(segments, found)
            or well_since_the_night(filing, segments, found)
        )
    return ill_in_school(filing, segments, found)


def well_today(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "A temperature at the weekend, today she is in": after an illness, "today" and then what says so."""
    ill = {each for clause in filing for each in told_of(clause)}
    first = min((s.number for s in segments if s.has("sickness")), default=len(segments))
    for segment in segments[first:]:
        if segment.clocks or segment.has("appointment", "travel", "sickness") or not on_today(segment, found):
            continue
        day = max(begin for begin, _, _, _ in segment.days)
        hedges = [hit for hit in found.hits if hit.concept == "scope.hypothetical"]
        well = [s.hit for s in segment.signs if brings_or_well(s) and s.hit.first >= day]
        sure = [hit for hit in well if not any(h.first <= hit.first and hit.last <= h.last for h in hedges)]
        if sure and is_of(ill, found, segment.last):
            return True
    return False


def well_since_the_night(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "Sick in the night, but fine in the morning": ill by night, and then well, with no word of staying at home."""
    ill = {each for clause in filing for each in told_of(clause)}
    sick = [sign.hit.first for segment in segments for sign in segment.signs if sign.table == "sickness"]
    since = max(min(found.nights, default=len(found.words)), min(sick, default=len(found.words)))
    return any(
        sign.stands and sign.name == "better" and sign.hit.first >= since and is_of(ill, found, segment.last)
        for segment in segments
        for sign in segment.signs
    )


def on_today(segment: Segment, found: Found) -> bool:
    """Whether a stretch speaks of today alone, with no "not" in it: "she is fine today", "azi vine"."""
    said = [days for _, _, days, rule in segment.days if rule.startswith("date")]
    denied = any(found.words[at].norm in found.small["not"] for at in range(segment.first, segment.last))
    alone = all(days.role == "on" and days.first == days.last == found.today for days in said)
    return len(said) == len(segment.days) > 0 and alone and not denied


def covers(filing: Sequence[Clause], today: date) -> bool:
    """Whether what would be filed takes in today, as it does where no day is said."""
    told = [m.value for clause in filing for m in clause.mentions if isinstance(m.value, Days)]
    return not told or any((days.first or today) <= today <= (days.last or today) for days in told)


def well_on_the_last(segments: Sequence[Segment], found: Found) -> bool:
    """ "A avut febră ieri, azi e bine": two days with a comma between, of which the last is no day off."""
    ends = [
        last
        for segment in segments
        for _, last, said, rule in segment.days
        if rule == "days.several" and said.last == found.today and said.first != said.last
    ]
    well = [sign.hit for segment in segments for sign in segment.signs if brings_or_well(sign)]
    return any(-1 <= hit.first - last <= AFTER and hit.last > last for last in ends for hit in well)


def brings_or_well(sign: Sign) -> bool:
    """Whether a sign plainly says that a child is in, or is well."""
    return sign.stands and f"{sign.table}.{sign.name}" in COMES | {"say.better"}


def ill_in_school(filing: Sequence[Clause], segments: Sequence[Segment], found: Found) -> bool:
    """ "She was sick at school yesterday": ill on a day that is past, in school, and nobody says that she was off."""
    past = all(
        m.value.last is not None and m.value.last < found.today
        for clause in filing
        for m in clause.mentions
        if isinstance(m.value, Days)
    )
    return past and any(
        segment.has("sickness") and any(brings_or_well(s) for s in segment.signs if s.name != "better")
        for segment in segments
    )


def ill_at_school(filing: Sequence[Clause], told: Sequence[Segment], found: Found) -> bool:
    """ "Yesterday she was sick at school": ill on a day that is past, and nobody says that she was off."""
    if any(segment.has("say.absent", "say.home") for segment in told):
        return False
    days = [
        mention.value
        for clause in filing
        if clause.topic is Topic.SICKNESS
        for mention in clause.mentions
        if isinstance(mention.value, Days)
    ]
    if not days or not all(each.last is not None and each.last < found.today for each in days):
        return False
    there = found.small.get("at_school", frozenset())
    norms = [word.norm for word in found.words]
    places = [at for at in range(len(norms) - 1) if f"{norms[at]} {norms[at + 1]}" in there]
    ill = [sign.hit for segment in told for sign in segment.signs if sign.table == "sickness"]
    return any(0 <= at - hit.last <= BESIDE or 0 <= hit.first - at - 2 <= BESIDE for at in places for hit in ill)
