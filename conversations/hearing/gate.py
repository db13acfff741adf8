"""The last look before a report is filed unasked: how often texts of this build were heard wrong.

A short list of counts, each something that a reader could count too, is weighed with weights learned offline from
labelled texts (`tests/by_hand/train_gate.py` makes `gate.toml` anew, the same each time). The gate never makes anything
be filed: it only has a report that no rule doubts asked about first. Nothing of a text is kept.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from conversations.acts import Change, Clause, Days, Kind, Topic
from conversations.context import Context
from conversations.doubt import Doubt
from conversations.hearing.classifier import TOPIC
from conversations.hearing.distances import NONE, read_as
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, FIRST, OTHER, UNKNOWN
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The weights of the features, what each is centred on and scaled by, and the log odds from which it is asked."""

    bias: float
    asks_from: float
    weights: Mapping[str, tuple[float, float, float]]

    def odds(self, features: Mapping[str, float]) -> float:
        """The log odds that filing this would be wrong, as learned."""
        return self.bias + sum(
            weight * (features.get(name, centre) - centre) / scale
            for name, (weight, centre, scale) in self.weights.items()
        )


@cache
def gate() -> Gate:
    """The gate as trained."""
    stored = tomllib.loads(resources.files("conversations.hearing").joinpath("gate.toml").read_text(encoding="utf-8"))
    return Gate(
        bias=stored["bias"],
        asks_from=stored["asks_from"],
        weights={name: (row[0], row[1], row[2]) for name, row in stored["weights"].items()},
    )


# What only a rule's suspicion is, and which other topics are told apart.
SUSPECTED = (Doubt.COMPETING, Doubt.NAMES, Doubt.DATES, Doubt.UNHEARD, Doubt.BY_WEIGHT)
RIVALS = ("none", "correction", "barrier", "claims_present", "safeguarding", "attendance_query", "leave")
CLASSIFIER = "classifier"
# The rules of days that are told apart; and those that name days of the month.
RULES = (
    "date.relative", "date.weekday", "date.weekday_list", "date.since_or_from", "days.several", "days.back",
    "days.until", "days.duration", "days.rest_of_week", "days.while", "days.since", "days.since_or_from",
    "days.other_week", "days.from", "days.not_back_until", "date.weekday.in", "date.relative.in",
)  # fmt: skip
EXACT = frozenset({
    "days.span", "date.day_month", "date.figures", "date.figures_range", "date.month_list", "date.ordinal",
    "date.ordinals", "date.weekday_number", "date.of_month", "date.day_number", "date.weekdays_of_week",
})  # fmt: skip
# No chance is quite nothing.
FLOOR = 1e-4
# Words that are manners around a report, and never what it is about.
MANNERS = frozenset({"talk.smalltalk", "scope.reporting"})
# Where the classifier says nothing, and fewer words than these are in no story, the tables have said all there is.
FEWEST_IDLE = 6
# What stands beside a plain report, if anything does.
ASIDE = ("other_clauses", "apart_says", "maybe", "others")
# How many such words a plain report has at most, and the log odds of its topic at least.
MOST_IDLE = 2
PLAINLY = 0.0
# The log odds beyond which a chance is as good as certain.
CERTAIN = 6.0


def looks_at(features: Mapping[str, float]) -> bool:
    """Whether there is anything to go by: the classifier's word on no plain report, or many words in no story."""
    if "likely" in features:
        return not is_plain(features)
    return features["idle_count"] >= math.log1p(FEWEST_IDLE)


def is_plain(features: Mapping[str, float]) -> bool:
    """ "Maya won't be in tomorrow, she's not well": one story, a day and an hour at most, and next to nothing else.

    Of 449 such texts, by none of which any table was mended, 9 were heard wrong (2 of the 12 that tell two stories).
    None of them is asked about.
    """
    # "Sam poorly and Leo has the dentist at 2": of two stories the classifier knows one topic and one day.
    two = features["stories"] == 2.0 == features["child_said"]
    return (
        (two or features["stories"] == 1.0)
        and not any(features[each] for each in ASIDE)
        and features["idle_count"] <= math.log1p(MOST_IDLE + two)
        and features["days"] <= 1.0 + two
        and features["clocks"] <= 1.0
        and features["likely"] >= PLAINLY
        and not any(features[f"suspects_{doubt}"] for doubt in SUSPECTED)
    )


def is_risky(features: Mapping[str, float]) -> bool:
    """Whether so many texts of this build were heard wrong that the parent is asked first."""
    trained = gate()
    return looks_at(features) and trained.odds(features) >= trained.asks_from


def judged(
    filing: Sequence[Clause], suspicious: Sequence[Doubt], answers: Mapping[str, Mapping[str, float]], moment: Moment
) -> dict[str, float]:
    """What speaks against a filing by other means: what a rule suspects, and what the classifier makes of the text.

    Where the classifier says nothing, its features are left out, and count as usual.
    """
    found = {f"suspects_{doubt}": float(doubt in suspicious) for doubt in SUSPECTED}
    if not answers:
        return found
    likely = answers[TOPIC]
    topics = {str(clause.topic) for clause in filing}
    topics |= {"correction" for clause in filing if clause.change is not Change.ADDS}
    found |= {
        "likely": log_odds(sum(likely.get(topic, 0.0) for topic in topics)),
        "rival": max((chance for topic, chance in likely.items() if topic not in topics), default=0.0),
        "weighed": float(any(each.rule == CLASSIFIER for clause in filing for each in clause.evidence)),
    }
    found |= {f"likely_{topic}": likely.get(topic, 0.0) if topic not in topics else 0.0 for topic in RIVALS}
    return found | _slots(filing, answers, moment)


def _slots(filing: Sequence[Clause], answers: Mapping[str, Mapping[str, float]], moment: Moment) -> dict[str, float]:
    """How likely the days and the half of what would be filed are, that it is as many stories, and what said the days.

    Days of the month are where their figures say, and rare in the texts that the classifier learned from.
    """
    told = [read_as(clause, moment) for clause in filing]
    several = answers["several"].get("several" if len(filing) > 1 else "one", 0.0)
    rules = {mention.rule for clause in filing for mention in clause.mentions if mention.kind is Kind.DAYS}
    exact = bool(rules) and rules <= EXACT
    # Of several stories the classifier knows the days of one.
    sure = {question: max(answers[question].get(each[question], 0.0) for each in told) for question in told[0]}
    sure["several"] = several
    of_days = log_odds(sure["start"] * sure["length"])
    if exact:
        sure |= {"start": 1.0, "length": 1.0}
    if any(mention.kind is Kind.TIME for mention in filing[0].mentions):
        # Which half an hour is in needs no guess.
        sure["part"] = 1.0
    return {
        **{f"sure_{question}": log_odds(chance) for question, chance in sure.items()},
        **{f"by_{rule.replace('.', '_')}": float(rule in rules) for rule in RULES},
        "exact": float(exact),
        "exact_days": of_days if exact else 0.0,
        "sure_all": log_odds(math.prod(sure.values())),
        "least_sure": log_odds(min(sure.values())),
        "no_days": answers["start"].get(NONE, 0.0),
    }


def log_odds(chance: float) -> float:
    """The log odds of a chance, no further from even than what is as good as certain."""
    sure = min(1.0, chance)
    return max(-CERTAIN, min(CERTAIN, math.log((sure + FLOOR) / (1 - sure + FLOOR))))


def features_of(
    found: Found,
    segments: Sequence[Segment],
    told: Sequence[Segment],
    clauses: Sequence[Clause],
    filing: Sequence[Clause],
    context: Context,
    lexicon: Lexicon,
) -> dict[str, float]:
    """What is counted of a text whose stories are `told`, of which `filing` are to be filed."""
    return (
        _words_of(found, filing, lexicon)
        | _build_of(found, segments, told, clauses, filing)
        | _told_of(filing, context)
    )


def _words_of(found: Found, filing: Sequence[Clause], lexicon: Lexicon) -> dict[str, float]:
    """How much of the text was heard, how much of it was used, and how much is in no table."""
    spoken = [at for at, word in enumerate(found.words) if word.kind != "mark"]
    heard = {at for hit in found.hits for at in range(hit.first, hit.last)}
    heard |= {at for person in found.people for at in range(person.first, person.last)}
    heard |= {at for first, last, _, _ in found.days for at in range(first, last)}
    heard |= {at for clock in found.clocks for at in range(clock.first, clock.last)}
    outside = [at for at in spoken if at not in heard]
    strange = [at for at in outside if found.words[at].kind == "word" and found.words[at].norm not in lexicon.known]
    spans = [mention.span for clause in filing for mention in clause.mentions]
    spans += [each.span for clause in filing for each in clause.evidence]
    polite = {at for hit in found.hits if hit.concept in MANNERS for at in range(hit.first, hit.last)}
    polite |= {at for at in spoken if found.words[at].norm in lexicon.greetings}
    used = _within(spans, [word.start for word in found.words])
    idle = [at for at in spoken if at not in polite and at not in used]
    count = max(1, len(spoken))
    return {
        "length": math.log(count),
        "outside": len(outside) / count,
        "outside_count": math.log1p(len(outside)),
        "strange": len(strange) / count,
        "strange_count": math.log1p(len(strange)),
        "idle": len(idle) / count,
        "idle_count": math.log1p(len(idle)),
        "commas": math.log1p(sum(word.norm == "," for word in found.words)),
        "figures": math.log1p(sum(any(map(str.isdigit, word.norm)) for word in found.words)),
    }


def _within(spans: Sequence[tuple[int, int]], starts: Sequence[int]) -> set[int]:
    """Which of some places in a text, in order, lie in any of its spans."""
    found: set[int] = set()
    ordered, reach = sorted(set(spans), reverse=True), 0
    for at, start in enumerate(starts):
        while ordered and ordered[-1][0] <= start:
            reach = max(reach, ordered.pop()[1])
        if start < reach:
            found.add(at)
    return found


def _build_of(
    found: Found,
    segments: Sequence[Segment],
    told: Sequence[Segment],
    clauses: Sequence[Clause],
    filing: Sequence[Clause],
) -> dict[str, float]:
    """How many stretches, people, days and hours there are, and how many of them stand outside of what is told."""
    inside = {each.number for each in told}
    apart = [each for each in segments if each.number not in inside]
    signs = [sign for each in told for sign in each.signs]
    kinds = [person.kind for person in found.people]
    hedged = sum(each.hedged_from is not None for each in segments)
    off = [s for s in signs if s.stands and s.hit.concept in {"say.absent", "say.late"} and s.about in {CHILD, ""}]
    aside = sum(len(each.signs) for each in apart) + kinds.count(OTHER) + hedged
    return {
        "plain": float(len(filing) == 1 and len(clauses) == 1 and bool(off) and not aside),
        "stretches": math.log(len(segments) or 1),
        "apart": sum(each.spoken for each in apart) / max(1, sum(each.spoken for each in segments)),
        "apart_says": float(sum(len(each.signs) for each in apart)),
        "apart_days": float(sum(len(each.days) + len(each.clocks) for each in apart)),
        "stories": float(len(filing)),
        "other_clauses": float(len(clauses) - len(filing)),
        "others": float(kinds.count(OTHER)),
        "speaker": float(kinds.count(FIRST)),
        "unknown": float(kinds.count(UNKNOWN)),
        "child_said": float(kinds.count(CHILD)),
        "days": float(len(found.days)),
        "clocks": float(len(found.clocks)),
        "not": float(sum(sign.negated for sign in signs)),
        "maybe": float(sum(sign.hypothetical for sign in signs) + hedged),
        "asks": float(sum(each.question or each.request for each in segments)),
        "signs": math.log1p(len(signs)),
        "kinds": float(len({sign.table for sign in signs})),
        "absent_said": float(any(each.has("say.absent", "say.home") for each in told)),
    }


def _told_of(filing: Sequence[Clause], context: Context) -> dict[str, float]:
    """What would be filed: of which kind, for how many of the children, and for which days and hours."""
    mentions = [mention for clause in filing for mention in clause.mentions]
    named = {child for m in mentions if m.kind is Kind.CHILDREN and isinstance(m.value, tuple) for child in m.value}
    stretches = [m.value for m in mentions if isinstance(m.value, Days)]
    topics = [clause.topic for clause in filing]
    return {
        "several_days": float(any(each.first != each.last for each in stretches)),
        "open_ended": float(any(each.open_ended for each in stretches)),
        "half": float(any(m.kind is Kind.PART for m in mentions)),
        "children": float(len(context.children)),
        "unnamed": float(len(context.children) > 1 and not named),
        "some_named": float(0 < len(named) < len(context.children)),
        "days_used": float(sum(m.kind is Kind.DAYS for m in mentions)),
        "times_used": float(sum(m.kind in {Kind.TIME, Kind.MINUTES, Kind.PART} for m in mentions)),
        "sickness": float(Topic.SICKNESS in topics),
        "lateness": float(Topic.LATENESS in topics),
        "appointment": float(Topic.APPOINTMENT in topics),
        "other_absence": float(Topic.ABSENCE_OTHER in topics),
        "no_reason": float(not any(m.kind is Kind.REASON for m in mentions)),
        "evening": float(context.now.hour >= 15),
    }
