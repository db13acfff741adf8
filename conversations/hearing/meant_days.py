"""What a statement of days dates where it stands: the absence, or only a symptom, a call or the day of return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.acts import Topic
from conversations.hearing.hoped_days import (
    acted_then,
    advised,
    hoped,
    hoped_end,
    in_tomorrow,
    of_death,
    since_event,
    told_elsewhere,
    treated,
)
from conversations.hearing.other_days import REACH, Dated, awaits, meanwhile
from conversations.hearing.planned_days import planned
from conversations.hearing.reports import Report
from conversations.hearing.resolving import FRIDAY, Moment, Span
from conversations.hearing.roles import away_besides, only_present, tells, was_away
from conversations.hearing.segments import Found, Segment
from conversations.hearing.weighing import Decision

IN_SCHOOL = frozenset({"say.sent", "say.present", "say.better"})  # What says that somebody is in school.
# A longer stretch tells something of its own, even where nothing of it is heard.
FEW = 6


def as_meant(
    dated: Dated, segment: Segment, report: Report, decision: Decision, found: Found, moment: Moment
) -> Dated | None:
    """A statement of days as its stretch means it, or None where it dates something else."""
    others = [other for other in report.segments if other is not segment]
    if comes_now(dated, segment, moment):
        return None
    if decision.topic in {Topic.APPOINTMENT, Topic.LEAVE, Topic.CORRECTION, None}:
        died = of_death(dated, segment, others)
        return None if died else planned(dated, segment, report, decision, found, moment)
    if segment.has("talk.other_school_matter") and not segment.has("say.absent"):
        return of_school(dated, others, moment)
    if hoped(dated, segment, found):
        return None if decision.topic is Topic.LATENESS else hoped_end(dated, report, moment)
    return away(dated, segment, report, decision, found, moment)


def away(
    dated: Dated, segment: Segment, report: Report, decision: Decision, found: Found, moment: Moment
) -> Dated | None:
    """A statement of days where somebody is ill, off or late."""
    said = dated[2]
    absent = segment.has("say.absent")
    others = [other for other in report.segments if other is not segment]
    idle = is_idle(dated, segment, report, decision, found, moment)
    if idle or awaits(dated, segment, found) or of_accident(dated, segment, report, moment):
        return None
    if said.role == "since":
        return dated if absent and not only_lasting(dated, segment, decision) else None
    if said.last is not None and said.last < moment.today and not absent:
        if told_elsewhere(others, report) and not in_today(report, moment) and not was_away(others, found):
            return None
        if moment.back_to(moment.today) != said.last:
            # "The operation was last week, today it hurts": another day is told of.
            spans = [each[2] for other in others for each in other.days if each[2].role == "on"]
            return None if any(each.first == moment.today for each in spans) else long_past(dated, moment)
    present = [s for s in segment.signs if s.table == "say" and s.name in {"present", "better"}] and not absent
    hedged = segment.hedged_from is not None and not any(
        sign.hit.concept == "say.absent" and sign.hit.first > segment.hedged_from for sign in segment.signs
    )
    if comes_on(dated, segment, moment) or in_again_on(dated, report, found, moment):
        return back_in(dated, moment)
    if said.role in {"on", "from"} and said.first is not None and said.first > moment.today:
        # "Wraca od czwartku", "będzie od jutra".
        if present and not absent and decision.topic is not Topic.LATENESS:
            return in_tomorrow(back_in(dated, moment), report, moment)
        ill = any(s.stands and s.table == "sickness" for other in others for s in other.signs)
        if tried(dated, segment, report, hedged=hedged, told=ill or told_elsewhere(others, report)):
            return None
    today = (said.role, said.first, said.last, absent) == ("on", moment.today, moment.today, False)
    return None if today and in_again_today(segment, report, found, moment, present=bool(present)) else dated


def back_in(dated: Dated, moment: Moment) -> Dated:
    """A day of coming in as the end of the absence: the school day before."""
    first, last, said, rule = dated
    return first, last, Span(first=None, last=moment.back_to(said.first or moment.today), role="until"), rule + ".in"


def tried(dated: Dated, segment: Segment, report: Report, *, hedged: bool, told: bool) -> bool:
    """ "Off today, tomorrow we'll try": a day to come in a stretch that only hopes, after an absence that was told."""
    absent = segment.has("say.absent")
    ill = any(s.stands and s.table == "sickness" for s in segment.signs)
    if (hedged or segment.question) and told and not (absent or ill):
        return True
    later = segment.hedged_from is not None and dated[0] > segment.hedged_from
    return hedged and later and (absent or len(segment.signs) > 0 or len(report.segments) > 1)


def is_idle(dated: Dated, segment: Segment, report: Report, decision: Decision, found: Found, moment: Moment) -> bool:
    """Whether a statement of days dates no absence at all: an open end of a lateness, where he is, what is hoped."""
    said = dated[2]
    others = [other for other in report.segments if other is not segment]
    counted = dated[3] == "days.duration" and not segment.has("say.absent")
    taken = treated(dated, segment, found)
    ordered = advised(dated, segment, found) and not taken
    if counted and (taken or not counted_off(segment, report)) and not ordered:
        return True
    late = decision.topic is Topic.LATENESS and said.open_ended  # "Late, no idea how long".
    idle = late or elsewhere_this_week(dated, segment, others) or acted_then(dated, segment, found)
    idle = idle or since_event(dated, segment, found) or of_death(dated, segment, others)
    return idle or is_hedged(dated, segment, report, moment) or of_event(said, segment, others, moment)


def comes_on(dated: Dated, segment: Segment, moment: Moment) -> bool:
    """ "Off tomorrow, Monday she comes": a day right before "comes", after an absence that has been told."""
    first, last, said, _ = dated
    if said.role != "on" or said.first is None or said.first != said.last or said.first <= moment.today:
        return False
    off = any(s.hit.concept == "say.absent" and s.stands and s.hit.last <= first for s in segment.signs)
    comes = ("say.present", "say.arriving", "say.better")
    return off and any(s.hit.concept in comes and s.stands and 0 <= s.hit.first - last <= 1 for s in segment.signs)


def comes_now(dated: Dated, segment: Segment, moment: Moment) -> bool:
    """ "Today he comes, not tomorrow": a today right before "comes", with the absence and its day behind it."""
    _, last, said, _ = dated
    if said.role != "on" or (said.first, said.last) != (moment.today, moment.today):
        return False
    comes = [
        s.hit for s in segment.signs if s.hit.concept == "say.present" and s.stands and s.hit.first - last in {0, 1}
    ]
    off = [s.hit.first for s in segment.signs if s.hit.concept == "say.absent" and s.stands]
    later = any(each[0] >= last and each[2].first and each[2].first > moment.today for each in segment.days)
    return later and bool(off) and any(hit.last <= min(off) for hit in comes)


def in_again_on(dated: Dated, report: Report, found: Found, moment: Moment) -> bool:
    """ "Not coming today, inshallah Thursday": a day that ends a clause, behind a word for being in again."""
    first, last, said, _ = dated
    if said.role != "on" or said.first is None or said.first != said.last or said.first <= moment.today:
        return False
    words, small = found.words, found.small
    behind = next((w for w in words[last:] if w.norm not in small["on_days"]), None)
    ends = behind is None or behind.kind == "mark" or behind.norm in small["breaks"]
    before = words[first - 1].norm if first else ""
    away = [s.hit for each in report.segments for s in each.signs if s.hit.concept == "say.absent" and s.stands]
    off = any(hit.last <= first for hit in away) and not any(hit.last > first for hit in away)
    return ends and off and before in small.get("hopes_back", ())


def elsewhere_this_week(dated: Dated, segment: Segment, others: Sequence[Segment]) -> bool:
    """ "He is with his father this week, he has a fever": where he is, and not how long he is off."""
    alone = not tells_something(segment) and segment.spoken > FEW
    return dated[3] == "days.rest_of_week" and alone and any(sign.stands for other in others for sign in other.signs)


def long_past(dated: Dated, moment: Moment) -> Dated:
    """ "Was poorly last week" need not mean that the child was away; "poorly yesterday" explains an absence."""
    first, last, said, rule = dated
    return first, last, replace(said, others=(*said.others, (moment.likely, moment.likely))), rule


def of_school(dated: Dated, others: Sequence[Segment], moment: Moment) -> Dated | None:
    """ "Exam on Friday, she won't be in": the day of a school matter may be that of an absence which has no other."""
    first, last, said, rule = dated
    away = any(other.has("say.absent") for other in others)
    if not away or said.first is None or said.first <= moment.likely or any(other.days for other in others):
        return None
    return first, last, replace(said, others=(*said.others, (moment.likely, moment.likely))), rule


def of_event(said: Span, segment: Segment, others: Sequence[Segment], moment: Moment) -> bool:
    """ "It's his birthday tomorrow but he is ill, not in today": a day of which nothing is told that keeps one off."""
    if said.role != "on" or said.first is None or said.first <= moment.today:
        return False
    quiet = all(f"{sign.table}.{sign.name}" == "absence_other.other" for sign in segment.signs)
    return quiet and bool(segment.signs) and any(other.has("say.absent") and other.days for other in others)


def in_again_today(segment: Segment, report: Report, found: Found, moment: Moment, *, present: bool) -> bool:
    """ "Was off yesterday with a migraine, today all is well": a today of which no absence is told, beside another day.

    "Today too" goes on with the absence.
    """
    others = [other for other in report.segments if other is not segment and other.days]
    past = others and all(d[2].last and d[2].last < moment.today for other in others for d in other.days)
    ahead = others and all(d[2].first and d[2].first > moment.today for other in others for d in other.days)
    told = (past and segment.has("claims_present")) or ahead
    if (present and others) or (told and only_present(segment)):
        # "Was ill yesterday, today she has gone to school"; "not in tomorrow, today she is in school".
        return True
    words = {found.words[at].norm for at in range(segment.first, segment.last)}
    quiet = all(
        sign.table in {"talk", "claims_present"} or sign.hit.concept in IN_SCHOOL or sign.question
        for sign in segment.signs
    )
    if not quiet or words & found.small["too"] or segment.spoken <= 1:
        return False
    return any(
        other.has("say.absent") and any(d[2].last is not None and d[2].last < moment.today for d in other.days)
        for other in others
    )


def is_hedged(dated: Dated, segment: Segment, report: Report, moment: Moment) -> bool:
    """ "Off today, and not in tomorrow if she's no better": a day to come of which all hangs on an "if"."""
    said = dated[2]
    if said.role not in {"on", "from"} or said.first is None or said.first <= moment.today:
        return False
    telling = [sign for sign in segment.signs if tells(sign)]
    others = [sign for other in report.segments if other is not segment for sign in other.signs]
    return (
        bool(telling)
        and all(sign.hypothetical for sign in telling)
        and any(sign.stands and tells(sign) for sign in others)
    )


def in_today(report: Report, moment: Moment) -> bool:
    """ "Was sick yesterday so wasn't in, today she's with you": the absence is over, and was on the day named."""
    return any(
        only_present(segment) and any(dated[2].first == moment.today for dated in segment.days)
        for segment in report.segments
    )


def over_by_now(dated: Dated, segment: Segment, report: Report, moment: Moment) -> bool:
    """ "Was sick this afternoon, so not in tomorrow", or "sent home yesterday": when it began, not an absence."""
    said = dated[2]
    if said.first is None or said.last is None or away_besides(segment):
        return False
    weekend = said.role == "on" and said.first == said.last and said.first.weekday() > FRIDAY
    if weekend and any(other.has("say.absent") for other in report.segments):
        # "Came off the quad Saturday".
        return True
    before_school = said.last < moment.likely and said.last >= moment.today
    sent = segment.has("say.home") and said.last < moment.today
    return (before_school or sent) and any(
        other.days and (other.has("say.absent") or other is not segment or len(other.days) > 1)
        for other in report.segments
        if other is not segment or len(segment.days) > 1 or not before_school
    )


def dates_illness(dated: Dated, segment: Segment) -> bool:
    """ "Since yesterday ill, not coming today": an illness told between a since and the absence is what has lasted.

    So is one that stands right before its since, where the absence has a day of its own: "not in today, sick since
    yesterday".
    """
    off = [s for s in segment.signs if s.hit.concept == "say.absent"]
    told = max((s for s in segment.signs if s.hit.last <= dated[0]), key=lambda sign: sign.hit.last, default=None)
    own = any(each[2].role == "on" and each[0] < dated[0] for each in segment.days)
    if told is not None and told.table == "sickness" and own and any(s.hit.last <= told.hit.first for s in off):
        return True
    first = min(
        (s.hit.first for s in segment.signs if s.hit.concept == "say.absent" and s.hit.first >= dated[1]), default=None
    )
    return first is not None and any(
        sign.table == "sickness" and dated[1] < sign.hit.last and sign.hit.first < first for sign in segment.signs
    )


def only_lasting(dated: Dated, segment: Segment, decision: Decision) -> bool:
    """ "Can't come today, no water since yesterday": the absence has a day of its own before the since."""
    if decision.topic is not Topic.ABSENCE_OTHER:
        return dates_illness(dated, segment)
    return dates_illness(dated, segment) or any(each[2].role == "on" and each[0] < dated[0] for each in segment.days)


def of_accident(dated: Dated, segment: Segment, report: Report, moment: Moment) -> bool:
    """ "Fell off his bike yesterday, can't walk": when it happened, and no day away unless said so."""
    said = dated[2]
    if said.first is None or said.first != said.last or said.first >= moment.today or said.role != "on":
        return False
    hurt = any(s.table == "sickness" and s.name == "injury" and s.stands for s in segment.signs)
    if any(s.table == "sickness" and s.name == "medical_other" and s.stands for s in segment.signs):
        # "Operated on yesterday. The doctor says a week of rest": how long it is from now on is told apart.
        others = [each for other in report.segments if other is not segment for each in other.days]
        hurt = hurt or any(each[3].startswith("days.duration") for each in others)
    away = ("say.absent", "say.home", "say.collect", "say.present", "say.better", "say.sent")
    return hurt and not any(other.has(*away) for other in report.segments if other is segment or other.days)


def lasting(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Has had a cough for 3 weeks": so long has the illness lasted, not the absence."""
    before = found.words[dated[0] - 1].norm if dated[0] > segment.first else ""
    if before in found.small["compared"] or left_out(dated, segment, found):
        return True
    weekly = dated[3] in {"days.rest_of_week", "days.other_week"} and before in found.small["times_before"]
    if weekly or meanwhile(dated, segment, found):
        return True
    if not dated[3].startswith("days.duration"):
        return False
    if dated[1] < len(found.words) and found.words[dated[1]].norm in found.small["after_count"]:
        return True
    pair = " ".join(word.norm for word in found.words[max(0, dated[0] - 2) : dated[0]])
    if pair in found.small.get("summed", frozenset()) and any(each[0] < dated[0] for each in found.days):
        return True
    if segment.has("say.absent"):
        return False
    earlier = {found.words[at].norm for at in range(segment.first, dated[0])}
    ill = any(sign.table == "sickness" and sign.hit.first < dated[0] for sign in segment.signs)
    return ill and bool(earlier & found.small["lasting"])


def left_out(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "No PE for two weeks": what is left out for so long is a lesson, and the child is in school."""
    activities = found.small.get("activities", frozenset())
    near = range(max(segment.first, dated[0] - REACH), dated[0])
    last = max((at for at in near if found.words[at].norm in activities), default=None)
    if last is None or any(s.hit.concept == "say.absent" and s.hit.last > last for s in segment.signs):
        return False
    return any(hit.concept == "scope.negator" and 0 <= last - hit.last < REACH for hit in found.hits)


def counted_off(segment: Segment, report: Report) -> bool:
    """Whether a count in a stretch that tells of no absence is how long one lasts."""
    return off_beside(segment, report) or segment.has("sickness.infectious", "sickness.medical_other")


def off_beside(segment: Segment, report: Report) -> bool:
    """Whether a count stands alone, or the absence is told right before or after it."""
    near = [other for other in report.segments if abs(other.number - segment.number) <= 1]
    return any(other.has("say.absent") for other in near) or not tells_something(segment)


def tells_something(segment: Segment) -> bool:
    """Whether a stretch says more than a greeting or a thanks: "in hospital for a few days thanks"."""
    return any(sign.hit.concept != "talk.smalltalk" for sign in segment.signs)
