"""What classes learn in a week: a teacher's few words that 'How was school?' is built on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import invalid, not_found
from api.routes import Routes
from api.shapes import Body, Day, Name, PathId, Shown
from school.calendars import calendar_of
from school.prompt_topics import NoSuchClass, TopicRefused, remove_topic, set_topic
from school.records.prompt_queries import topics_of_week
from school.records.prompting import PromptTopic
from school.rules.weekly_question import week_of_day

routes = Routes("/prompt-topics", "prompts")

MOST_LANGUAGES = 20
Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$")]
Words = Annotated[str, Field(max_length=200)]


class NewTopic(Body):
    """What one class learns in the week of a day, by language code; 28 characters at most in each."""

    class_name: Name
    date: Day
    words: Annotated[dict[Code, Words], Field(min_length=1, max_length=MOST_LANGUAGES)]


class ShownTopic(Shown):
    """A topic as it will be asked about."""

    id: str
    class_name: str
    week: date = Field(description="Its Monday.")
    words: dict[str, str]
    at: datetime


class Topics(Shown):
    """The topics of a week, by class."""

    items: list[ShownTopic]


@routes.get("", Scope.PROMPTS_READ, summary="List a week's topics")
def list_topics(
    who: Who, date: Annotated[Day | None, Query(description="Any day of the week; today where none is given.")] = None
) -> Topics:
    """What each class learns in that week, where somebody wrote it."""
    with who.reading() as session:
        day = date or calendar_of(session, who.school_id).local(who.now).date()
        rows = topics_of_week(session, who.school_id, week_of_day(day))
        found = [_show(row) for row in rows]
    return Topics(items=found)


@routes.change("PUT", "", Scope.PROMPTS_WRITE, summary="Write what a class learns")
def write(new: NewTopic, who: Who) -> ShownTopic:
    """Takes the place of what stood for that class and week. Families of other languages get the week's question."""
    with who.writing() as session:
        try:
            row = set_topic(session, who.school_id, new.class_name, new.date, new.words, actor=who.actor, now=who.now)
        except NoSuchClass:
            raise invalid("class_name", "no-such-class", "No pupil is in that class.") from None
        except TopicRefused as refused:
            raise invalid(f"words.{refused.language}", "cannot-be-sent", f"{refused}.".capitalize()) from None
        return _show(row)


@routes.change("DELETE", "/{topic_id}", Scope.PROMPTS_WRITE, status=204, problems=[404], summary="Take a topic back")
def take_back(topic_id: PathId, who: Who) -> None:
    """The class is asked the week's own question again."""
    with who.writing() as session:
        if not remove_topic(session, who.school_id, topic_id, actor=who.actor, now=who.now):
            raise not_found()


def _show(row: PromptTopic) -> ShownTopic:
    return ShownTopic(id=row.id, class_name=row.class_name, week=row.week, words=dict(row.words), at=row.at)
