"""Which of the starting guide's five questions a week has: the same for the whole school, each in its turn."""

from __future__ import annotations

from datetime import date, timedelta

# Wakefield's starting guide: most exciting thing learnt; anything surprising; share something learnt; ask any
# questions in class; curious to learn more (domain.md, section 8).
QUESTIONS = 5


def week_of_day(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def question_of(day: date) -> int:
    """The question of a day's week, 1 to 5, in turn from week to week."""
    return week_of_day(day).toordinal() // 7 % QUESTIONS + 1
