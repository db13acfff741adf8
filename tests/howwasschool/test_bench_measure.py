"""The bench's stopwatch: ratios of interleaved rounds, and marks that can be missed."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep

import pytest

from howwasschool.bench.clients import request, signature
from howwasschool.bench.measure import figure, interleaved, rate_of


def test_a_figure_is_the_median_of_each_rounds_own_ratio() -> None:
    # A machine that halves its speed in the middle changes both rates, and no ratio.
    found = figure("turns", "sqlite", [(200.0, 100.0), (100.0, 50.0), (96.0, 50.0)], mark=1.0)
    assert (found.ratio, found.rate, found.baseline, found.ok) == (2.0, 100.0, 50.0, True)
    assert found.spread == pytest.approx(0.04)


def test_a_ratio_under_its_mark_is_not_ok() -> None:
    assert not figure("turns", "sqlite", [(99.0, 100.0)], mark=1.0).ok


def test_a_figure_as_json_has_the_promised_names() -> None:
    shown = figure("turns", "sqlite", [(1.0, 1.0)], mark=1.0).as_json()
    assert list(shown) == ["bench", "database", "rate", "baseline", "ratio", "mark", "ok", "spread"]


def test_rounds_alternate_who_goes_first_and_the_first_is_thrown_away() -> None:
    order: list[str] = []

    def round_of(name: str) -> Callable[[], Callable[[], int]]:
        def run() -> int:
            order.append(name)
            return 1

        return lambda: run

    pairs = interleaved(round_of("ours"), round_of("bare"), rounds=2)
    assert len(pairs) == 2
    assert order == ["ours", "bare", "bare", "ours", "ours", "bare"]


def test_the_benchs_clients_sign_as_twilio_does() -> None:
    from twilio.request_validator import RequestValidator

    form = {"Body": "Maya poorly & sick £5 🤒", "From": "+447700900101", "MessageSid": "SM1"}
    url = "https://texts.example.test/webhooks/twilio/sms"
    assert signature(url, form, "made-up") == RequestValidator("made-up").compute_signature(url, form)
    raw = request("http://127.0.0.1:8000/webhooks/twilio/sms", url, form, "made-up")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_making_ready_is_nobodys_time() -> None:
    def slow_to_make_ready() -> Callable[[], int]:
        sleep(0.05)
        return lambda: 1

    assert rate_of(slow_to_make_ready) > 1 / 0.05
