"""The table that a year prints: what must be nought, what else was looked for, and what was sent for which purpose."""

from __future__ import annotations

from collections.abc import Iterator

from tests.school_year.book import ALSO, PROMISED, Book
from tests.school_year.year import Year

EXAMPLES = 5


def table(year: Year, *, examples: int = EXAMPLES) -> str:
    """The whole report, with examples of each fault."""
    return "\n".join(_lines(year, year.book, examples))


def _lines(year: Year, book: Book, examples: int) -> Iterator[str]:
    scale = year.scale
    yield f"{scale.pupils} pupils, {year.played} school days, {len(book.adults)} phones and chats, seed {scale.seed}"
    for rows in (PROMISED, ALSO):
        yield ""
        for row in rows:
            found = book.faults.get(row, [])
            yield f"{row}: {len(found)}"
            yield from (f"    {each}" for each in found[:examples])
    yield ""
    yield f"of those asked after reporting, by our own open question once more: {book.repeated}"
    yield f"of those asked after reporting, where they had not answered what their text was asked: {book.unanswered}"
    yield f"asked because a teacher marked a child absent who sat in class: {book.slips}; all-clears: {book.cleared}"
    yield f"parents' own texts were answered by: {dict(book.heard)}"
    yield ""
    yield "sent, by purpose: messages by SMS, segments, by Telegram"
    for purpose in sorted({purpose for purpose, _ in book.texts}):
        sms, chat = book.texts[purpose, "sms"], book.texts[purpose, "telegram"]
        yield f"    {purpose}: {sms}, {book.segments[purpose, 'sms']}, {chat}"
    yield f"    all: {_all(book.texts, 'sms')}, {_all(book.segments, 'sms')}, {_all(book.texts, 'telegram')}"
    yield f"wall time: {year.seconds:.0f} s"


def _all(counts: dict[tuple[str, str], int], channel: str) -> int:
    return sum(count for (_, way), count in counts.items() if way == channel)
