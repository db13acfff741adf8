"""What counts only as a whole message: orders to the service, numbers, labels, yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.acts import Command
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit

# Orders to the carrier stand above all; a bare word is never taken for more than one of these.
ORDER = (
    "stop",
    "start",
    "undo",
    "help",
    "person",
    "quiet",
    "ask",
    "numbers",
    "words",
    "reports",
    "identity",
    "language",
)
LARGEST_PICK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a whole message stands for."""

    command: Command | None = None
    target: str | None = None
    pick: int | None = None
    option: str | None = None
    answer: str | None = None


def whole(text: str, words: Sequence[Word], lexicon: Lexicon, options: Sequence[str]) -> Whole | None:
    """The message read as one order, number, label or answer; None where it is more than that."""
    spoken = [word for word in words if word.kind != "mark"]
    if not spoken:
        return Whole(command=Command.HELP) if text.strip() in {"?", "??", "???"} else None
    if asks_for_help(words, lexicon):
        return Whole(command=Command.HELP)
    if len(spoken) > 14:
        return None
    entire = meanings(spoken, lexicon)
    for name in ORDER:
        if f"command.{name}" in entire:
            return Whole(command=Command(name), target=language(spoken, lexicon) if name == "language" else None)
    target = language(spoken, lexicon) if any(concept.startswith("languages.") for concept in entire) else None
    if target:
        return Whole(command=Command.LANGUAGE, target=target)
    pick = number(spoken, lexicon)
    option = next(
        (c.partition(".")[2] for c in entire if c.startswith("option.") and c.partition(".")[2] in options), None
    )
    answer = next((c.partition(".")[2] for c in entire if c.startswith("answer.")), None)
    if answer is None and options:
        answer = in_parts(spoken, lexicon)
    if pick is None and option is None and answer is None:
        return None
    return Whole(pick=pick, option=option, answer=answer)


def meanings(spoken: Sequence[Word], lexicon: Lexicon) -> dict[str, Hit]:
    """The phrases that a whole message is, by concept."""
    named = {hit.first: hit.last for hit in named_languages(spoken, lexicon)}
    return lexicon.whole.entire(spoken, named, "<language>")


def in_parts(spoken: Sequence[Word], lexicon: Lexicon) -> str | None:
    """The yes or no that a message gives twice over: "yes, that's right", "no, wrong, sorry"."""
    manners = lexicon.greetings | lexicon.small["sign_offs"]
    hits = [hit for hit in lexicon.whole.find(spoken) if hit.concept.startswith("answer.")]
    for answer in ("yes", "no"):
        steps = {hit.first: hit.last for hit in hits if hit.concept == f"answer.{answer}"}
        at = 0
        while at < len(spoken) and (at in steps or spoken[at].norm in manners):
            at = steps.get(at, at + 1)
        if steps and at == len(spoken):
            return answer
    return None


# Shorter orders than this may be part of a report: "help" alone in a sentence is a cry.
SHORTEST_QUESTION = 4
LONGEST_QUESTION = 30


def asks_for_help(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether one sentence of a short text is nothing but a question how all this works."""
    if len(words) > LONGEST_QUESTION:
        return False
    rows: list[list[Word]] = [[]]
    for word in words:
        if word.kind == "mark":
            rows.append([])
        else:
            rows[-1].append(word)
    return any("command.help" in lexicon.whole.entire(row) for row in rows if len(row) >= SHORTEST_QUESTION)


def number(words: Sequence[Word], lexicon: Lexicon) -> int | None:
    """1, "one", "option 2", "the second one", "no. 3"."""
    kept = [w for w in words if w.norm not in lexicon.small["picks"] or len(words) == 1]
    if len(kept) != 1:
        return None
    norm = kept[0].norm
    ordinal = norm[:-2] if norm[-2:] in {"st", "nd", "rd", "th"} and norm[:-2].isdigit() else ""
    value = int(norm) if norm.isdigit() and len(norm) < 4 else int(ordinal) if ordinal and len(ordinal) < 3 else None
    value = value if value is not None else lexicon.numbers.get(norm, lexicon.ordinals.get(norm))
    return value if value is not None and 1 <= value <= LARGEST_PICK else None


def language(words: Sequence[Word], lexicon: Lexicon) -> str | None:
    """The language that an order names: the last one, since "I don't speak English, Polish please"."""
    codes = [hit.concept.partition(".")[2] for hit in named_languages(words, lexicon)]
    others = [code for code in codes if code != "en"]
    return (others or codes)[-1] if codes else None


def named_languages(words: Sequence[Word], lexicon: Lexicon) -> list[Hit]:
    """The names of languages in a text, in order; of two that begin with one word the longer comes last."""
    hits = (hit for hit in lexicon.whole.find(words) if hit.concept.startswith("languages."))
    return sorted(hits, key=lambda hit: (hit.first, hit.last))
