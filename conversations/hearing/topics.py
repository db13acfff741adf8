"""Decides what a report is about from all the signs in it, and what keeps it from being filed without a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.acts import Kind, Topic
from conversations.doubt import Doubt
from conversations.hearing.changes import correction, overlap, presence
from conversations.hearing.chat import LATE_TO_FETCH, fetched_late, talk
from conversations.hearing.may_come import coming, may_come, wonders
from conversations.hearing.names import FIRST, OTHER, UNKNOWN
from conversations.hearing.segments import Segment, Sign, meets
from conversations.hearing.weighing import Around, Decision, Weighing, but_comes, category, comes_besides, guessed

# What keeps a child away by itself, without a word about school.
UNABLE = frozenset({"unable", "transport"})
UNMISTAKABLE = frozenset({"bereavement", "suspension", "school_transport", "family_emergency"})


def decide(segments: Sequence[Segment], around: Around) -> Decision:
    """What a report is about."""
    weigh = Weighing(segments, around)
    # "It wasn't bad at all": who did not come is no part of an answer to how the day was.
    away = [sign for sign in weigh.of("say", "absent", "late", "arriving") if not within(sign, around.moods)]
    comes = weigh.of("say", "present") and not (weigh.of("appointment") or weigh.of("leave") or around.until)
    if around.checkin and not away and (not around.days_ahead or comes):
        # "A bit wobbly at dinner time, but says she'll go again tomorrow" as well.
        return Decision(topic=Topic.CHECKIN_REPLY, signs=tuple(weigh.all))
    told = report(weigh)
    claimed = around.chased and any(sign.table == "claims_present" and sign.stands for sign in weigh.all)
    if told and ((around.checkin and not around.days_ahead) or claimed):
        told = replace(told, doubts=(*told.doubts, Doubt.COMPETING))
    decision = correction(weigh, told) or presence(weigh) or told or doubtful(weigh) or talk(weigh)
    if decision is None:
        negated = any(sign.negated and sign.table in {"sickness", "appointment", "say"} for sign in weigh.all)
        return Decision(topic=None, negated=negated, question=any(s.question for s in segments), signs=tuple(weigh.all))
    return decision


def within(sign: Sign, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a sign is part of longer words that say something else."""
    return any(first <= sign.hit.first and sign.hit.last <= last for first, last in spans)


# Plain reports -------------------------------------------------------------------------------


# How many words may stand between "an appointment" and where it is.
NEXT = 2
# What is an absence's cause beside an illness, so that one must be asked about.
RIVALS = UNMISTAKABLE | {"housing"}
AWAY = frozenset({"absent", "home", "late", "arriving"})


class Case:
    """The evidence of one report, by table, once it is clear what counts."""

    def __init__(self, weigh: Weighing) -> None:
        around = weigh.around
        self.weigh = weigh
        self.sick = weigh.of("sickness")
        self.appointment = weigh.of("appointment")
        self.leave = leave_signs(weigh)
        self.absent = weigh.of("say", "absent", "home")
        self.late = weigh.of("say", "late", "arriving")
        self.barrier = weigh.of("barrier")
        self.asks = weigh.of("talk", "announces", plain=False)
        self.travel = [sign for sign in weigh.plain if sign.table == "travel"]
        self.other = [sign for sign in weigh.plain if sign.table == "absence_other"]
        self.fetching = [sign for sign in weigh.all if sign.hit.concept == LATE_TO_FETCH and not sign.negated]
        self.late = [sign for sign in self.late if not any(overlap(sign, each) for each in self.fetching)]
        self.ill_sender = [sign for sign in weigh.others("sickness") if sign.about == FIRST]
        if (weigh.others("sickness") or emergency_of_another(weigh)) and all(
            s.hit.concept == "sickness.medical_other" and not s.about for s in self.sick
        ):
            # "My mother in law had a stroke, we are all at the hospital".
            self.sick = []
        if weigh.others("sickness") and any(sign.name == "family_emergency" for sign in self.other):
            # "Grandad has been rushed in, Maya is with us at the hospital today": where all of them are.
            places = [sign.hit for sign in weigh.all if sign.hit.concept == "sickness.medical_other"]
            self.appointment = [sign for sign in self.appointment if not meets(sign.hit, places)]
        if around.until_time and self.absent:
            # "Won't be in till 10" is late.
            self.absent, self.late = [], [*self.late, *self.absent]
        if weigh.others("sickness") or self.travel or self.other:
            # "Can't get her in", "nobody to bring her" for a reason of the family's is no standing obstacle.
            self.absent = self.absent or [sign for sign in self.barrier if sign.name in UNABLE]
            self.barrier = [sign for sign in self.barrier if sign.name not in UNABLE]
        if self.absent and not (self.sick or self.appointment or self.leave or self.late or self.barrier or self.other):
            self.sick = guessed(weigh)
        if not self.absent and not around.chased:
            self.other = [sign for sign in self.other if sign.name in UNMISTAKABLE]
        if any(sign.name == "bereavement" for sign in self.other):
            # A death outweighs how they are and where they go because of it (care rule 17).
            self.sick = [sign for sign in self.sick if sign.name != "unspecified"]
            self.leave = [sign for sign in self.leave if sign.name not in {"family_abroad", "holiday"}]


def emergency_of_another(weigh: Weighing) -> bool:
    """ "An emergency with my dad, ambulance here": a relative stands in the same stretch as the emergency."""
    told = {sign.segment for sign in weigh.plain if sign.hit.concept == "absence_other.family_emergency"}
    return any(s.number in told and any(person.kind == OTHER for person in s.people) for s in weigh.segments)


def report(weigh: Weighing) -> Decision | None:
    """A plain report: sickness, appointment, leave, other absence, lateness, or a standing obstacle."""
    case = Case(weigh)
    told = (
        booked(case)
        or away(case)
        or ill(case)
        or visited(case)
        or kept(case)
        or travelling(case)
        or obstacle(case)
        or off(case)
    )
    besides = case.sick or case.appointment or case.leave or case.absent or case.late
    return fetched_late(case.fetching, told if besides else None) if case.fetching else told


def booked(case: Case) -> Decision | None:
    """An appointment, with an illness only as what it is for."""
    # "Embassy appointments" are no doctor's.
    if in_hospital_ahead(case):
        return Decision(
            topic=Topic.APPOINTMENT,
            reason=category("appointment", case.appointment),
            signs=(*case.appointment, *case.sick),
        )
    strong = [s for s in case.appointment if s.name != "place" and not any(elsewhere(s, each) for each in case.leave)]
    if not strong or (case.sick and not for_appointment(strong, case)):
        return None
    signs = (*strong, *case.absent, *case.late)
    if case.weigh.around.over and case.weigh.of("say", "absent"):
        # "Had a tooth pulled yesterday, stopping at home": ill of what was done.
        return Decision(topic=Topic.SICKNESS, reason="medical_other", doubts=(Doubt.COMPETING,), signs=signs)
    return Decision(topic=Topic.APPOINTMENT, reason=category("appointment", strong), signs=signs)


def in_hospital_ahead(case: Case) -> bool:
    """ "All day at the hospital on Thursday, her consultant wants to see her": announced, it is an appointment."""
    told = bool(case.sick) and all(sign.hit.concept == "sickness.medical_other" for sign in case.sick)
    around = case.weigh.around
    return (
        told and bool(case.appointment) and around.days_ahead and not around.until and not (case.barrier or case.absent)
    )


def elsewhere(sign: Sign, leave: Sign) -> bool:
    """Whether what is booked is no doctor: an embassy or a court is named in it or right after it."""
    near = 0 <= leave.hit.first - sign.hit.last <= NEXT and leave.segment == sign.segment
    return overlap(sign, leave) or (near and leave.name in {"legal", "interview"})


def for_appointment(strong: Sequence[Sign], case: Case) -> bool:
    """Whether the illness is what the appointment is for: named after it in its own stretch, not an absence's cause."""
    here = strong[0].segment
    if case.absent and not any(sign.name != "unspecified" and sign.segment == here for sign in case.sick):
        return False
    # "Blood test on Monday, all morning in hospital": where it is.
    return all(
        sign.hit.first > strong[0].hit.first
        and (sign.segment == here or (sign.name == "medical_other" and not case.absent))
        for sign in case.sick
    )


def away(case: Case) -> Decision | None:
    """Leave, asked for or announced."""
    if not case.leave or (case.sick and not case.asks):
        return None
    reason = category("leave", case.leave)
    feast = reason == "religious" and not (case.absent or case.asks) and but_comes(case.weigh.segments)
    return None if feast else Decision(topic=Topic.LEAVE, reason=reason, signs=(*case.leave, *case.absent))


def leave_signs(weigh: Weighing) -> list[Sign]:
    """Signs of leave that count: a place or an event alone is none, unless days, absence or asking go with it."""
    leave = [sign for sign in weigh.all if sign.table == "leave" and not sign.negated and not sign.hypothetical]
    asks = weigh.of("talk", "announces", plain=False)
    around = weigh.around
    carried = around.days_ahead or around.until or weigh.of("say", "absent", plain=False) or asks
    return leave if carried and (asks or any(sign.stands for sign in leave)) else []


def ill(case: Case) -> Decision | None:
    """Sickness; doubtful where the child comes in all the same, or will not."""
    late = case.late and not case.absent and not case.weigh.in_part()
    if not case.sick or late or refusing(case):
        return None
    if (case.weigh.of("say", "sent") or comes_anyway(case)) and not case.absent:
        return Decision(topic=Topic.OTHER_SCHOOL_MATTER, signs=tuple(case.sick))
    rival = any(sign.name in {"refusal", "anxiety"} for sign in case.barrier) or coming(case.weigh)
    kept_off = any(not any(overlap(sign, each) for each in case.barrier) for sign in case.absent)
    doubts = (Doubt.COMPETING,) if rival and not kept_off else ()
    if any(sign.name in RIVALS and not any(overlap(sign, each) for each in case.sick) for sign in case.other):
        doubts = (*doubts, Doubt.COMPETING)
    if not case.absent and may_come(case.weigh):
        doubts = (*doubts, Doubt.HYPOTHETICAL)
    if not case.weigh.of("say", "absent") and wonders(case.weigh):
        doubts = (*doubts, Doubt.QUESTION)
    if only_treated(case):
        doubts = (*doubts, Doubt.UNSURE)
    signs = (*case.sick, *case.absent)
    reason = category("sickness", [*case.sick, *guessed(case.weigh)])
    return Decision(topic=Topic.SICKNESS, reason=reason, doubts=doubts, signs=signs)


def only_treated(case: Case) -> bool:
    """ "Had his tooth out yesterday": whether he was off then, or is now, is not said."""
    around = case.weigh.around
    treated = all(sign.hit.concept == "sickness.medical_other" for sign in case.sick)
    return treated and around.over and not (case.absent or around.chased)


def comes_anyway(case: Case) -> bool:
    """ "She has a cold but is coming in": said after a "but", and of today."""
    after = {segment.number for segment in case.weigh.segments if segment.against}
    last = max(sign.hit.last for sign in case.sick)
    present = [sign for sign in case.weigh.of("say", "present") if sign.segment in after and sign.hit.first >= last]
    return bool(present) and coming(case.weigh) and not case.weigh.around.days_ahead


def refusing(case: Case) -> bool:
    """Whether "too anxious" stands beside refusing, being terrified or not getting there: a standing obstacle."""
    mild = all(sign.name in {"mental_health", "unspecified"} for sign in case.sick)
    if not case.absent and any(sign.name == "bullying" for sign in case.barrier):
        # "They pick on her, so she has a tummy ache every morning".
        return True
    return mild and any(sign.name in {"refusal", "anxiety", "bullying", "unable"} for sign in case.barrier)


def visited(case: Case) -> Decision | None:
    """A doctor or a hospital alone."""
    if not case.appointment or case.barrier or case.sick:
        return None
    if case.absent and case.weigh.around.until and not case.weigh.around.timed:
        # "The doctor wants him off until Friday": seen, and ill.
        signs = (*case.appointment, *case.absent)
        return Decision(topic=Topic.SICKNESS, reason="unspecified", doubts=(Doubt.COMPETING,), signs=signs)
    signs = (*case.appointment, *case.absent)
    return Decision(topic=Topic.APPOINTMENT, reason=category("appointment", case.appointment), signs=signs)


def kept(case: Case) -> Decision | None:
    """Another cause that keeps a child away."""
    if not case.other or (case.late and not case.absent):
        return None
    reason = category("absence_other", case.other)
    if reason == "bereavement" and not case.absent and comes_besides(case.weigh, case.other):
        return None
    unsure = reason == "family_emergency" and not case.absent and not case.weigh.around.chased
    doubts = (Doubt.OTHER_SUBJECT,) if unsure else ()
    return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, doubts=doubts, signs=(*case.other, *case.absent))


def travelling(case: Case) -> Decision | None:
    """Late, or kept away, by traffic, a bus, the weather, an alarm clock."""
    if not case.travel and not (case.late and not case.absent):
        return None
    if case.ill_sender and not case.late:
        return None
    reason = category("travel", case.travel)
    if case.absent and not case.late:
        reason = {"transport": "transport", "weather": "weather", "traffic": "transport"}.get(reason, "other")
        return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, signs=(*case.travel, *case.absent))
    missed = any(sign.name == "missed" for sign in case.travel)
    due = any(sign.hit.last - sign.hit.first > 1 for sign in case.travel) and any(
        clock.kind in {Kind.TIME, Kind.MINUTES} for segment in case.weigh.segments for clock in segment.clocks
    )
    if case.late or case.weigh.of("say", "present") or reason == "overslept" or missed or due:
        if reason == "unspecified" and case.sick:
            reason = "child_unwell"
        elif reason == "unspecified" and case.weigh.others("sickness"):
            reason = "family"
        firm = case.late or reason == "overslept" or missed or case.weigh.around.timed
        only_arrives = all(sign.name == "arriving" for sign in case.late)
        if case.sick and not case.travel and not case.weigh.around.timed and only_arrives:
            # "Was sick on the way to school, had to turn round".
            firm = False
        doubts = () if firm and not both(case) else (Doubt.COMPETING,)
        return Decision(topic=Topic.LATENESS, reason=reason, doubts=doubts, signs=(*case.late, *case.travel))
    if reason in {"weather", "family", "other"}:
        return None
    doubts = () if case.weigh.around.chased else (Doubt.COMPETING,)
    return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, doubts=doubts, signs=tuple(case.travel))


def as_usual(case: Case) -> bool:
    """Whether a child who is told to be away is told afterwards, in words of its own, to come in."""
    last = min(sign.hit.last for sign in case.absent)
    present = [sign for sign in case.weigh.of("say", "present") if sign.hit.first >= last]
    return coming(case.weigh) and any(not any(overlap(sign, each) for each in case.absent) for sign in present)


def both(case: Case) -> bool:
    """Whether the child is told to be away and on the way, each in words of its own, and not for a part of the day."""
    apart = any(all(not overlap(sign, other) for other in case.late) for sign in case.absent)
    arrives = bool(case.late) and all(sign.name == "arriving" for sign in case.late)
    return arrives and apart and not case.weigh.in_part()


def obstacle(case: Case) -> Decision | None:
    """A standing obstacle; or, where the sender is too ill to bring the child, an absence for the family's sake."""
    if case.ill_sender and any(sign.name == "transport" for sign in (*case.barrier, *case.travel)):
        signs = (*case.ill_sender, *case.barrier, *case.travel)
        return Decision(topic=Topic.ABSENCE_OTHER, reason="family_emergency", signs=signs)
    if not case.barrier or (case.absent and any(sign.name == "family" for sign in case.barrier)):
        return None
    signs = (*case.barrier, *case.absent)
    return Decision(topic=Topic.BARRIER, reason=category("barrier", case.barrier), signs=signs)


def off(case: Case) -> Decision | None:
    """Away without a cause, or because somebody else is ill; asked for, it is leave."""
    if not case.absent:
        return None
    if case.asks and not case.weigh.of("say", "collect"):
        return Decision(topic=Topic.LEAVE, reason="unspecified", signs=(*case.asks, *case.absent))
    relative = case.weigh.others("sickness")
    reason = "family_emergency" if relative else "unspecified"
    # "The kids are staying with my husband and come in as usual".
    doubts = (Doubt.COMPETING,) if both(case) or as_usual(case) else ()
    return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, doubts=doubts, signs=(*case.absent, *relative))


# Doubtful reports ----------------------------------------------------------------------------


def doubtful(weigh: Weighing) -> Decision | None:
    """The same reports where they are asked, requested, hedged or of somebody else: read, but never filed unasked."""
    around = weigh.around
    collecting = around.timed and any(sign.table == "appointment" for sign in weigh.all)
    said = {sign.name for sign in weigh.all if sign.table == "talk"} - {"announces", "smalltalk", "pupil", "no_reply"}
    if said - {"collection"} or (said and not collecting):
        return None
    if any(sign.table in {"attendance_query", "barrier"} and not sign.negated for sign in weigh.all):
        return None
    candidates: list[tuple[Doubt, list[Sign]]] = [
        (Doubt.HYPOTHETICAL, [sign for sign in weigh.all if sign.hypothetical and not sign.negated]),
        (Doubt.QUESTION, [sign for sign in weigh.all if sign.question and not sign.negated]),
        (Doubt.REQUEST, [sign for sign in weigh.all if sign.request and not sign.negated]),
        (Doubt.OTHER_SUBJECT, [sign for sign in weigh.plain if sign.about in {OTHER, FIRST, UNKNOWN}]),
    ]
    away_told = around.chased or any(sign.table == "say" and sign.name in AWAY for sign in weigh.all)
    for doubt, signs in candidates:
        if doubt is Doubt.OTHER_SUBJECT and sent_all_the_same(weigh):
            continue
        stranger = any(sign.about == UNKNOWN for sign in signs)
        if around.others_pass and doubt is Doubt.OTHER_SUBJECT and not (away_told or stranger):
            # "The dog was sick", "my husband has covid": nothing about a child of ours.
            continue
        if around.others_pass and doubt is Doubt.QUESTION and all(sign.about == OTHER for sign in signs):
            # "Is Miss Fozia ill?", "is her teacher not in today?"
            continue
        bare = [replace(sign, hypothetical=False, question=False, request=False, about="") for sign in signs]
        found = report(Weighing(weigh.segments, around, bare)) if signs else None
        if found is None:
            continue
        if doubt is Doubt.QUESTION and found.topic is Topic.APPOINTMENT and around.timed and polite(signs):
            return found
        return replace(found, doubts=(*found.doubts, doubt), question=doubt is Doubt.QUESTION)
    return None


def sent_all_the_same(weigh: Weighing) -> bool:
    """ "My husband has covid but the kids are fine", "I'm ill, so Dad drops her off": nobody of ours is away."""
    said = [sign for sign in weigh.all if sign.table == "say" and not sign.negated]
    names = {sign.name for sign in said}
    return bool(names & {"present", "better"}) and not names & {"absent", "home", "late", "collect"}


def polite(signs: Sequence[Sign]) -> bool:
    """ "Can I collect her at 2 for the dentist?" tells, and only sounds as if it asked."""
    return any(f"{sign.table}.{sign.name}" in {"say.collect", "talk.announces", "talk.collection"} for sign in signs)
