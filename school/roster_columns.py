"""Which column of a school's own file holds what: a map in TOML or JSON, and what stands where nothing is said."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from school.csv_table import Fault, FileRefused, Line, Table

REQUIRED = ("pupil_id", "first_name", "surname", "contact_id", "contact_name", "phone")
# `social_worker` is the narrowest of them: such a contact is told when a chase reached nobody, and nothing else by it.
RIGHTS = (
    "may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with", "no_contact", "social_worker",
)  # fmt: skip
OPTIONAL = (
    "known_as", "class", "year", "language", "priority", *RIGHTS, "upn", "left_on", "ring_only", "ring_first",
    "care_week",
)  # fmt: skip
KNOWN = (*REQUIRED, *OPTIONAL)


class MapRefused(ValueError):  # noqa: N818
    """The map cannot be used; the message says what in it is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """For each of our columns the file's own, or several whose cells are put together with a space.

    `defaults` stand where a cell is empty or the file has no such column. A map that names no column for something
    takes the file's column of our own name, if there is one.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_map(content: bytes, *, name: str) -> ColumnMap:
    """A map from a `.toml` or `.json` file with `columns` and `defaults`; raises MapRefused.

    columns.first_name = "Forename", or ["Title", "Forename#2"]; defaults.language = "en".
    """
    try:
        text = content.decode("utf-8-sig")
        said = json.loads(text) if name.lower().endswith(".json") else tomllib.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise MapRefused(f"the map is no {'JSON' if name.lower().endswith('.json') else 'TOML'}: {error}") from None
    if not isinstance(said, dict) or set(said) - {"columns", "defaults"}:
        raise MapRefused("a map has the tables columns and defaults, and nothing else")
    columns, defaults = said.get("columns", {}), said.get("defaults", {})
    if not isinstance(columns, dict) or not isinstance(defaults, dict):
        raise MapRefused("columns and defaults are tables")
    if unknown := sorted((set(columns) | set(defaults)) - set(KNOWN)):
        raise MapRefused(f"there is no {', '.join(unknown)}; there are {', '.join(KNOWN)}")
    return ColumnMap(
        columns={ours: _names(ours, theirs) for ours, theirs in columns.items()},
        defaults={ours: _text(ours, value) for ours, value in defaults.items()},
    )


def _names(ours: str, theirs: Any) -> tuple[str, ...]:
    names = [theirs] if isinstance(theirs, str) else theirs
    if not isinstance(names, list) or not names or not all(isinstance(each, str) and each for each in names):
        raise MapRefused(f"columns.{ours} is a name, or a list of names")
    return tuple(names)


def _text(ours: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | str):
        return str(value)
    raise MapRefused(f"defaults.{ours} is a word or a number")


class Columns:
    """Where each of our columns stands in one table; what a fault calls it is the file's own name."""

    def __init__(self, table: Table, said: ColumnMap) -> None:
        faults: list[Fault] = []
        self._defaults = said.defaults
        self._places: dict[str, tuple[int, ...]] = {}
        self._names: dict[str, str] = {}
        for ours in KNOWN:
            theirs = said.columns.get(ours, (ours,))
            try:
                self._places[ours] = tuple(table.position(name) for name in theirs)
                self._names[ours] = " and ".join(table.header[place] for place in self._places[ours])
            except LookupError as error:
                if self._must(table, ours, said):
                    faults.append(Fault(line=1, column=ours, problem=str(error)))
        if faults:
            raise FileRefused(faults)

    @staticmethod
    def _must(table: Table, ours: str, said: ColumnMap) -> bool:
        """A column that was named, that is needed, or that stands there twice is not passed over."""
        twice = sum(each.strip().casefold() == ours for each in table.header) > 1
        return ours in said.columns or (ours in REQUIRED and ours not in said.defaults) or twice

    def has(self, ours: str) -> bool:
        """Whether the file says anything about it."""
        return ours in self._places or ours in self._defaults

    def cell(self, line: Line, ours: str) -> str:
        """What stands there, or the default; "" for neither."""
        said = " ".join(line.cells[place] for place in self._places.get(ours, ()) if line.cells[place])
        return said or self._defaults.get(ours, "")

    def name(self, ours: str) -> str:
        """What the file calls it."""
        return self._names.get(ours, ours)

    def unused(self, table: Table) -> Sequence[str]:
        """The file's columns from which nothing is taken."""
        used = {place for places in self._places.values() for place in places}
        return [name for place, name in enumerate(table.header) if place not in used and name]
