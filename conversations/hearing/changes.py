"""What takes something back or puts it right, and what says that the child is in school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.acts import Change, Topic
from conversations.doubt import Doubt
from conversations.hearing.names import CHILD
from conversations.hearing.segments import Sign
from conversations.hearing.weighing import Decision, Weighing

# What can be said instead as a report of its own: "I meant she has the dentist".
REPORTS = frozenset({Topic.SICKNESS, Topic.APPOINTMENT, Topic.LATENESS})


def correction(weigh: Weighing, told: Decision | None) -> Decision | None:
    """Something said before is taken back or put right; `told` is the report that the text makes besides, if any."""
    around = weigh.around
    asked = {sign.segment for sign in weigh.all if sign.question and not sign.request}
    said = [
        sign
        for sign in weigh.all
        if sign.table == "correction" and sign.segment not in asked and not sign.hypothetical and not sign.negated
    ]
    story = any(
        sign.table in {"appointment", "sickness", "leave"} or (sign.table == "say" and sign.name != "collect")
        for sign in weigh.all
    )
    if any(sign.hit.concept == "talk.wrong_number" for sign in weigh.all) and not story:
        return None
    about_us = story or around.recorded or sum(sign.name.endswith("_maybe") for sign in said) > 1
    withdraws = [
        s
        for s in said
        if s.name == "withdraws" or (s.name == "withdraws_maybe" and about_us and not only_surprise(s, weigh))
    ]
    maybe = [s for s in said if s.name == "instead_maybe" or (s.name == "that_is" and restates(s, weigh))]
    instead = [s for s in said if s.name == "instead" or (s in maybe and about_us and around.anchored)]
    if withdraws and told and ill_besides(withdraws, told, weigh):
        return replace(told, doubts=(*told.doubts, Doubt.COMPETING))
    if withdraws:
        signs = (*withdraws, *weigh.of("say", "better", "present"))
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=signs)
    well = taken_back([s for s in said if s.name == "said_before"], weigh)
    if well:
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=well)
    # "My mistake, Sam is in school" takes Sam back, and puts nobody in his place.
    unsure = bool(instead) and all(sign in maybe for sign in instead) and not around.contrast
    if unsure and weigh.of("say", "present") and not reported(weigh):
        signs = (*instead, *weigh.of("say", "present"))
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=signs)
    # "The dentist is Thursday, not Wednesday": what is booked was told of before.
    moved = around.moved and not weigh.of("sickness") and not weigh.of("say", "absent", "late")
    if instead or moved or (around.contrast and (not reported(weigh) or around.recorded)):
        kept = told if told and told.topic in REPORTS else Decision(topic=Topic.CORRECTION)
        signs = tuple(instead or weigh.all)
        return Decision(topic=kept.topic, reason=kept.reason, change=Change.INSTEAD, signs=signs)
    return recovered(weigh)


def ill_besides(withdraws: Sequence[Sign], told: Decision, weigh: Weighing) -> bool:
    """ "Fever today. The dentist is cancelled": a visit is taken back, and not the illness in a stretch of its own."""
    over = {sign.segment for sign in withdraws}
    booked = {sign.segment for sign in weigh.of("appointment")} & over
    ill = {sign.segment for sign in weigh.of("sickness")} - over
    away = {sign.segment for sign in weigh.of("say", "absent", "home")} - over
    dated = {segment.number for segment in weigh.segments if segment.days}
    said = any(sign.table == "correction" and sign not in withdraws for sign in weigh.all)
    well = said or weigh.of("say", "better", "present", "sent") or weigh.around.recorded
    of_visit = booked or all("appointment" in sign.hit.phrase for sign in withdraws)
    return told.topic is Topic.SICKNESS and bool(of_visit and ill and (away or ill & dated)) and not well


def taken_back(before: Sequence[Sign], weigh: Weighing) -> tuple[Sign, ...]:
    """ "What I said this morning, that she is ill: fine now, coming in": what was said, and nothing else, is over."""
    better, comes = weigh.of("say", "better"), weigh.of("say", "present")
    if not before or not better or not comes or weigh.around.days_ahead:
        return ()
    told = [*weigh.of("sickness"), *weigh.of("say", "absent", "late"), *weigh.of("appointment")]
    within = all(before[0].hit.last <= sign.hit.first < better[0].hit.first for sign in told)
    return (*before, *better, *comes) if within else ()


# How soon after "that is" the day, the hour or the child stands that it puts for an earlier one.
SOON = 2


def restates(sign: Sign, weigh: Weighing) -> bool:
    """Whether "that is" puts one day, hour or child for another: "Monday, that is Tuesday", not "fever, that is 39"."""
    last = sign.hit.last
    days = [each[0] for segment in weigh.segments for each in segment.days]
    clocks = [each.first for segment in weigh.segments for each in segment.clocks]
    names = [each.first for segment in weigh.segments for each in segment.people if each.kind == CHILD]
    return any(
        any(last <= at <= last + SOON for at in kind) and any(at < sign.hit.first for at in kind)
        for kind in (days, clocks, names)
    )


def only_surprise(sign: Sign, weigh: Weighing) -> bool:
    """ "It is chickenpox after all", "to jednak ospa": an illness that is told right behind takes nothing back."""
    return len(weigh.of("correction")) == 1 and any(
        sign.hit.last <= ill.hit.first <= sign.hit.last + 1 for ill in weigh.of("sickness")
    )


def reported(weigh: Weighing) -> bool:
    """Whether a report is made: "only Ella is off, not Zac" puts nothing right."""
    return bool(weigh.of("sickness") or weigh.of("say", "absent", "late", "arriving") or weigh.of("appointment"))


def recovered(weigh: Weighing) -> Decision | None:
    """ "She's fine now, coming in": better, and either coming in or known to us as off."""
    better = [sign for sign in weigh.of("say", "better") if sign.about]
    present = weigh.of("say", "present", "arriving")
    rival = weigh.of("sickness") or weigh.of("say", "absent", "late") or weigh.of("appointment")
    nits = any(sign.hit.concept == "talk.illness_question" for sign in weigh.all) and not weigh.around.recorded
    if better and not nits and not rival and not weigh.around.until and (present or weigh.around.recorded):
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=(*better, *present))
    return None


def presence(weigh: Weighing) -> Decision | None:
    """The sender thinks that the child is in school: nothing else in the report says otherwise."""
    claims = [s for s in weigh.of("claims_present", plain=False) if not s.negated and not s.hypothetical]
    late = weigh.of("say", "late") + [
        sign
        for sign in weigh.of("say", "arriving")
        if timed(sign, weigh) or not any(overlap(sign, claim) for claim in claims)
    ]
    rival = weigh.of("sickness") or late or weigh.of("say", "absent", "better")
    # "He's suspended, so why am I getting this?": that he is not in is known to both.
    rival = rival or weigh.of("appointment") or weigh.of("leave") or weigh.of("absence_other", "suspension")
    if claims and not rival and not weigh.around.days_ahead:
        question = all(sign.question for sign in claims)
        return Decision(topic=Topic.CLAIMS_PRESENT, signs=tuple(claims), question=question)
    return None


def timed(sign: Sign, weigh: Weighing) -> bool:
    """Whether a clock time goes with a sign: "should be there 9.15"."""
    last = sign.hit.last
    return any(last - 2 <= clock.first <= last + 1 for segment in weigh.segments for clock in segment.clocks)


def overlap(sign: Sign, other: Sign) -> bool:
    """Whether two signs share a word."""
    return sign.hit.first < other.hit.last and other.hit.first < sign.hit.last
