"""What can be wrong with the tables of a lexicon themselves: missing, unknown, unreadable, ambiguous, or an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from conversations.checking.carriers import ACTED_ON
from conversations.checking.findings import Finding, Score
from conversations.checking.pack import LEXICON, Pack
from conversations.concepts import ANY, concepts, known, missing, sections
from conversations.hearing.lexicon import DAYS, HINTS, ORDERS, SYMBOLS, TOPICS, WHOLE, merged
from conversations.hearing.normalise import key
from conversations.hearing.phrases import PhraseError, expand
from conversations.language import available, table

BOOKS = (*TOPICS, *HINTS, *ORDERS, "people", *DAYS, *WHOLE)
# Orders that mean to us what they mean to the carrier.
SAME_AS_CARRIERS = frozenset({"command.stop", "command.start", "command.help"})

# Of the concepts in one line no two can be meant by the same words. A whole section stands for each pair of its keys.
APART = (
    "answer", "command", "weekday", "month",
    "say.absent say.present say.better",
    "day.today day.tomorrow day.yesterday day.after_tomorrow day.before_yesterday",
    "calendar.from calendar.until calendar.since calendar.back",
    "calendar.next calendar.last calendar.this",
    "calendar.back calendar.not_back",
    "correction.withdraws correction.instead",
    "worry worry_not.words", "red_flag.words worry_not.words",
    "command answer", "command option",
    "time.quarter_past time.quarter_to",
)  # fmt: skip
# Reasons of one kind: of two that have the same words the first counts, so the second is written in vain.
REASONS = ("absence_other", "leave")


def check_tables(pack: Pack) -> tuple[list[Finding], Score]:
    """Everything that can be seen without hearing anything."""
    findings, unreadable = [*_missing(pack), *_unknown(pack)], list(_unreadable(pack))
    required = [concept for concept in concepts().values() if concept.required]
    score = Score(name="required concepts", have=len(required) - len(missing(pack.table)), of=len(required))
    if unreadable:
        return [*findings, *unreadable], score
    return [*findings, *_ambiguous(pack), *_orders(pack)], score


def _missing(pack: Pack) -> Iterator[Finding]:
    for concept in missing(pack.table):
        yield Finding(
            file=pack.name(LEXICON),
            line=pack.line_of(concept.section, concept.key),
            says=f"{concept.name} is required and has no words",
            do=f"Write how people say it: {concept.gloss}",
        )


def _unknown(pack: Pack) -> Iterator[Finding]:
    for section, entries in pack.table.items():
        if section not in sections():
            yield Finding(
                file=pack.name(LEXICON),
                line=pack.line_of(section),
                says=f"[{section}] is no section of a lexicon, so nothing in it is heard",
                do=f"Look for a slip: the sections are {', '.join(sections())}",
            )
            continue
        for name in entries:
            if not known(section, name):
                allowed = [each.key for each in concepts().values() if each.section == section and each.key != ANY]
                yield Finding(
                    file=pack.name(LEXICON),
                    line=pack.line_of(section, name),
                    says=f"{section}.{name} is no concept, so nothing in it is heard",
                    do=f"Look for a slip: [{section}] may have {', '.join(allowed)}",
                )


def _unreadable(pack: Pack) -> Iterator[Finding]:
    sets = sets_of(pack.table)
    for section, name, phrase in phrases(pack.table):
        try:
            rows = expand(phrase, sets)
        except PhraseError as error:
            yield _phrase(pack, section, name, phrase, f"this phrase cannot be read: {error}", "Mend its brackets")
            continue
        unset = {word for row in rows for word in row if word.startswith("<") and word not in {"<who>", "<n>"}}
        if unset:
            says = f"“{phrase}” names {', '.join(sorted(unset))}, and [sets] has none of that name"
            yield _phrase(pack, section, name, phrase, says, "Add the set, or write the words out")


def _phrase(pack: Pack, section: str, name: str, phrase: str, says: str, do: str, *, fails: bool = True) -> Finding:
    line = pack.line_of(section, name, phrase)
    return Finding(file=pack.name(LEXICON), line=line, says=says, do=do, fails=fails)


# One phrase, two meanings ---------------------------------------------------------------------


def _ambiguous(pack: Pack) -> Iterator[Finding]:
    """Phrases that two concepts have which cannot be meant by the same words."""
    told: set[tuple[str, str, str]] = set()
    for sequence, found in meanings(pack).items():
        for one, other in combinations(sorted(found), 2):
            section, _, name = other.partition(".")
            fails = _apart(one, other, APART)
            if (fails or _apart(one, other, REASONS)) and (one, other, found[other]) not in told:
                told.add((one, other, found[other]))
                says = f"“{' '.join(sequence)}” is in {one} and in {other}, and cannot mean both"
                yield _phrase(pack, section, name, found[other], says, "Take it out of one of them", fails=fails)


def _apart(one: str, other: str, lines: Sequence[str]) -> bool:
    """Whether some line parts the two: by its only section, or by two of its entries."""
    return any(
        (here := _in(one, line)) is not None
        and (there := _in(other, line)) is not None
        and (" " not in line or here != there)
        for line in lines
    )


def _in(concept: str, line: str) -> str | None:
    """Which entry of a line of APART a concept is of."""
    return next((each for each in line.split() if concept == each or concept.startswith(f"{each}.")), None)


def meanings(pack: Pack) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Each word sequence of the tables -> the concepts that have it, with the phrase as it is written there."""
    found: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    sets = sets_of(pack.table)
    usual: dict[str, tuple[str, ...]] = {symbol: (symbol,) for symbol in SYMBOLS}
    concerned = {each for line in (*APART, *REASONS) for each in line.split()}
    for section, name, phrase in phrases(pack.table):
        if not concerned & {section, f"{section}.{name}"}:
            continue
        for row in expand(phrase, sets):
            for text in row:
                if text not in usual:
                    usual[text] = tuple(word.norm for word in pack.alone.words(text))
            words = tuple(word for text in row for word in usual[text])
            found[words].setdefault(f"{section}.{name}", phrase)
    return found


# Orders ---------------------------------------------------------------------------------------


def _orders(pack: Pack) -> Iterator[Finding]:
    """Whole messages that are an order to the service in some language, or to the carrier, and something else here."""
    orders = orders_of(pack.code)
    for section, name, phrase in phrases(pack.table):
        concept = f"{section}.{name}"
        if section not in {*WHOLE, "languages"}:
            continue
        for row in expand(phrase, sets_of(pack.table)):
            text = " ".join(key(word) for word in row)
            if text.upper() in ACTED_ON and concept not in SAME_AS_CARRIERS and concept != "answer.yes":
                says = f"carriers act on “{text}” before we see it, and here it is {concept}"
                yield _phrase(pack, section, name, phrase, says, "Take it out: it would never reach us")
            for code, order in orders.get(text, ()):
                if order != concept and {order, section} != {"command.language", "languages"}:
                    says = f"“{text}” is {concept} here and {order} in '{code}'"
                    yield _phrase(pack, section, name, phrase, says, "Take it out of one of them: an order comes first")


@cache
def orders_of(but: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The orders of all other packs: folded text -> (code, concept)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code in available():
        if code == but:
            continue
        sets = sets_of(table(code))
        for section, name, phrase in phrases(table(code)):
            if section == "command":
                for row in expand(phrase, sets):
                    found[" ".join(key(word) for word in row)].append((code, f"{section}.{name}"))
    return found


def phrases(lexicon: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """All phrases of the tables: section, key, phrase."""
    for section in (*BOOKS, "languages"):
        for name, entries in lexicon.get(section, {}).items():
            if isinstance(entries, list):
                yield from ((section, name, str(entry)) for entry in entries)


def sets_of(lexicon: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """What phrases may name as <set>."""
    names = [name for entries in merged([lexicon], "languages").values() for name in entries]
    return {**merged([lexicon], "sets"), "language": names}
