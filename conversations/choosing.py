"""Which language a family writes and is answered in: the thread's, one asked for, or one that a text is plainly in."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conversations.acts import Command, Heard, LanguageSet, Say
from conversations.context import Context
from conversations.hearing.mixing import WORD
from conversations.hearing.normalise import key
from conversations.language import ENGLISH, Language, NoSuchLanguage, load, vocabulary_of
from conversations.state import Ask
from conversations.talk import Talk, is_silent, reading

if TYPE_CHECKING:
    from conversations.turn import Hearer

# A whole-message 8 takes the language that we offered: menus end at 7, and 9 is 'something else'.
TAKES_OFFER = 8
# So many words of a language, and so many times as many as of the thread's own, are no slip and no loan.
WORDS_TO_HEAR, WORDS_TO_OFFER, TIMES_AS_MANY = 2, 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language that a text may be in: how many of its words are of that one alone, and how many of the thread's."""

    code: str
    theirs: int
    ours: int


def listen(hearer: Hearer, text: str, ask: Ask | None, language: Language, context: Context) -> Heard:
    """What is heard in a text, with the pack of the language it is plainly in; `target` then names that language.

    Nothing that the thread's own language hears is lost for it: a worry, an order, or the only thing heard at all.
    """
    heard = hearer(text, ask, language, context)
    spoken = spoken_in(text, language, context)
    if spoken is None or heard.command is not None:
        return heard
    plain = spoken.theirs >= WORDS_TO_OFFER and spoken.theirs > TIMES_AS_MANY * spoken.ours
    if spoken.code != ENGLISH and (spoken.theirs >= WORDS_TO_HEAR or _says_nothing(heard)):
        theirs = hearer(text, ask, load(spoken.code), context)
        if not (_says_nothing(theirs) or (heard.worry and not theirs.worry)):
            heard = theirs
    return replace(heard, target=spoken.code) if plain and heard.command is None else heard


def _says_nothing(heard: Heard) -> bool:
    return is_silent(heard) and not (heard.worry or heard.red_flag or heard.pupil_writes or heard.wants_no_reply)


def spoken_in(text: str, language: Language, context: Context) -> Spoken | None:
    """The other language of this school that most of a text is in; None where it is the thread's own."""
    own = language.code.partition("_")[0]
    names = {key(part) for child in context.children for part in (child.known_as, child.first_name, child.surname)}
    words = [word for word in map(key, WORD.findall(text)) if word not in names]
    mine = [word in language.lexicon.own for word in words]
    english = [word in language.english.own for word in words]
    best: Spoken | None = None
    for code in context.languages:
        if code == own:
            continue
        ours = mine if code == ENGLISH else [a or b for a, b in zip(mine, english, strict=True)]
        try:
            found = _counted(words, code, vocabulary_of(code), ours)
        except NoSuchLanguage:
            continue
        if found.theirs > found.ours and (best is None or found.theirs - found.ours > best.theirs - best.ours):
            best = found
    return best


def _counted(words: Sequence[str], code: str, vocabulary: Set[str], ours: Sequence[bool]) -> Spoken:
    theirs = [word in vocabulary for word in words]
    return Spoken(
        code=code,
        theirs=sum(there and not here for there, here in zip(theirs, ours, strict=True)),
        ours=sum(here and not there for there, here in zip(theirs, ours, strict=True)),
    )


def change_language(talk: Talk, target: str | None) -> None:
    """Writes in that language from now on; a language that this school does not write goes to a person."""
    talk.readings.append(reading("language"))
    pack = target.partition("_")[0] if target else ""
    if target is not None and pack in talk.context.languages:
        # Who asks for a language in it has shown in which script.
        talk.lang = talk.lang if target == pack == talk.lang.partition("_")[0] else target
        talk.effects.append(LanguageSet(language=pack))
        talk.notices.append(Say(key="language_set"))
        return
    talk.to_person("language", key="person.language")


def offer(talk: Talk, heard: Heard) -> None:
    """Offers the language that a text is plainly in: once, and never beside a question or an urgent word."""
    target = heard.target
    busy = talk.ask is not None or talk.question is not None or talk.urgent
    if heard.command is Command.LANGUAGE or target is None or busy or target == talk.offered:
        return
    if target in talk.context.languages and target != talk.lang.partition("_")[0]:
        talk.offered = target
        talk.offer = Say(key="language.offer", args={"language": target, "first_in": target})


def takes_offer(talk: Talk, heard: Heard) -> bool:
    """Whether a whole message takes the language that we offered, and if so, takes it."""
    options: tuple[str, ...] = talk.ask.options if talk.ask else ()
    if heard.pick != TAKES_OFFER or not talk.offered or len(options) >= TAKES_OFFER:
        return False
    change_language(talk, talk.offered)
    talk.offered = ""
    return True


def offered(chosen: tuple[str, ...], packs: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a school: those it chose ("all": every one that is ready), of those there are."""
    return packs if "all" in chosen else tuple(code for code in chosen if code in packs)
