"""Decides what a report is about from all the signs in it, and what keeps it from being filed without a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.acts import Change, Doubt, Topic
from conversations.hearing.names import CHILD, FIRST, OTHER, UNKNOWN
from conversations.hearing.segments import Segment, Sign

# The first that applies is the category of a sickness (LABELS).
SICKNESS_ORDER = ("infectious", "injury", "mental_health", "gi", "respiratory", "fever", "pain", "medical_other", "unspecified")
APPOINTMENT_ORDER = ("dental", "optical", "mental_health", "medical")
LEAVE_ORDER = ("religious", "family_event", "bereavement", "interview", "legal", "performance_sport", "traveller", "family_abroad", "holiday")
OTHER_ORDER = ("bereavement", "suspension", "school_transport", "family_emergency", "housing", "religious", "other")
TRAVEL_ORDER = ("overslept", "traffic", "transport", "weather", "family", "other")
BARRIER_ORDER = ("bullying", "anxiety", "refusal", "uniform", "food", "money", "housing", "send", "transport", "family", "other")
# A doctor or a hospital alone may be where an illness led, or an appointment.
WEAK_APPOINTMENT = frozenset({"doctors", "hospital", "gp", "a and e", "doctors (this morning|this afternoon|today|tomorrow|first thing|<n>)"})
# What keeps a child away by itself, without a word about school.
UNMISTAKABLE = frozenset({"bereavement", "suspension", "school_transport", "family_emergency"})
TALK_ORDER = (
    ("wrong_number", Topic.WRONG_NUMBER), ("new_details", Topic.NEW_DETAILS), ("leaving_school", Topic.LEAVING_SCHOOL),
    ("collection", Topic.COLLECTION), ("whereabouts", Topic.WHEREABOUTS), ("illness_question", Topic.ILLNESS_QUESTION),
    ("human", Topic.HUMAN), ("other_school_matter", Topic.OTHER_SCHOOL_MATTER), ("smalltalk", Topic.SMALLTALK),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a report is about."""

    topic: Topic | None
    reason: str | None = None
    change: Change = Change.ADDS
    negated: bool = False
    question: bool = False
    doubts: tuple[Doubt, ...] = ()
    signs: tuple[Sign, ...] = ()


class Weighing:
    """The signs of one report, sorted by what they say."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.all = [sign for segment in segments for sign in segment.signs]
        self.plain = [sign for sign in self.all if sign.stands]

    def of(self, table: str, *names: str, plain: bool = True) -> list[Sign]:
        """Signs of a table (of some of its names), of the child or of nobody in particular."""
        return [
            sign
            for sign in (self.plain if plain else self.all)
            if sign.table == table and (not names or sign.name in names) and sign.about not in {OTHER, FIRST}
        ]

    def others(self, table: str) -> list[Sign]:
        """Plain signs of a table that are about somebody else."""
        return [sign for sign in self.plain if sign.table == table and sign.about in {OTHER, FIRST}]


def first_of(order: Sequence[str], signs: Sequence[Sign]) -> str:
    """The category that counts where several are said."""
    names = {sign.name for sign in signs}
    return next((name for name in order if name in names), "unspecified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else bears on a report: days ahead, an end of the absence, "X not Y", a person, and what is on record.

    `chased`: the school has just asked why the child is not in; `anchored`: a child or a day is spoken of.
    """

    days_ahead: bool = False
    until: bool = False
    contrast: bool = False
    chased: bool = False
    recorded: bool = False
    checkin: bool = False
    anchored: bool = False
    until_time: bool = False
    timed: bool = False


def decide(segments: Sequence[Segment], around: Around) -> Decision:
    """What a report is about."""
    weigh = Weighing(segments)
    if around.checkin and not weigh.of("say", "absent", "late") and not around.days_ahead:
        return Decision(topic=Topic.CHECKIN_REPLY, signs=tuple(weigh.all))
    decision = (
        correction(weigh, around)
        or presence(weigh, around)
        or report(weigh, around)
        or doubtful(weigh, around)
        or talk(weigh)
    )
    if decision is None:
        negated = any(sign.negated and sign.table in {"sickness", "appointment", "say"} for sign in weigh.all)
        return Decision(topic=None, negated=negated, question=any(s.question for s in segments), signs=tuple(weigh.all))
    return decision


# Taken back ----------------------------------------------------------------------------------


def correction(weigh: Weighing, around: Around) -> Decision | None:
    """Something said before is taken back or put right."""
    asked = {sign.segment for sign in weigh.all if sign.question and not sign.request}
    said = [s for s in weigh.all if s.table == "correction" and s.segment not in asked and not s.hypothetical and not s.negated]
    story = any(s.table in {"appointment", "sickness", "leave"} or (s.table == "say" and s.name != "collect") for s in weigh.all)
    about_us = story or around.recorded or sum(sign.name.endswith("_maybe") for sign in said) > 1
    if any(sign.hit.concept == "talk.wrong_number" for sign in weigh.all) and not story:
        return None
    withdraws = [s for s in said if s.name == "withdraws" or (s.name == "withdraws_maybe" and about_us)]
    instead = [s for s in said if s.name == "instead" or (s.name == "instead_maybe" and about_us and around.anchored)]
    if withdraws:
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=tuple([*withdraws, *weigh.of("say", "better", "present")]))
    if instead or (around.contrast and (not told(weigh) or around.recorded)):
        # What is said instead may be a whole report ("I meant she has the dentist").
        topic = report(weigh, around)
        kept = topic if topic and topic.topic in {Topic.SICKNESS, Topic.APPOINTMENT, Topic.LATENESS} else None
        return Decision(
            topic=kept.topic if kept else Topic.CORRECTION, reason=kept.reason if kept else None,
            change=Change.INSTEAD, signs=tuple(instead or weigh.all),
        )  # fmt: skip
    return recovered(weigh, around)


def told(weigh: Weighing) -> bool:
    """Whether a report is made: "only Ella is off, not Zac" puts nothing right."""
    return bool(weigh.of("sickness") or weigh.of("say", "absent", "late") or weigh.of("appointment"))


def recovered(weigh: Weighing, around: Around) -> Decision | None:
    """"She's fine now, coming in": better, and either coming in or known to us as off."""
    better = [sign for sign in weigh.of("say", "better") if sign.about]
    present = weigh.of("say", "present") or weigh.of("say", "late")
    late = [sign for sign in weigh.of("say", "late") if "late" in sign.hit.phrase.split()]
    rival = weigh.of("sickness") or weigh.of("say", "absent") or weigh.of("appointment") or late
    if better and not rival and not around.until and (present or around.recorded):
        return Decision(topic=Topic.CORRECTION, change=Change.WITHDRAWS, signs=tuple([*better, *present]))
    return None


# The child is there --------------------------------------------------------------------------


def presence(weigh: Weighing, around: Around) -> Decision | None:
    """The sender thinks that the child is in school: nothing else in the report says otherwise."""
    claims = [s for s in weigh.of("claims_present", plain=False) if not s.negated and not s.hypothetical]
    late = [
        s for s in weigh.of("say", "late") if timed_by(s, weigh) or not any(overlap(s, claim) for claim in claims)
    ]
    rival = weigh.of("sickness") or late or weigh.of("say", "absent", "better") or weigh.of("appointment") or weigh.of("leave")
    if claims and not rival and not around.days_ahead:
        return Decision(topic=Topic.CLAIMS_PRESENT, signs=tuple(claims), question=all(sign.question for sign in claims))
    return None


def timed_by(sign: Sign, weigh: Weighing) -> bool:
    """Whether a clock time goes with a sign: "should be there 9.15"."""
    return any(sign.hit.last - 2 <= clock.first <= sign.hit.last + 1 for s in weigh.segments for clock in s.clocks)


def overlap(sign: Sign, other: Sign) -> bool:
    """Whether two signs share a word."""
    return sign.hit.first < other.hit.last and other.hit.first < sign.hit.last


# The child is away or late -------------------------------------------------------------------


def report(weigh: Weighing, around: Around) -> Decision | None:
    """A plain report: sickness, appointment, leave, other absence or lateness."""
    sick, appointment, leave = weigh.of("sickness"), weigh.of("appointment"), leave_signs(weigh, around)
    absent, late = weigh.of("say", "absent"), weigh.of("say", "late")
    if around.until_time and absent:
        absent, late = [], [*late, *absent]
    other, travel = [s for s in weigh.plain if s.table == "absence_other"], [s for s in weigh.plain if s.table == "travel"]
    strong = [sign for sign in appointment if sign.hit.phrase not in WEAK_APPOINTMENT]
    asks = weigh.of("talk", "announces", plain=False)
    barrier = weigh.of("barrier")
    if weigh.others("sickness") or travel or other:
        # "Can't get her in" for a reason of the family's is no refusal.
        absent = absent or [sign for sign in barrier if "get <who>" in sign.hit.phrase]
        barrier = [sign for sign in barrier if "get <who>" not in sign.hit.phrase]
    if strong and not (sick and not for_appointment(strong, sick, weigh)):
        return Decision(topic=Topic.APPOINTMENT, reason=first_of(APPOINTMENT_ORDER, strong), signs=tuple([*strong, *absent, *late]))
    if leave and (asks or not sick):
        return Decision(topic=Topic.LEAVE, reason=first_of(LEAVE_ORDER, leave), signs=tuple([*leave, *absent]))
    if sick and not (late and not absent and not in_part(weigh)) and not refusing(barrier, sick):
        rival = any(s.name in {"refusal", "anxiety"} for s in barrier) or coming(weigh, around)
        doubts = (Doubt.COMPETING,) if rival and not absent else ()
        return Decision(topic=Topic.SICKNESS, reason=first_of(SICKNESS_ORDER, sick), doubts=doubts, signs=tuple([*sick, *absent]))
    if appointment and not barrier:
        return Decision(topic=Topic.APPOINTMENT, reason=first_of(APPOINTMENT_ORDER, appointment), signs=tuple([*appointment, *absent]))
    if not absent and not around.chased:
        other = [sign for sign in other if sign.name in UNMISTAKABLE]
    if other and not (late and not absent):
        reason = first_of(OTHER_ORDER, other)
        doubts = () if absent or around.chased or reason != "family_emergency" else (Doubt.OTHER_SUBJECT,)
        return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, doubts=doubts, signs=tuple([*other, *absent]))
    unable = [s for s in weigh.others("sickness") if s.about == FIRST]
    if (travel or (late and not absent)) and not (unable and not late):
        return travelling(weigh, around, travel, late, absent, sick)
    unable = [s for s in weigh.others("sickness") if s.about == FIRST]
    if unable and any(s.name == "transport" for s in [*barrier, *travel]):
        return Decision(topic=Topic.ABSENCE_OTHER, reason="family_emergency", signs=tuple([*unable, *barrier, *travel]))
    if barrier and (not absent or not any(s.name == "family" for s in barrier)):
        return Decision(topic=Topic.BARRIER, reason=first_of(BARRIER_ORDER, barrier), signs=tuple([*barrier, *absent]))
    if absent and asks and not weigh.of("say", "collect"):
        return Decision(topic=Topic.LEAVE, reason="unspecified", signs=tuple([*asks, *absent]))
    if absent:
        relative = weigh.others("sickness")
        reason = "family_emergency" if relative else "unspecified"
        return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, signs=tuple([*absent, *relative]))
    return None


def leave_signs(weigh: Weighing, around: Around) -> list[Sign]:
    """Signs of leave that count: a place or an event alone is none, unless days, absence or asking go with it."""
    leave = [sign for sign in weigh.all if sign.table == "leave" and not sign.negated and not sign.hypothetical]
    carried = around.days_ahead or around.until or weigh.of("say", "absent", plain=False) or weigh.of("talk", "announces", plain=False)
    plain = [sign for sign in leave if sign.stands]
    return leave if carried and (plain or weigh.of("talk", "announces", plain=False)) else []


def for_appointment(strong: Sequence[Sign], sick: Sequence[Sign], weigh: Weighing) -> bool:
    """Whether the illness is only what the appointment is for: named after it, in its own stretch or in a bare text."""
    if weigh.of("say", "absent") and not any(sign.name != "unspecified" and sign.segment == strong[0].segment for sign in sick):
        return False
    return all(sign.hit.first > strong[0].hit.first and sign.segment == strong[0].segment for sign in sick)


def in_part(weigh: Weighing) -> bool:
    """Whether the child comes in for a part of the day: then it is an illness for the rest, not lateness."""
    return any(clock.role == "lunch" or clock.rule == "part.pm" for segment in weigh.segments for clock in segment.clocks)


def coming(weigh: Weighing, around: Around) -> bool:
    """Whether an ill child is said to come in all the same, today and not only for a part of it."""
    present = [s for s in weigh.of("say", "present", "better", plain=False) if not s.after_to and not s.negated]
    dated = {segment.number for segment in weigh.segments for each in segment.days if each[2].role == "on"}
    return any(s.segment not in dated for s in present) and not around.until and not in_part(weigh)


def refusing(barrier: Sequence[Sign], sick: Sequence[Sign]) -> bool:
    """Whether "too anxious" stands beside refusing, being terrified or not getting there: a standing obstacle."""
    return bool(barrier) and all(sign.name in {"mental_health", "unspecified"} for sign in sick) and any(
        sign.name in {"refusal", "anxiety", "bullying"} for sign in barrier
    )


def travelling(
    weigh: Weighing, around: Around, travel: Sequence[Sign], late: Sequence[Sign], absent: Sequence[Sign], sick: Sequence[Sign]
) -> Decision | None:
    """Late, or kept away, by traffic, a bus, the weather, an alarm clock."""
    reason = first_of(TRAVEL_ORDER, travel)
    if absent and not late:
        if reason in {"overslept", "family"} and not travel:
            return None
        reason = {"transport": "transport", "weather": "weather", "traffic": "transport"}.get(reason, "other")
        return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, signs=tuple([*travel, *absent]))
    if late or weigh.of("say", "present") or reason == "overslept" or missed(travel):
        if sick and reason == "unspecified":
            reason = "child_unwell"
        elif weigh.others("sickness") and reason == "unspecified":
            reason = "family"
        return Decision(topic=Topic.LATENESS, reason=reason, signs=tuple([*late, *travel]))
    if reason in {"weather", "family", "other"}:
        return None
    return Decision(topic=Topic.ABSENCE_OTHER, reason=reason, doubts=() if around.chased else (Doubt.COMPETING,), signs=tuple(travel))


def missed(travel: Sequence[Sign]) -> bool:
    """Whether a bus or train was missed: whoever says so is on the way."""
    return any(sign.hit.phrase.startswith(("missed", "miss", "waiting", "get", "stuck", "(bus|train|tram|metro|tube|buses|trains) [is")) for sign in travel)


def doubtful(weigh: Weighing, around: Around) -> Decision | None:
    """The same reports where they are asked, requested, hedged or of somebody else: read, but never filed unasked."""
    booked = around.timed and any(sign.table == "appointment" for sign in weigh.all)
    said = {sign.name for sign in weigh.all if sign.table == "talk"} - {"announces", "smalltalk", "pupil", "no_reply"}
    if said - {"collection"} or (said and not booked):
        return talk(weigh)
    if any(sign.table in {"attendance_query", "barrier"} and not sign.negated for sign in weigh.all):
        return talk(weigh)
    candidates: list[tuple[Doubt, list[Sign]]] = [
        (Doubt.HYPOTHETICAL, [s for s in weigh.all if s.hypothetical and not s.negated]),
        (Doubt.QUESTION, [s for s in weigh.all if s.question and not s.negated]),
        (Doubt.REQUEST, [s for s in weigh.all if s.request and not s.negated]),
        (Doubt.OTHER_SUBJECT, [s for s in weigh.plain if s.about in {OTHER, FIRST, UNKNOWN}]),
    ]
    for doubt, signs in candidates:
        if not signs:
            continue
        bare = Weighing(weigh.segments)
        bare.plain = [replace(s, hypothetical=False, question=False, request=False, about="") for s in signs]
        found = report(bare, around)
        if found and doubt is Doubt.QUESTION and found.topic is Topic.APPOINTMENT and around.timed and polite(signs):
            return found
        if found:
            return replace(found, doubts=(*found.doubts, doubt), question=doubt is Doubt.QUESTION)
    return None


def polite(signs: Sequence[Sign]) -> bool:
    """ "Can I collect her at 2 for the dentist?" tells, and only sounds as if it asked."""
    return any(sign.table == "say" and sign.name == "collect" for sign in signs) or any(
        sign.table == "talk" and sign.name in {"announces", "collection"} for sign in signs
    )


# Everything else -----------------------------------------------------------------------------


def talk(weigh: Weighing) -> Decision | None:
    """What parents write to schools about besides absence."""
    said = [sign for sign in weigh.all if not sign.negated]
    question = any(segment.question for segment in weigh.segments)
    query = [sign for sign in said if sign.table == "attendance_query"]
    if query:
        return Decision(topic=Topic.ATTENDANCE_QUERY, question=True, signs=tuple(query))
    barrier = [sign for sign in said if sign.table == "barrier"]
    if barrier:
        return Decision(topic=Topic.BARRIER, reason=first_of(BARRIER_ORDER, barrier), signs=tuple(barrier))
    leave = [sign for sign in said if sign.table == "leave"]
    asks = [sign for sign in said if sign.table == "talk" and sign.name == "announces"]
    if leave and asks:
        return Decision(topic=Topic.LEAVE, reason=first_of(LEAVE_ORDER, leave), question=question, signs=tuple([*leave, *asks]))
    for name, topic in TALK_ORDER:
        signs = [sign for sign in said if sign.table == "talk" and sign.name == name]
        if signs and (topic is not Topic.SMALLTALK or manners(weigh, signs)):
            return Decision(topic=topic, question=question, signs=tuple(signs))
    return None


def manners(weigh: Weighing, signs: Sequence[Sign]) -> bool:
    """Whether a text is nothing but manners: most of its words are, and it asks for nothing."""
    said = {at for sign in signs for at in range(sign.hit.first, sign.hit.last)}
    words = sum(segment.spoken for segment in weigh.segments)
    asks = any(segment.question or segment.request for segment in weigh.segments)
    news = any(person.kind == CHILD for segment in weigh.segments for person in segment.people) or any(
        first not in said for segment in weigh.segments for first, _, _, _ in segment.days
    )
    return not asks and not news and words - len(said) <= max(2, len(said))
