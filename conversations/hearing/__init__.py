"""Text to clauses of mentions: words, names, days, orders, worry words. Deterministic; every mention says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conversations.acts import Clause, Heard, Kind, Topic
from conversations.context import CHECKIN, Context
from conversations.doubt import Doubt
from conversations.hearing.ailments import ailments
from conversations.hearing.answers import answered
from conversations.hearing.by_sentence import likeliest_worry
from conversations.hearing.by_sex import HE_OR_SHE
from conversations.hearing.calls import calls, is_name, kept_words, led
from conversations.hearing.classifier import TOPIC
from conversations.hearing.doubts import FILED, doubts
from conversations.hearing.finding import find, moment_of
from conversations.hearing.in_a_hurry import in_a_hurry
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.mentions import clause
from conversations.hearing.moods import moods, phrases
from conversations.hearing.names import CHILD, PRONOUN
from conversations.hearing.orders import ordered
from conversations.hearing.overruling import chances, is_short, overruled
from conversations.hearing.own_days import reports_each
from conversations.hearing.own_hours import one_each
from conversations.hearing.reports import Report, contrasted, crossed, gather, moved, until_time
from conversations.hearing.resolving import Moment
from conversations.hearing.roles import anothers, only_present, strangers
from conversations.hearing.second_reading import asked_better
from conversations.hearing.segments import Found, Segment, segments
from conversations.hearing.sign_off import put_off
from conversations.hearing.topics import decide
from conversations.hearing.warnings import cautions
from conversations.hearing.weighed_reasons import reasoned
from conversations.hearing.weighing import Around, Decision
from conversations.hearing.whole import whole
from conversations.state import Ask

if TYPE_CHECKING:
    from conversations.language import Language

__all__ = ["hear"]


def hear(text: str, ask: Ask | None, language: Language, context: Context, *, weigh: bool = True) -> Heard:
    """All that is heard in a text, by a contact with these children, at this moment. Never raises.

    Commands, numbers, labels, yes and no count as whole messages only. Clauses are whole stories: one topic, the
    children it is about, all its days and times. `doubts` say why a story should not be filed without asking.
    Without `weigh` the tables alone are heard: that is what a translator's sentences hold them to.
    """
    lexicon = language.heard_in(text)
    names = calls(context, lexicon)
    words = lexicon.words(text, kept=kept_words(names), is_name=is_name(names))
    entire = whole(text, words, lexicon, ask.options if ask else ())
    order = Heard(command=entire.command, target=entire.target) if entire and entire.command else None
    if order is not None and order.command != "help":
        return order
    if not words:
        return Heard()
    words = led(put_off(words, lexicon), names, lexicon)
    moment = moment_of(words, context, lexicon)
    found = find(words, context, lexicon, names, moment)
    cut = segments(found)
    clauses, raised, likely = stories(found, cut, moment, context, lexicon, weigh=weigh)
    worst = likeliest_worry(found, cut, context, lexicon) if weigh else None
    caution = cautions(found, lexicon, clauses, likely, worst)
    clauses = without_he_or_she(clauses) if caution.worry else clauses
    if caution.red_flag:
        # Who is to ring 999 now is asked nothing that could wait.
        raised = tuple(doubt for doubt in raised if doubt is not Doubt.UNSURE)
    careful = caution.worry or caution.red_flag or caution.pupil
    answer = entire.answer if entire else None
    # "An older man pays him to carry things. What do I do?" asks for no list of words.
    order = None if careful else order or ordered(words, clauses, lexicon)
    if order is not None:
        return order
    if not careful:
        clauses, answer = answered(clauses, answer, ask, found, (context, lexicon, likely))
        raised = raised if clauses else ()
    return Heard(
        pick=entire.pick if entire else None,
        option=entire.option if entire else None,
        answer=answer,
        clauses=clauses,
        doubts=raised,
        worry=caution.worry,
        worry_evidence=caution.evidence,
        pupil_writes=caution.pupil,
        wants_no_reply=caution.no_reply,
        red_flag=caution.red_flag,
        ailments=ailments(words, found, clauses, raised, code=language.code),
        moods=moods(words, found.hits, lexicon) if context.expects == CHECKIN else (),
    )


def stories(
    found: Found, cut: Sequence[Segment], moment: Moment, context: Context, lexicon: Lexicon, *, weigh: bool
) -> tuple[tuple[Clause, ...], tuple[Doubt, ...], dict[str, float]]:
    """The clauses of a text, its doubts, and how likely each topic is by the classifier."""
    clauses, decisions = [], []
    reports = gather(cut, found)
    by_tables = [
        in_a_hurry(
            decide(report.segments, around(report, found, moment, context, lexicon)), report, found, moment, lexicon
        )
        for report in reports
    ]
    answers = chances(found, cut, by_tables, context, moment, lexicon) if weigh else {}
    likely = answers.get(TOPIC, {})
    weighed = overruled(by_tables, reports, found, context, likely)
    weighed = reasoned(weighed, by_tables, found, cut, (context, moment, lexicon)) if weigh else weighed
    for report, judged, before in zip(reports, weighed, by_tables, strict=True):
        made = clause(report, judged, found, moment, tuple(child.id for child in context.children))
        each = one_each(made, found.words)
        whose = report.unclear or strangers(report, found)
        decision = replace(judged, doubts=(*judged.doubts, Doubt.NAMES)) if whose else judged
        if len(each) == 1 and crossed(report):
            own = [clause(one, judged, found, moment, ()) for one in reports_each(made, report)]
            each = own if all(any(m.kind is Kind.DAYS for m in one.mentions) for one in own) else each
            # Whatever the gate makes of it: each child has days of its own, and one would get the other's.
            decision = replace(decision, doubts=(*decision.doubts, Doubt.NAMES, Doubt.UNSURE))
        if anothers(report, judged, before):
            decision = replace(decision, doubts=(*decision.doubts, Doubt.OTHER_SUBJECT))
        if made.topic is not None or made.mentions or made.negated:
            clauses.extend(each)
            decisions.extend([decision] * len(each))
    clauses, decisions = apart(clauses, decisions, reports)
    told = [segment for report in reports for segment in report.segments]
    # An answer to "how was school?" and a text of a word or two: the weights know little of reports in them.
    heeded = {} if context.expects == CHECKIN or is_short(found) else answers
    raised = doubts(found, cut, clauses, decisions, context, lexicon, told, moment, heeded)
    if not context.expects:
        # Where the school asked, it asked about a day.
        clauses, raised = asked_better(clauses, raised, heeded, moment)
    return tuple(clauses), raised, likely


def without_he_or_she(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses of a worrying text without whom "he" was taken for: he may be the one who does it."""
    return tuple(replace(each, mentions=tuple(m for m in each.mentions if m.rule != HE_OR_SHE)) for each in clauses)


def apart(
    clauses: Sequence[Clause], decisions: Sequence[Decision], reports: Sequence[Report]
) -> tuple[list[Clause], list[Decision]]:
    """A child who is named beside a story, in a stretch of which nothing was heard, has no part in it that we know."""
    made = [one for one in zip(clauses, decisions, strict=True) if not sent_in(one[1])] or [
        *zip(clauses, decisions, strict=True)
    ]
    if not any(clause.topic in FILED for clause in clauses):
        return [clause for clause, _ in made], [decision for _, decision in made]
    present = any(only_present(segment) for report in reports for segment in report.segments)
    result = [silent(one, present=present) for one in made]
    return [told for told, _ in result], [decision for _, decision in result]


def sent_in(decision: Decision) -> bool:
    """Whether a report only says that somebody came in though not quite well."""
    ailing = bool(decision.signs) and all(sign.table == "sickness" for sign in decision.signs)
    return decision.topic is Topic.OTHER_SCHOOL_MATTER and ailing


def silent(made: tuple[Clause, Decision], *, present: bool) -> tuple[Clause, Decision]:
    """A clause without a topic with its children as not meant; with a doubt, unless it says that they are in school."""
    told, decision = made
    named = [mention for mention in told.mentions if mention.kind is Kind.CHILDREN]
    if told.topic is not None or not named:
        return made
    kept = tuple(replace(mention, role="not") if mention in named else mention for mention in told.mentions)
    doubts = decision.doubts if decision.signs and present else (*decision.doubts, Doubt.NAMES)
    return replace(told, mentions=kept), replace(decision, doubts=doubts)


def around(report: Report, found: Found, moment: Moment, context: Context, lexicon: Lexicon) -> Around:
    """What else bears on what a report is about."""
    spans = [dated[2] for segment in report.segments for dated in segment.days]
    return Around(
        days_ahead=any(span.first is not None and span.first > moment.today for span in spans),
        until=any(span.role == "until" for span in spans),
        contrast=contrasted(report, found),
        moved=moved(report, found),
        checkin=context.expects == CHECKIN,
        moods=tuple((hit.first, hit.last) for hit in phrases(found.words, lexicon))
        if context.expects == CHECKIN
        else (),
        chased=context.expects == "chase",
        recorded=any(each.mine and each.day >= moment.today for each in context.recorded),
        anchored=bool(spans) or any(person.kind in {CHILD, PRONOUN} for s in report.segments for person in s.people),
        until_time=until_time(report),
        over=bool(spans) and all(span.last is not None and span.last < moment.today for span in spans),
        others_pass=lexicon.others_pass,
        evening=moment.likely != moment.today,
        timed=any(clock.kind is Kind.TIME for segment in report.segments for clock in segment.clocks),
    )
