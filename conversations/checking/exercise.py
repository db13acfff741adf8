"""Which phrases of a pack are exercised by its own sentences and transcripts: a phrase that nobody tried is a guess."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conversations.checking.findings import Finding, Score
from conversations.checking.pack import HEARS, LEXICON, Pack
from conversations.checking.sentences import LONDON, family, read
from conversations.concepts import concepts
from conversations.context import Context
from conversations.hearing.calls import calls, is_name, kept_words
from conversations.hearing.lexicon import DAYS, HINTS, ORDERS, TOPICS, WHOLE, Lexicon
from conversations.hearing.names import find_people
from conversations.hearing.normalise import Word
from conversations.hearing.orders import told
from conversations.hearing.whole import meanings
from conversations.transcripts import TranscriptRefused, parse

BOOKS = (*TOPICS, *HINTS, *ORDERS, "people", *DAYS, *WHOLE)
# Lists that are no phrases: forms left out, endings of numbers.
NOT_SAID = frozenset({"calendar.not_dates", "calendar.ordinal_ending"})
# A required table counts as tried well with so many of its phrases (or all), and so many in a hundred must be.
WELL_TRIED = 3
LEAST_SHARE = 60


def exercised(pack: Pack) -> set[tuple[str, str]]:
    """The concepts and phrases that some sentence or transcript of the pack has in it."""
    lexicon = pack.alone
    return {found for text, context in said(pack) for found in phrases_in(text, context, lexicon)}


def said(pack: Pack) -> Iterator[tuple[str, Context]]:
    """Every text of a parent in the pack's files, with the family it is about."""
    for sentence in read(pack.files.get(HEARS, "")):
        yield sentence.text, sentence.context
    for _, text in pack.chats():
        try:
            transcript = parse(text)
        except TranscriptRefused:
            continue
        names = ", ".join(child.name for child in transcript.children)
        now = datetime.combine(transcript.first_day, datetime.min.time(), LONDON).replace(hour=8)
        for step in transcript.steps:
            if step.text:
                yield step.text, family(names or "Maya", now)


def phrases_in(text: str, context: Context, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """All phrases of the tables in one text: concept and phrase as written."""
    words, people = _words(text, context, lexicon)
    for book in (lexicon.topics, lexicon.hints, lexicon.people, lexicon.days):
        for hit in book.find(words, people):
            yield hit.concept, hit.phrase
    for hit in told(words, lexicon):
        yield hit.concept, hit.phrase
    spoken = [word for word in words if word.kind != "mark"]
    for hit in meanings(spoken, lexicon).values():
        yield hit.concept, hit.phrase


def _words(text: str, context: Context, lexicon: Lexicon) -> tuple[list[Word], dict[int, int]]:
    names = calls(context, lexicon)
    words = lexicon.words(text, kept=kept_words(names), is_name=is_name(names))
    return words, {person.first: person.last for person in find_people(words, names, context, lexicon)}


def words_of(text: str, context: Context, lexicon: Lexicon) -> tuple[list[tuple[str, str, str]], list[str]]:
    """For the prompt: what each table has of a text (words, concept, phrase), and the words that no table knows."""
    words, people = _words(text, context, lexicon)
    hits = [hit for book in (lexicon.topics, lexicon.people, lexicon.days) for hit in book.find(words, people)]
    spoken = [word for word in words if word.kind != "mark"]
    hits += meanings(spoken, lexicon).values() if len(spoken) == len(words) else ()
    taken = {at for hit in hits for at in range(hit.first, hit.last)}
    taken |= {at for first, last in people.items() for at in range(first, last)}
    strange = [
        text[word.start : word.end]
        for at, word in enumerate(words)
        if word.kind == "word" and at not in taken and word.norm not in lexicon.known
    ]
    found = [(text[words[hit.first].start : words[hit.last - 1].end], hit.concept, hit.phrase) for hit in hits]
    return list(dict.fromkeys(found)), list(dict.fromkeys(strange))


def check_exercise(pack: Pack) -> tuple[list[Finding], Score]:
    """A required table of which no phrase was tried fails, and so do required tables that were tried too little."""
    tried = exercised(pack)
    findings: list[Finding] = []
    well = wanted = reached = every = 0
    for concept in concepts().values():
        phrases = pack.table.get(concept.section, {}).get(concept.key, ())
        if concept.section not in BOOKS or concept.name in NOT_SAID or not isinstance(phrases, list) or not phrases:
            continue
        count = sum((concept.name, phrase) in tried for phrase in phrases)
        every, reached = every + len(phrases), reached + count
        if concept.required:
            wanted, well = wanted + min(len(phrases), WELL_TRIED), well + min(count, WELL_TRIED)
        if not count and not concept.rare:
            findings.append(
                Finding(
                    file=pack.name(LEXICON),
                    line=pack.line_of(concept.section, concept.key),
                    says=f"no sentence has any phrase of {concept.name} in it",
                    do=f"Write one in {HEARS}, as a parent would text it ({concept.gloss})",
                    fails=concept.required,
                )
            )
    if wanted and 100 * well < LEAST_SHARE * wanted:
        findings.append(
            Finding(
                file=pack.name(HEARS),
                says=f"of each required table up to {WELL_TRIED} phrases must be tried; {well} of {wanted} are",
                do=f"Write more sentences, until {LEAST_SHARE} in a hundred are",
            )
        )
    return findings, Score(name="phrases exercised by a sentence", have=reached, of=every)
