"""Which of the children whom a report names it is about: a name counts where the story is told, or in a bare list."""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from conversations.acts import Kind
from conversations.hearing.names import CHILD, FIRST, OTHER, PRONOUN, UNKNOWN, Person
from conversations.hearing.segments import Found, Segment, Sign
from conversations.hearing.years import CLASS

if TYPE_CHECKING:
    from conversations.hearing.reports import Report
    from conversations.hearing.weighing import Decision

# What can make a story of its own.
STORIES = {
    "sickness",
    "appointment",
    "travel",
    "absence_other",
    "leave",
    "barrier",
    "attendance_query",
    "claims_present",
}
ABSENCE = {"say.absent", "say.home", "say.late", "say.arriving", "say.collect"}
PRESENCE = {"say.present", "say.better", "say.sent", "claims_present.words"}

# What may be said beside that somebody is in, without being news: "she'll go to after school club as usual".
BESIDE_PRESENCE = {"talk.smalltalk", "scope.idiom", "talk.other_school_matter", "talk.collection"}


def tells(sign: Sign) -> bool:
    """Whether a sign is of a story."""
    return sign.table in STORIES or f"{sign.table}.{sign.name}" in ABSENCE


def away_besides(segment: Segment) -> bool:
    """Whether an absence is told in words of its own, and not in those of being sent home ("sent home from school")."""
    home = [sign.hit for sign in segment.signs if sign.hit.concept == "say.home"]
    return any(
        sign.hit.concept == "say.absent"
        and not any(sign.hit.first < hit.last and hit.first < sign.hit.last for hit in home)
        for sign in segment.signs
    )


def only_present(segment: Segment) -> bool:
    """Whether a stretch says nothing but that somebody is fine, coming in, or does not have it."""
    kinds = {f"{sign.table}.{sign.name}" for sign in segment.signs if sign.stands}
    told = kinds - BESIDE_PRESENCE
    if not told:
        return any(sign.negated and sign.table == "sickness" for sign in segment.signs)
    arrives = any(clock.kind is not Kind.PART for clock in segment.clocks)
    return bool(told & PRESENCE) and told <= PRESENCE | (set() if arrives else {"say.arriving"})


def same(names: Sequence[Person], others: Sequence[Person]) -> bool:
    """Whether two lists of people can be of the same children."""
    missing = {each for person in names for choice in person.choices for each in choice}
    if not missing:
        return False
    for person in others:
        for choice in person.choices:
            missing.difference_update(choice)
        if not missing:
            return True
    return False


class Stretch(NamedTuple):
    """A stretch of a report, the children named in it, and of these the ones of whom it says nothing we know."""

    segment: Segment
    names: list[Person]
    loose: list[Person]

    @property
    def told(self) -> bool:
        """Whether it plainly tells something."""
        return any(
            sign.stands and tells(sign) and (sign.about not in {OTHER, FIRST} or sign.table == "travel")
            for sign in self.segment.signs
        )


class Cast(NamedTuple):
    """The stretches that tell a report's story, whom it is about, who is in school, and whose part is unclear."""

    segments: list[Segment]
    names: list[Person]
    present: list[Person]
    unclear: list[Person]


def cast(stretches: Sequence[tuple[Segment, list[Person]]], found: Found) -> Cast:
    """Gives each child named in a report a part in it.

    "Leo's clear so far" beside "Luca has conjunctivitis" is not of Leo: a child is only meant where something is told
    of it, or where a stretch is nothing but names, or says "too".
    """
    rows = [Stretch(segment, names, trailing(segment, names, found)) for segment, names in stretches]
    tellers = [row for row in rows if row.told and row.names and not only_present(row.segment)]
    telling = {row.segment.number for row in tellers}
    told_of = [person for row in tellers for person in row.names if person not in row.loose]
    if not told_of:
        return untold(rows, found)
    names, present = list(told_of), list[Person]()
    unclear, segments = groups(rows, told_of), list[Segment]()
    before: Stretch | None = None
    both = set(unclear)
    for row in rows:
        timed = row.segment.number not in telling and hour_too(row, tellers, found)
        # "Leo till Thursday, both have a bug": what is told of both tells no one of his days.
        known = [person for person in told_of if not (timed and person in both)]
        strangers = [person for person in row.names if not same([person], known)]
        joins = before is not None and joins_present(before, row)
        before = row
        if row.segment.number in telling:
            unclear.extend(person for person in row.loose if not same([person], told_of))
        elif strangers and only_asked(row):
            # "Leo is ill, is Maya ok?"
            unclear.extend(strangers)
            continue
        elif strangers and (only_present(row.segment) or (joins and (listed(row, found) or beside(row, found)))):
            present.extend(strangers)
            continue
        elif strangers and (row.segment.has("correction") or listed(row, found) or beside(row, found)):
            # "Maya is off, I mean Leo": who is meant is asked.
            names.extend(strangers)
        elif strangers and timed:
            # "Maya's check-up is at 9.30, Sam at 2".
            names.extend(strangers)
            unclear = [person for person in unclear if person not in both or not same([person], names_of(names))]
        elif strangers and not introduced(row, found):
            unclear.extend(strangers)
            continue
        segments.append(row.segment)
    return Cast(segments, names, present, unclear)


def names_of(people: Sequence[Person]) -> list[Person]:
    """Those who are named."""
    return [person for person in people if person.rule.startswith("name")]


def only_asked(row: Stretch) -> bool:
    """Whether all that is told of somebody is asked."""
    return row.segment.question and bool(row.segment.signs) and not any(sign.stands for sign in row.segment.signs)


def hour_too(row: Stretch, tellers: Sequence[Stretch], found: Found) -> bool:
    """Whether a stretch is a name with an hour or a day, beside one that tells of somebody with their own."""
    timed = {"appointment", "say.late", "say.arriving"}
    return any(
        own_time(row, each, found) and (each.segment.has(*timed) or bool(row.segment.days and each.segment.days))
        for each in tellers
    )


def own_time(row: Stretch, other: Stretch, found: Found) -> bool:
    """ "Sam at 2", "Maya on the 20th": a name with an hour or a day and nothing else, as another has."""
    one, two = row.segment, other.segment
    if not (hours(one) and hours(two)) and not (one.days and two.days):
        return False
    dated = {at for first, last, _, _ in one.days for at in range(first, last)}
    rest = left_over(range(one.first, one.last), row.names, found, said=dated)
    idle = found.small["hour_before"] | found.small["prepositions"] | found.small["on_days"]
    return set(rest) <= idle | found.small.get("alone", frozenset())


def hours(segment: Segment) -> bool:
    """Whether a stretch has an hour in it."""
    return any(clock.kind is Kind.TIME for clock in segment.clocks)


def joins_present(before: Stretch, row: Stretch) -> bool:
    """Whether a stretch goes on from one that only says who is in: "Roxi is coming in, Edi too"."""
    in_school = bool(before.names) and only_present(before.segment)
    return in_school and before.segment.sentence == row.segment.sentence


def goes_along(segment: Segment, names: list[Person], found: Found) -> bool:
    """Whether a stretch only adds names to what was said before it: "Edi too", "Roxi"."""
    row = Stretch(segment, names, [])
    return not any(tells(sign) for sign in segment.signs) and (listed(row, found) or beside(row, found))


def groups(rows: Sequence[Stretch], told_of: Sequence[Person]) -> list[Person]:
    """Words for all the children beside the name of one: "Ada has the dentist. I'll pick the two of them up"."""
    single = [person for person in told_of if person.rule.startswith("name")]
    named = {each for person in single for choice in person.choices for each in choice}
    words = [person for row in rows for person in row.names if person.rule in {"people.pair", "people.all"}]
    return [person for person in words if single and any(set(choice) > named for choice in person.choices)]


def spoken_on(rows: Sequence[Stretch]) -> Cast | None:
    """ "Leo's temp is down but I'll keep him home. Maya is back today": a "him" is who was named in its sentence."""
    for number, row in enumerate(rows):
        before = next((each for each in reversed(rows[:number]) if each.names), None)
        pronoun = any(person.kind == PRONOUN for person in row.segment.people)
        if row.told and not row.names and pronoun and before and before.segment.sentence == row.segment.sentence:
            others = [each for each in rows if each.names and each is not before]
            apart = [(each, [p for p in each.names if not same([p], before.names)]) for each in others]
            present = [person for each, names in apart if only_present(each.segment) for person in names]
            unclear = [person for each, names in apart if not only_present(each.segment) for person in names]
            kept = [each.segment for each in rows if each not in others or not only_present(each.segment)]
            return Cast(kept, before.names, present, unclear)
    return None


def untold(rows: Sequence[Stretch], found: Found) -> Cast:
    """A report whose story names nobody: it is about those who were named, but two apart are not one answer."""
    theirs = spoken_on(rows)
    if theirs:
        return theirs
    quiet = [row for row in rows if row.names and not only_present(row.segment)]
    numbers = {row.segment.number for row in quiet}
    first = quiet[0].names if quiet else []
    names = [person for row in quiet for person in row.names if person in first or same([person], first)]
    ours = set(names)
    apart = [person for row in quiet for person in row.names if person not in ours]
    # "Figures for the lad please. Joss": the name says which.
    begins = bool(first) and not any(person.choices for person in first)
    begins = begins or not quiet or quiet[0].told or listed(quiet[0], found) or introduced(quiet[0], found)
    timed = [row for row in quiet[1:] if own_time(row, quiet[0], found)]
    rest = [row for row in quiet[1:] if row not in timed]
    begins = begins or (bool(timed) and own_time(quiet[0], quiet[0], found))
    if begins and all(listed(row, found) or beside(row, found) or introduced(row, found) for row in rest):
        names, apart = [*names, *apart], []
    settled = [row for row in rows if row.names and row.segment.number not in numbers]
    told_at = next((number for number, row in enumerate(rows) if row.told), len(rows))
    late = [row for row in rows[told_at + 1 :] if row.segment.number in numbers]
    aside = [row for row in late if spoken_to(row) and not introduced(row, found)]
    if late == quiet and any(not row.segment.has("correction") for row in aside):
        # "He's in bed with a fever. I told our Kay": of whom it was told is not said.
        return Cast([row.segment for row in rows if row.segment.number not in numbers], [], [], [*names, *apart])
    if not names or not any(row.told for row in rows):
        everyone = [person for row in rows for person in row.names]
        return Cast([row.segment for row in rows], everyone, [], [])
    present = [person for row in settled for person in row.names if not same([person], names)]
    kept = [row.segment for row in rows if not row.names or row.segment.number in numbers or row.told]
    return Cast(kept, names, present, apart)


def strangers(report: Report, found: Found) -> bool:
    """Whether somebody whom we do not know shares a known child's part: "Maya and Jack are off", Jack being nobody's.

    That is so where the name is joined to the child's or to what was told, or where what is told follows it.
    """
    if not any(person.kind == CHILD and person.choices for person in report.names):
        return False
    told = {sign.hit.first for segment in report.segments for sign in segment.signs if sign.stands and tells(sign)}
    placed = found.small["prepositions"] | found.small["hour_before"] | {"in"}
    ends = {person.last for person in report.names if person.kind == UNKNOWN}
    theirs = set(report.names)
    for segment in report.segments:
        # "Her friend Grace" is a friend.
        kin = {person.last for person in segment.people if person.kind == OTHER}
        row = Stretch(segment, [p for p in segment.people if p.kind == UNKNOWN and p.first not in kin], [])
        so_too = bool(row.names) and beside(row, found)
        for person in row.names:
            before = found.words[person.first - 1].norm if person.first else ""
            joined = before in found.small["joins"] and person.first - 1 not in ends
            follows = person.first > 0 and before not in placed and {person.first, person.last} & told
            if person in theirs and (joined or follows or so_too):
                return True
    return False


def anothers(report: Report, judged: Decision, before: Decision) -> bool:
    """Whether a topic that only the weights heard may be of another child than the one who is named.

    "Jasper will be in by twenty to. Ivy has redecorated the bathroom": the tables know whose lateness it is, and the
    weights do not say whose the illness is.
    """
    if judged.topic is before.topic or not judged.weighed:
        return False
    named = [
        {each for person in one.people if person in report.names for choice in person.choices for each in choice}
        for one in report.segments
    ]
    told = [each for each in named if each]
    return any(one != other for one in told for other in told)


def spoken_to(row: Stretch) -> bool:
    """Whether somebody else acts in a stretch before a child is named: "I did tell our Kay"."""
    first = min(person.first for person in row.names)
    return any(person.kind in {FIRST, OTHER} and person.first < first for person in row.segment.people)


def trailing(segment: Segment, names: Sequence[Person], found: Found) -> list[Person]:
    """The names in a stretch after all that it tells, with words after them that say we do not know what."""
    last = max((sign.hit.last for sign in segment.signs if tells(sign)), default=None)
    if last is None:
        return []
    after = [person for person in names if person.kind in {CHILD, UNKNOWN} and person.first >= last]
    if len(after) == 1 and joined(after[0], segment, found):
        # "No way of getting Ada and Tobi across".
        return []
    if not after or not any(person.first < last for person in segment.people if person.kind == CHILD):
        return []
    return after if left_over(range(after[0].first, segment.last), after, found) else []


def joined(person: Person, segment: Segment, found: Found) -> bool:
    """Whether an "and" joins a name to another child's right before it, and no verb of its own follows."""
    before = {each.last for each in segment.people if each.kind == CHILD and each.choices}
    after = found.words[person.last].norm if person.last < segment.last else ""
    joins = person.first > segment.first and found.words[person.first - 1].norm in found.small["joins"]
    verbs = found.small["verbs"] | found.small["name_verbs"]
    return joins and person.first - 1 in before and person.kind == CHILD and after not in verbs


def left_over(places: range, names: Sequence[Person], found: Found, *, said: Set[int] = frozenset()) -> list[str]:
    """The words of a stretch that are no names, classes, manners or "too", and not `said` otherwise."""
    named = said | {at for person in names for at in range(person.first, person.last)}
    light = found.small["beside_names"] | found.small["joins"] | found.small["openers"] | found.small["class"]
    light |= found.small["light"] | found.small["too"] | found.small["sign_offs"]
    return [
        found.words[at].norm
        for at in places
        if at not in named
        and at not in found.aside
        and found.words[at].kind == "word"
        and found.words[at].norm not in light
        and not CLASS.fullmatch(found.words[at].norm)
    ]


def listed(row: Stretch, found: Found) -> bool:
    """Whether a stretch is nothing but names: "Leo, Luca and Ben have a bug"."""
    return not left_over(range(row.segment.first, row.segment.last), row.names, found)


def beside(row: Stretch, found: Found) -> bool:
    """Whether a stretch says that somebody is so too: "Sam as well", "same for Leo"."""
    inside = range(row.segment.first, row.segment.last)
    words, too = [found.words[at].norm for at in inside if found.words[at].kind != "mark"], found.small["too"]
    pairs = [*map(" ".join, itertools.pairwise(words))]
    # "So does Leo" asks nothing.
    so = not too.isdisjoint(pairs) and all(found.words[at].norm != "?" for at in inside)
    if (row.segment.question and not so) or not words:
        return False
    return words[-1] in found.small["too_last"] or not too.isdisjoint(words) or not too.isdisjoint(pairs)


def introduced(row: Stretch, found: Found) -> bool:
    """Whether a stretch only says who writes: "Hi it's Leo's mum", "Leo's dad here"."""
    others = [person for person in row.segment.people if person not in row.names]
    near = any(other.first <= name.last + 1 for other in others for name in row.names if other.first >= name.last)
    words = " ".join(found.words[at].norm for at in range(row.segment.first, row.segment.last))
    return near and any(f" {lead} " in f" {words} " for lead in found.small["introduces"] | found.small["here"])


def was_away(others: Sequence[Segment], found: Found) -> bool:
    """ "Was ill on Friday, she didn't come in": an absence told in the past, with no day of its own, is of that day."""
    past = found.small["past"]
    away = [(s, sign.hit) for s in others for sign in s.signs if sign.hit.concept == "say.absent" and sign.stands]
    return bool(away) and all(
        not segment.days and any(found.words[at].norm in past for at in range(hit.first, hit.last))
        for segment, hit in away
    )
