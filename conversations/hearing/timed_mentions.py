"""The hours and halves of a report as mentions: when somebody comes, leaves or is seen, and how much is missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from conversations.acts import Kind, Mention, Part, Topic, Value
from conversations.hearing.changes import overlap
from conversations.hearing.clocks import Clock
from conversations.hearing.denied_hours import gives_way, is_not
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit
from conversations.hearing.reports import Report
from conversations.hearing.roles import away_besides, only_present
from conversations.hearing.segments import Found, Segment
from conversations.hearing.weighing import Decision
from conversations.hearing.whose import not_theirs

# How many words may stand between what is booked and its hour: "do dentysty na 9", "at the dentist at about 9".
OWN_HOUR = 2
# How many may stand between an absence and its half: "not in on Friday morning".
NEAR = 2
# What an hour is for that ends an absence.
ENDS = frozenset({"until", "arrive", "back"})
NOON = time(12)
# Leave in which a morning is rather when the family sets off.
AWAY_ALL_DAY = frozenset({"holiday", "family_event", "family_abroad"})


def span(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Where some words stand in the text."""
    return words[first].start, words[max(first, last - 1)].end


def times(report: Report, decision: Decision, found: Found) -> list[Mention]:
    """Clock times, minutes late, and how much of a day is missed."""
    words = found.words
    result: list[Mention] = []
    late = decision.topic is Topic.LATENESS
    for segment in report.segments:
        for clock in segment.clocks:
            if clock.kind is Kind.TIME and (gives_way(clock, segment, found) or (late and is_not(clock, found))):
                continue
            if clock.kind is Kind.MINUTES and (late or decision.topic is None):
                result.append(timed(clock, words, clock.value, ""))
            elif (
                late
                and clock.kind is Kind.TIME
                and (not arrives(clock, segment, report) or not_theirs(clock, segment, found))
            ):
                continue
            elif clock.kind is Kind.TIME and wanted(segment, decision):
                role = (
                    {"at": "arrive", "back": "arrive", "until": "arrive"}.get(clock.role, clock.role)
                    if late
                    else "at"
                    if fitted_in(clock, segment, found)
                    or own_hour(clock, segment, decision)
                    or must_be_there(clock, segment, report, decision, found)
                    else "collect"
                    if clock.role == "until" and stays_until(clock, segment, decision, report.segments)
                    else "back"
                    if late_then(clock, segment, decision, report)
                    else clock.role
                )
                result.append(timed(clock, words, clock.value, role))
            elif clock.kind is Kind.PART and clock.role != "since":
                value = part(clock, segment, decision, report.segments, found)
                value = Part.ALL if value is Part.AM and both_halves(clock, found) else value
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


def must_be_there(clock: Clock, segment: Segment, report: Report, decision: Decision, found: Found) -> bool:
    """ "Dentist today, we need to be in Didsbury for 10.30": the only hour of an appointment, and no return."""
    clocks = [each for other in report.segments for each in other.clocks if each.kind is Kind.TIME]
    if decision.topic is not Topic.APPOINTMENT or clock.role not in ENDS or len(clocks) > 1:
        return False
    # Some languages have the verb behind the hour.
    near = range(max(segment.first, clock.first - 8), min(segment.last, clock.last + 4))
    said = {found.words[at].norm for at in near}
    small = found.small
    return bool(said & small.get("must", frozenset())) and not said & small.get("comes_back", frozenset())


def own_hour(clock: Clock, segment: Segment, decision: Decision) -> bool:
    """ "Do dentysty na 9": an hour right after what is booked is its own, whatever else the word before it says."""
    if decision.topic is not Topic.APPOINTMENT or clock.role != "arrive":
        return False
    before = [sign for sign in segment.signs if sign.hit.last <= clock.first and sign.table in {"appointment", "say"}]
    nearest = max(before, key=lambda sign: sign.hit.last, default=None)
    return nearest is not None and nearest.table == "appointment" and clock.first - nearest.hit.last <= OWN_HOUR


def late_then(clock: Clock, segment: Segment, decision: Decision, report: Report) -> bool:
    """ "She'll come late at 10, she has a blood test at 8.20": of two hours the one of coming is no appointment's."""
    if decision.topic is not Topic.APPOINTMENT or clock.role != "at" or segment.has("appointment"):
        return False
    late = any(
        sign.stands and sign.hit.concept in {"say.late", "say.arriving"} and sign.hit.first <= clock.first
        for sign in segment.signs
    )
    return late and any(
        other.kind is Kind.TIME and each.has("appointment")
        for each in report.segments
        if each is not segment
        for other in each.clocks
    )


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
        # "Nadia has the dentist at 11, Blanka is in all day".
        booked = decision.topic is Topic.APPOINTMENT and not stays_for(clock, segment)
        return Part.ALL if segment.has("say.absent") or booked else None
    if clock.role == "until" and clock.rule in {"part.lunch", "part.pm"}:
        return Part.PM if stays_until(clock, segment, decision, segments) else Part.AM
    if (lunch or clock.rule == "part.pm") and comes and not segment_misses(clock, segment, found):
        return Part.AM
    if decision.topic is Topic.APPOINTMENT and clock.rule == "part.am" and stays_for(clock, segment):
        return None
    if lunch:
        return from_lunch(segment, segments, found)
    if decision.topic is Topic.LATENESS or not isinstance(clock.value, Part):
        return None
    if decision.topic is Topic.LEAVE:
        return of_leave(clock.value, segment, segment_misses(clock, segment, found), decision, segments, found)
    if decision.topic is Topic.APPOINTMENT:
        return None if booked_for_another(segment, segments) else clock.value
    if decision.topic is None:
        return clock.value if not segment.signs else None
    if clock.role == "lasting":
        # "Nie będzie jej od rana boli ją głowa": so long it has lasted.
        return None
    return clock.value if segment_misses(clock, segment, found) else None


def booked_for_another(segment: Segment, segments: Sequence[Segment]) -> bool:
    """ "Only in this afternoon as the blood test is in the morning": another stretch has the visit and a half of it."""
    booked = [each for each in segments if each is not segment and each.has("appointment")]
    halves = any(clock.kind is Kind.PART for each in booked for clock in each.clocks)
    return halves and not segment.has("appointment")


def of_leave(
    half: Part, segment: Segment, misses: bool, decision: Decision, segments: Sequence[Segment], found: Found
) -> Part | None:
    """The half that leave is for; none where it only says when a family sets off."""
    if len({each[2].first for s in segments for each in s.days}) > 1:
        # "We set off on Tuesday morning, back the Monday after".
        return None
    if half is Part.AM and only_present(segment):
        # "The funeral is at 2, Leo can come in the morning"; "he's back in the morning" is of the next day.
        said = {found.words[at].norm for at in range(segment.first, segment.last)}
        return None if said & found.small.get("returning", frozenset()) else Part.PM
    # "Her cousin's wedding, we drive up early in the morning" is all day, unless the morning is asked for; so is
    # "grandad's funeral in Poland, we fly on Friday morning", whatever the journey is for.
    sets_off = decision.reason in AWAY_ALL_DAY or segment.has("leave.holiday")
    return half if misses or half is not Part.AM or not sets_off else None


def from_lunch(segment: Segment, segments: Sequence[Segment], found: Found) -> Part | None:
    """The half that is missed by somebody fetched or sent home at lunch; None where whole days are told besides."""
    home = segment.has("say.home")
    if home and any(s.days and s.has("say.absent") for s in segments if s is not segment):
        # "Sent home at lunch, off tomorrow as well": of the days that are told it is no half.
        return None
    if sent_before_today(segment, found) and any(away_besides(s) for s in segments):
        # "Sent home at lunch yesterday, still not right, so I am keeping her off": nor of today.
        return None
    alone = home and not any(other.has("say.absent") for other in segments)
    return Part.PM if segment.has("say.collect", "say.absent") or alone else None


def sent_before_today(segment: Segment, found: Found) -> bool:
    """Whether a stretch tells that a child was sent home on a day that is past."""
    past = [said for _, _, said, _ in segment.days if said.last is not None and said.last < found.today]
    return segment.has("say.home") and bool(past)


def both_halves(clock: Clock, found: Found) -> bool:
    """ "Off this morning and this afternoon, with covid": no "this afternoon she is back", for nothing else follows."""
    words, last = found.words, clock.last
    if last >= len(words) or words[last].norm not in found.small["joins"]:
        return False
    ends = [each.last for each in found.clocks if each.rule == "part.pm" and each.first == last + 1]
    after = found.small["breaks"] | found.small["prepositions"]
    return any(end == len(words) or words[end].kind == "mark" or words[end].norm in after for end in ends)


def stays_for(clock: Clock, segment: Segment) -> bool:
    """ "She can do the morning, I'll fetch her at 1": the half that a child who is seen later is in for.

    "Sirf subah aye gi, phir doctor": the verb may stand behind, where no visit stands before.
    """
    booked = any(sign.table == "appointment" and sign.hit.first < clock.first for sign in segment.signs)
    return any(
        sign.hit.concept == "say.present"
        and sign.stands
        and (sign.hit.first <= clock.first <= sign.hit.last + 1 or (not booked and clock.last == sign.hit.first))
        for sign in segment.signs
    )


def stays_away(clock: Clock, segment: Segment, found: Found) -> bool:
    """ "Won't be back after lunch": away from then on."""
    near = [sign for sign in segment.signs if clock.first - OWN_HOUR <= sign.hit.last <= clock.last]
    before = {found.words[at].norm for at in range(max(segment.first, clock.first - 3), clock.first)}
    return bool(before & found.small["not"]) or any(
        sign.table == "say" and (sign.name == "absent" or sign.negated) for sign in near
    )


def stays_until(clock: Clock, segment: Segment, decision: Decision, segments: Sequence[Segment]) -> bool:
    """ "She is in until lunch, then the dentist": away from then on, where nothing says that she is not in."""
    booked = [sign for sign in decision.signs if sign.table == "appointment"]
    if decision.topic is not Topic.APPOINTMENT or any(sign.hit.first < clock.last for sign in booked):
        return False
    if any(each.has("say.absent", "say.late", "say.arriving") for each in segments):
        return False
    here = any(sign.hit.concept in {"say.present", "claims_present.words"} and sign.stands for sign in segment.signs)
    return here or all(sign.segment != segment.number for sign in booked)


def returns(clock: Clock, segment: Segment) -> bool:
    """Whether coming in stands right before a part of the day."""
    signs = [
        s for s in segment.signs if s.hit.first < clock.last and s.table in {"say", "claims_present"} and not s.negated
    ]
    near = [s for s in signs if clock.first - 3 <= s.hit.last <= clock.last]
    near.extend(s for s in segment.signs if 0 <= s.hit.first - clock.last <= 1 and s.table == "say" and not s.negated)
    return any(s.name in {"present", "late", "arriving", "words"} for s in near)


def segment_misses(clock: Clock, segment: Segment, found: Found) -> bool:
    """Whether an absence stands right before a part of the day ("not in this morning"), or follows one that opens.

    "In this morning and off this afternoon": an absence with a part of its own follows no other.
    """
    absent = [s for s in segment.signs if s.table == "say" and s.name in {"absent", "collect"}]
    opens = clock.first - segment.first <= 1
    others = [each.first for each in segment.clocks if each.kind is Kind.PART and each.first > clock.first]
    # "This morning he had a fever, not sent": a morning that dates the illness.
    ill = [s.hit for s in segment.signs if s.table == "sickness" and s.hit.first >= clock.last]
    return any(
        0 <= clock.first - sign.hit.last <= NEAR
        or (
            sign.hit.first < clock.first
            and clock.last <= sign.hit.last <= clock.last + 1
            and not denied(sign.hit, found)
        )
        or (
            opens
            and sign.hit.first >= clock.last
            and not owns(sign.hit, others)
            and not any(hit.last <= sign.hit.first for hit in ill)
        )
        for sign in absent
    ) or (verb_last(clock, segment, found))


def denied(hit: Hit, found: Found) -> bool:
    """Whether a "not" stands in a phrase or right behind it, as where the verb comes last."""
    return any(
        each.concept.startswith("scope.negator") and each.first <= hit.last + 1 and hit.first < each.last
        for each in found.hits
    )


def owns(hit: Hit, parts: Sequence[int]) -> bool:
    """Whether a part of the day stands in a phrase."""
    return any(hit.first < part < hit.last for part in parts)


def verb_last(clock: Clock, segment: Segment, found: Found) -> bool:
    """ "Maya tomorrow morning not comes": a half of a named day right before an absence that is still ahead.

    "Temperature of 39 this morning keeping him home": a morning right behind what ails him is when that was.
    """
    ahead = found.small["ahead"]
    ails = any(sign.table == "sickness" and 0 <= clock.last - sign.hit.last <= NEAR for sign in segment.signs)
    days = [said.last for _, end, said, _ in segment.days if clock.first - 1 <= end <= clock.last]
    return any(
        day is not None
        and sign.hit.first == clock.last
        and f"{sign.table}.{sign.name}" == "say.absent"
        and (
            day > found.today
            or (
                day == found.today
                and not ails
                and any(word.norm in ahead for word in found.words[sign.hit.first : sign.hit.last])
            )
        )
        for day in days
        for sign in segment.signs
    )


def out_all_day(report: Report, found: Found) -> list[Mention]:
    """An appointment for which the child is not in at all; "won't be back" after one in the afternoon is no such."""
    words, back = found.words, found.small.get("returning", frozenset())
    hours = [clock.value for each in report.segments for clock in each.clocks if isinstance(clock.value, time)]
    later = bool(hours) and min(hours) >= NOON
    if any(clock.rule == "clock.range" for each in report.segments for clock in each.clocks):
        return []  # "Off from 10 to 12, dentist": away for as long as that.
    for segment in report.segments:
        away = [sign.hit for sign in segment.signs if sign.hit.concept == "say.absent"]
        bounded = any(bounds(clock, hit, found) for hit in away for clock in segment.clocks)
        for sign in segment.signs:
            booked = any(each.table == "appointment" and overlap(each, sign) for each in segment.signs)
            # "Braces off" is no day off.
            if sign.table == "say" and sign.name == "absent" and sign.stands and not booked:
                near = {word.norm for word in words[max(segment.first, sign.hit.first - 1) : sign.hit.last]}
                if (later and near & back) or bounded:
                    continue
                place = span(words, sign.hit.first, sign.hit.last)
                return [Mention(kind=Kind.PART, value=Part.ALL, span=place, concept="part", rule="part.absent")]
    return []


def bounds(clock: Clock, hit: Hit, found: Found) -> bool:
    """ "She is off at 2 for the dentist", "not in until 11": an hour right behind an absence begins or ends it.

    "Off today 2pm dentist" may be off all day.
    """
    begins = clock.role == "at" and found.words[clock.first - 1].norm in found.small["prepositions"]
    return clock.kind is Kind.TIME and (begins or clock.role in ENDS) and 0 <= clock.first - hit.last <= NEAR


def one_part(mentions: list[Mention]) -> list[Mention]:
    """One part of the day at most: what is missed in the morning and what is said of the afternoon agree or cancel."""
    parts = [mention for mention in mentions if mention.kind is Kind.PART]
    if len({mention.value for mention in parts}) < 2:
        return [m for m in mentions if m.kind is not Kind.PART or m is parts[0]]
    kept = next((m for m in parts if m.value is Part.ALL), parts[0])
    return [m for m in mentions if m.kind is not Kind.PART or m is kept]
