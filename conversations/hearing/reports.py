"""Gathers the stretches of a text into reports: one child or group of children, one story."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from conversations.hearing.cuts import STOPS
from conversations.hearing.names import CHILD, OTHER, PRONOUN, UNKNOWN, Person
from conversations.hearing.resolving import Span
from conversations.hearing.roles import cast, goes_along, only_present, same, tells
from conversations.hearing.segments import Found, Segment, Sign
from conversations.hearing.turns import stays_instead, turn

# The rules that say how long something goes on.
LASTS = ("days.duration", "days.until", "days.back", "days.not_back")


@dataclass(slots=True, kw_only=True)
class Report:
    """Stretches that tell one story, the children it is about, those after "not", and those who are in school.

    `unclear` are children who are named and of whom we cannot tell what is said.
    """

    segments: list[Segment] = field(default_factory=list)
    names: list[Person] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    present: list[Person] = field(default_factory=list)
    unclear: list[Person] = field(default_factory=list)


def gather(segments: Sequence[Segment], found: Found) -> list[Report]:
    """The reports of a text in order."""
    reports: list[Report] = [Report()]
    aside: Report | None = None
    for segment in segments:
        names, excluded = sides(segment, found)
        if excluded and after_present(segment, segments):
            names, excluded = [*names, *excluded], []
        current = reports[-1]
        in_school = only_present(segment) and bool(names) and has_subject(current, segment)
        if in_school and told(current) and not same(names, current.names):
            # "Ben and Theo sick, Bella is coming in": said of Bella, and nothing to file.
            current.present.extend(names)
            aside = Report(segments=[segment], names=names)
            continue
        if aside and names and segment.sentence == aside.segments[-1].sentence and goes_along(segment, names, found):
            # "... Bella is coming in, Zac too".
            current.present.extend(names)
            aside.segments.append(segment)
            continue
        if aside and not names and segment.sentence == aside.segments[-1].sentence:
            if current.names and stays_instead(segment, aside.segments):
                # "Maya is ill, Leo is in, she's staying home": who is in does not stay.
                aside = None
                current.segments.append(segment)
                continue
            aside.segments.append(segment)
            if any(own_story(sign, segment) for sign in segment.signs):
                # "... Sam will be in but a bit late": that is Sam's own story.
                current.present = [person for person in current.present if person not in aside.names]
                reports.append(aside)
                aside = None
            continue
        aside = None
        if parts(segment, names, current) or opens_story(segment, names, current, segments, found):
            current = Report()
            reports.append(current)
        current.segments.append(segment)
        current.names.extend(names)
        current.others.extend(excluded)
    return [with_parts(report, found) for report in reports if report.segments]


def has_subject(report: Report, segment: Segment) -> bool:
    """Whether it is told of somebody already.

    "Grandma died, we fly on Friday. Sam will be in on Wednesday" is of Sam from the start.
    """
    others = (each.kind == OTHER for one in report.segments for each in one.people)
    return bool(report.names) or (not segment.days and any(others))


def with_parts(report: Report, found: Found) -> Report:
    """The report with each child's part in it worked out."""
    if not report.names:
        return report
    rows = [(segment, [person for person in report.names if person in segment.people]) for segment in report.segments]
    at = turn(rows) or 0
    parts = cast(rows[at:], found)
    report.segments, report.names = parts.segments, parts.names
    in_school = [person for _, names in rows[:at] for person in names]
    report.present, report.unclear = [*report.present, *in_school, *parts.present], parts.unclear
    everyone = [person for person in report.names if person.rule in {"people.pair", "people.all"} and person.choices]
    if everyone and any(person.first < everyone[-1].first for person in report.present):
        # "Both have a bug. Leo is better. Neither is coming": said of both once more.
        report.names, report.present = [everyone[-1]], []
    return report


def own_story(sign: Sign, segment: Segment) -> bool:
    """Whether a sign is more than that somebody is on the way."""
    if f"{sign.table}.{sign.name}" == "say.arriving":
        return bool(segment.clocks)
    return tells(sign) and sign.table != "claims_present"


def sides(segment: Segment, found: Found) -> tuple[list[Person], list[Person]]:
    """The children named in a stretch, and those after "not": "Theo not Ben", "not Sam", "instead of Leo"."""
    words, small = found.words, found.small
    names, excluded = [], []
    for person in segment.people:
        if person.kind not in {CHILD, UNKNOWN}:
            continue
        # "não a Maya": in some languages an article stands before a name.
        near = (words[at].norm for at in range(max(segment.first, person.first - 3), person.first))
        before = [norm for norm in near if norm not in small["articles"]][-2:]
        after = words[person.last].norm if person.last < len(words) else ""
        behind = any(each.first == denied_until(person.last, found) for each in found.people)
        behind = behind or (after in small["not_behind"] and left_out(person, found))
        behind = behind or (after in small.get("not_last", ()) and left_out(person, found))
        # "Andrei nu, Ioana e bolnavă": the "not" stands behind.
        then = words[person.last + 1].norm if person.last + 1 < len(words) else ""
        behind = behind or (after in small["not"] and then == ",")
        behind = behind or not_yet(person, found)
        if len(before) > 1 and before[-2] in small["not"] and before[-1] in small["prepositions"]:
            # "Nu la Gabi", "nie o Zosię".
            before.pop()
        is_not = behind or (bool(before) and before[-1] in small["not"] and after not in small["after_not"])
        if (is_not and not segment.echoes) or " ".join(before) in small["instead_of"]:
            excluded.append(person)
        else:
            names.append(person)
    return names, excluded


def not_yet(person: Person, found: Found) -> bool:
    """ "Tomek wymiotował, Piotrek jeszcze nie": it is not told of a child yet, and somebody was named before."""
    words, small = found.words, found.small
    three = [word.norm for word in words[person.last : person.last + 3]]
    if len(three) < 2 or three[0] not in small["still"] or three[1] not in small["not"]:
        return False
    ends = len(three) < 3 or words[person.last + 2].kind == "mark" or three[2] in small["breaks"]
    return ends and any(each.kind == CHILD and each.first < person.first for each in found.people)


def denied_until(last: int, found: Found) -> int:
    """Where what is meant begins, behind "Leo not", "Leo ko nahi", "jumeraat ki bajaye"; -1 where no such "not" is."""
    words, small = found.words, found.small
    at = last + (last < len(words) and words[last].norm in small["on_days"])
    return at + 1 if at < len(words) and words[at].norm in small["not_behind"] else -1


def left_out(person: Person, found: Found) -> bool:
    """Whether "Leo not" ends what is said after somebody else was named."""
    after = person.last + 1
    ends = after >= len(found.words) or found.words[after].kind == "mark"
    return ends and any(each.kind == CHILD and each.first < person.first for each in found.people)


def after_present(segment: Segment, segments: Sequence[Segment]) -> bool:
    """ "Sohail is coming in, Dania not, she's got a fever": after one who is in, "not" names the one who is away."""
    before = segments[segment.number - 1] if segment.number else None
    if before is None or before.sentence != segment.sentence:
        return False
    return any(person.kind == CHILD for person in before.people) and only_present(before)


def opens_story(
    segment: Segment, names: Sequence[Person], current: Report, segments: Sequence[Segment], found: Found
) -> bool:
    """ "Isla is off till Friday, Hamish got over it first, so he's only off today": his story begins with his name.

    What is told of him follows in the same sentence, and has a day of its own or says "he".
    """
    own = [person for person in names if person.kind == CHILD and person.choices and len(person.choices[0]) == 1]
    if len(own) != 1 or not told(current) or any(tells(sign) for sign in segment.signs):
        return False
    if not current.names or same(own, current.names) or segment.spoken == own[0].last - own[0].first == 0:
        return False
    # "Emi: ear infection. Haruki: has physio at 1".
    dated = bool(segment.days) or found.words[segment.last - 1].norm == ":"
    for later in segments[segment.number + 1 :]:
        if later.sentence != segment.sentence or any(person.kind in {CHILD, OTHER} for person in later.people):
            return False
        dated = dated or bool(later.days)
        if any(tells(sign) and sign.stands for sign in later.signs):
            return dated
    return False


def told(report: Report) -> bool:
    """Whether a story has been told already."""
    return any(tells(sign) for segment in report.segments for sign in segment.signs)


def parts(segment: Segment, names: Sequence[Person], current: Report) -> bool:
    """Whether a stretch begins a story of its own: of other children, or another matter on another day."""
    if not told(current) or not any(tells(sign) for sign in segment.signs):
        return False
    if names and current.names and not same(names, current.names):
        return not goes_on(segment, names, current)
    if not any(sign.stands and tells(sign) for sign in segment.signs):
        return False
    lasts = all(each[3].startswith(LASTS) for each in segment.days)
    if not names and lasts and not segment.clocks and (segment.days or segment.has("say.absent")):
        # "The surgeon said two weeks off": how long the same story goes on.
        return False
    mine, days = matters(segment), {each[2].first for each in segment.days if each[2].role == "on"}
    if not mine or not days:
        return False
    theirs = {matter for each in current.segments for matter in matters(each)}
    held = {each[2].first for each in (d for s in current.segments for d in s.days)}
    return bool(theirs) and not mine & theirs and days != held


def goes_on(segment: Segment, names: Sequence[Person], current: Report) -> bool:
    """Whether a stretch goes on with a list: "leave for Ada, Tobi and Deborah from Monday"."""
    before = current.segments[-1]
    # "She is home with nan, and Leo has the dentist": a relative is no part of a list of children.
    listed = [person for person in before.people if person.kind not in {PRONOUN, OTHER}]
    # "David, Sofia and Gabi are staying at home": before a name that stands alone, the story may follow at once.
    alone = bool(listed) and before.spoken == sum(person.last - person.first for person in listed)
    # "Sam poorly and Leo has the dentist": what is told after a name ends the list.
    told_at = max((sign.hit.first for sign in before.signs if tells(sign)), default=-1)
    ends = any(person.last in {before.last, before.last - 1} and told_at < person.last for person in listed)
    last = max(person.last for person in names)
    opens = names[0].first - segment.first <= 1
    first = min((sign.hit.first for sign in segment.signs if tells(sign)), default=last + 1)
    return ends and opens and (first > last or (alone and first == last))


def crossed(report: Report) -> bool:
    """ "Jake back Thursday, Ella not till Monday, both have colds": one story, and each child has its own days."""
    days: dict[tuple[str, ...], set[tuple[date | None, date | None]]] = {}
    last: tuple[str, ...] = ()
    for segment in report.segments:
        named = {person.choices[0] for person in segment.people if person.kind == CHILD and person.choices}
        if named:
            last = tuple(sorted({child for choice in named for child in choice}))
        if segment.days and last:
            days.setdefault(last, set()).update((each[2].first, each[2].last) for each in segment.days)
    single = [spans for children, spans in days.items() if len(children) == 1]
    return any(one != other for one, other in itertools.pairwise(single)) or by_pronouns(report)


def by_pronouns(report: Report) -> bool:
    """ "Both are off. He won't be in till Wednesday, she is back Monday": days of its own for each, and no name."""
    dated = [
        {(each[2].first, each[2].last) for each in segment.days}
        for segment in report.segments
        if segment.days and [person.rule for person in segment.people] == ["people.pronoun"]
    ]
    several = {child for person in report.names for choice in person.choices for child in choice}
    return len(several) > 1 and any(one != other for one, other in itertools.pairwise(dated))


def matters(segment: Segment) -> set[str]:
    """The stories that a stretch tells, an absence alone being none of its own."""
    return {sign.table for sign in segment.signs if sign.table in {"sickness", "appointment", "leave"} and sign.stands}


def contrasted(report: Report, found: Found) -> bool:
    """Whether one thing is put for another: "Theo not Ben", "Thursday not Wednesday"."""
    words, nots = found.words, found.small["not"] | found.small["not_behind"]
    if any(person.choices for person in report.others) and report.names:
        return True
    if any(c.first > s.first and words[c.first - 1].norm in nots for s in report.segments for c in s.clocks[1:]):
        return True
    return moved(report, found)


def moved(report: Report, found: Found) -> bool:
    """Whether one day is put for another: "Thursday not Wednesday"."""
    words, nots = found.words, found.small["not"] | found.small["not_behind"]
    days = sorted(
        ((each, segment) for segment in report.segments for each in segment.days), key=lambda pair: pair[0][:2]
    )
    for ((_, before, _, _), _), ((after, _, _, _), _) in itertools.pairwise(days):
        between = {word.norm for word in words[before:after]}
        if between & nots and between <= nots | found.small["joins"] | found.small["on_days"] | {","}:
            return True
    return len(days) > 1 and any(is_denied(each, segment, found) for each, segment in days)


def is_denied(dated: tuple[int, int, Span, str], segment: Segment, found: Found) -> bool:
    """Whether a day is named as the one that is not meant: "not Wednesday", "not on Wednesday".

    In a language whose "not" follows, it stands between the day that is not meant and the one that is.
    """
    first, last, _, _ = dated
    meant = denied_until(last, found)
    if meant >= 0 and any(each[0] == meant for each in segment.days):
        return True
    after = [word.norm for word in found.words[last : last + 2]]
    if after[:1] and after[0] in found.small["not"] and (len(after) == 1 or after[1] in STOPS | {","}):
        # "Jutro nie, ale pojutrze".
        return True
    before = [word.norm for word in found.words[max(segment.first, first - 2) : first]]
    if before and before[-1] in found.small["on_days"]:
        before.pop()
        first -= 1
    if first in found.denied:
        # "Nu e joi".
        return True
    if before and {before[-1], " ".join(before)} & found.small["instead_of"]:
        # "Środa zamiast wtorku".
        return True
    return bool(before) and before[-1] in found.small["not"]


def until_time(report: Report) -> bool:
    """ "Won't be in till 10": away until a time of today is late."""
    for segment in report.segments:
        for sign in segment.signs:
            if (
                sign.table == "say"
                and sign.name == "absent"
                and any(
                    clock.role in {"until", "arrive", "back"}
                    and 0 <= clock.first - sign.hit.last <= 3
                    and isinstance(clock.value, time)
                    for clock in segment.clocks
                )
            ):
                return True
    return False
