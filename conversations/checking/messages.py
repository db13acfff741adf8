"""What can be wrong with what a pack says: plurals, placeholders, carrier words, length, or a message not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from babel import Locale
from babel.messages.pofile import PoFileError

from conversations.acts import Say
from conversations.checking.carriers import asked_for
from conversations.checking.findings import Finding, Score
from conversations.checking.pack import MESSAGES, Pack
from conversations.checking.plurals import counts_as_cldr, header
from conversations.checking.sayings import CONTEXT, english, forms, is_too_long, places, said, sent
from conversations.checking.tables import orders_of, phrases
from conversations.hearing.normalise import key as folded
from conversations.speaking import Voice, draft, message_keys

# Messages that are labels of a menu, which a parent may type back.
LABELS = (
    "yes", "no", "both", "all_of_them", "someone_else", "coming_in", "still_off", "chase.in_school", "as_well",
    "back.today", "back.one_more", "back.in_school", "back.still_poorly",
    "instead",
)  # fmt: skip


def check_messages(pack: Pack) -> tuple[list[Finding], Score]:
    """Everything about messages.po; what is missing there is said in English, so it is only a warning."""
    keys = message_keys("en")
    try:
        there = {str(each.id if isinstance(each.id, str) else each.id[0]) for each in pack.catalogue if each.id}
    except (PoFileError, ValueError) as error:
        wrong = Finding(file=pack.name(MESSAGES), says=f"this is no catalogue ({error})", do="Mend that line")
        return [wrong], Score(name="messages", have=0, of=len(keys))
    done = sorted(each for each in there & keys if all(forms(pack.catalogue, each)))
    findings = [
        *_missing(pack, sorted(keys - set(done))),
        *_unknown(pack, sorted(there - keys)),
        *_plurals(pack, done),
        *_placeholders(pack, done),
        *_carrier_words(pack, done),
        *_labels(pack, done),
    ]
    if not any(finding.fails for finding in findings):
        findings.extend(_lengths(pack, set(done)))
    return findings, Score(name="messages", have=len(done), of=len(keys))


def _at(pack: Pack, key: str) -> partial[Finding]:
    return partial(Finding, file=pack.name(MESSAGES), line=pack.message_line(key))


def _missing(pack: Pack, keys: list[str]) -> Iterator[Finding]:
    for each in keys:
        yield _at(pack, each)(
            says=f"{each} is not translated, so it is said in English: “{english(each)[0]}”",
            do="Write its msgstr",
            fails=False,
        )


def _unknown(pack: Pack, keys: list[str]) -> Iterator[Finding]:
    for each in keys:
        yield _at(pack, each)(
            says=f"{each} is no message of ours and is never said", do="Take it out, or mend its msgid"
        )


def _plurals(pack: Pack, done: list[str]) -> Iterator[Finding]:
    """The header counts as CLDR does, and each message that has plurals has all of them."""
    catalogue = pack.catalogue
    if not counts_as_cldr(pack.code, catalogue.num_plurals, catalogue.plural_expr):
        name = Locale.parse(pack.code).english_name
        yield Finding(
            file=pack.name(MESSAGES),
            says=f"its plurals (nplurals={catalogue.num_plurals}) are not those of {name} in CLDR",
            do=f"Write in its header: Plural-Forms: {header(pack.code)}",
        )
        return
    for each in done:
        wanted = catalogue.num_plurals if len(english(each)) > 1 else 1
        have = len(forms(catalogue, each))
        if have != wanted:
            yield _at(pack, each)(says=f"{each} has {have} forms, and {wanted} are wanted", do="Write msgstr[0] and on")


def _placeholders(pack: Pack, done: list[str]) -> Iterator[Finding]:
    for each in done:
        wanted = places(english(each)[0])
        for words in forms(pack.catalogue, each):
            try:
                have = places(words)
            except ValueError:
                yield _at(pack, each)(says=f"“{words}” has a brace that is not closed", do="Mend it")
                continue
            # A form that only ever speaks of one or two may leave the number out.
            lost, strange = wanted - have - {"count"}, have - wanted
            if lost or strange:
                told = [f"lacks {{{name}}}" for name in sorted(lost)] + [f"has {{{name}}}" for name in sorted(strange)]
                shown = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "no braces"
                yield _at(pack, each)(says=f"“{words}” {' and '.join(told)}", do=f"It must have {shown}, as in English")


def _carrier_words(pack: Pack, done: list[str]) -> Iterator[Finding]:
    own = frozenset(
        phrase.upper()
        for section, name, phrase in phrases(pack.table)
        if section == "command" and name in {"stop", "start"} and phrase.isalpha()
    )
    for each in done:
        for words in forms(pack.catalogue, each):
            if asked := asked_for(words, own):
                yield _at(pack, each)(
                    says=f"“{words}” asks for {', '.join(sorted(asked))}, which carriers act on before we see it",
                    do="Say it in other words",
                )


def _labels(pack: Pack, done: list[str]) -> Iterator[Finding]:
    """A label that is typed back must not be an order, in any language."""
    own = {phrase: [(pack.code, f"{a}.{b}")] for a, b, phrase in phrases(pack.table) if a == "command"}
    orders = {**orders_of(pack.code), **own}
    for each in set(LABELS) & set(done):
        for words in forms(pack.catalogue, each):
            for code, order in orders.get(folded(words.strip(" .!?")), ()):
                yield _at(pack, each)(
                    says=f"the label “{words}” is also {order} in '{code}', so it cannot be typed back",
                    do="Say it in other words",
                )


def _lengths(pack: Pack, done: set[str]) -> Iterator[Finding]:
    """Rendered with the longest names: one GSM-7 segment, or two of another script; three for texts of care."""
    voice = Voice(lang=pack.code, context=CONTEXT, words=draft(pack.catalogue))
    for name, say in said().items():
        facts = say.args.get("facts")
        key = facts[0].key if isinstance(facts, tuple) and isinstance(facts[0], Say) else say.key
        if not {key, say.key} <= done:
            continue
        message = sent(voice, name)
        if is_too_long(name, message):
            encoding = "letters that GSM-7 lacks" if message.encoding == "ucs2" else "GSM-7"
            yield _at(pack, key)(
                says=f"{name} takes {message.segments} segments in {encoding} ({len(message.text)} characters): "
                f"“{message.text}”",
                do="Say it shorter",
            )
