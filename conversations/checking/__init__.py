"""The translator's check of a language pack: what fails, what is missing, and what to do about each."""

from __future__ import annotations

import tomllib

from babel import Locale, UnknownLocaleError

from conversations.checking.exercise import check_exercise
from conversations.checking.findings import Finding, Report, Score, report
from conversations.checking.messages import check_messages
from conversations.checking.overhearing import check_overhearing, check_sentences
from conversations.checking.pack import HEARS, LEXICON, MESSAGES, Pack, read
from conversations.checking.tables import check_tables
from conversations.hearing.phrases import PhraseError

__all__ = ["Finding", "Pack", "Report", "Score", "check", "is_language", "read"]


def is_language(code: str) -> bool:
    """Whether a code is that of a language of CLDR, which knows its dates and its plurals."""
    try:
        return Locale.parse(code).language == code
    except (ValueError, UnknownLocaleError):
        return False


def check(pack: Pack) -> Report:
    """Everything that can be found out about a pack without a native speaker."""
    absent = [name for name in (LEXICON, MESSAGES, HEARS) if name not in pack.files]
    if absent or not is_language(pack.code):
        do = f"Begin with 'howwasschool language new {pack.code}'"
        return report([Finding(file=pack.name(name), says="there is no such file", do=do) for name in absent], [])
    try:
        _ = pack.table
    except tomllib.TOMLDecodeError as error:
        do = "A phrase stands in quotes, a list in brackets, with commas between"
        return report([Finding(file=pack.name(LEXICON), says=f"this is no TOML ({error})", do=do)], [])
    findings, required = check_tables(pack)
    told, messages = check_messages(pack)
    findings += told
    scores = [required, messages]
    try:
        _ = pack.language, pack.alone
    except PhraseError:
        # Named already, with its line; nothing can be heard before it is mended.
        return report(findings, scores)
    told, sentences = check_sentences(pack)
    findings += told
    scores.append(sentences)
    if sentences.of:
        told, exercised = check_exercise(pack)
        findings += [*told, *check_overhearing(pack)]
        scores.append(exercised)
    return report(findings, scores)
