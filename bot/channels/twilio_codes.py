"""What Twilio's error codes tell us to do next, for sends that it refuses and for reports of failed delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Literal, TypeAlias

from twilio.base.exceptions import TwilioRestException

from bot.channels.base import Misconfigured, OptedOut, Refused, Rejected, SendError, Unreachable, Unsure

Next: TypeAlias = Literal["back_off", "mend", "opted_out", "unreachable", "give_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code: what it means, what we do next, and how long we wait where we try again."""

    meaning: str
    next: Next
    after: timedelta | None = None


# https://www.twilio.com/docs/api/errors has them all; these are the ones after which something else than giving up
# is right, or which staff should hear of in words.
CODES: Mapping[str, Code] = {
    "20003": Code(meaning="the credentials are wrong", next="mend", after=timedelta(minutes=5)),
    "20404": Code(meaning="the account or the address is not there", next="mend", after=timedelta(minutes=5)),
    "20429": Code(meaning="too many requests", next="back_off"),
    "21211": Code(meaning="the number cannot exist", next="unreachable"),
    "21212": Code(meaning="our own number is not one", next="mend", after=timedelta(minutes=5)),
    "21606": Code(meaning="our own number cannot send", next="mend", after=timedelta(minutes=5)),
    "21610": Code(meaning="the person replied STOP", next="opted_out"),
    "21611": Code(
        meaning="over ten hours of messages wait at this sender", next="back_off", after=timedelta(minutes=10)
    ),
    "21614": Code(meaning="the number is not a mobile", next="unreachable"),
    "21659": Code(meaning="our own number is not the account's", next="mend", after=timedelta(minutes=5)),
    "21660": Code(meaning="our own number is another account's", next="mend", after=timedelta(minutes=5)),
    "30001": Code(meaning="the service's queue is full", next="back_off", after=timedelta(minutes=10)),
    "30003": Code(meaning="the handset was off or out of reach", next="give_up"),
    "30005": Code(meaning="nobody has this number", next="unreachable"),
    "30006": Code(meaning="a landline, or a carrier that cannot be reached", next="unreachable"),
    "30007": Code(meaning="filtered by the carrier", next="give_up"),
}


# Refused for what our settings say, not for what the message says; a redirect is as wrong an address as a 404.
OURS_TO_MEND = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


def meaning(error: TwilioRestException) -> SendError:
    """What a refused request tells us to do. An answer of 500 and above proves nothing, whatever code it carries."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unsure(f"http_{error.status}")
    code = str(error.code or "")
    known = CODES.get(code)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Refused(code or "http_429", known.after if known else None)
    if error.status == HTTPStatus.REQUEST_TIMEOUT:
        return Unsure("http_408")
    if known is None and (error.status in OURS_TO_MEND or error.status < HTTPStatus.BAD_REQUEST):
        known = CODES["20003"]
    if known is None:
        return Rejected(code or f"http_{error.status}")
    match known.next:
        case "back_off":
            return Refused(code, known.after)
        case "mend":
            return Misconfigured(code or f"http_{error.status}", known.after)
        case "opted_out":
            return OptedOut(code)
        case "unreachable":
            return Unreachable(code)
        case "give_up":
            return Rejected(code)
