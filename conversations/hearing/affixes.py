"""Takes off the small words that some scripts write onto others: "and", "in", "the" before a word, "his" after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from conversations.hearing.normalise import key

SHORTEST_STEM = 2
SHORTEST_AFTER_PREFIX = 3
# An ending that only inflects is taken off nothing shorter: "bint" is no "bin" with a "t".
SHORTEST_INFLECTED = 3


class Affixes:
    """The `[affixes]` of a pack, over the words that its tables have.

    `prefixes` and `suffixes` (form = word that it stands for) become words of their own; `articles` and `endings`
    are dropped. A prefix in `joined` has swallowed an article, one in `short_prefixes` may stand before two letters.
    A first letter in `persons` may stand for another ("she comes" for "he comes"); `restored` turns the last letter
    of a stem before a suffix back; words in `whole` are left alone. `enclosing` (form = word that it stands for) are
    prefixes that count only where the word ends in one of `enclosed_by`, as "m-…-sh" does around a verb that is
    denied. What leads to no known word is left as it was typed. Tables and texts are taken apart by the same
    function, so that they always meet.
    """

    def __init__(self, table: Mapping[str, Any], words: Sequence[str]) -> None:
        def folded(name: str, *, longest: bool = True) -> dict[str, str]:
            entries: Mapping[str, str] = table.get(name, {})
            ordered = sorted(entries.items(), key=lambda entry: len(entry[0]), reverse=longest)
            return {key(form): key(usual) for form, usual in ordered}

        # The shortest suffix first leaves the longest stem.
        self.prefixes, self.suffixes = folded("prefixes"), folded("suffixes", longest=False)
        self.restored, self.persons = folded("restored"), folded("persons")
        self.enclosing = folded("enclosing")
        self.enclosed_by = tuple(key(each) for each in table.get("enclosed_by", ()))
        self.joined = frozenset(key(each) for each in table.get("joined", ()))
        self.short_prefixes = frozenset(key(each) for each in table.get("short_prefixes", ()))
        self.articles = tuple(key(each) for each in table.get("articles", ()))
        self.endings = tuple(key(each) for each in table.get("endings", ()))
        self.whole = frozenset(key(each) for each in table.get("whole", ()))
        self.stems = frozenset(words) | {self._bare(word) for word in words}
        self.parts = lru_cache(maxsize=8192)(self._parts)

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.suffixes or self.articles)

    def split(self, word: str, is_name: Callable[[str], bool]) -> tuple[str, ...]:
        """The words that one run of letters is made of; a name stays whole, also behind a prefix."""
        if is_name(word):
            return (word,)
        if word[-1:].isdigit():
            return self._figure(word)
        if word in self.stems or word in self.whole:
            return self.parts(word)
        for form, usual in self.prefixes.items():
            if word.startswith(form) and is_name(word[len(form) :]):
                return usual, word[len(form) :]
        return self.parts(word)

    def _figure(self, word: str) -> tuple[str, ...]:
        """A number that "and", "at" or "the" is written onto: "wa-22", "the-10"."""
        lead = word.rstrip("0123456789")
        figure, bare = word[len(lead) :], lead
        for article in self.articles:
            bare = bare.removesuffix(article)
        return (figure,) if not bare else (self.prefixes[bare], figure) if bare in self.prefixes else (word,)

    def _parts(self, word: str) -> tuple[str, ...]:
        return self._known(word) or (word,)

    def _known(self, word: str) -> tuple[str, ...] | None:
        if word in self.whole:
            return (word,)
        found = self._owned(word)
        if found:
            return found
        bare = self._bare(word)
        if bare != word and bare in self.stems:
            return (bare,)
        return (
            self._enclosed(word)
            or self._led(word, article=True)
            or self._plainly_led(word)
            or self._stem(word)
            or self._led(word, article=False)
            or self._ended(word)
        )

    def _ended(self, word: str) -> tuple[str, ...] | None:
        """A denied verb whose "not" stands apart: "ma yigi-sh"."""
        for end in self.enclosed_by:
            if word.endswith(end) and len(word) - len(end) >= SHORTEST_INFLECTED:
                return self._known(word.removesuffix(end))
        return None

    def _enclosed(self, word: str) -> tuple[str, ...] | None:
        """A word that is denied by what stands before and behind it: "m-yigi-sh", he does not come."""
        for end in self.enclosed_by:
            for form, usual in self.enclosing.items():
                core = word[len(form) : -len(end)]
                if word.startswith(form) and word.endswith(end) and len(core) >= SHORTEST_STEM:
                    found = self._known(core)
                    if found:
                        return usual, *found
        return None

    def _plainly_led(self, word: str) -> tuple[str, ...] | None:
        """A prefix before a long word of the tables: so split even where the tables have both as one."""
        for form, usual in self.prefixes.items():
            rest = word.removeprefix(form)
            if rest != word and len(rest) > SHORTEST_AFTER_PREFIX and rest in self.stems:
                return usual, *self.parts(rest)
        return None

    def _owned(self, word: str) -> tuple[str, ...] | None:
        """A stem and what stands for "his", "her", "us" behind it."""
        for form, usual in self.suffixes.items():
            core = word.removesuffix(form)
            if core == word or len(core) < SHORTEST_STEM:
                continue
            restored = core[:-1] + self.restored.get(core[-1], core[-1])
            for each in (restored, core):
                # A word of the tables is taken apart as it is there: "grandmother" may be a "his grandfather" too.
                stem = self.parts(each) if each in self.stems else self._stem(each)
                if stem:
                    return *stem, usual
        return None

    def _stem(self, word: str) -> tuple[str, ...] | None:
        """A word of the tables, or an inflection of one."""
        if word in self.stems or word in self.whole:
            return (word,)
        other = self.persons.get(word[:1], word[:1]) + word[1:]
        if other in self.stems and len(word) >= SHORTEST_INFLECTED:
            return (other,)
        for ending in self.endings:
            for each in (word, other):
                core = each.removesuffix(ending)
                if core != each and len(core) >= SHORTEST_INFLECTED and core in self.stems:
                    return (core,)
        return None

    def _led(self, word: str, *, article: bool) -> tuple[str, ...] | None:
        """A prefix and the words behind it; with `article`, only where those begin with "the"."""
        for form, usual in self.prefixes.items():
            rest = word.removeprefix(form)
            joined = form in self.joined
            if rest == word or (article and not joined and self._bare(rest) == rest):
                continue
            if len(rest) < (SHORTEST_STEM if form in self.short_prefixes else SHORTEST_AFTER_PREFIX):
                continue
            found = self._known(self.articles[0] + rest if joined and self.articles else rest)
            if found:
                return usual, *found
        return None

    def _bare(self, word: str) -> str:
        for article in self.articles:
            if word.startswith(article) and len(word) - len(article) > SHORTEST_STEM and word not in self.whole:
                return word[len(article) :]
        return word
