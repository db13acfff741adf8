"""Where the classifier is sure of what a text is about and the tables heard something else, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conversations.acts import Change, Topic
from conversations.context import CHASE, CHECKIN, Context
from conversations.doubt import Doubt
from conversations.hearing.classifier import classifier, counted, weightiest
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import FIRST, OTHER, UNKNOWN
from conversations.hearing.reports import Report
from conversations.hearing.resolving import Moment
from conversations.hearing.roles import tells
from conversations.hearing.segments import Found, Segment, Sign
from conversations.hearing.weighing import ORDERS, Decision, but_comes, category

NONE = "none"
CLAIMS = str(Topic.CLAIMS_PRESENT)
# What a text that was heard otherwise can be turned into, and the reason where the tables name none.
INTO: Mapping[str, str | None] = {
    "sickness": "unspecified",
    "lateness": "unspecified",
    "appointment": "medical",
    "leave": "other",
    "absence_other": "unspecified",
    "barrier": "other",
    CLAIMS: None,
    "attendance_query": None,
    "human": None,
    NONE: None,
}
FILED = frozenset({"sickness", "lateness", "appointment", "absence_other"})
# What the tables tell apart more finely than the classifier, and what staff look into at once: it stays.
FINER = frozenset({
    Topic.ILLNESS_QUESTION, Topic.COLLECTION, Topic.WHEREABOUTS, Topic.NEW_DETAILS, Topic.LEAVING_SCHOOL,
    Topic.WRONG_NUMBER, Topic.CLAIMS_PRESENT,
})  # fmt: skip
# What keeps a text from being filed as a rule, and is not the classifier's to lift; of what is asked anyway it may say
# that it is no report at all: "can you tell me if Mrs Akhtar is off sick?"
FIRM = frozenset({Doubt.QUESTION, Doubt.REQUEST, Doubt.HYPOTHETICAL})
# Tables of another name than the topic whose reasons they hold.
TABLES = {"lateness": "travel"}
# As sure as this it must be where the tables heard another topic; and where they heard none, or a change of mind.
SURE = 0.6
SURER = 0.85
# Where much hangs on it.
SUREST = 0.95
CERTAIN = 0.998
# Such a one is asked about else, where all that was heard is asked or a "maybe".
NOT_OURS_FROM = 0.9
NEVER = 2.0
# With fewer words than these the tables know best whether a text is of ours at all.
FEWEST_WORDS = 5
# As likely as this another topic must be for a report to be asked about first.
RIVAL = 0.5


def chances(
    found: Found,
    segments: Sequence[Segment],
    decisions: Sequence[Decision],
    context: Context,
    moment: Moment,
    lexicon: Lexicon,
) -> dict[str, dict[str, float]]:
    """How likely each answer of the classifier is, by question; nothing in a language that it was not taught."""
    trained = classifier()
    if lexicon.codes[0] not in trained.languages:
        return {}
    return trained.chances(*counted(found, segments, decisions, context, moment))


def overruled(
    decisions: Sequence[Decision],
    reports: Sequence[Report],
    found: Found,
    context: Context,
    likely: Mapping[str, float],
) -> list[Decision]:
    """The decisions, one of another topic where the classifier is sure of it and the text tells one story."""
    told = [at for at, decision in enumerate(decisions) if decision.topic is not None]
    at = told[0] if len(told) == 1 else 0
    if not likely or context.expects == CHECKIN or len(told) > 1 or (not told and len(decisions) > 1):
        return list(decisions)
    best = max(likely, key=lambda topic: likely[topic])
    heard, decision = topic_of(decisions[at]), decisions[at]
    changes = decision.change is not Change.ADDS or decision.topic is Topic.CORRECTION
    agrees = best == heard or (changes and best == "correction") or anothers_illness(decision, best)
    agrees = agrees or anothers_visit(decision, best, reports[at])
    if agrees or decision.negated or decision.topic in FINER:
        return list(decisions)
    only_asks = states_nothing(decision, reports[at])
    if FIRM.intersection(decision.doubts) and not (best == NONE and only_asks):
        return list(decisions)
    if is_short(found) and (best == NONE or heard not in FILED):
        # "Ill." is the whole of many a report, and "9.20" or "ok, at ten" of many an answer.
        return list(decisions)
    late = decision.topic is Topic.LATENESS and best in FILED
    if (late or makes_ill(decision, best) or only_comes(decision, best, reports[at])) and all_told(found):
        return list(decisions)
    result = list(decisions)
    if (
        best in INTO
        and likely[best] >= (NOT_OURS_FROM if only_asks else needed(decision, best, chased=context.expects == CHASE))
        and not (vaguer(decision, best) or only_asked(decision, best) or in_mourning(decision, reports[at]))
        and not taken_ill(decision, best, reports[at])
    ):
        result[at] = _turned(decision, reports[at], best, found)
        signs = [sign for segment in reports[at].segments for sign in segment.signs]
        if never_said(best, signs):
            result[at] = replace(result[at], doubts=(*result[at].doubts, Doubt.UNSURE))
        if best == Topic.APPOINTMENT and any(sign.table == "leave" and sign.about == OTHER for sign in signs):
            # "Her dad flies today so I'll pick her up at 2".
            result[at] = replace(result[at], doubts=(*result[at].doubts, Doubt.OTHER_SUBJECT))
    elif heard in FILED and likely[best] >= RIVAL and not makes_ill(decision, best):
        result[at] = replace(decision, doubts=(*decision.doubts, Doubt.COMPETING))
    return result


def never_said(topic: str, signs: Sequence[Sign]) -> bool:
    """ "Half a day, I'll fetch her at 12": of no visit anywhere."""
    fetched = any(sign.table == "say" and sign.name == "collect" for sign in signs)
    told = {sign.table for sign in signs} & {"appointment", "sickness", "leave"}
    return topic == Topic.APPOINTMENT and fetched and not told


def is_short(found: Found) -> bool:
    """Whether a text has too few words to be told from a chat with somebody else by them."""
    return sum(word.kind == "word" for word in found.words) < FEWEST_WORDS


# Small words that tell nothing of what a text is about.
IDLE = ("verbs", "auxiliaries", "joins", "breaks", "articles", "openers", "on_days", "too")


def all_told(found: Found) -> bool:
    """ "Maya has been off since Thursday": every word is in a phrase, a name, a day or an hour, or tells nothing.

    The tables know it all, and an illness would be one of which nobody spoke.
    """
    ill = any(hit.concept.startswith("sickness.") for hit in found.hits)
    strange = any(person.kind == UNKNOWN for person in found.people)
    lists = () if ill or strange else IDLE
    idle = frozenset().union(*(found.small.get(name, frozenset()) for name in lists))
    told = {at for hit in found.hits for at in range(hit.first, hit.last)}
    told |= {at for person in found.people for at in range(person.first, person.last)}
    told |= {at for first, last, _, _ in found.days for at in range(first, last)}
    told |= {at for clock in found.clocks for at in range(clock.first, clock.last)}
    return all(word.kind == "mark" or at in told or word.norm in idle for at, word in enumerate(found.words))


def needed(decision: Decision, topic: str, *, chased: bool) -> float:
    """How sure the classifier must be to turn a decision into another topic; above one: never."""
    reported = topic_of(decision) in FILED
    if topic == CLAIMS and chased and decision.topic is None:
        # "Left on his bike at eight", after "Leo is not in school": staff look for him at once, as they do after
        # "ask her dad, she's with him", which reads much like it. Looking in vain is the lesser harm.
        return SUREST
    if topic == "leave" and decision.topic is None:
        # Leave is always read back before anybody is asked for it.
        return SURE
    if topic == NONE and reported and Doubt.OTHER_SUBJECT in decision.doubts:
        # "His brother has chickenpox": the tables doubt it too, and a person reads what passes.
        return SURE
    if topic in {NONE, CLAIMS}:
        # A report that is passed by is worse than a question; and staff run to look for a child who should be in.
        if topic == NONE and decision.topic is Topic.SICKNESS:
            # "Maya has a fever. Do you have her PE kit?"
            return CERTAIN
        return SUREST if reported else NEVER
    if topic == "attendance_query" and reported:
        return SUREST
    changes = decision.change is not Change.ADDS or decision.topic is Topic.CORRECTION
    return SURER if decision.topic is None or changes or makes_ill(decision, topic) else SURE


def states_nothing(decision: Decision, report: Report) -> bool:
    """ "Can you tell me if Mrs Akhtar is off sick?": all that the tables heard is asked, or a "maybe"."""
    signs = [sign for segment in report.segments for sign in segment.signs if tells(sign)]
    return bool(FIRM.intersection(decision.doubts)) and not any(sign.stands for sign in signs)


def makes_ill(decision: Decision, topic: str) -> bool:
    """Whether an illness would be added of which nobody spoke: "Maya and Sam are off tomorrow"."""
    return topic == Topic.SICKNESS and decision.topic is Topic.ABSENCE_OTHER and decision.reason == "unspecified"


def only_comes(decision: Decision, topic: str, report: Report) -> bool:
    """Whether a lateness would be made of a coming alone: "she gets in with her aunt in time"."""
    names = {f"{sign.table}.{sign.name}" for segment in report.segments for sign in segment.signs if sign.stands}
    return topic == Topic.LATENESS and decision.topic is None and names == {"say.present"}


def anothers_illness(decision: Decision, topic: str) -> bool:
    """Whether the illness is that of a relative for whose sake the child is away, which the tables tell apart."""
    return topic == Topic.SICKNESS and decision.topic is Topic.ABSENCE_OTHER and decision.reason == "family_emergency"


def anothers_visit(decision: Decision, topic: str, report: Report) -> bool:
    """ "I have the dentist at 10, so she will be late": whose appointment it is, the tables tell apart."""
    booked = [sign for segment in report.segments for sign in segment.signs if sign.table == "appointment"]
    theirs = bool(booked) and all(sign.about in {OTHER, FIRST} for sign in booked)
    return topic == Topic.APPOINTMENT and decision.topic in {Topic.LATENESS, Topic.ABSENCE_OTHER} and theirs


def vaguer(decision: Decision, topic: str) -> bool:
    """Whether a cause that the tables name would be lost for "away, and we don't know why"."""
    return topic == "absence_other" and decision.reason not in {None, "unspecified"}


def only_asked(decision: Decision, topic: str) -> bool:
    """Whether a report would be made of what is asked: "when do the kids get out of school today?" """
    return topic in FILED and decision.question and topic_of(decision) not in FILED


def in_mourning(decision: Decision, report: Report) -> bool:
    """ "Her gran died but she is coming in today": the tables heard both, and of a death nothing is asked.

    Nor is it of a feast: "it's Eid on Friday but she will be in school".
    """
    names = {sign.name for segment in report.segments for sign in segment.signs if sign.stands}
    feast = "religious" in names and but_comes(report.segments)
    return decision.topic is None and (feast or {"bereavement", "present"} <= names)


def taken_ill(decision: Decision, topic: str, report: Report) -> bool:
    """ "In the ambulance with her, mark her absent": an illness is no appointment by the weight of its words alone."""
    if decision.topic is not Topic.SICKNESS or topic != Topic.APPOINTMENT:
        return False
    signs = [sign for segment in report.segments for sign in segment.signs]
    away = any(sign.table == "say" and sign.name == "absent" and sign.stands for sign in signs)
    return away and not any(sign.table == "appointment" for sign in signs)


def topic_of(decision: Decision) -> str:
    """A decision's topic, as the classifier names them: it tells fewer apart than the tables do."""
    topics = classifier().topics
    return str(decision.topic) if decision.topic in topics else NONE


def _turned(decision: Decision, report: Report, topic: str, found: Found) -> Decision:
    """A decision of another topic; its reason is what the tables heard for it, if anything."""
    if topic == NONE:
        return replace(decision, topic=Topic.OTHER_SCHOOL_MATTER, reason=None)
    # What no table heard as a report may be anybody's, or none: the gate knows how often such a one was wrong.
    anybody = topic_of(decision) not in FILED
    table = TABLES.get(topic, topic)
    signs = [sign for segment in report.segments for sign in segment.signs if sign.table == table]
    return Decision(
        topic=Topic(topic),
        reason=category(table, signs) if signs and table in ORDERS else INTO[topic],
        doubts=(*decision.doubts, *([Doubt.BY_WEIGHT] if anybody else [])),
        signs=tuple(signs),
        weighed=weightiest(found, classifier(), classifier().topics.index(topic)),
    )
