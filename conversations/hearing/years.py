"""A child's year group, and which of several children a year or an age tells."""

from __future__ import annotations

import re

from conversations.context import Child, Context
from conversations.hearing.normalise import key

TWO = 2
CLASS = re.compile(r"(?:y|yr|year)?(\d{1,2}|r)[a-z]{0,3}")


def by_age(context: Context, *, youngest: bool) -> Child | None:
    """The eldest or youngest, where the year groups tell; None for a sender who has no child here."""
    if not context.children:
        return None
    years = [(year_number(child), child) for child in context.children]
    numbers = [number for number, _ in years if number is not None]
    if len(numbers) != len(years) or len(set(numbers)) != len(numbers):
        return context.children[0] if len(context.children) == 1 else None
    pick = min if youngest else max
    return pick(years, key=lambda pair: pair[0] if pair[0] is not None else 0)[1]


def twins(context: Context) -> tuple[str, ...]:
    """The two children who share a year group, where exactly two do; none where they cannot be told."""
    if len(context.children) == TWO:
        return tuple(child.id for child in context.children)
    years: dict[int, list[str]] = {}
    for child in context.children:
        number = year_number(child)
        if number is None:
            return ()
        years.setdefault(number, []).append(child.id)
    shared = [ids for ids in years.values() if len(ids) > 1]
    return tuple(shared[0]) if len(shared) == 1 and len(shared[0]) == TWO else ()


def year_number(child: Child) -> int | None:
    """A child's year group as a number, reception being 0."""
    for text in (child.year, child.class_name):
        match = CLASS.fullmatch(key(text).replace(" ", ""))
        if match:
            return 0 if match[1] == "r" else int(match[1])
    return None


def same_year(said: str, child: Child) -> bool:
    """Whether "y4", "year4" is this child's year."""
    match = re.match(r"(?:y|yr|year)(\d{1,2}|r)", said)
    return bool(match) and year_number(child) == (0 if match and match[1] == "r" else int(match[1]) if match else None)
