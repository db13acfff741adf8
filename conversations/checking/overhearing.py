"""Whether a pack hears what its translator wrote down, and nothing in texts of other languages or of nobody of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from importlib import resources

from conversations.acts import AbsenceKind, AbsenceStated, Text, Turn
from conversations.checking.findings import Finding, Score
from conversations.checking.pack import HEARS, LEXICON, Pack
from conversations.checking.sentences import LONDON, Sentence, SentenceRefused, differences, facts, family, read
from conversations.context import Context
from conversations.hearing import hear
from conversations.language import ENGLISH, Language, available
from conversations.state import State
from conversations.turn import turn

# A weekday morning, and a family of one child: with more, a greedy pack would ask who is meant and go unseen.
MORNING = datetime(2024, 11, 12, 7, 31, tzinfo=LONDON)
FAMILY = "Maya/4"
# What a table alone hears is its translator's to mend: the classifier would keep much of it from being filed.
BY_TABLES = partial(hear, weigh=False)
LEAST_SENTENCES = 60
# "Hospital" is one word in many languages: of a hundred sentences of another, so many may be heard as something else.
MOST_FOREIGN = 2


def check_sentences(pack: Pack) -> tuple[list[Finding], Score]:
    """Each sentence of the pack is heard as it says there."""
    try:
        sentences = read(pack.files.get(HEARS, ""))
    except SentenceRefused as error:
        wrong = Finding(
            file=pack.name(HEARS),
            line=error.line,
            says=error.says,
            do="See the lines at the top of locales/en/hears.txt",
        )
        return [wrong], Score(name="sentences heard as written", have=0, of=0)
    findings = [finding for each in sentences if (finding := _misheard(pack, each))]
    score = Score(name="sentences heard as written", have=len(sentences) - len(findings), of=len(sentences))
    if len(sentences) < LEAST_SENTENCES:
        findings.append(
            Finding(
                file=pack.name(HEARS),
                says=f"there are {len(sentences)} sentences, and a pack is tried with {LEAST_SENTENCES} at least",
                do="Write more, as parents would text them: reports, days, names, negatives, questions, worries",
            )
        )
    return findings, score


def _misheard(pack: Pack, sentence: Sentence) -> Finding | None:
    found = partial(Finding, file=pack.name(HEARS), line=sentence.line)
    if not sentence.wanted:
        return found(
            says=f"nothing says what must be heard in “{sentence.text}”",
            do="Write it under the sentence, four spaces in; 'nothing' where it is none of ours",
        )
    wrong = differences(sentence.wanted, facts(hear(sentence.text, None, pack.language, sentence.context, weigh=False)))
    if not wrong:
        return None
    return found(
        says=f"“{sentence.text}” is heard otherwise ({'; '.join(wrong)})",
        do=f"See what led there with 'howwasschool language try {pack.code}', and mend the lexicon or the sentence",
    )


# What must not be heard -----------------------------------------------------------------------


def check_overhearing(pack: Pack) -> list[Finding]:
    """The pack's own tables alone file nothing in texts of nobody of ours, and no other topic in other languages.

    English is heard beside every language, so its sentences are heard with the English tables.
    """
    alone = replace(pack.language, lexicon=pack.alone, english=pack.alone)
    return [*_not_ours(pack, alone), *_foreign(pack, alone)]


def _not_ours(pack: Pack, alone: Language) -> Iterator[Finding]:
    context = family(FAMILY, MORNING)
    for text in not_ours():
        for name, language in (("", alone), (" with the English tables", pack.language)):
            made = _turn(text, language, context)
            if filed(made):
                kinds = ", ".join(sorted(filed(made)))
                yield Finding(
                    file=pack.name(LEXICON),
                    says=f"“{text}” is none of ours, and files {kinds}{name}{_because(text, made)}",
                    do="Make that phrase longer, or put what it only looks like into scope.idiom",
                )
                break


def _foreign(pack: Pack, alone: Language) -> Iterator[Finding]:
    """Each sentence of another language that files another topic; they fail where they are more than a few of one."""
    for code in dict.fromkeys(code for code, _ in foreign(pack.code)):
        sentences = [sentence for other, sentence in foreign(pack.code) if other == code]
        found = [finding for each in sentences if (finding := _overheard(pack, alone, code, each))]
        fails = 100 * len(found) > MOST_FOREIGN * len(sentences)
        yield from (replace(finding, fails=fails) for finding in found)


def _overheard(pack: Pack, alone: Language, code: str, sentence: Sentence) -> Finding | None:
    made = _turn(sentence.text, pack.language if code == ENGLISH else alone, sentence.context)
    meant = {line.split("  ")[0] for line in sentence.wanted}
    # Away without a reason is no other topic: families mix languages, and one of them said why.
    wrong = filed(made) - meant - ({str(AbsenceKind.OTHER)} if "sickness" in meant else set())
    if not wrong:
        return None
    return Finding(
        file=pack.name(LEXICON),
        says=f"“{sentence.text}” ({code}: {', '.join(sorted(meant))}) files {', '.join(sorted(wrong))}"
        f"{_because(sentence.text, made)}",
        do="Make that phrase longer: the same letters mean something else in that language",
    )


def _turn(text: str, language: Language, context: Context) -> Turn:
    return turn(State(lang=language.code), Text(id="m", text=text), context, language, hearer=BY_TABLES)


def filed(made: Turn) -> set[str]:
    """The kinds of absence that a turn put on record."""
    return {str(effect.kind) for effect in made.effects if isinstance(effect, AbsenceStated)}


def _because(text: str, made: Turn) -> str:
    words = dict.fromkeys(
        f"“{text[each.span[0] : each.span[1]]}” is {each.concept}" for found in made.readings for each in found.evidence
    )
    return f" because {', '.join(words)}" if words else ""


@cache
def not_ours() -> tuple[str, ...]:
    """Texts of `locales/not_ours.txt`."""
    lines = resources.files("locales").joinpath("not_ours.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


@cache
def foreign(code: str) -> tuple[tuple[str, Sentence], ...]:
    """The sentences of all other packs."""
    found: list[tuple[str, Sentence]] = []
    for other in available():
        path = resources.files("locales").joinpath(other, HEARS)
        if other != code and path.is_file():
            found.extend((other, sentence) for sentence in read(path.read_text(encoding="utf-8")) if sentence.wanted)
    return tuple(found)
