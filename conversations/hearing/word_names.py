"""Whether a word that is a child's name as well (Will, May, Mark) is used as one."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word

# A word and its question mark.
SHORTEST_QUESTION = 2


def only_a_word(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a word that may be a name (Will, May, Mark) is used as a word: not where a name can stand."""
    if words[at].norm not in lexicon.known:
        return False
    if words[at].norm in lexicon.small.get("never_names", ()):
        return True
    if at and words[at - 1].norm in lexicon.small.get("no_name_after", ()):
        return True
    if words[at].norm in lexicon.small.get("names_too", ()):
        return counts(words, at, lexicon)
    before = words[at - 1].norm if at else ""
    after = words[at + 1].norm if at + 1 < len(words) else ""
    small = lexicon.small
    if not at and len(words) == SHORTEST_QUESTION and after == "?":
        return False  # "Will?"
    joined, joins = (word in small["joins"] or word in small["or"] for word in (before, after))
    if before in lexicon.people.words and not joined and not joins:
        # "Neither Nada nor Aya": a word that only joins names may be part of "not one of them" too.
        return True
    alone = not after or joins or after in {".", ",", "!", "\n"} or joined or before in small["name_after"]
    return not alone and after not in small["verbs"] and after not in small["name_verbs"]


def counts(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a name that is also a month or a verb follows a number ("3 maja"), or those who do it ("dzieci mają").

    Behind a day it may be either: "dziś mają wolne", but "dziś Maja zostaje".
    """
    small, after = lexicon.small, words[at + 1].norm if at + 1 < len(words) else ""
    if verb_as_typed(words, at, lexicon):
        return True
    if not at:
        return False
    before = words[at - 1]
    pair = at > 2 and words[at - 2].norm in small["joins"] and words[at - 3].kind == "word"
    return (
        before.kind == "number"
        or before.norm in lexicon.ordinals
        or before.norm in small.get("many", ())
        or (before.norm in small.get("many_maybe", ()) and after not in small.get("name_acts", ()))
        or (pair and before.norm in lexicon.first_names)
    )


def verb_as_typed(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a name or a month is a verb by its accents, or by those of what follows: "mają", "maja gorączkę".

    "Z Mają" is a name all the same.
    """
    small, before = lexicon.small, words[at - 1].norm if at else ""
    if words[at].norm not in small.get("names_too", ()):
        return False
    had = at + 1 < len(words) and words[at + 1].typed in small["typed_objects"]
    return had or (words[at].typed in small["typed_verbs"] and before not in small["prepositions"])
