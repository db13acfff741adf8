"""How days went, week by week, in numbers without a name: for a school as a whole, and by class where enough answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from school.records.people import School
from school.records.prompt_queries import counts_by_class
from school.rules.suppression import hidden
from school.rules.weekly_question import week_of_day
from school.settings import settings_of

MOODS = ("good", "ok", "low")


@dataclass(slots=True)
class Count:
    """How many children were asked about, of how many somebody answered, and what."""

    asked: int = 0
    answered: int = 0
    moods: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOODS, 0))

    def add(self, mood: str | None, count: int, *, answered: bool) -> None:
        """Counts so many more children."""
        self.asked += count
        self.answered += count if answered else 0
        if mood is not None:
            self.moods[mood] += count

    @property
    def with_mood(self) -> int:
        """How many answers name a mood: those that the figures stand on."""
        return sum(self.moods.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One group's week; `count` is None where too few stand behind it."""

    week: date
    class_name: str | None
    count: Count | None


def trends(session: Session, school_id: str, first: date, last: date, *, by_class: bool) -> list[Trend]:
    """The weeks from `first` to `last`: the whole school's, and with `by_class` also each class's.

    What fewer than the school's own least number of answers stand behind is hidden, and so is what would let a hidden
    figure be worked out.
    """
    least = settings_of(session.get_one(School, school_id)).prompts_smallest_group
    weeks: dict[date, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    for week, class_name, mood, answered, count in counts_by_class(
        session, school_id, week_of_day(first), week_of_day(last)
    ):
        weeks[week][class_name].add(mood, count, answered=answered)
    found: list[Trend] = []
    for week, classes in sorted(weeks.items()):
        whole = _sum(classes.values())
        enough = whole.with_mood >= least
        found.append(Trend(week=week, class_name=None, count=whole if enough else None))
        if by_class:
            secret = hidden({name: count.with_mood for name, count in classes.items()}, least=least)
            found += [
                Trend(
                    week=week,
                    class_name=name,
                    count=count if enough and count.with_mood and name not in secret else None,
                )
                for name, count in sorted(classes.items())
            ]
    return found


def _sum(counts: Iterable[Count]) -> Count:
    whole = Count()
    for count in counts:
        whole.asked += count.asked
        whole.answered += count.answered
        for mood in MOODS:
            whole.moods[mood] += count.moods[mood]
    return whole
