"""Turns a report into a clause: its mentions with spans and rule ids, days and times as its story needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.acts import Clause, Days, Evidence, Kind, Mention, Topic
from conversations.hearing.days_too import also
from conversations.hearing.hoped_days import perhaps
from conversations.hearing.joined_days import (
    after_start,
    counted_from,
    is_today,
    narrowed,
    of_its_date,
    of_its_week,
    of_one_day,
)
from conversations.hearing.meant_days import as_meant, lasting, over_by_now
from conversations.hearing.names import CHILD, OTHER, UNKNOWN, WE, Person
from conversations.hearing.normalise import Word
from conversations.hearing.other_days import Dated
from conversations.hearing.reports import Report, is_denied
from conversations.hearing.resolving import Moment, Span
from conversations.hearing.segments import Found, Segment
from conversations.hearing.timed_mentions import span, times
from conversations.hearing.weighing import Decision

AWAY = {
    Topic.SICKNESS,
    Topic.ABSENCE_OTHER,
    Topic.LATENESS,
    Topic.APPOINTMENT,
    Topic.LEAVE,
    Topic.CORRECTION,
    Topic.BARRIER,
}


def clause(report: Report, decision: Decision, found: Found, moment: Moment, everyone: tuple[str, ...]) -> Clause:
    """A report as a clause."""
    words = found.words
    mentions: list[Mention] = [*children(report, words)]
    if decision.topic is Topic.LEAVE and not mentions:
        mentions.extend(all_of_us(report, words, everyone))
    if decision.topic is Topic.BARRIER and not mentions:
        mentions.extend(spoken_of(found, words))
    if decision.reason and decision.topic is not Topic.CORRECTION:
        mentions.append(reason(decision, words))
    if decision.topic is None or decision.topic in AWAY:
        mentions.extend(days(report, decision, found, moment))
        mentions.extend(times(report, decision, found))
    start, end = report.segments[0].first, report.segments[-1].last - 1
    return Clause(
        topic=decision.topic,
        mentions=tuple(mentions),
        change=decision.change,
        negated=decision.negated,
        question=decision.question,
        span=(words[start].start, words[end].end),
        evidence=evidence(decision, words),
    )


def evidence(decision: Decision, words: Sequence[Word]) -> tuple[Evidence, ...]:
    """The phrases of the tables that a report is told by, and the words that weighed most where none were."""
    told = [
        Evidence(span=span(words, sign.hit.first, sign.hit.last), concept=sign.hit.concept, rule=sign.hit.phrase[:60])
        for sign in decision.signs
    ]
    weighed = [
        Evidence(span=span(words, at, at + 1), concept=str(decision.topic), rule="classifier")
        for at in decision.weighed
    ]
    return (*told, *weighed)


# Children ------------------------------------------------------------------------------------


def children(report: Report, words: Sequence[Word]) -> list[Mention]:
    """Whom a report names: all that are sure as one mention each, doubtful ones with their alternatives."""
    plain = [person for person in report.names if person.kind == CHILD and person.choices]
    groups = [person for person in plain if person.rule.startswith("people.") and len(person.choices[0]) > 1]
    named = [person for person in plain if person not in groups]
    if named and all(owns_relative(person, report) for person in named):
        # "Maya's grandad has died, I'm coming to get both children": of both.
        groups = groups or [person for person in collective(report.unclear) if person.choices]
        named = [] if groups else named
    # "Ben and Theo both sick": where names are named, "both" is only about them.
    added = [person for person in groups if len(named) == 1 and stands_alone(person, report)]
    result = [child(person, words, "") for person in added or named or groups]
    aside = (*report.others, *report.present, *report.unclear)
    result.extend(child(person, words, "not") for person in aside if person.choices and person not in collective(aside))
    for person in report.names:
        if person.kind == UNKNOWN and not plain:
            place = span(words, person.first, person.last)
            result.append(Mention(kind=Kind.UNKNOWN_NAME, value="", span=place, concept="name", rule=person.rule))
    return result


def owns_relative(person: Person, report: Report) -> bool:
    """Whether a child is named only to say whose relative somebody is: "Maya's grandad"."""
    return any(each.kind == OTHER and each.first == person.last for s in report.segments for each in s.people)


def stands_alone(person: Person, report: Report) -> bool:
    """ "Ben's nose bled, so we'll be in at ten, all three": a word for them all that is a stretch of its own."""
    places = [(segment.first, segment.first + segment.spoken) for segment in report.segments]
    return person.rule == "people.all" and (person.first, person.last) in places


def collective(people: Sequence[Person]) -> list[Person]:
    """Words for several children at once: put aside, they take none of them out."""
    return [person for person in people if person.rule in {"people.pair", "people.all"}]


def all_of_us(report: Report, words: Sequence[Word], everyone: tuple[str, ...]) -> list[Mention]:
    """ "We are flying", "take them out": leave for the family is for all its children."""
    for segment in report.segments:
        for person in segment.people:
            if person.kind == WE or person.rule == "people.them":
                place = span(words, person.first, person.last)
                return [Mention(kind=Kind.CHILDREN, value=everyone, span=place, concept="child", rule="people.family")]
    return []


def spoken_of(found: Found, words: Sequence[Word]) -> list[Mention]:
    """ "No money for tickets. How do I get the kids in?": what files nothing is of whom else the text speaks of."""
    people = [person for person in found.people if person.kind == CHILD and len(person.choices) == 1]
    return [child(people[0], words, "")] if len({person.choices[0] for person in people}) == 1 else []


def child(person: Person, words: Sequence[Word], role: str) -> Mention:
    """One person as a mention."""
    return Mention(
        kind=Kind.CHILDREN, value=person.choices[0], role=role, span=span(words, person.first, person.last),
        concept="child", rule=person.rule, sure=len(person.choices) == 1, alternatives=tuple(person.choices[1:]),
    )  # fmt: skip


def reason(decision: Decision, words: Sequence[Word]) -> Mention:
    """The category of a report's story."""
    signs = [sign for sign in decision.signs if sign.name == decision.reason] or list(decision.signs)
    if decision.reasoned or not signs:
        telling = decision.reasoned or decision.weighed
        place = span(words, telling[0], telling[-1] + 1)
        value, concept = decision.reason or "", str(decision.topic)
        return Mention(kind=Kind.REASON, value=value, span=place, concept=concept, rule="classifier")
    hit = signs[0].hit
    return Mention(
        kind=Kind.REASON,
        value=decision.reason or "",
        span=span(words, hit.first, hit.last),
        concept=hit.concept,
        rule=hit.phrase[:60],
    )


# Days ----------------------------------------------------------------------------------------


def days(report: Report, decision: Decision, found: Found, moment: Moment) -> list[Mention]:
    """The days that a report says, without those that only date a symptom."""
    words = found.words
    result: list[Mention] = []
    unsure: list[Mention] = []
    for segment in report.segments:
        for dated in segment.days:
            idle = lasting(dated, segment, found) or over_by_now(dated, segment, report, moment)
            meant = None if idle else as_meant(dated, segment, report, decision, found, moment)
            off = decision.topic is Topic.SICKNESS and dated[2].first == moment.today  # "Today not, tomorrow I hope".
            if (
                meant is None
                or (not off and not said_off(dated, segment) and is_denied(dated, segment, found))
                or of_another_matter(meant, segment, report, decision)
            ):
                continue
            if meant[2].role == "likely":
                likely = perhaps(meant, segment, found, moment)
                (result if likely[2].role == "until" else unsure).extend(day_mentions(likely, words, moment))
            else:
                result.extend(day_mentions(also(meant, report, found, moment), words, moment))
    if not result:
        # "Off today and probably tomorrow" is off today; "probably tomorrow" alone is asked about.
        result = [each for each in unsure if not each.sure]
    result = of_its_date(still_so(result, report, decision, found, moment), words, found.small["joins"])
    result = narrowed(after_start(of_its_week(result), words), words, found.small["joins"])
    if decision.topic is Topic.APPOINTMENT:
        result = of_one_day(result)
    else:
        result = counted_from(result, moment, leave=decision.topic is Topic.LEAVE)
    whole = [each for each in result if isinstance(each.value, Days) and not each.value.open_ended]
    admitted = any(s.has("sickness.medical_other") for s in report.segments)
    lasts = decision.topic is Topic.SICKNESS and (admitted or any(off_until(each) for each in report.segments))
    if lasts and whole != result and all(is_today(each, moment) for each in whole):
        # "Admitted this morning, we don't know how long for"; "came out in spots this morning, off until they scab".
        return [each for each in result if each not in whole]
    return whole or result


def said_off(dated: Dated, segment: Segment) -> bool:
    """ "Neither today nor tomorrow": the "not" before a day is of the phrase that says that somebody is away then."""
    first, last, _, _ = dated
    hits = [sign.hit for sign in segment.signs if sign.hit.concept == "say.absent" and sign.stands]
    return any(hit.first < first and last <= hit.last for hit in hits)


def off_until(segment: Segment) -> bool:
    """Whether a stretch tells of an absence, and of its open end alone."""
    return segment.has("say.absent") and bool(segment.days) and all(said.open_ended for _, _, said, _ in segment.days)


def of_another_matter(dated: Dated, segment: Segment, report: Report, decision: Decision) -> bool:
    """ "No money for the bus until Friday, Zayn can't come today": an end that is not told of the absence."""
    told = segment.has("say.late", "say.arriving", "say.absent")
    dates = any(each[2].role == "on" for other in report.segments if other is not segment for each in other.days)
    # "Off today, back on Friday" is an end of the absence, "until" right before an absence of its own day is not.
    cause = decision.topic is Topic.ABSENCE_OTHER and dated[3] == "days.until" and says_off_next(segment, report)
    return (decision.topic is Topic.LATENESS or cause) and dated[2].role == "until" and not told and dates


def says_off_next(segment: Segment, report: Report) -> bool:
    """Whether the stretch right behind this one tells of an absence on a day of its own."""
    return any(
        other.number == segment.number + 1 and other.has("say.absent") and any(d[2].role == "on" for d in other.days)
        for other in report.segments
    )


def still_so(
    mentions: list[Mention], report: Report, decision: Decision, found: Found, moment: Moment
) -> list[Mention]:
    """ "Sent home ill yesterday, still not right": whether today is missed as well is asked."""
    spans = [each.value for each in mentions if isinstance(each.value, Days)]
    over = len(spans) == 1 and spans[0].last is not None and spans[0].last < moment.today
    if not over or decision.topic is not Topic.SICKNESS or moment.today != moment.likely:
        return mentions
    still = found.small.get("still", frozenset())
    for segment in report.segments:
        words = {found.words[at].norm for at in range(segment.first, segment.last)}
        ill = any(sign.table == "sickness" and sign.stands for sign in segment.signs)
        if (
            (words & still or segment.has("sickness.medical_other"))
            and ill
            and not segment.days
            and not segment.has("say.present", "say.better")
        ):
            today = Days(first=moment.today, last=moment.today)
            both = Days(first=spans[0].first, last=moment.today)
            return [replace(mentions[0], sure=False, alternatives=(both, today))]
    return mentions


def day_mentions(dated: Dated, words: Sequence[Word], moment: Moment) -> list[Mention]:
    """One statement of days as mentions: gaps make more than one."""
    first, last, said, rule = dated
    place = span(words, first, last)
    closed = is_closed(said, moment)
    result = [
        Mention(
            kind=Kind.DAYS,
            value=Days(first=said.first, last=said.last, open_ended=said.open_ended),
            role=said.role,
            span=place,
            concept="days",
            rule=rule + (".closed" if closed else ""),
            sure=not said.others,
            alternatives=tuple(Days(first=a, last=b) for a, b in said.others),
        )
    ]
    result.extend(
        Mention(kind=Kind.DAYS, value=Days(first=day, last=day), role="on", span=place, concept="days", rule=rule)
        for day in said.gaps
    )
    return result


def is_closed(said: Span, moment: Moment) -> bool:
    """Whether there is no school on any of these days: what was said is kept, and the rule's id says so."""
    if said.first is None or moment.calendar.is_school_day(said.first):
        return False
    return said.last is None or not moment.calendar.school_days(said.first, said.last)
