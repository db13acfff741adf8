"""Loads a language pack: what is heard in it (always English too), and what it is called."""

from __future__ import annotations

import pickle
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from babel import localedata

from conversations.concepts import missing
from conversations.hearing.lexicon import Lexicon, build
from conversations.hearing.mixing import borrowed, vocabulary

ENGLISH = "en"


class NoSuchLanguage(LookupError):  # noqa: N818  it says what happened, not that somebody erred
    """There is no pack for this language code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language that a thread may be in: its code, its own name, and its hearing tables with English.

    `scripts` are the codes under which it is written, by the script's name in Unicode: a language with two has a
    catalogue for each ("ur" and "ur_Latn"), and one set of tables.
    """

    code: str
    name: str
    lexicon: Lexicon
    english: Lexicon
    scripts: Mapping[str, str] = field(default_factory=dict)

    def heard_in(self, text: str) -> Lexicon:
        """The tables for one text: the thread's own with English beside, or English alone where it is in English."""
        return self.english if borrowed(text, self.lexicon.own, self.english.own) else self.lexicon

    def written(self, text: str) -> str:
        """The code under which a text is answered: that of the script that most of its letters are of."""
        if not self.scripts:
            return self.code
        letters = [unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()]
        most = max(self.scripts, key=letters.count)
        return self.scripts[most] if most in letters else self.code


@cache
def load(code: str) -> Language:
    """The pack of a language, or of one of its scripts, compiled once a process; raises NoSuchLanguage."""
    pack = code.partition("_")[0]
    if pack not in available():
        raise NoSuchLanguage(code)
    scripts = table(pack).get("scripts", {})
    if pack != code:
        if code not in scripts.values():
            raise NoSuchLanguage(code)
        return replace(load(pack), code=code)
    return made(code, table(code))


def made(code: str, own: Mapping[str, Any]) -> Language:
    """A language from its tables; raises PhraseError where one of their phrases cannot be read."""
    tables = {code: own} | ({} if code == ENGLISH else {ENGLISH: table(ENGLISH)})
    lexicon = build(tuple(tables), list(tables.values()), [calendar_names(*each) for each in tables.items()])
    return Language(
        code=code,
        name=own.get("pack", {}).get("name", code),
        lexicon=lexicon,
        english=lexicon if code == ENGLISH else load(ENGLISH).lexicon,
        scripts=own.get("scripts", {}),
    )


@cache
def available() -> tuple[str, ...]:
    """The codes of all packs that can be heard, in order."""
    folders = resources.files("locales").iterdir()
    return tuple(sorted(folder.name for folder in folders if folder.joinpath("lexicon.toml").is_file()))


@cache
def shipped() -> tuple[str, ...]:
    """The codes of the packs that parents may be offered: those that say so, and lack nothing that is required."""
    return tuple(code for code in available() if table(code).get("pack", {}).get("ships") and not missing(table(code)))


@cache
def vocabulary_of(code: str) -> frozenset[str]:
    """Every word that a pack knows, without compiling it; raises NoSuchLanguage."""
    if code not in available():
        raise NoSuchLanguage(code)
    return vocabulary(table(code))


@cache
def table(code: str) -> dict[str, Any]:
    """A pack's lexicon as written."""
    return tomllib.loads(resources.files("locales").joinpath(code, "lexicon.toml").read_text(encoding="utf-8"))


def calendar_names(code: str, own: Mapping[str, Any]) -> Mapping[str, Mapping[str, list[str]]]:
    """CLDR's names of weekdays (0 is Monday) and months, within a sentence and alone, long and short.

    A pack's `[calendar] not_dates` takes out short forms that are words of their own ("sat", "sun"). Only what the
    locale itself says is read: Babel resolves what a locale inherits in data that all locales share, so that the
    first language to be loaded would lend its names to the next (Urdu's "budh" is "he wants" in Arabic).
    """
    stored = pickle.loads(Path(localedata.resolve_locale_filename(code)).read_bytes())  # noqa: S301  Babel's own data
    left_out = set(own.get("calendar", {}).get("not_dates", ()))
    names: dict[str, dict[str, list[str]]] = {"weekday": {}, "month": {}}
    for section, source in (("weekday", stored["days"]), ("month", stored["months"])):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                own_names = source.get(context, {}).get(width)
                for number, name in own_names.items() if isinstance(own_names, dict) else ():
                    plain = name.rstrip(".").replace("(", " ").replace(")", " ")
                    if plain.lower() not in left_out:
                        names[section].setdefault(str(number), []).append(plain)
    return names
