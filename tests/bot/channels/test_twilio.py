"""Twilio's own ways: signatures, fields, opting out, the form of a send, reports of delivery."""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.datastructures import FormData
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, SSLError

from bot.channels import twilio_codes
from bot.channels.base import (
    Arrived,
    BadRequest,
    Forged,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    Unreachable,
    Unsure,
)
from bot.channels.twilio import Twilio
from tests.bot.channels.peers import ACCOUNT, AUTH, TwilioPeer

SAMPLES = Path(__file__).parents[2] / "samples"
PUBLIC = "https://texts.example.sch.uk"
DOOR = "/webhooks/twilio/sms"


@pytest.fixture(scope="module")
def twilio() -> Twilio:
    return Twilio(ACCOUNT, AUTH, public_url=PUBLIC + "/")


def sample(name: str, **fields: str) -> FormData:
    return FormData({**json.loads((SAMPLES / name).read_text()), **fields})


def signed(form: FormData, url: str = PUBLIC + DOOR) -> str:
    signature: str = RequestValidator(AUTH).compute_signature(url, form)
    return signature


# Signatures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        sample("twilio_inbound_sms.form.json"),
        sample("twilio_inbound_sms.form.json", Body="£5 — poorly \N{FACE WITH THERMOMETER}"),
        sample("twilio_inbound_sms.form.json", Body="", FutureField="anything"),
        FormData([("Body", "a"), ("MessageSid", "SM1"), ("MediaUrl", "b"), ("MediaUrl", "a")]),
    ],
    ids=["plain", "emoji and pounds", "blank and unknown fields", "a field twice"],
)
def test_a_form_that_twilio_signed_is_let_in(twilio: Twilio, form: FormData) -> None:
    twilio.verify(DOOR, form, signed(form))


def test_the_query_is_signed_too(twilio: Twilio) -> None:
    form = sample("twilio_inbound_sms.form.json")
    twilio.verify(DOOR + "?id=a.b", form, signed(form, f"{PUBLIC}{DOOR}?id=a.b"))
    with pytest.raises(Forged):
        twilio.verify(DOOR + "?id=a.c", form, signed(form, f"{PUBLIC}{DOOR}?id=a.b"))


def test_a_port_in_the_signed_address_makes_no_difference(twilio: Twilio) -> None:
    form = sample("twilio_inbound_sms.form.json")
    twilio.verify(DOOR, form, signed(form, f"{PUBLIC}:443{DOOR}"))


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "AAAA",
        signed(sample("twilio_inbound_sms.form.json", Body="other")),
        signed(sample("twilio_inbound_sms.form.json"), "http://texts.example.sch.uk" + DOOR),
        RequestValidator("another token").compute_signature(PUBLIC + DOOR, sample("twilio_inbound_sms.form.json")),
    ],
    ids=["missing", "empty", "nonsense", "another body", "http for https", "another account"],
)
def test_a_form_that_nobody_or_another_signed_is_refused(twilio: Twilio, signature: str | None) -> None:
    with pytest.raises(Forged):
        twilio.verify(DOOR, sample("twilio_inbound_sms.form.json"), signature)


# What arrives --------------------------------------------------------------------------------


def test_a_text_is_taken_with_its_words_and_numbers(twilio: Twilio) -> None:
    assert twilio.parse(sample("twilio_inbound_sms.form.json")) == (
        Arrived(
            channel="sms",
            line="+447700900999",
            pool="MG00000000000000000000000000000001",
            sender="+447700900123",
            provider_id="SM00000000000000000000000000000001",
            text="Ann is ill today",
        ),
    )


@pytest.mark.parametrize(
    ("fields", "kind", "text", "media"),
    [
        ({"Body": "STOP", "OptOutType": "STOP"}, "stop", "STOP", 0),
        ({"Body": "arrêt", "OptOutType": "STOP"}, "stop", "arrêt", 0),
        ({"Body": "START", "OptOutType": "START"}, "start", "START", 0),
        ({"Body": " Unsubscribe. "}, "stop", " Unsubscribe. ", 0),
        ({"Body": "unstop"}, "start", "unstop", 0),
        ({"Body": "HELP", "OptOutType": "HELP"}, "text", "HELP", 0),
        ({"Body": "please stop texting me about this"}, "text", "please stop texting me about this", 0),
        ({"Body": "yes"}, "text", "yes", 0),
        ({"Body": ""}, "text", "", 0),
        ({"Body": "", "NumMedia": "2", "MediaUrl0": "https://example.org/a"}, "text", "", 2),
        ({"Body": "a\x00b"}, "text", "ab", 0),
        ({"Body": "\u202bمريض\u202c"}, "text", "\u202bمريض\u202c", 0),
        ({"Body": "x" * 1600}, "text", "x" * 1600, 0),
        ({"Body": "x" * 20_000}, "text", "x" * 10_000, 0),
        ({"Body": "\N{FACE WITH THERMOMETER}"}, "text", "\N{FACE WITH THERMOMETER}", 0),
    ],
)
def test_whatever_a_phone_can_send_is_a_text_or_an_opting_out(twilio: Twilio, fields, kind, text, media) -> None:
    (arrived,) = twilio.parse(sample("twilio_inbound_sms.form.json", **fields))
    assert (arrived.kind, arrived.text, arrived.media) == (kind, text, media)


def test_managed_opting_out_is_read_from_its_own_field(twilio: Twilio) -> None:
    (arrived,) = twilio.parse(sample("twilio_inbound_stop.form.json"))
    assert arrived.kind == "stop"


@pytest.mark.parametrize("field", ["MessageSid", "From", "To", "Body"])
def test_a_missing_field_is_named(twilio: Twilio, field: str) -> None:
    form = dict(sample("twilio_inbound_sms.form.json"))
    del form[field]
    with pytest.raises(BadRequest) as raised:
        twilio.parse(FormData(form))
    assert raised.value.reason == f"The request lacks: {field}."


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "SCHOOL"},
        {"From": "+٤٤٧٧٠٠٩٠٠١٢٣"},
        {"From": "whatsapp:+447700900123"},
        {"MessageSid": "SM 1"},
        {"NumMedia": "many"},
    ],
)
def test_a_field_of_another_shape_is_refused_without_repeating_it(twilio: Twilio, fields: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as raised:
        twilio.parse(sample("twilio_inbound_sms.form.json", **fields))
    assert not any(value in raised.value.reason for value in fields.values())


# What goes out -------------------------------------------------------------------------------


def test_a_send_names_the_sender_the_address_for_reports_and_how_long_it_is_useful() -> None:
    peer = TwilioPeer()
    peer.channel.send(replace(peer.message, useful_for=timedelta(hours=2)))
    peer.channel.send(replace(peer.message, line="MG" + "0" * 31 + "1", useful_for=timedelta(days=3)))
    peer.close()
    (path, one), (_, other) = peer.provider.requests
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert one == {
        "To": "+447700900123",
        "From": "+447700900999",
        "Body": peer.message.text,
        "StatusCallback": f"{PUBLIC}/webhooks/twilio/status?id=school.row",
        "ValidityPeriod": "7200",
    }
    assert (other["MessagingServiceSid"], other["ValidityPeriod"]) == ("MG" + "0" * 31 + "1", "36000")
    assert "From" not in other


@pytest.mark.parametrize("wrong", [{"line": ""}, {"line": "+44"}, {"line": "MG1"}, {"text": "x" * 1601}])
def test_what_twilio_says_in_prose_alone_is_held_before_it_is_asked(wrong: dict[str, Any]) -> None:
    peer = TwilioPeer()
    with pytest.raises(Rejected):
        peer.channel.send(replace(peer.message, **wrong))
    peer.close()
    assert peer.provider.requests == []


@pytest.mark.parametrize("answer", [{"sid": None}, {"sid": 7}, {"sid": "a b"}, {}, [], "SM1", None])
def test_an_answer_without_an_id_leaves_us_unsure(answer: object) -> None:
    peer = TwilioPeer()
    peer.provider.answers = {**peer.ANSWERS, "take": (201, {}, answer)}
    with pytest.raises(Unsure):
        peer.channel.send(peer.message)
    peer.close()


def _over(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(HTTPConnectionPool("127.0.0.1"), "/", reason))


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (requests.ConnectTimeout(), Refused),
        (_over(NewConnectionError(HTTPConnection("127.0.0.1"), "made up")), Refused),
        (_over(SSLError(ssl.SSLCertVerificationError(1, "made up"))), Refused),
        (_over(SSLError(ssl.SSLEOFError(8, "made up"))), Unsure),
        (_over(ProtocolError("made up")), Unsure),
        (requests.ReadTimeout(), Unsure),
        (requests.ConnectionError(ProtocolError("made up")), Unsure),
        (requests.exceptions.ChunkedEncodingError(), Unsure),
        (requests.TooManyRedirects(), Unsure),
    ],
    ids=["no connection in time", "nobody there", "a stranger's certificate", "TLS torn", "reset in a retry",
         "no answer in time", "reset", "answer torn", "sent around"],
)  # fmt: skip
def test_only_a_fault_that_proves_that_nothing_left_us_lets_the_message_go_again(monkeypatch, fault, meaning) -> None:
    peer = TwilioPeer()

    def fails(*_args: object, **_kwargs: object) -> None:
        raise fault

    monkeypatch.setattr(requests.Session, "request", fails)
    with pytest.raises(meaning) as raised:
        peer.channel.send(peer.message)
    assert type(raised.value) is meaning
    peer.close()


@pytest.mark.parametrize(
    ("status", "code", "meaning", "seconds"),
    [
        (400, 21211, Unreachable, None),
        (400, 21614, Unreachable, None),
        (400, 21610, OptedOut, None),
        (400, 21611, Refused, 600),
        (400, 30001, Refused, 600),
        (400, 30007, Rejected, None),
        (401, 20003, Misconfigured, 300),
        (403, None, Misconfigured, 300),
        (429, 20429, Refused, None),
        (400, 21617, Rejected, None),
        (400, 21606, Misconfigured, 300),
        (404, 20404, Misconfigured, 300),
        (301, None, Misconfigured, 300),
        (408, None, Unsure, None),
        (422, None, Rejected, None),
        (500, 21610, Unsure, None),
        (503, None, Unsure, None),
    ],
)
def test_every_code_says_what_to_do_next(status, code, meaning, seconds) -> None:
    error = twilio_codes.meaning(TwilioRestException(status, "/", "made up", code=code))
    assert type(error) is meaning
    after = getattr(error, "after", None)
    assert (after.total_seconds() if after else None) == seconds


# Reports -------------------------------------------------------------------------------------


def test_reports_say_how_far_a_message_came_and_why_not_further(twilio: Twilio) -> None:
    forms = [FormData(form) for form in json.loads((SAMPLES / "twilio_status_callback.form.json").read_text())]
    reports = [twilio.report(form, "a.b") for form in forms]
    assert [(report.progress, report.code, report.provider_id, report.id) for report in reports if report] == [
        ("sent", "", "SM1", "a.b"),
        ("delivered", "", "SM1", "a.b"),
        ("undelivered", "30005", "SM2", "a.b"),
    ]


@pytest.mark.parametrize("status", ["queued", "sending", "accepted", "scheduled", "a word of next year"])
def test_a_report_of_nothing_new_is_none(twilio: Twilio, status: str) -> None:
    assert twilio.report(FormData({"MessageSid": "SM1", "MessageStatus": status}), "a.b") is None


@pytest.mark.parametrize("field", ["MessageSid", "MessageStatus"])
def test_a_report_without_its_fields_is_refused(twilio: Twilio, field: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}
    del form[field]
    with pytest.raises(BadRequest):
        twilio.report(FormData(form), "a.b")
