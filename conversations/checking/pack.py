"""A language pack as its translator wrote it: the texts of its files, and where in them something stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from conversations.concepts import concepts
from conversations.hearing.lexicon import Lexicon, build
from conversations.language import Language, calendar_names, made

LEXICON, MESSAGES, HEARS = "lexicon.toml", "messages.po", "hears.txt"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The files of a pack by their names within its folder."""

    code: str
    files: Mapping[str, str]

    @cached_property
    def table(self) -> Mapping[str, Any]:
        """The lexicon as written; raises tomllib.TOMLDecodeError."""
        return tomllib.loads(self.files.get(LEXICON, ""))

    @cached_property
    def catalogue(self) -> Catalog:
        """The messages as written; raises babel's PoFileError or ValueError."""
        return read_po(BytesIO(self.files.get(MESSAGES, "").encode()), locale=self.code, abort_invalid=True)

    @cached_property
    def language(self) -> Language:
        """What is heard in it, with English; raises PhraseError."""
        return made(self.code, self.table)

    @cached_property
    def alone(self) -> Lexicon:
        """Its own tables without the English ones; the small words that it does without are empty lists."""
        small: dict[str, list[str]] = {each.key: [] for each in concepts().values() if each.section == "words"}
        table = {**self.table, "words": {**small, **self.table.get("words", {})}}
        return build((self.code,), [table], [calendar_names(self.code, table)])

    def name(self, file: str) -> str:
        """A file's name as it is shown."""
        return f"locales/{self.code}/{file}"

    def chats(self) -> Iterator[tuple[str, str]]:
        """Its transcripts, by name."""
        return ((name, text) for name, text in sorted(self.files.items()) if name.startswith("chats/"))

    # Where things stand -----------------------------------------------------------------------

    def line_of(self, section: str, key: str = "", phrase: str = "") -> int | None:
        """The line of a section of the lexicon, of a key in it, or of a phrase of that key."""
        lines = self.files.get(LEXICON, "").splitlines()
        found = _after(lines, 0, re.compile(rf"\s*\[{re.escape(section)}\]"))
        if found is None or not key:
            return found
        keyed = _after(lines, found, re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*="""), within=True)
        if keyed is None or not phrase:
            return keyed or found
        return _after(lines, keyed - 1, re.compile(re.escape(f'"{phrase}"'))) or keyed

    def message_line(self, key: str) -> int | None:
        """The line of a message."""
        return _after(self.files.get(MESSAGES, "").splitlines(), 0, re.compile(rf'msgid "{re.escape(key)}"$'))


def _after(lines: list[str], start: int, wanted: re.Pattern[str], *, within: bool = False) -> int | None:
    for number, line in enumerate(lines[start:], start=start + 1):
        if wanted.search(line) if wanted.pattern.startswith('\\"') else wanted.match(line):
            return number
        if within and line.startswith("["):
            return None
    return None


def read(code: str) -> Pack:
    """The pack of that code in `locales`; without files where there is none."""
    return Pack(code=code, files=dict(_texts(resources.files("locales").joinpath(code), "")))


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".toml", ".po", ".txt")):
            yield prefix + entry.name, entry.read_text(encoding="utf-8")
