"""Twilio's side: signed webhooks in, SMS out over REST with limits on every wait, delivery reports."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from starlette.datastructures import FormData
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from bot.channels import twilio_codes
from bot.channels.base import (
    SMS_SCREEN,
    Arrived,
    BadRequest,
    Departing,
    Forged,
    Kind,
    Progress,
    Refused,
    Rejected,
    Reported,
    SendError,
    Sent,
    Unsure,
    carrier_word,
    cleaned,
)

TWILIO = "https://api.twilio.com"
# Connecting and reading together stay under the ten seconds that a silent provider may cost (guarantee 17).
CONNECT_SECONDS = 3.0
READ_SECONDS = 6.0
LONGEST_BODY = 1600
# Twilio keeps a message for ten hours at most.
LONGEST_VALIDITY = timedelta(seconds=36_000)

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9]{2,64}")

# Forward steps of a message on its way; what is not named here says nothing new.
PROGRESS: Mapping[str, Progress] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "undelivered",
}

# The library would write numbers and words of every request to its log at the level DEBUG.
_SILENT = logging.getLogger("bot.channels.twilio.silent")
_SILENT.disabled = True


class Http(TwilioHttpClient):
    """Twilio's own client of its REST interface, with limits on its waits and the base address from our settings."""

    def __init__(self, base: str, *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS, lanes: int = 8):
        super().__init__(logger=_SILENT)
        self._base = base.rstrip("/")
        self._limits = (connect, read)
        self._session = requests.Session()
        # Our own settings choose where messages go, not a proxy from the environment.
        self._session.trust_env = False
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=lanes))

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002  ours are kept whatever a caller wishes
        allow_redirects: bool = False,
    ) -> Response:
        """One request to the base of our settings; raises what `requests` raises."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = self._session.request(
            method.upper(),
            self._base + path,
            params=params,  # type: ignore[arg-type]
            data=data,
            headers=headers,
            auth=auth,
            timeout=self._limits,
            allow_redirects=allow_redirects,
        )
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            # Said here, because the library's own exception forgets how long we were told to wait.
            raise Refused("http_429", _seconds(answer.headers.get("Retry-After")))
        return Response(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        """Lets go of connections."""
        self._session.close()


class Twilio:
    """The SMS channel. `public_url` is where Twilio reaches us: it signs that address, and reports there."""

    name = "sms"
    lanes = 8

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        public_url: str,
        api_url: str = TWILIO,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
    ) -> None:
        self.abilities = SMS_SCREEN
        self._public_url = public_url.rstrip("/")
        self._account_sid = account_sid
        self._validator = RequestValidator(auth_token)
        self._http = Http(api_url, connect=connect, read=read, lanes=self.lanes)
        self._client = Client(account_sid, auth_token, http_client=self._http)

    # In ---------------------------------------------------------------------------------------

    def verify(self, path: str, form: FormData, signature: str | None) -> None:
        """Raises `Forged` unless Twilio signed this form for our public address; `path` includes the query."""
        if not signature:
            raise Forged("The request has no signature.")
        if not all(isinstance(value, str) for value in form.values()):
            raise Forged("The request is no form that Twilio signs.")
        # The form itself: a dict of it would lose what comes twice, and Twilio signs over everything.
        if not self._validator.validate(self._public_url + path, form, signature):
            raise Forged("The signature does not match.")

    def parse(self, form: FormData) -> tuple[Arrived, ...]:
        """The text in a webhook; unknown fields are left alone; raises `BadRequest` for a missing or wrong one."""
        field = _fields(form, "MessageSid", "From", "To", "Body")
        if not E164.fullmatch(field["From"]):
            # A short code or a name in letters: nobody can be answered there, and no contact has it.
            raise BadRequest("The field From is no telephone number.")
        media = str(form.get("NumMedia") or "0")
        if not media.isdecimal():
            raise BadRequest("The field NumMedia is no number.")
        text = cleaned(field["Body"])
        opted = str(form.get("OptOutType") or "").lower()
        kind: Kind = carrier_word(text) or "text"
        if opted in {"stop", "start"}:
            kind = "stop" if opted == "stop" else "start"
        return (
            Arrived(
                channel=self.name,
                line=field["To"],
                pool=str(form.get("MessagingServiceSid") or ""),
                sender=field["From"],
                provider_id=field["MessageSid"],
                text=text,
                kind=kind,
                media=min(int(media[:3]), 100),
            ),
        )

    def report(self, form: FormData, message_id: str) -> Reported | None:
        """What a status callback says of our message `message_id`; None where it says nothing new."""
        field = _fields(form, "MessageSid", "MessageStatus")
        progress = PROGRESS.get(field["MessageStatus"])
        if progress is None:
            return None
        code = str(form.get("ErrorCode") or "")
        return Reported(
            channel=self.name,
            id=message_id,
            provider_id=field["MessageSid"],
            progress=progress,
            code=code if code.isdecimal() and len(code) <= 6 else "",
        )

    # Out --------------------------------------------------------------------------------------

    def send(self, message: Departing) -> Sent:
        """Creates a message at Twilio; raises a `SendError`."""
        _check(message)
        where: dict[str, Any] = {"from_": message.line}
        if message.line.startswith("MG"):
            where = {"messaging_service_sid": message.line}
        if message.useful_for is not None:
            seconds = int(min(message.useful_for, LONGEST_VALIDITY).total_seconds())
            where["validity_period"] = max(1, seconds)
        report_to = f"{self._public_url}/webhooks/twilio/status?{urlencode({'id': message.id})}"
        try:
            made = self._client.messages.create(to=message.to, body=message.text, status_callback=report_to, **where)
        except TwilioRestException as error:
            raise twilio_codes.meaning(error) from None
        except requests.RequestException as error:
            raise _lost(error) from None
        except (TwilioException, ValueError, KeyError, TypeError, AttributeError):
            # It answered with something that is no message of Twilio's, so who knows what it did.
            raise Unsure("no_answer_of_twilio") from None
        if not isinstance(made.sid, str) or not MESSAGE_ID.fullmatch(made.sid):
            raise Unsure("no_id")
        return Sent(provider_id=made.sid)

    def close(self) -> None:
        """Lets go of connections."""
        self._http.close()


def _fields(form: FormData, *names: str) -> dict[str, str]:
    found = {name: value for name in names if isinstance(value := form.get(name), str)}
    missing = [name for name in names if name not in found or (name != "Body" and not found[name].strip())]
    if missing:
        raise BadRequest(f"The request lacks: {', '.join(missing)}.")
    if "MessageSid" in found and not MESSAGE_ID.fullmatch(found["MessageSid"]):
        raise BadRequest("The field MessageSid is no id of Twilio's.")
    return found


def _check(message: Departing) -> None:
    """Rules that Twilio states in prose alone, so that no machine in between would notice."""
    if not E164.fullmatch(message.to):
        raise Rejected("not_e164")
    if not 1 <= len(message.text) <= LONGEST_BODY:
        raise Rejected("length")
    if not (E164.fullmatch(message.line) or re.fullmatch(r"MG[0-9a-fA-F]{32}", message.line)):
        raise Rejected("no_sender")


def _seconds(text: str | None) -> timedelta | None:
    return timedelta(seconds=int(text[:6])) if text and text.isdecimal() else None


def _lost(error: requests.RequestException) -> SendError:
    """Only what proves that no byte of the message left us may be sent again."""
    if isinstance(error, requests.ConnectTimeout):
        return Refused("connect_timeout")
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    # A connection that was never made, or one to a stranger: nothing is said before its certificate is accepted.
    # Any other fault of TLS may come after the words have gone.
    not_to_a_stranger = isinstance(reason, SSLError) and any(
        isinstance(each, ssl.SSLCertVerificationError) for each in (*reason.args, reason.__cause__, reason.__context__)
    )
    if isinstance(reason, NewConnectionError) or not_to_a_stranger:
        return Refused("connect")
    return Unsure("timeout" if isinstance(error, requests.Timeout) else "connection_lost")
