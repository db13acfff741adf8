"""The contract of a language pack: which concepts there are, what each means, and which a pack may not ship without."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# The key under which a section says what it is about, and the one that stands for keys of a translator's choosing.
ABOUT, ANY = "_about", "any"
# Whether a pack ships is what its translator decides, not a word that it may lack.
DECIDED = "pack.ships"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One table of a lexicon: `name` is "section.key"; `rare` ones are needed by some languages only.

    `instead` names keys of the same section that serve as well.
    """

    name: str
    gloss: str
    required: bool
    rare: bool
    instead: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The section that it stands in."""
        return self.name.partition(".")[0]

    @property
    def key(self) -> str:
        """Its key in that section."""
        return self.name.partition(".")[2]


@cache
def sections() -> Mapping[str, str]:
    """All sections in order, with what each is about."""
    return {name: str(entries[ABOUT]) for name, entries in _contract().items()}


@cache
def concepts() -> Mapping[str, Concept]:
    """All concepts by name, in order."""
    return {
        f"{section}.{key}": Concept(
            name=f"{section}.{key}",
            gloss=str(entry["gloss"]),
            required=entry["importance"] == "required",
            rare=bool(entry.get("rare", False)),
            instead=tuple(entry.get("or", ())),
        )
        for section, entries in _contract().items()
        for key, entry in entries.items()
        if key != ABOUT
    }


def known(section: str, key: str) -> bool:
    """Whether a lexicon may have this table."""
    return f"{section}.{key}" in concepts() or f"{section}.{ANY}" in concepts()


def missing(table: Mapping[str, Any]) -> list[Concept]:
    """The required concepts for which a lexicon has no words."""
    return [
        concept
        for concept in concepts().values()
        if concept.required and concept.name != DECIDED
        if not any(table.get(concept.section, {}).get(key) for key in (concept.key, *concept.instead))
    ]


@cache
def _contract() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("locales").joinpath("concepts.toml").read_text(encoding="utf-8"))
