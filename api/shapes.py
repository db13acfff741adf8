"""The shapes that all resources share: ids, words, days, pages and versions."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Generic, TypeAlias, TypeVar

from fastapi import Header, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.problems import Problem, Problems, invalid, not_found

# Ids are ULIDs; anything else of that length belongs to nobody and gets the same answer as a stranger's id.
ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)
LONGEST_LIST = 200
LONGEST_NOTE = 500


class Body(BaseModel):
    """What a client sends: fields that are not known are refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What a client is shown."""

    model_config = ConfigDict(frozen=True)


def _known(value: str) -> str:
    if not ID.fullmatch(value):
        raise not_found()
    return value


def printable(value: str) -> str:
    """The text, if a person could have typed it; raises ValueError for a NUL, which PostgreSQL cannot store."""
    if "\x00" in value:
        raise ValueError("a NUL is no character of a text")
    return value


def _school_era(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"a day between {FIRST_DAY} and {LAST_DAY} is needed")
    return value


def _in_utc(value: datetime) -> datetime:
    if not FIRST_DAY <= value.date() <= LAST_DAY:
        raise ValueError(f"a moment between {FIRST_DAY} and {LAST_DAY} is needed")
    return value.astimezone(UTC)


PathId: TypeAlias = Annotated[str, AfterValidator(_known)]
BodyId: TypeAlias = Annotated[str, StringConstraints(pattern=f"^{ID.pattern}$")]
Day: TypeAlias = Annotated[date, AfterValidator(_school_era)]
Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]


NoNul: TypeAlias = Annotated[str | None, AfterValidator(lambda value: value and printable(value))]
Note: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE), AfterValidator(printable)
]
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(printable)
]
# What Twilio takes in one message at most.
TextOut: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1600), AfterValidator(printable)
]


Item = TypeVar("Item")


class Page(Shown, Generic[Item]):
    """A part of a list; `next` is what to pass as `after` for the part that follows, null at the end."""

    items: list[Item]
    next: str | None = Field(description="Pass it as `after` for the next page; null where there is none.")


Limit: TypeAlias = Annotated[int, Query(ge=1, le=LONGEST_LIST, description="How many at most.")]
After: TypeAlias = Annotated[str | None, Query(max_length=200, description="The `next` of the page before.")]
Row = TypeVar("Row")


def page_of(rows: Sequence[Row], limit: int, *, show: Callable[[Row], Item], key: Callable[[Row], str]) -> Page[Item]:
    """A page from `limit + 1` rows at most: the one too many only says that there is more."""
    there = rows[:limit]
    last = key(there[-1]) if len(rows) > limit else None
    return Page(items=[show(row) for row in there], next=cursor(last) if last is not None else None)


def cursor(place: str) -> str:
    """A place in a list, opaque to the client."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place(after: str | None, *, form: re.Pattern[str]) -> str | None:
    """Where a cursor of ours points; raises a fault for anything that is not of the list's own form."""
    if after is None:
        return None
    try:
        text = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    if not form.fullmatch(text):
        raise invalid("after", "cursor", "This is no `next` of a page of this list.")
    return text


# Versions -------------------------------------------------------------------------------------

IfMatch: TypeAlias = Annotated[
    str | None, Header(alias="If-Match", max_length=100, description="The ETag of the version that you changed.")
]


def etag(version: int) -> dict[str, str]:
    """The headers that name a version."""
    return {"ETag": f'"{version}"'}


def require_version(if_match: str | None, version: int) -> None:
    """Raises 428 where no version was named and 412 where it is not the one that stands."""
    if if_match is None:
        raise Problem(Problems.NO_PRECONDITION)
    named = {tag.strip() for tag in if_match.split(",")}
    if "*" not in named and f'"{version}"' not in named:
        raise Problem(Problems.CHANGED_MEANWHILE)
