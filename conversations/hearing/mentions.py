"""Turns a report into a clause: its mentions with spans and rule ids, days and times as its story needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from conversations.acts import Clause, Days, Evidence, Kind, Mention, Part, Topic, Value
from conversations.hearing.changes import overlap
from conversations.hearing.clocks import Clock
from conversations.hearing.hoped_days import perhaps
from conversations.hearing.joined_days import after_start, counted_from, is_today, narrowed
from conversations.hearing.meant_days import Dated, also, as_meant, lasting, over_by_now
from conversations.hearing.names import CHILD, UNKNOWN, WE, Person
from conversations.hearing.normalise import Word
from conversations.hearing.reports import Report, is_denied
from conversations.hearing.resolving import Moment, Span
from conversations.hearing.segments import Found, Segment
from conversations.hearing.weighing import Decision

# How many words may stand between what is booked and its hour: "do dentysty na 9", "at the dentist at about 9".
OWN_HOUR = 2
NOON = time(12)
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


def span(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Where some words stand in the text."""
    return words[first].start, words[max(first, last - 1)].end


# Children ------------------------------------------------------------------------------------


def children(report: Report, words: Sequence[Word]) -> list[Mention]:
    """Whom a report names: all that are sure as one mention each, doubtful ones with their alternatives."""
    plain = [person for person in report.names if person.kind == CHILD and person.choices]
    groups = [person for person in plain if person.rule.startswith("people.") and len(person.choices[0]) > 1]
    named = [person for person in plain if person not in groups]
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
            if meant is None or (not off and is_denied(dated, segment, found)):
                continue
            if meant[2].role == "likely":
                likely = perhaps(meant, segment, found, moment)
                (result if likely[2].role == "until" else unsure).extend(day_mentions(likely, words, moment))
            else:
                result.extend(day_mentions(also(meant, report, found, moment), words, moment))
    if not result:
        # "Off today and probably tomorrow" is off today; "probably tomorrow" alone is asked about.
        result = [each for each in unsure if not each.sure]
    result = after_start(still_so(result, report, decision, found, moment), words)
    result = narrowed(result, words, found.small["joins"])
    if decision.topic is not Topic.APPOINTMENT:
        result = counted_from(result, moment, leave=decision.topic is Topic.LEAVE)
    whole = [each for each in result if isinstance(each.value, Days) and not each.value.open_ended]
    admitted = decision.topic is Topic.SICKNESS and any(s.has("sickness.medical_other") for s in report.segments)
    if admitted and whole != result and all(is_today(each, moment) for each in whole):
        # "Admitted this morning, we don't know how long for".
        return [each for each in result if each not in whole]
    return whole or result


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


# Times ---------------------------------------------------------------------------------------


def times(report: Report, decision: Decision, found: Found) -> list[Mention]:
    """Clock times, minutes late, and how much of a day is missed."""
    words = found.words
    result: list[Mention] = []
    late = decision.topic is Topic.LATENESS
    for segment in report.segments:
        for clock in segment.clocks:
            if clock.kind is Kind.MINUTES and (late or decision.topic is None):
                result.append(timed(clock, words, clock.value, ""))
            elif late and clock.kind is Kind.TIME and not arrives(clock, segment, report):
                continue
            elif clock.kind is Kind.TIME and wanted(segment, decision):
                role = (
                    {"at": "arrive", "back": "arrive", "until": "arrive"}.get(clock.role, clock.role)
                    if late
                    else "at"
                    if fitted_in(clock, segment, found) or own_hour(clock, segment, decision)
                    else clock.role
                )
                result.append(timed(clock, words, clock.value, role))
            elif clock.kind is Kind.PART and clock.role != "since":
                value = part(clock, segment, decision, report.segments, found)
                if value is not None:
                    result.append(timed(clock, words, value, ""))
    if decision.topic is Topic.APPOINTMENT and not any(
        m.kind is Kind.PART or m.role in {"back", "collect"} for m in result
    ):
        result.extend(out_all_day(report, found))
    return one_part(result)


def arrives(clock: Clock, segment: Segment, report: Report) -> bool:
    """Whether an hour of a report may be when a late child comes."""
    clocks = [other for each in report.segments for other in each.clocks if other.kind is Kind.TIME]
    # "The next is at 9, so he'll be in by half past".
    rivals = clock.role == "at" and any(other.role in {"arrive", "back", "until"} for other in clocks)
    return not (rivals or departs(clock, segment, clocks))


def departs(clock: Clock, segment: Segment, clocks: Sequence[Clock]) -> bool:
    """ "Missed the 8.15 bus", "next one is 9.05 so in by 9.20": an hour that is the bus's own, and no arrival."""
    gap = 1 if any(other.first > clock.first for other in clocks) else -1
    return any(
        sign.table == "travel" and sign.hit.first <= clock.first <= sign.hit.last + gap for sign in segment.signs
    )


def fitted_in(clock: Clock, segment: Segment, found: Found) -> bool:
    """Whether a doctor sees the child then: "the GP can squeeze her in at 8.50" is no return."""
    before = {found.words[at].norm for at in range(max(segment.first, clock.first - 6), clock.first)}
    return bool(before & found.small["fits_in"])


def own_hour(clock: Clock, segment: Segment, decision: Decision) -> bool:
    """ "Do dentysty na 9": an hour right after what is booked is its own, whatever else the word before it says."""
    if decision.topic is not Topic.APPOINTMENT or clock.role != "arrive":
        return False
    before = [sign for sign in segment.signs if sign.hit.last <= clock.first and sign.table in {"appointment", "say"}]
    nearest = max(before, key=lambda sign: sign.hit.last, default=None)
    return nearest is not None and nearest.table == "appointment" and clock.first - nearest.hit.last <= OWN_HOUR


def timed(clock: Clock, words: Sequence[Word], value: Value, role: str) -> Mention:
    """A clock time, a count of minutes or a part of the day as a mention."""
    return Mention(
        kind=clock.kind,
        value=value,
        role=role,
        span=span(words, clock.first, clock.last),
        concept=clock.kind.value,
        rule=clock.rule,
    )


def wanted(segment: Segment, decision: Decision) -> bool:
    """Whether a time bears on the absence: not when the child fell ill."""
    if decision.topic in {Topic.LATENESS, Topic.APPOINTMENT, Topic.CORRECTION, Topic.LEAVE, None}:
        return True
    return segment.has("say.present", "say.late", "say.arriving", "say.collect", "say.absent") and not segment.has(
        "sickness.gi", "claims_present"
    )


def part(clock: Clock, segment: Segment, decision: Decision, segments: Sequence[Segment], found: Found) -> Part | None:
    """How much is missed, by a part of the day that was said: out this morning, in this afternoon, back after lunch."""
    lunch = clock.rule == "part.lunch"
    comes = returns(clock, segment) or clock.role == "back"
    if clock.role == "back" and clock.rule in {"part.lunch", "part.pm"} and stays_away(clock, segment, found):
        return Part.PM
    if clock.value is Part.ALL:
        booked = decision.topic is Topic.APPOINTMENT
        return Part.ALL if segment.has("say.absent") or booked else None
    if clock.role == "until" and clock.rule in {"part.lunch", "part.pm"}:
        return Part.AM
    if (lunch or clock.rule == "part.pm") and comes and not segment_misses(clock, segment):
        return Part.AM
    if lunch:
        sent = segment.has("say.home") and not any(other.has("say.absent") for other in segments)
        return Part.PM if segment.has("say.collect", "say.absent") or sent else None
    if decision.topic is Topic.LATENESS or not isinstance(clock.value, Part):
        return None
    if decision.topic is Topic.LEAVE and len({each[2].first for s in segments for each in s.days}) > 1:
        # "We set off on Tuesday morning, back the Monday after".
        return None
    if decision.topic in {Topic.APPOINTMENT, Topic.LEAVE}:
        return clock.value
    if decision.topic is None:
        return clock.value if not segment.signs else None
    return clock.value if segment_misses(clock, segment) else None


def stays_away(clock: Clock, segment: Segment, found: Found) -> bool:
    """ "Won't be back after lunch": away from then on."""
    near = [sign for sign in segment.signs if clock.first - OWN_HOUR <= sign.hit.last <= clock.last]
    before = {found.words[at].norm for at in range(max(segment.first, clock.first - 3), clock.first)}
    return bool(before & found.small["not"]) or any(
        sign.table == "say" and (sign.name == "absent" or sign.negated) for sign in near
    )


def returns(clock: Clock, segment: Segment) -> bool:
    """Whether coming in stands right before a part of the day."""
    signs = [
        s for s in segment.signs if s.hit.first < clock.last and s.table in {"say", "claims_present"} and not s.negated
    ]
    near = [s for s in signs if clock.first - 3 <= s.hit.last <= clock.last]
    near.extend(s for s in segment.signs if 0 <= s.hit.first - clock.last <= 1 and s.table == "say" and not s.negated)
    return any(s.name in {"present", "late", "arriving", "words"} for s in near)


def segment_misses(clock: Clock, segment: Segment) -> bool:
    """Whether an absence stands right before a part of the day ("not in this morning"), or follows one that opens."""
    absent = [s for s in segment.signs if s.table == "say" and s.name in {"absent", "collect"}]
    opens = clock.first - segment.first <= 1
    return any(0 <= clock.first - sign.hit.last <= 2 or (opens and sign.hit.first >= clock.last) for sign in absent)


def out_all_day(report: Report, found: Found) -> list[Mention]:
    """An appointment for which the child is not in at all; "won't be back" after one in the afternoon is no such."""
    words, back = found.words, found.small.get("returning", frozenset())
    hours = [clock.value for each in report.segments for clock in each.clocks if isinstance(clock.value, time)]
    later = bool(hours) and min(hours) >= NOON
    if any(clock.rule == "clock.range" for each in report.segments for clock in each.clocks):
        return []  # "Off from 10 to 12, dentist": away for as long as that.
    for segment in report.segments:
        for sign in segment.signs:
            booked = any(each.table == "appointment" and overlap(each, sign) for each in segment.signs)
            # "Braces off" is no day off.
            if sign.table == "say" and sign.name == "absent" and sign.stands and not booked:
                near = {word.norm for word in words[max(segment.first, sign.hit.first - 1) : sign.hit.last]}
                if later and near & back:
                    continue
                place = span(words, sign.hit.first, sign.hit.last)
                return [Mention(kind=Kind.PART, value=Part.ALL, span=place, concept="part", rule="part.absent")]
    return []


def one_part(mentions: list[Mention]) -> list[Mention]:
    """One part of the day at most: what is missed in the morning and what is said of the afternoon agree or cancel."""
    parts = [mention for mention in mentions if mention.kind is Kind.PART]
    if len({mention.value for mention in parts}) < 2:
        return [m for m in mentions if m.kind is not Kind.PART or m is parts[0]]
    kept = next((m for m in parts if m.value is Part.ALL), parts[0])
    return [m for m in mentions if m.kind is not Kind.PART or m is kept]
