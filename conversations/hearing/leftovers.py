"""What a text says of days and times that nothing in it has used: a day left over is never passed by in silence."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, time

from conversations.acts import Clause, Days, Kind, Mention, Topic
from conversations.hearing.clocks import Clock
from conversations.hearing.hoped_days import hoped
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.likeness import like_one
from conversations.hearing.meant_days import lasting, left_out
from conversations.hearing.names import OTHER
from conversations.hearing.normalise import Word
from conversations.hearing.other_days import Dated
from conversations.hearing.phrases import Hit
from conversations.hearing.resolving import FRIDAY, Span
from conversations.hearing.segments import Found, Segment

TELLING = frozenset({"calendar.week", "calendar.weeks", "calendar.fortnight", "calendar.months"})
COUNTED = frozenset({"calendar.days", "calendar.hours", "calendar.day"})
FIGURES = frozenset({"number", "dotted", "short", "full", "iso"})
# A temperature in degrees, with a decimal or without.
FEVERISH = range(35, 43)
EMERGENCY = frozenset({"111", "999"})
# No name of a day is shorter than this.
SHORTEST_DAY = 3
# So close behind "until" an hour stands: "till just gone 2".
CLOSE = 3


def loose(words: Sequence[Word], small: Sequence[Hit], used: Set[int], lexicon: Lexicon) -> frozenset[int]:
    """The words that name a day, a week or a month, or are a figure, and stand in nothing that was understood."""
    named = {
        at
        for hit in small
        if hit.concept in TELLING or hit.concept.startswith("weekday.") or of_a_day(hit, words)
        for at in range(hit.first, hit.last)
    }
    ends = lexicon.small["until_alone"]
    figures = {at for at, word in enumerate(words) if word.kind in FIGURES or word.norm in ends}
    units = {hit.first for hit in small if hit.concept in COUNTED}
    spelled = {
        at
        for at, word in enumerate(words)
        if word.norm in lexicon.numbers and word.kind == "word" and (at + 1 in units or hour(words, at, lexicon))
    }
    return frozenset((named | figures | spelled) - used)


def unread_end(found: Found, filing: Sequence[Clause], lexicon: Lexicon) -> bool:
    """ "Off until thrusdy", "back on wendsdy": what stands there is in no table, and no other day says how long.

    "Dentist on wendsdy at 10": wherever it stands, what looks like the name of a day may be one.
    """
    days: list[Days] = [m.value for clause in filing for m in clause.mentions if isinstance(m.value, Days)]
    if not filing or any(told.last is None or told.last > found.today for told in days):
        return False
    ends = lexicon.small["until_alone"]
    if any(found.words[at].norm in ends and not of_an_hour(at, found) for at in found.loose):
        # "Off till half term", "until January".
        return True
    heard = {at for first, last, _, _ in found.days for at in range(first, last)}
    spans = [(hit.first, hit.last) for hit in found.hits] + [(clock.first, clock.last) for clock in found.clocks]
    heard |= {at for first, last in [*spans, *((p.first, p.last) for p in found.people)] for at in range(first, last)}
    strange = (word for at, word in enumerate(found.words) if at not in heard and is_strange(word, lexicon))
    if any(like_one(word.norm, lexicon.day_names) for word in strange):
        return True
    hits = lexicon.days.find(found.words)
    after_on = {hit.first: hit.last for hit in hits if hit.concept == "calendar.on"}
    for hit in hits:
        after = after_on.get(hit.last, hit.last)
        beside = {"calendar.until": after, "calendar.back": after, "calendar.until_after": hit.first - 1}
        at = beside.get(hit.concept, -1)
        # A preposition of one letter, as Arabic's, is written with its word, which may be any.
        last = found.words[hit.last - 1].norm
        unclear = len(last) == 1 or last in lexicon.small.get("until_or_over", ())
        if unclear or not 0 <= at < len(found.words) or at in heard:
            continue
        if is_strange(found.words[at], lexicon):
            return True
    return False


def is_strange(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word is in no table, and long enough to be the name of a day."""
    return word.kind == "word" and len(word.norm) >= SHORTEST_DAY and word.norm not in lexicon.known


def of_an_hour(at: int, found: Found) -> bool:
    """ "Up till 4", "until after lunch": close behind the word stands a figure, or a time that was understood."""
    near = range(at + 1, min(at + 1 + CLOSE, len(found.words)))
    timed = {each for clock in found.clocks for each in range(clock.first, clock.last)}
    return any(found.words[each].kind in FIGURES or each in timed for each in near)


def hour(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a number in words ends a stretch after "at" or "past": it may be an hour."""
    before = words[at - 1].norm if at else ""
    ends = at + 1 == len(words) or words[at + 1].kind == "mark"
    return ends and before in lexicon.small["hour_before"]


def of_a_day(hit: Hit, words: Sequence[Word]) -> bool:
    """Whether a month stands beside a number: alone it may be a verb or a name ("may", "mark", "june")."""
    near = words[max(0, hit.first - 2) : hit.last + 2]
    return hit.concept.startswith("month.") and any(word.kind == "number" for word in near)


def excepted(found: Found) -> bool:
    """Whether a day is taken out of others: "every day this week bar Friday"."""
    return any(first and found.words[first - 1].norm in found.small["except"] for first, _, _, _ in found.days)


def left_over(found: Found) -> bool:
    """Whether a loose word may matter: a weekday or a week always, a figure unless it counts something else."""
    return any(matters(at, found) for at in found.loose)


def matters(at: int, found: Found) -> bool:
    """Whether a loose word may be a day or a time."""
    word, small = found.words[at], found.small
    earlier = [each.norm for each in found.words[max(0, at - 8) : at]]
    before = earlier[-1] if earlier else ""
    after = found.words[at + 1].norm if at + 1 < len(found.words) else ""
    if set(earlier) & small["awake"] and (before in small["up_until"] or word.norm in small["up_until"]):
        # "Up since 4": so long was the night.
        return False
    if word.kind == "number" and len(word.norm) < 3 and before in small["awake_at"] and not told_off(at, found):
        # "Since 7 we are in one place": an hour that is gone.
        return False
    if of_somebody_else(at, found):
        return False
    if word.kind not in FIGURES:
        if word.norm in small["prepositions"] or (word.norm in small.get("names_too", ()) and not before.isdigit()):
            return False  # "Do" is also "to"; "mają", they have, is typed as the month is.
        idle = any(hit.first <= at < hit.last and quiet(hit) for hit in found.hits)
        return (
            not idle
            and before not in small["any_such"]
            and not (word.norm in small["up_until"] and after_used(at, found))
        )
    if before in found.small["before_count"] or after in found.small["counted"] | found.small["after_count"]:
        return False
    if word.kind in {"number", "dotted"} and int(word.norm.replace(":", ".").partition(".")[0]) in FEVERISH:
        return False
    return word.norm not in EMERGENCY and not any(hit.first <= at < hit.last for hit in found.hits)


def told_off(at: int, found: Found) -> bool:
    """Whether an absence stands right before a word and the one before it: "off since 7"."""
    return any(hit.concept == "say.absent" and at - 3 < hit.last <= at for hit in found.hits)


def of_somebody_else(at: int, found: Found) -> bool:
    """ "His mother is at work until six": an hour of somebody else's day, by the nearest person before it."""
    near = [person for person in found.people if person.last <= at]
    if not near or near[-1].kind != OTHER:
        return False
    last = near[-1].last
    between = range(last, at)
    stops = any(found.words[each].kind == "mark" for each in between)
    told = any(
        hit.concept.startswith(("say.", "sickness.")) and hit.last > last and hit.first <= at for hit in found.hits
    )
    return not stops and not told


# What lasts: beside it an end is the end of an absence.
LASTING = frozenset({"suspension", "bereavement", "family_emergency", "housing"})
# How far before a day an illness may stand for the child to be off on it: "poorly on Friday".
BESIDE = 4
# How few words a stretch has that is only an answer to when: "Thursday and Friday as well".
FEW = 6


def adrift(found: Found, clauses: Sequence[Clause], told: Sequence[Segment], start: date) -> bool:
    """Whether a day is taken for an absence from a stretch that tells of none: "she'll be right for Thursday"."""
    days = [
        mention
        for clause in clauses
        if clause.topic in {Topic.SICKNESS, Topic.ABSENCE_OTHER}
        for mention in clause.mentions
        if mention.kind is Kind.DAYS and isinstance(mention.value, Days) and not mention.value.open_ended
    ]
    for mention in days:
        first, last = mention.value.first, mention.value.last  # type: ignore[union-attr]
        later = first is not None and first > start
        back = mention.rule.startswith(("days.back", "days.not_back", "date"))
        if first is None and any(each is not mention and ends_with(each, last) for each in days):
            # "Leave it until Wednesday to be safe, so Thursday she'll be in": both say the same.
            continue
        if not later and (back or first is not None or last is None):
            continue
        place = mention.span[0]
        here = [s for s in told if found.words[s.first].start <= place < found.words[s.last - 1].end]
        if not any(bears(segment, place, found) for segment in here):
            return True
    return False


def ends_with(mention: Mention, last: date | None) -> bool:
    """Whether a statement of days ends on this one."""
    return isinstance(mention.value, Days) and mention.value.last == last


def bears(segment: Segment, place: int, found: Found) -> bool:
    """Whether a stretch tells of an absence, so that a day in it is one; or is nothing but days."""
    if segment.has("say.absent", "say.home", "sickness.medical_other") or not segment.signs or segment.spoken <= FEW:
        return bool(segment.signs) or segment.spoken <= FEW
    at = next(at for at in range(segment.first, segment.last) if found.words[at].end > place)
    near = (sign for sign in segment.signs if abs(at - sign.hit.last) <= BESIDE or abs(sign.hit.first - at) <= BESIDE)
    return any(sign.table == "sickness" or sign.name in LASTING for sign in near)


def clocked(found: Found, clauses: Sequence[Clause], told: Sequence[Segment], now: time) -> bool:
    """Whether an hour still to come is said where an absence or an arrival is told, and no clause has it."""
    places = {mention.span for clause in clauses for mention in clause.mentions if mention.kind is Kind.TIME}
    if any(segment.has("appointment") for segment in told):
        return False
    if not any(segment.has("say.absent", "say.late", "say.arriving", "say.present") for segment in told):
        return False
    return any(
        (found.words[clock.first].start, found.words[max(clock.first, clock.last - 1)].end) not in places
        and isinstance(clock.value, time)
        and clock.value > now
        and not of_the_bus(clock, segment)
        and not {each.norm for each in found.words[max(0, clock.first - 3) : clock.first]} & found.small["awake_at"]
        for segment in told
        for clock in segment.clocks
    )


def of_the_bus(clock: Clock, segment: Segment) -> bool:
    """ "Next one is 9.05, so in by 9.20": an hour right behind what makes late, before another one, is no arrival."""
    behind = any(sign.table == "travel" and 0 <= clock.first - sign.hit.last <= 1 for sign in segment.signs)
    return behind and not segment.has("say.late", "say.arriving", "say.present")


def after_used(at: int, found: Found) -> bool:
    """Whether what follows a word was understood as a time, over one word at most: "until gone 10"."""
    return any(at < clock.first <= at + 2 for clock in found.clocks)


def quiet(hit: Hit) -> bool:
    """Whether a phrase takes the day out of a word: "Monday morning blues" is an idiom, "see you next week" manners."""
    return hit.concept in {"scope.idiom", "talk.smalltalk", "scope.story"} and hit.last - hit.first > 1


def of_illness(dated: Dated, segment: Segment, found: Found) -> bool:
    """Whether a count is how long an illness has lasted: it says so, or stands right beside it."""
    named = (sign for sign in segment.signs if sign.table == "sickness" and sign.name != "unspecified")
    beside = any(sign.hit.last + 2 >= dated[0] and sign.hit.first <= dated[1] + 2 for sign in named)
    return beside or lasting(dated, segment, found)


def within(said: Span, clauses: Sequence[Clause]) -> bool:
    """Whether some days lie within one absence that is told anyway: "do the 48 hours, back on Wednesday"."""
    told = [m.value for each in clauses for m in each.mentions if isinstance(m.value, Days) and m.sure]
    first = min((days.first for days in told if days.first), default=said.first)
    last = max((days.last for days in told if days.last), default=None)
    if said.first is None or said.last is None or first is None or last is None:
        return False
    return len(clauses) == 1 and first <= said.first and said.last <= last


def unused(found: Found, clauses: Sequence[Clause], told: Sequence[Segment], today: date) -> bool:
    """Whether a day was read in a stretch that tells the story, and no clause has it."""
    places = {
        mention.span for clause in clauses for mention in clause.mentions if mention.kind in {Kind.DAYS, Kind.PART}
    }
    other = found.small["later_words"] | found.small["times_before"] | found.small["compared"]
    for segment in told:
        for first, last, said, rule in segment.days:
            place = (found.words[first].start, found.words[max(first, last - 1)].end)
            # "Off today, tomorrow we'll see": a stretch that only hopes adds no day.
            hopes = not segment.has("say.absent", "sickness", "appointment", "leave")
            hedged = segment.hedged_from is not None and (first > segment.hedged_from or hopes)
            past = said.last is not None and said.first is not None and said.role != "until"
            here = segment.has("say.absent", "say.late", "say.collect")
            symptom = (
                past and rule.startswith("days.duration") and of_illness((first, last, said, rule), segment, found)
            )
            dropped = hedged or said.role in {"since", "likely"} or symptom
            dropped |= not here and (said.last is None or said.last <= today or said.last.weekday() > FRIDAY)
            near = {found.words[at].norm for at in range(max(segment.first, first - 5), first)}
            dropped |= not here and bool(near & other)
            dropped |= first > segment.first and found.words[first - 1].norm in found.small["not"]
            dropped = dropped or (past and within(said, clauses))
            dropped |= left_out((first, last, said, rule), segment, found) or hoped(
                (first, last, said, rule), segment, found
            )
            if place not in places and not dropped and said.first is not None and not segment.question:
                return True
    return False
