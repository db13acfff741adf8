"""Telephone numbers as one spelling: E.164, the way that channels deliver them."""

from __future__ import annotations

import phonenumbers

REGION = "GB"


class NotANumber(ValueError):  # noqa: N818
    """What stands there is no telephone number; the message does not repeat it."""


def phone_number(written: str, *, region: str = REGION) -> str:
    """The number in international form, `+447700900123`, from any of the ways in which people write it.

    A number without a country code is one of `region`. `+44 (0)7700…` is understood. Only the length and shape are
    asked for: whether a number is in use changes faster than any table of ranges. Raises NotANumber.
    """
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise NotANumber("not a telephone number") from None
    if parsed.extension:
        raise NotANumber("a number with an extension cannot be texted")
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE or _is_short_mobile(parsed):
        raise NotANumber("too short or too long for a telephone number")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_short_mobile(parsed: phonenumbers.PhoneNumber) -> bool:
    """A British mobile number has ten digits after the nought; some landlines have nine, so a lost digit would pass."""
    national = phonenumbers.national_significant_number(parsed)
    return parsed.country_code == 44 and national.startswith("7") and len(national) != 10
