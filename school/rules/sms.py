"""What a text costs by SMS: GSM-7 where its letters can be, else UCS-2, and how many segments it is billed as."""

from __future__ import annotations

import unicodedata

import smsutil

# What GSM-7 lacks and a phone can read without: marks fall away by decomposition, these by table.
_LOOKALIKES = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "œ": "oe",
        "Œ": "OE",
        "ȷ": "j",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "Ħ": "H",
    }
)


def is_gsm7(text: str) -> bool:
    """Whether the text can go as GSM-7."""
    return bool(smsutil.is_valid_gsm(text))


def segments_of(text: str) -> int:
    """How many SMS segments a text is billed as: 160 or 153 GSM-7 characters, 70 or 67 of UCS-2."""
    return max(1, len(smsutil.split(text).parts))


def downgraded(text: str) -> str:
    """The text without the marks that GSM-7 lacks, where that leaves GSM-7; as it was where another script remains."""
    if is_gsm7(text):
        return text
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFC", text))
    return plain if is_gsm7(plain) else text


def _plain(character: str) -> str:
    if is_gsm7(character):
        return character
    replaced = character.translate(_LOOKALIKES)
    return "".join(each for each in unicodedata.normalize("NFKD", replaced) if not unicodedata.combining(each))
