"""'How was school?': what was asked and said, with names for those who care for children, and trends without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.problems import invalid
from api.pupils import ShownPupil, show_pupil
from api.routes import Routes
from api.shapes import ID, After, Day, Limit, Page, Shown, page_of, place
from school.calendars import calendar_of
from school.prompt_answers import WHY
from school.prompt_trends import MOODS, Trend, trends
from school.records.item_queries import open_of_why
from school.records.prompt_queries import children_of_prompts, prompts_page, words_of
from school.records.prompting import Prompt, PromptChild
from school.records.pupil_queries import pupils_by_id
from school.records.staff import StaffItem

routes = Routes("/prompts", "prompts")

# What is shown where no first day is given.
WEEKS = timedelta(weeks=12)
LONGEST_RANGE = timedelta(days=400)


class Answer(Shown):
    """One child whom a prompt was about, and what was answered."""

    pupil: ShownPupil
    mood: str | None = Field(description="good, ok or low; null where the words name none, or nobody answered.")
    answered_at: datetime | None
    words: str | None = Field(description="The parent's words, as long as they are kept.")


class ShownPrompt(Shown):
    """One message that asked how school was."""

    id: str
    date: date
    contact: str
    question: int = Field(description="Which of the five questions of the starting guide, 1 to 5.")
    topic: str | None = Field(description="The class's own topic that stood in its place, where there was one.")
    at: datetime
    children: list[Answer]


class ShownTrend(Shown):
    """How a week went for a group, in numbers; all of them null where too few answers stand behind them."""

    week: date = Field(description="Its Monday.")
    class_name: str | None = Field(description="Null: the whole school.")
    asked: int | None
    answered: int | None
    good: int | None
    ok: int | None
    low: int | None


class LowDays(Shown):
    """Hard days in a row about one child, as many as the school asks to be told of."""

    item: str = Field(description="The note among staff items, which closes it.")
    pupil: ShownPupil
    days: int
    contact: str | None
    at: datetime


class Trends(Shown):
    """The weeks in order, the whole school before its classes."""

    items: list[ShownTrend]


First = Annotated[Day | None, Query(description="Twelve weeks before the last day where none is given.")]
Last = Annotated[Day | None, Query(description="Today where none is given.")]


@routes.get("", Scope.ANSWERS_READ, summary="What was asked and answered")
def list_prompts(
    who: Who,
    first: First = None,
    last: Last = None,
    pupil: Annotated[str | None, Query(pattern=f"^{ID.pattern}$", description="Only about this child.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShownPrompt]:
    """Prompts in the order in which they went, each with its children and answers."""
    cursor = place(after, form=ID)
    with who.reading() as session:
        today = calendar_of(session, who.school_id).local(who.now).date()
        begin, end = _range(first, last, today)
        rows = prompts_page(
            session, who.school_id, first=begin, last=end, pupil_id=pupil, after=cursor, limit=limit + 1
        )
        children: dict[str, list[PromptChild]] = defaultdict(list)
        for child in children_of_prompts(session, who.school_id, [row.id for row in rows]):
            children[child.prompt_id].append(child)
        every = [child for found in children.values() for child in found]
        words = words_of(session, who.school_id, {each.message_id for each in every if each.message_id})
        pupils = pupils_by_id(session, who.school_id, {each.pupil_id for each in every})
        named = {pupil_id: show_pupil(row) for pupil_id, row in pupils.items()}
    return page_of(rows, limit, show=lambda row: _show(row, children[row.id], named, words), key=lambda row: row.id)


@routes.get("/low-days", Scope.ANSWERS_READ, summary="Hard days in a row")
def list_low_days(who: Who, after: After = None, limit: Limit = 50) -> Page[LowDays]:
    """The open notes about children with so many hard days in a row, for those who care for them."""
    last = place(after, form=ID)
    with who.reading() as session:
        rows = open_of_why(session, who.school_id, WHY, after=last, limit=limit + 1)
        pupils = pupils_by_id(session, who.school_id, {str(each) for row in rows for each in row.pupil_ids})
        named = {pupil_id: show_pupil(row) for pupil_id, row in pupils.items()}
    return page_of(rows, limit, show=lambda row: _low(row, named), key=lambda row: row.id)


def _low(row: StaffItem, named: Mapping[str, ShownPupil]) -> LowDays:
    pupil = named[str(row.pupil_ids[0])]
    return LowDays(item=row.id, pupil=pupil, days=int(row.detail["days"]), contact=row.contact_id, at=row.at)


@routes.get("/trends", Scope.TRENDS_READ, summary="How days went, without names")
def list_trends(
    who: Who,
    first: First = None,
    last: Last = None,
    by_class: Annotated[bool, Query(description="Also each class, where enough answered.")] = False,
) -> Trends:
    """The answers of each week counted. Small groups are hidden, and what they could be worked out from."""
    with who.reading() as session:
        today = calendar_of(session, who.school_id).local(who.now).date()
        begin, end = _range(first, last, today)
        found = trends(session, who.school_id, begin, end, by_class=by_class)
    return Trends(items=[_trend(each) for each in found])


def _range(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    end = last or today
    begin = first or end - WEEKS
    if begin > end:
        raise invalid("first", "range", "The first day is after the last.")
    if end - begin > LONGEST_RANGE:
        raise invalid("first", "range", f"At most {LONGEST_RANGE.days} days are shown at once.")
    return begin, end


def _show(
    row: Prompt, children: Sequence[PromptChild], pupils: Mapping[str, ShownPupil], words: Mapping[str, str]
) -> ShownPrompt:
    return ShownPrompt(
        id=row.id,
        date=row.day,
        contact=row.contact_id,
        question=row.question,
        topic=row.topic_id,
        at=row.at,
        children=[
            Answer(
                pupil=pupils[child.pupil_id],
                mood=child.mood,
                answered_at=child.answered_at,
                words=words.get(child.message_id or ""),
            )
            for child in children
        ],
    )


def _trend(trend: Trend) -> ShownTrend:
    count = trend.count
    return ShownTrend(
        week=trend.week,
        class_name=trend.class_name,
        asked=count.asked if count else None,
        answered=count.answered if count else None,
        **{mood: count.moods[mood] if count else None for mood in MOODS},
    )
