"""Days that are no absence by what stands beside them: all is hoped well, a doctor counts them, somebody rings then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conversations.hearing.resolving import Span

if TYPE_CHECKING:
    from conversations.hearing.other_days import Dated
    from conversations.hearing.phrases import Hit
    from conversations.hearing.reports import Report
    from conversations.hearing.resolving import Moment
    from conversations.hearing.segments import Found, Segment

# How many words may stand between being well again and its day: "fine by Thursday", "should pass, hopefully by Friday".
NEAR = 2
# How far behind a count what is counted may stand: "5 days of strong antibiotics".
REACH = 4
# What says the day of return itself needs no guess, and a count is none.
BACK = "days.back"
RETURNS = ("days.back", "days.not_back", "days.not_in_until", "days.duration")
NEGATORS = ("scope.negator", "scope.negator_after")


def hoped(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Should be better by tomorrow", "do jutra powinno przejść", "kal tak theek ho jaye gi": well on a day to come.

    "Won't be better by Friday" hopes nothing, and "it's better that he stays off tomorrow" tells of an absence.
    """
    first, last, said, rule = dated
    day = said.first or said.last
    returns = rule.startswith(RETURNS) and not willing(dated, found)
    if day is None or day <= found.today or returns or said.role == "since":
        return False
    inside = (hit for hit in found.hits if segment.first <= hit.first < segment.last)
    well = [hit for hit in inside if hit.concept == "scope.recovery" and beside(hit, first, last)]
    return any(not denied(hit, found) and not told_off(hit, dated, segment) for hit in well)


def willing(dated: Dated, found: Found) -> bool:
    """Whether only "God willing" makes a day one of return: "in sha' Allah Thursday she'll be fine" hopes for it."""
    return dated[3].startswith(BACK) and found.words[dated[0]].norm in found.small.get("god_willing", frozenset())


def beside(hit: Hit, first: int, last: int) -> bool:
    """Whether a phrase stands right before or after some words, or around them."""
    return first - NEAR <= hit.last and hit.first <= last + NEAR


def denied(hit: Hit, found: Found) -> bool:
    """Whether a "not" stands before a phrase, or right after it where the "not" follows."""
    before = {word.norm for word in found.words[max(0, hit.first - NEAR) : hit.first]}
    return bool(before & found.small["not"]) or any(
        (each.concept == NEGATORS[0] and 0 <= hit.first - each.last <= NEAR)
        or (each.concept == NEGATORS[1] and 0 <= each.first - hit.last <= 1)
        for each in found.hits
    )


def told_off(hit: Hit, dated: Dated, segment: Segment) -> bool:
    """Whether the day is one of an absence after all: "off until Thursday to get better", "better off on Friday"."""
    start, end = min(hit.first, dated[0]), max(hit.last, dated[1])
    away = [sign.hit for sign in segment.signs if sign.hit.concept == "say.absent"]
    if any(each.first >= start for each in away):
        return True
    return any(each.last <= start for each in away) and dated[0] < hit.first and end == hit.last


def hoped_end(dated: Dated, report: Report, moment: Moment) -> Dated | None:
    """What a day of being well again says of the absence: nothing where it is the next school day.

    "Hopefully fine for Thursday", said on a Tuesday, leaves open whether Wednesday is missed, and that is asked.
    """
    first, last, said, rule = dated
    day = said.first or said.last
    others = [each[2] for segment in report.segments for each in segment.days if each[:2] != dated[:2]]
    told = [
        each.last for each in others if each.last and each.role in {"on", "since"} and each.last < (day or each.last)
    ]
    if day is None:
        return None
    until = max([*told, moment.likely])
    if rule.startswith(BACK):
        # The span ends before the day already.
        return (first, last, replace(said, others=((None, until),)), rule + ".hoped") if day > until else None
    if until >= day:
        # Said in the evening: whether tomorrow is missed depends on the night.
        today = Span(first=moment.today, last=moment.today, others=((day, day),))
        return None if moment.today == moment.likely or told else (first, last, today, rule + ".hoped")
    end = moment.back_to(day)
    if end <= until:
        return None
    return first, last, replace(said, first=None, last=end, role="until", others=((None, until),)), rule + ".hoped"


def in_tomorrow(dated: Dated, report: Report, moment: Moment) -> Dated:
    """ "Tummy ache at tea, she'll be in tomorrow": said in the evening, it need not mean that she was away today."""
    first, last, said, rule = dated
    told = any(segment.has("say.absent") for segment in report.segments)
    told = told or any(each[:2] != (first, last) for segment in report.segments for each in segment.days)
    if told or moment.today == moment.likely or said.last != moment.back_to(moment.likely):
        return dated
    return first, last, replace(said, others=((moment.likely, moment.likely),)), rule


def and_today(dated: Dated, report: Report, found: Found, moment: Moment) -> Dated:
    """ "I'm keeping her at home. She was also off yesterday": the day before is added to an absence that is told of."""
    first, last, said, rule = dated
    here = next(segment for segment in report.segments if segment.first <= first < segment.last)
    adds = {found.words[at].norm for at in range(here.first, here.last)} & found.small["too"]
    away = any(segment is not here and segment.has("say.absent") and not segment.days for segment in report.segments)
    if not (adds and away) or said.role != "on" or said.last != moment.back_to(moment.likely):
        return dated
    return first, last, replace(said, last=moment.likely), rule + ".also"


def advised(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "GP said 5 days", "lekarz kazał tydzień": a count that somebody orders is how long the child is off."""
    first, last = dated[:2]
    near = [*range(max(segment.first, first - NEAR), first), *range(last, min(segment.last, last + 1))]
    return any(found.words[at].norm in found.small.get("advises", frozenset()) for at in near)


def treated(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Doctor said 5 days of antibiotics": a count of something else than days away."""
    after = {found.words[at].norm for at in range(dated[1], min(segment.last, dated[1] + REACH))}
    return bool(after & found.small.get("treatment", frozenset()))


def perhaps(dated: Dated, segment: Segment, found: Found, moment: Moment) -> Dated:
    """A day that is only likely: beside an absence already told it adds nothing sure, else it bears two readings.

    "Off today and likely tomorrow" may be both.
    """
    first, last, said, rule = dated
    until = next((each[2].last for each in segment.days if each[0] < first and each[2].role in {"on", "since"}), None)
    joined = first > segment.first and found.words[first - 1].norm in found.small["joins"]
    if joined and until and said.first and moment.after(until) == said.first:
        ends = ("say.present", "say.better", "say.arriving")
        if not any(f"{s.table}.{s.name}" in ends and s.hit.last > first - 1 for s in segment.signs):
            return first, last, replace(said, first=None, role="until", others=((None, until),)), rule + ".joined"
    if said.first and said.last and said.first <= moment.likely < said.last:
        # "Poorly, probably all week": today at least.
        return first, last, replace(said, first=None, role="until", others=((None, moment.likely),)), rule + ".joined"
    told = any(sign.stands and sign.hit.first < first for sign in segment.signs) or not segment.signs
    others = () if told else ((moment.likely, moment.likely),)
    return first, last, replace(said, role="on", others=others), rule


def told_elsewhere(others: Sequence[Segment], report: Report) -> bool:
    """Whether another stretch tells of an absence; or "resting until Friday" beside "had an operation yesterday"."""
    absent = any(other.has("say.absent", "say.late", "say.arriving") for other in others)
    return absent or any(each[2].role == "until" for other in report.segments for each in other.days)


def since_event(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "A cough since the trip on Thursday": the day of what it began with, where no absence is told beside it."""
    first, _, said, _ = dated
    before = {word.norm for word in found.words[max(segment.first, first - REACH) : first]}
    return (
        said.role == "on"
        and not segment.has("say.absent")
        and bool(before & found.small.get("ever_since", frozenset()))
    )


def of_death(dated: Dated, segment: Segment, others: Sequence[Segment]) -> bool:
    """ "Grandad died yesterday, the funeral is on Friday": the day of a death, where another day is told."""
    said = dated[2]
    died = any(s.stands and (s.table, s.name) == ("absence_other", "bereavement") for s in segment.signs)
    asked = segment.has("say.absent") or any(s.table == "leave" for s in segment.signs)
    one = said.role == "on" and said.first is not None and said.first == said.last
    return died and one and not asked and any(other.days for other in others)


def acted_then(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Keeping her home and will ring tomorrow", "& see tomorrow": what the writer does on a day ahead."""
    first, _, said, _ = dated
    if said.role != "on" or said.first is None or said.first <= found.today:
        return False
    near = [word.norm for word in found.words[max(segment.first, first - REACH) : first]]
    light = found.small["prepositions"] | found.small.get("you_again", frozenset())
    while near and near[-1] in light:
        near.pop()
    return bool(near) and near[-1] in found.small.get("acts_then", ())
