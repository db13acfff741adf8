"""Unique pupil numbers: their check letter and their parts. A UPN is never shown to a parent, nor in an error.

Thirteen characters: a check letter, the local authority (3 digits), the establishment (4), the year (2) and a serial
number (3). In a temporary UPN the last character is a letter. There is no list of authorities here: such lists lag
behind, and a valid pupil of a new authority would be refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A is 0, H 7, J 8, N 12, P 13 and Z 22: I, O and S are left out.
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

_SHAPE = re.compile(f"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]")
_BODY = re.compile(f"[0-9]{{11}}[0-9{LETTERS}]")


class WrongUPN(ValueError):  # noqa: N818  it says what is wrong, to whoever brings a roster
    """Not a UPN; the message says what is wrong and never repeats the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UPN:
    """A unique pupil number that passed its check. `text` is the whole of it."""

    text: str
    authority: str
    establishment: str
    year: str
    serial: str

    @property
    def is_temporary(self) -> bool:
        """Whether a school made it up for a pupil whose own is not yet known."""
        return self.serial[-1] in LETTERS


def check_letter(body: str) -> str:
    """The letter for the twelve characters after it; raises WrongUPN unless they are such.

    Each value is weighted by its place in the whole number (2 to 13), the sum taken modulo 23.
    """
    if not _BODY.fullmatch(body):
        raise WrongUPN("A UPN has eleven digits and a digit or letter after its check letter.")
    values = (LETTERS.index(each) if each in LETTERS else int(each) for each in body)
    return LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % len(LETTERS)]


def parse_upn(text: str) -> UPN:
    """The UPN that `text` holds; spaces around it and small letters do not matter. Raises WrongUPN."""
    plain = text.strip()
    upper = plain.upper() if plain.isascii() else plain
    if not _SHAPE.fullmatch(upper):
        raise WrongUPN("A UPN is a letter, eleven digits and a digit or letter; I, O and S are not used.")
    if upper[0] != check_letter(upper[1:]):
        raise WrongUPN("This UPN's check letter does not fit its digits: one of them is wrong.")
    return UPN(text=upper, authority=upper[1:4], establishment=upper[4:8], year=upper[8:10], serial=upper[10:])


def is_upn(text: str) -> bool:
    """Whether `text` is a UPN with the right check letter."""
    try:
        parse_upn(text)
    except WrongUPN:
        return False
    return True
