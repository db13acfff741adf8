"""What a class learns in a week, in a teacher's few words, for 'How was school?' to be built on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.base import new_id
from school.records.prompt_queries import has_class, topic_of
from school.records.prompting import PromptTopic
from school.rules.weekly_question import week_of_day

# What a text message has room for beside the question, the names and the answers.
LONGEST = 28
PUNCTUATION = frozenset(" ,.'-&()?!+%:،؟")


class TopicRefused(ValueError):  # noqa: N818
    """The words cannot be sent; `language` names those that cannot, and the message says why."""

    def __init__(self, language: str, why: str) -> None:
        super().__init__(why)
        self.language = language


class NoSuchClass(LookupError):  # noqa: N818  it says what is missing
    """No pupil of this school is in that class."""


def set_topic(
    session: Session, school_id: str, class_name: str, day: date, words: Mapping[str, str], *, actor: str, now: datetime
) -> PromptTopic:
    """Writes what a class learns in the week of `day`, by language code, in place of what stood there.

    A family whose language is not among them is asked the week's own question. Raises NoSuchClass and TopicRefused.
    """
    if not has_class(session, school_id, class_name):
        raise NoSuchClass
    kept = {language: sendable(language, text) for language, text in words.items()}
    week = week_of_day(day)
    row = topic_of(session, school_id, class_name, week)
    if row is None:
        row = PromptTopic(
            school_id=school_id, id=new_id(now), class_name=class_name, week=week, words=kept, at=now, by=actor
        )
        session.add(row)
    else:
        row.words, row.at, row.by, row.version = kept, now, actor, row.version + 1
    session.flush()
    _record(session, row, "set_topic", actor=actor, now=now)
    return row


def remove_topic(session: Session, school_id: str, topic_id: str, *, actor: str, now: datetime) -> bool:
    """Takes a topic back; whether there was one of this school."""
    row = session.get(PromptTopic, (school_id, topic_id))
    if row is None:
        return False
    _record(session, row, "remove_topic", actor=actor, now=now)
    session.delete(row)
    session.flush()
    return True


def sendable(language: str, text: str) -> str:
    """The words as they are sent: short, letters and plain marks alone, so no link, no emoji and no second message."""
    kept = " ".join(unicodedata.normalize("NFC", text).split()).rstrip(".")
    if not kept:
        raise TopicRefused(language, "some words are needed")
    if len(kept) > LONGEST:
        raise TopicRefused(language, f"a text has room for {LONGEST} characters, and these are {len(kept)}")
    strange = [each for each in kept if not (unicodedata.category(each)[0] in "LMN" or each in PUNCTUATION)]
    # A stop or a colon inside a word makes a link of it.
    if strange or any(mark in kept.replace(f"{mark} ", "") for mark in ".:"):
        raise TopicRefused(language, "letters, numbers and plain marks alone can be sent, and no links")
    return kept


def _record(session: Session, row: PromptTopic, verb: str, *, actor: str, now: datetime) -> None:
    entry = Entry(
        school_id=row.school_id,
        actor=actor,
        verb=verb,
        subject="prompt_topic",
        subject_id=row.id,
        detail={"week": row.week.isoformat()},
    )
    record(session, entry, now=now)
