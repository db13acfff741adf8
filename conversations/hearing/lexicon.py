"""The tables of one language, compiled once: trees of phrases for topics, people, days and whole messages."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.hearing.affixes import Affixes
from conversations.hearing.endings import bent, folded_endings
from conversations.hearing.entries import endings_of_days, nicknames, spellings
from conversations.hearing.likeness import SHORTEST_CORRECTED, corrected, shortened
from conversations.hearing.mixing import vocabulary
from conversations.hearing.normalise import Word, answered, as_typed, glued, joined_numbers, key, pieces
from conversations.hearing.phrase_graph import Graphs
from conversations.hearing.phrases import MARKUP, Phrasebook, expand

# Tables whose phrases say what a text is about; each key of theirs is a concept "table.key".
TOPICS = (
    "sickness", "appointment", "travel", "absence_other", "leave", "say", "claims_present", "attendance_query",
    "barrier", "correction", "scope", "talk", "worry", "worry_not", "red_flag",
)  # fmt: skip
# Tables of which single phrases mean nothing: see `hints`.
HINTS = ("hint", "worry_weak")
# Orders to the service in a parent's own words: see `orders`.
ORDERS = ("order",)
DAYS = ("day", "calendar", "part", "time", "weekday", "month")
WHOLE = ("answer", "command", "option", "mood")
SYMBOLS = {"<who>", "<n>", "<language>"}
# A hyphen that ties a word of one or two letters to another: "s-a", "nu-i", "dus-o".
CLITIC = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_]{1,2}\b)|(?<=\b[^\W\d_])-(?=[^\W\d_])|(?<=\b[^\W\d_]{2})-(?=[^\W\d_])")


def no_name(_word: str) -> bool:
    """Where nobody's names are known, nothing is one."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Lexicon:
    """What one thread's language, and English, lets be heard. Built by `conversations.language`, never changed."""

    codes: tuple[str, ...]
    spelling: Mapping[str, tuple[str, ...]]
    units: frozenset[str]
    topics: Phrasebook
    hints: Phrasebook
    orders: Phrasebook
    people: Phrasebook
    days: Phrasebook
    whole: Phrasebook
    known: frozenset[str]
    own: frozenset[str]
    greetings: frozenset[str]
    not_names: frozenset[str]
    first_names: frozenset[str]
    nicknames: Mapping[str, frozenset[str]]
    name_endings: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    long_numbers: Mapping[tuple[str, ...], int]
    ordinals: Mapping[str, int]
    ordinal_endings: frozenset[str]
    near: Mapping[str, str]
    day_names: frozenset[str]
    languages: Mapping[str, str]
    dotted_dates: bool
    others_pass: bool
    subject_after: bool
    owner_follows: bool
    spelled_days: bool
    qualifiers_follow: bool
    hours_to_24: bool
    clitic_hyphens: bool
    gendered_ages: bool
    glued: re.Pattern[str] | None
    answered: re.Pattern[str] | None
    small: Mapping[str, frozenset[str]]
    affixes: Affixes | None
    behind: Mapping[tuple[str, str], str]

    def words(
        self, text: str, *, kept: frozenset[str] = frozenset(), is_name: Callable[[str], bool] = no_name
    ) -> list[Word]:
        """The words of a text; those in `kept` (a child's name) are left as typed, and names are not split."""
        affixes = self.affixes
        split = None if affixes is None else lambda word: affixes.split(word, is_name)
        if self.clitic_hyphens:
            text = CLITIC.sub(" ", text)
        if self.glued is not None:
            text = self.glued.sub(" ", text)
        if self.answered is not None:
            text = self.answered.sub(",", text)
        found = pieces(text, self.spelling, self.units, kept, split)
        for at in range(1, len(found) if self.behind else 0):
            usual = self.behind.get((found[at - 1].norm, found[at].norm))
            found[at] = found[at]._replace(norm=usual) if usual else found[at]
        found = joined_numbers(found, self.long_numbers) if self.long_numbers else found
        return [self._put_right(word, kept, is_name) for word in found]

    def _put_right(self, word: Word, kept: frozenset[str], is_name: Callable[[str], bool]) -> Word:
        """A long name of a day or a month that is one letter away: "wendesday"."""
        named = word.norm in kept or word.norm in self.first_names or is_name(word.norm)
        strange = word.kind == "word" and word.norm not in self.known and not named
        meant = corrected(word.norm, self.near) if strange else None
        return word if meant is None else word._replace(norm=meant)


def merged(tables: Sequence[Mapping[str, Any]], section: str) -> dict[str, list[str]]:
    """One section of several packs as one table; the first pack's phrases come first."""
    result: dict[str, list[str]] = {}
    for table in tables:
        for name, phrases in table.get(section, {}).items():
            if isinstance(phrases, list):
                result.setdefault(name, []).extend(phrases)
    return result


def build(
    codes: Sequence[str],
    tables: Sequence[Mapping[str, Any]],
    calendars: Sequence[Mapping[str, Mapping[str, list[str]]]],
) -> Lexicon:
    """Compiles the packs named by `codes`, own language first; `calendars` are CLDR's names of weekdays and months.

    Raises PhraseError where a phrase cannot be read.
    """
    tables, calendars = [tables[0], *(without(each, tables[0]) for each in tables[1:])], yielding(tables[0], calendars)
    spelling = {**typed_endings(tables), **spellings(merged(tables, "spelling")), **pictures(tables)}
    words = merged(tables, "words")
    units = frozenset(words.get("units", ()))
    dates = [*tables, *calendars]
    affixes = with_affixes(tables, calendars)
    usual, own = Usual(spelling, units, affixes), own_words(tables[0])

    def single(entries: Sequence[str]) -> frozenset[str]:
        return frozenset(word.norm for entry in entries for word in usual.pieces(entry))

    sets = merged(tables, "sets")
    graphs, behind = Graphs(sets, usual.word), Graphs(sets, usual.word, yields_to=own)

    def book(
        sections: Sequence[str], sources: Sequence[Mapping[str, Any]], fillers: frozenset[str] = frozenset()
    ) -> Phrasebook:
        made = Phrasebook(fillers)
        for concept, phrase, foreign in phrasing(sections, sources, (tables[0], calendars[0])):
            made.add((behind if foreign else graphs).of(phrase, {concept: phrase}))
        made.close()
        return made

    topics = book(TOPICS, tables, single(words.get("fillers", ())))
    hints = book(HINTS, tables, single(words.get("fillers", ())))
    orders = book(ORDERS, tables, single(words.get("fillers", ())))
    days = book(DAYS, dates)
    people = book(("people",), tables)
    endings = folded_endings(merged(tables, "name_endings"))
    first_names = single(merged(tables, "first_names").get("names", ()))
    first_names |= {form for name in first_names for form in bent(name, endings)}
    known = single((*words.get("ordinary", ()), *words.get("greetings", ())))
    known |= topics.words | days.words | people.words
    near = neighbours(dates, usual, known)
    return Lexicon(
        codes=tuple(codes), spelling=spelling, units=units, topics=topics, hints=hints, orders=orders,
        people=people, days=days,
        whole=book((*WHOLE, "languages"), tables), known=frozenset(known - SYMBOLS), first_names=first_names,
        greetings=single(words.get("greetings", ())), not_names=single(words.get("not_names", ())),
        nicknames=nicknames(merged(tables, "child_names")), name_endings=endings,
        numbers=counting(tables, "numbers", usual) | tens(tables, usual),
        long_numbers=in_several_words(counting(tables, "numbers", usual)),
        ordinals=counting(tables, "ordinals", usual), ordinal_endings=endings_of_days(tables[0]),
        near=near, day_names=frozenset(near.values()), own=vocabulary(tables[0]),
        languages={name: code for code, names in merged(tables, "languages").items() for name in names},
        glued=glued(tables[0].get("words", {})), answered=answered(tables[0].get("words", {})),
        small={name: small_words(name, words.get(name, ()), usual) for name in {*words, *TYPED, *UNSPELLED}},
        affixes=affixes, behind=spelled_behind(tables[0].get("spelling_behind", {}), usual),
        **flags(tables[0]),
    )  # fmt: skip


# Lists whose words count with their accents, and before one spelling is put for "choti" and "chota".
TYPED, UNSPELLED = frozenset({"typed_verbs", "typed_objects"}), frozenset({"boy_words", "girl_words", "either_tense"})


def small_words(name: str, entries: Sequence[str], usual: Usual) -> frozenset[str]:
    """A list of `[words]` as texts will have its words."""
    as_is = frozenset(as_typed(each) if name in TYPED else key(each) for each in entries)
    return as_is if name in TYPED | UNSPELLED else short_forms(entries, usual)


# Settings of `[pack]` that are off unless they are written.
FLAGS = (
    "dotted_dates", "subject_after", "owner_follows", "spelled_days", "qualifiers_follow", "hours_to_24", "others_pass",
    "clitic_hyphens", "gendered_ages",
)  # fmt: skip


def flags(table: Mapping[str, Any]) -> dict[str, bool]:
    """How a language differs from English in the order and the marks of its words."""
    return {name: bool(table.get("pack", {}).get(name, False)) for name in FLAGS}


def phrasing(
    sections: Sequence[str], sources: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, bool]]:
    """Each phrase of some sections with its concept, and whether it is of a pack behind the first, whose are `own`."""
    for section, source in itertools.product(sections, sources):
        foreign = not any(source is each for each in own)
        for name, phrases in merged([source], section).items():
            for phrase in phrases:
                yield f"{section}.{name}", phrase, foreign


def own_words(table: Mapping[str, Any]) -> frozenset[str]:
    """What `[pack] own_words` lists: words of this language that mean something else in English ("am", "are", "la")."""
    return frozenset(key(word) for word in table.get("pack", {}).get("own_words", ()))


def without(table: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """A pack that stands behind another, without the entries of one word that are words of the first's own.

    Its variants of spelling yield to all words that the first pack uses: "il" is no "I'll" where it means "him".
    """
    own = own_words(first)
    if not own:
        return dict(table)
    used = own | {
        key(word)
        for section, entries in first.items()
        if section != "spelling" and isinstance(entries, Mapping)
        for phrases in entries.values()
        if isinstance(phrases, list)
        for phrase in phrases
        for word in MARKUP.findall(str(phrase))
    }
    result: dict[str, Any] = {}
    for section, entries in table.items():
        left_out = used if section == "spelling" else own
        result[section] = {
            name: [each for each in phrases if key(str(each)) not in left_out] if isinstance(phrases, list) else phrases
            for name, phrases in entries.items()
            if isinstance(entries, Mapping)
        }
    return result


def yielding(
    first: Mapping[str, Any], calendars: Sequence[Mapping[str, Mapping[str, list[str]]]]
) -> list[Mapping[str, Mapping[str, list[str]]]]:
    """CLDR's names, where those of later packs ("sat", "mar") yield to the first pack's own words."""
    own = own_words(first)
    return [
        calendars[0],
        *(
            {
                section: {number: [each for each in names if key(each) not in own] for number, names in table.items()}
                for section, table in each.items()
            }
            for each in calendars[1:]
        ),
    ]


def with_affixes(
    tables: Sequence[Mapping[str, Any]], calendars: Sequence[Mapping[str, Mapping[str, list[str]]]]
) -> Affixes | None:
    """What takes words apart in a language whose pack says how; its own tables are the words that it knows.

    Names, numbers and the names of days and months stay whole.
    """
    if "affixes" not in tables[0]:
        return None
    first = tables[0]
    counts = first.get("calendar", {})
    whole = [*first["affixes"].get("whole", ()), *counts.get("tens", ())]
    for names in (counts.get("numbers", ()), counts.get("ordinals", ()), first.get("first_names", {}).get("names", ())):
        whole.extend(names)
    for section in ("weekday", "month"):
        for each in (tables[0].get(section, {}), calendars[0].get(section, {})):
            whole.extend(name for names in each.values() for name in names)
    whole = [word for text in whole for word in MARKUP.findall(text)]
    sections = [*(part for name, part in tables[0].items() if name not in {"affixes", "pack"}), *calendars[0].values()]
    entries = (t for p in sections for name, texts in p.items() if name not in UNSPELLED for t in (name, *texts))
    return Affixes(
        {**tables[0]["affixes"], "whole": whole}, [key(word) for text in entries for word in MARKUP.findall(text)]
    )


def short_forms(entries: Sequence[str], usual: Usual) -> frozenset[str]:
    """Entries of a word list as texts will have them, those of several words with single spaces."""
    return frozenset(" ".join(piece.norm for piece in usual.pieces(entry)) for entry in entries)


def counting(tables: Sequence[Mapping[str, Any]], name: str, usual: Usual) -> dict[str, int]:
    """A list of `[calendar]` as word -> place in it, counted from one in each pack; `(a|b)` are forms of one number."""
    result: dict[str, int] = {}
    for table in tables:
        for value, entry in enumerate(table.get("calendar", {}).get(name, ()), start=1):
            for row in expand(entry, {}):
                result.setdefault(" ".join(usual.row(row)), value)
    return result


def in_several_words(numbers: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """The numbers that are said in more than one word."""
    return {(*words.split(),): number for words, number in numbers.items() if " " in words}


def tens(tables: Sequence[Mapping[str, Any]], usual: Usual) -> dict[str, int]:
    """What `[calendar] tens` says by number: "thirty" = 30."""
    result: dict[str, int] = {}
    for table in tables:
        for entry, value in table.get("calendar", {}).get("tens", {}).items():
            for row in expand(entry, {}):
                result.setdefault(" ".join(usual.row(row)), value)
    return result


class Usual:
    """Turns a phrase's words into what texts will have: folded, in the usual spelling, and taken apart alike."""

    def __init__(
        self, spelling: Mapping[str, tuple[str, ...]], units: frozenset[str], affixes: Affixes | None = None
    ) -> None:
        self.spelling, self.units = spelling, units
        self.split = affixes.parts if affixes else None
        self.seen: dict[str, tuple[str, ...]] = {symbol: (symbol,) for symbol in SYMBOLS}

    def row(self, row: Sequence[str]) -> list[str]:
        """One word sequence of a phrase in the usual spelling."""
        return [usual for word in row for usual in self.word(word)]

    def word(self, word: str) -> tuple[str, ...]:
        """One word of a phrase as the words that texts will have."""
        if word not in self.seen:
            self.seen[word] = tuple(piece.norm for piece in self.pieces(word))
        return self.seen[word]

    def pieces(self, text: str) -> list[Word]:
        """The words of an entry."""
        return pieces(text, self.spelling, self.units, split=self.split)


def spelled_behind(table: Mapping[str, Sequence[str]], usual: Usual) -> dict[tuple[str, str], str]:
    """(A word, one behind it) -> what the second one is: "lage the" is "lage thay", were, and "in the" is not."""
    pairs = [(key.split(), usual.row(words)) for key, words in table.items()]
    return {(word, typed): known for (typed, known), words in pairs for word in words}


# Shorter words bent by a rule would be other words: "bein" and "goin" are listed one by one.
SHORTEST_BENT = 6


def typed_endings(tables: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Variants by rule: the words of the tables with an ending as it is also typed, "coughin" for "coughing"."""
    result: dict[str, tuple[str, ...]] = {}
    words = topic_words(tables)
    for usual, typed in merged(tables, "spelling_endings").items():
        for word in words:
            if word.endswith(usual) and len(word) >= SHORTEST_BENT:
                result.update({word.removesuffix(usual) + ending: (word,) for ending in typed})
    return result


def topic_words(tables: Sequence[Mapping[str, Any]]) -> set[str]:
    """All words of the phrases that say what a text is about."""
    phrases = (phrase for section in TOPICS for each in merged(tables, section).values() for phrase in each)
    return {key(word) for word in set(re.findall(r"[^\W\d_]+", " ".join(phrases)))}


def pictures(tables: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The pictures that some phrase knows, as their own spelling; all others are dropped from a text."""
    found = {
        key(word)
        for section in (*TOPICS, *WHOLE)
        for phrases in merged(tables, section).values()
        for phrase in phrases
        for word in phrase.split()
        if len(word) == 1 and unicodedata.category(word) == "So"
    }
    return {picture: (picture,) for picture in found}


CORRECTED = ("weekday", "month", "day")


def neighbours(tables: Sequence[Mapping[str, Any]], usual: Usual, known: frozenset[str]) -> dict[str, str]:
    """Each form that is one letter short of a long name of a day -> that name: one slip is seen by one look-up."""
    result: dict[str, str] = {}
    phrases = [each for section in CORRECTED for entry in merged(tables, section).values() for each in entry]
    single = [found[0] for found in map(usual.pieces, phrases) if len(found) == 1]
    words = {piece.norm for piece in single if len(piece.norm) >= SHORTEST_CORRECTED and piece.kind == "word"}
    for word in sorted(words):
        for form in shortened(word):
            if form not in known:
                result.setdefault(form, word)
        result[word] = word
    return result
