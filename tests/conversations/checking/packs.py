"""A small language that breaks no rule, made up in memory, in which a test plants one fault at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conversations.checking.findings import Finding
from conversations.checking.pack import HEARS, LEXICON, MESSAGES, Pack, read
from conversations.checking.scaffold import scaffold


@cache
def english() -> Mapping[str, str]:
    """The files of the English pack."""
    return read("en").files


@cache
def untouched() -> Pack:
    """The English pack as it is, compiled once."""
    return Pack(code="en", files=english())


def pack(**changed: tuple[str, str]) -> Pack:
    """The English pack with one text in a file put for another; `lexicon=("old", "new")`."""
    if not changed:
        return untouched()
    files = dict(english())
    names = {"lexicon": LEXICON, "messages": MESSAGES, "hears": HEARS}
    for name, (old, new) in changed.items():
        assert old in files[names[name]], old
        files[names[name]] = files[names[name]].replace(old, new, 1)
    return Pack(code="en", files=files)


def begun(code: str, **texts: str) -> Pack:
    """A pack as it was begun, with some files written anew."""
    names = {"lexicon": LEXICON, "messages": MESSAGES, "hears": HEARS}
    return Pack(code=code, files={**scaffold(code), **{names[name]: text for name, text in texts.items()}})


def small(code: str = "tr", **lists: str) -> Pack:
    """A pack of few words, quick to compile: `day__tomorrow='"yarin"'` fills a list of the begun lexicon."""
    lexicon = begun(code).files[LEXICON]
    for name, words in lists.items():
        section, _, key = name.partition("__")
        head, found, tail = lexicon.partition(f"\n[{section}]\n")
        assert found
        assert f"\n{key} = []" in tail
        lexicon = head + found + tail.replace(f"\n{key} = []", f"\n{key} = [{words}]", 1)
    return begun(code, lexicon=lexicon)


def says(findings: list[Finding], words: str) -> list[Finding]:
    """The findings that say these words."""
    return [each for each in findings if words in each.says]
