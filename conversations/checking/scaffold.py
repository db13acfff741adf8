"""The beginning of a language pack: its four parts, with what each line is for, and nothing translated yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from babel import Locale
from babel.messages.catalog import Message

from conversations.checking.pack import HEARS, LEXICON, MESSAGES
from conversations.checking.plurals import header
from conversations.checking.sayings import catalogue
from conversations.concepts import ANY, Concept, concepts, sections

CHATS = "chats/README.md"


def scaffold(code: str) -> Mapping[str, str]:
    """The files of a new pack, by name; `code` is that of a language of CLDR."""
    return {MESSAGES: messages(code), LEXICON: lexicon(code), HEARS: _hears(code), CHATS: _chats(code)}


# What is said ---------------------------------------------------------------------------------


def messages(code: str) -> str:
    """Every message with its English words above it, and room for the forms that the language has."""
    name = Locale.parse(code).english_name
    plurals = header(code)
    forms = int(plurals.partition("nplurals=")[2].partition(";")[0])
    head = [
        f"# {name}. Not yet read by a native speaker.",
        "# Above each message stand its English words. Keep what is in {braces}; one text message holds 160 letters.",
        'msgid ""',
        'msgstr ""',
        *(
            f'"{line}\\n"'
            for line in (
                "Project-Id-Version: how-was-school",
                f"Language: {code}",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: 8bit",
                f"Plural-Forms: {plurals}",
            )
        ),
    ]
    entries = (_message(each, forms) for each in catalogue("en") if each.id)
    return "\n\n".join(["\n".join(head), *entries]) + "\n"


def _message(message: Message, forms: int) -> str:
    english = [message.string] if isinstance(message.string, str) else list(message.string or ())
    lines = [
        *(f"# {comment}" for comment in message.user_comments),
        *(f"#. {words}" for words in dict.fromkeys(english)),
    ]
    if any("{" in words for words in english):
        lines.append("#, python-brace-format")
    if isinstance(message.id, str):
        return "\n".join([*lines, f'msgid "{message.id}"', 'msgstr ""'])
    one, many = message.id
    blanks = (f'msgstr[{number}] ""' for number in range(forms))
    return "\n".join([*lines, f'msgid "{one}"', f'msgid_plural "{many}"', *blanks])


# What is heard --------------------------------------------------------------------------------


def lexicon(code: str) -> str:
    """Every section in order, every concept with what it means, and an empty list to fill."""
    locale = Locale.parse(code)
    name = locale.get_display_name(code) or code
    lines = [
        f"# What is heard in {locale.english_name}: phrases as people text them. [x] is optional, (a|b) either, <set>",
        "# one of a set below, <who> any person, <n> any number. Case, accents and fillers (in [words]) do not matter.",
        "# Look at locales/en/lexicon.toml for how it is done. What is (required) must have words before it ships.",
    ]
    settled = {
        "pack.name": f'"{name}"',
        "pack.english_name": f'"{locale.english_name}"',
        "pack.names": f'["{name.lower()}"]',
        "pack.ships": "false",
        "calendar.tens": "{}",
    }
    for section, about in sections().items():
        wanted = [each for each in concepts().values() if each.section == section]
        if all(each.rare for each in wanted):
            continue
        lines += ["", f"[{section}]", f"# {about}"]
        for each in wanted:
            lines += _entry(each, settled)
        if section == "languages":
            lines += ["en = []", f'{code} = ["{name.lower()}"]']
    return "\n".join(lines) + "\n"


def _entry(concept: Concept, settled: Mapping[str, str]) -> Iterator[str]:
    if concept.rare:
        return
    required = " (required)" if concept.required else ""
    yield f"# {concept.key if concept.key != ANY else 'each entry'}{required}: {concept.gloss}"
    if concept.key != ANY:
        yield f"{concept.key} = {settled.get(concept.name, '[]')}"


# What tests it --------------------------------------------------------------------------------


def _hears(code: str) -> str:
    name = Locale.parse(code).english_name
    return f"""# {name}: sentences as parents text them, each with what must be heard under it, four spaces in.
# 'howwasschool language try {code}' shows what is heard of a line in this notation.
# A line "# today: …" sets the moment, the children (name/year) and, after "asked:", what the school has asked.
# Facts: child, not (named, and not meant), days, until (last day off), from, since, part, at, collect, back, arrive,
# minutes, reason, change, ask (why it is asked about first), unknown (a name of nobody). "nothing" is heard in chat.
# An example, in English:
#
#     # today: Tue 12 Nov 2024 07:31    children: Maya/4, Sam/2
#     sorry Sam is poorly, back thursday
#         sickness  child=Sam  until=13 Nov
#     is there football tonight?
#         nothing

# today: Tue 12 Nov 2024 07:31    children: Maya/4, Sam/2
"""


def _chats(code: str) -> str:
    return f"""Conversations in this language, one a file, in folders by what they show (happy, correct, care, …).
'howwasschool play locales/{code}/chats' plays them; with --bless it writes down what is said, for you to read.
For example, happy/poorly.txt begins so, and --bless writes the lines that begin with < and *:

    title: Poorly today
    date: 2026-03-03
    language: {code}
    children: Maya (4B)

    07:52 > what a parent texts
"""
