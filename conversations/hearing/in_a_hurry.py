"""A child's name and so many minutes, around the time when school begins: late, though no word says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.acts import Kind, Topic
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD
from conversations.hearing.reports import Report
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found
from conversations.hearing.weighing import Decision

# How long before and after school begins such a text can only be about coming late.
BEFORE, AFTER = timedelta(minutes=45), timedelta(minutes=60)


def in_a_hurry(decision: Decision, report: Report, found: Found, moment: Moment, lexicon: Lexicon) -> Decision:
    """ "Zac 10 mins": lateness where it is said around the bell, and nothing else is."""
    if decision.topic is not None or not (only_minutes(report, found, lexicon) and near_the_bell(moment)):
        return decision
    return Decision(topic=Topic.LATENESS)


def only_minutes(report: Report, found: Found, lexicon: Lexicon) -> bool:
    """Whether a text is nothing but children's names, minutes, greetings and thanks."""
    named = [person for person in found.people if person.kind == CHILD and person in report.names and person.choices]
    minutes = [clock for clock in found.clocks if clock.kind is Kind.MINUTES]
    if not named or len(minutes) != 1:
        return False
    heard = {at for person in named for at in range(person.first, person.last)}
    heard |= {at for clock in minutes for at in range(clock.first, clock.last)}
    polite = [hit for hit in found.hits if hit.concept == "talk.smalltalk"]
    heard |= {at for hit in polite for at in range(hit.first, hit.last)}
    manners = lexicon.greetings | lexicon.small["sign_offs"] | lexicon.small["joins"]
    return all(
        at in heard or word.kind == "mark" or word.norm in manners for at, word in enumerate(found.words)
    ) and not any(word.norm == "?" for word in found.words)


def near_the_bell(moment: Moment) -> bool:
    """Whether it is about the time when school begins."""
    if not moment.calendar.is_school_day(moment.today):
        return False
    begins = datetime.combine(moment.today, moment.calendar.times_on(moment.today).starts)
    return begins - BEFORE <= datetime.combine(moment.today, moment.now) <= begins + AFTER
