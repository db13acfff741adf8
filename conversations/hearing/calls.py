"""What a family's children are called: every form of their names that a text may have, and the ids that bear it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from conversations.context import Child, Context
from conversations.hearing.cyrillic import bends_cyrillic, respelt
from conversations.hearing.endings import bent
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.likeness import sound
from conversations.hearing.normalise import Word, key
from conversations.hearing.scripts import consonants, same, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a family's children are called: folded names -> the ids that bear them, and what only resembles a name.

    `scripts` has the names that a word in Latin letters (True) or in others may be, written in the other script.
    `bent` are the names and short forms with the endings that a sentence gives them; `kept` are all of these and what
    an apostrophe's "s" makes of them.
    """

    exact: Mapping[str, tuple[str, ...]]
    loose: Mapping[str, tuple[str, ...]]
    bent: Mapping[str, tuple[str, ...]]
    sounds: Mapping[str, tuple[str, ...]]
    scripts: Mapping[bool, tuple[tuple[str, tuple[str, ...]], ...]]
    surnames: frozenset[str]
    initials: frozenset[str]
    kept: frozenset[str]


# So many families' names are held at once: those who write on one morning.
FAMILIES = 512
# What has been worked out, by the tables and the family; nothing is held longer than its tables are.
HELD: WeakKeyDictionary[Lexicon, dict[tuple[object, ...], Calls]] = WeakKeyDictionary()


def calls(context: Context, lexicon: Lexicon) -> Calls:
    """The names of the contact's own children, known-as names first, then those the roll may have instead."""
    held = HELD.setdefault(lexicon, {})
    family = (context.children, tuple(context.aliases.items()))
    if family not in held:
        if len(held) >= FAMILIES:
            held.clear()
        held[family] = called(*family, lexicon)
    return held[family]


def called(children: tuple[Child, ...], aliases: tuple[tuple[str, str], ...], lexicon: Lexicon) -> Calls:
    """The same, of a family and what they call their children besides."""
    exact: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    surnames: set[str] = set()
    for child in children:
        for name in (child.known_as, child.first_name):
            for form in {joined(name), *(joined(part) for part in re.split(r"[\s-]+", name) if len(part) > 2)}:
                if form and child.id not in exact.setdefault(form, []):
                    exact[form].append(child.id)
        parts = [key(part) for part in child.surname.split()]
        surnames.update(form for part in parts for form in (part, *bent(part, lexicon.name_endings)))
    for alias, child_id in aliases:
        if any(child.id == child_id for child in children):
            exact.setdefault(joined(alias), []).append(child_id)
    for child in children:
        for name in (joined(child.known_as), joined(child.first_name)):
            for nickname in lexicon.nicknames.get(name, ()):
                if nickname not in exact and child.id not in loose.setdefault(nickname, []):
                    loose[nickname].append(child.id)
    if bends_cyrillic(lexicon.name_endings):
        add_respelt(exact, loose)
    bends = bent_names(exact, loose, lexicon)
    own = {*(name for name, ids in exact.items() if ids), *loose, *bends}
    return Calls(
        exact={name: tuple(ids) for name, ids in exact.items() if ids},
        loose={name: tuple(ids) for name, ids in loose.items()},
        bent=bends,
        sounds={sound(name): tuple(ids) for name, ids in exact.items() if ids},
        scripts={
            latin: tuple((name, tuple(ids)) for name, ids in exact.items() if ids and name.isascii() != latin)
            for latin in (True, False)
        },
        surnames=frozenset(surnames),
        initials=frozenset(name[0] for name in (*exact, *loose)),
        kept=frozenset(own | {name + "s" for name in own}),
    )


def add_respelt(exact: Mapping[str, Sequence[str]], loose: dict[str, list[str]]) -> None:
    """Adds each name as it may be written in Cyrillic letters, or in Latin ones where the roll has it in those."""
    for name, ids in exact.items():
        for form in respelt(name) - exact.keys():
            others = loose.setdefault(form, [])
            others.extend(each for each in ids if each not in others)


def bent_names(
    exact: Mapping[str, Sequence[str]], loose: Mapping[str, Sequence[str]], lexicon: Lexicon
) -> dict[str, tuple[str, ...]]:
    """The forms that a language gives to names and short forms, without those that are a name of another child."""
    found: dict[str, list[str]] = {}
    for name, ids in (*exact.items(), *loose.items()):
        for form in bent(name, lexicon.name_endings) - exact.keys():
            found.setdefault(form, []).extend(ids)
    return {form: tuple(dict.fromkeys(ids)) for form, ids in found.items() if ids}


def joined(name: str) -> str:
    """A name as one folded run: "Chi-Chi" is "chichi"."""
    return re.sub(r"[^\w]|_", "", key(name))


def kept_words(names: Calls) -> frozenset[str]:
    """The words that must not be taken for a misspelling of something else: a child may be called Ben, Ty or May."""
    return names.kept


def is_name(names: Calls) -> Callable[[str], bool]:
    """Tells whether a word is the name of one of the children, in either script."""
    return lambda word: word in names.exact or word in names.loose or bool(scripted(word, names))


def scripted(word: str, names: Calls) -> tuple[str, ...]:
    """The children whose name in another script this word is."""
    others = names.scripts[word.isascii()]
    if not others:
        return ()
    able = [(name, ids) for name, ids in others if written(word, name)]
    if len({ids for _, ids in able}) > 1:
        able = [each for each in able if (look := consonants(each[0])) and same(word, look)] or able
    return tuple(dict.fromkeys(each for _, ids in able for each in ids))


# What may stand between a name and its news, and what ends what was said before a name.
LEADS = frozenset({"-", ":"})
STOPS = frozenset(".!?;,\n()")


def led(words: Sequence[Word], names: Calls, lexicon: Lexicon) -> list[Word]:
    """The words without the dash or colon of "Leo - off, tonsillitis. Maya - in", "re Leo: he is fine now".

    Behind a name that opens what is said it only leads to the news of that child.
    """
    small, named = lexicon.small["prepositions"], is_name(names)
    return [
        word
        for at, word in enumerate(words)
        if not (
            word.norm in LEADS
            and 0 < at < len(words) - 1
            and words[at + 1].kind == "word"
            and not named(words[at + 1].norm)
            and named(words[at - 1].norm)
            and (at < 2 or words[at - 2].norm in STOPS | small)
        )
    ]
