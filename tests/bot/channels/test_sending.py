"""What every channel makes of what its provider does: one table for all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import (
    Channel,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    SendError,
    Unreachable,
    Unsure,
)
from tests.bot.channels.peers import PEERS, Peer, opened

# What the provider does, what that tells us to do next, and whether the provider has kept the message.
FAULTS: tuple[tuple[str, type[SendError], bool], ...] = (
    ("refuse", Refused, False),
    ("busy", Refused, False),
    ("credentials", Misconfigured, False),
    ("lose", Unsure, True),
    ("fail", Unsure, False),
    ("hang", Unsure, False),
    ("garbage", Unsure, False),
    ("stopped", OptedOut, False),
    ("nobody", Unreachable, False),
    ("reject", Rejected, False),
)


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    with opened(request.param) as it:
        yield it


def test_a_channel_is_one(peer: Peer) -> None:
    assert isinstance(peer.channel, Channel)


def test_a_message_that_is_taken_has_the_providers_id_and_arrives_once_and_unchanged(peer: Peer) -> None:
    sent = [peer.channel.send(peer.message) for _ in range(3)]
    assert len({each.provider_id for each in sent}) == 3
    assert peer.taken == [(peer.message.to, peer.message.text)] * 3


@pytest.mark.parametrize(("fault", "meaning", "kept"), FAULTS, ids=[fault for fault, _, _ in FAULTS])
def test_every_fault_says_what_to_do_next_and_no_vendor_exception_escapes(peer, fault, meaning, kept) -> None:
    peer.order(fault)
    with pytest.raises(SendError) as raised:
        peer.channel.send(peer.message)
    assert type(raised.value) is meaning
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert peer.message.text not in str(raised.value)
    assert peer.message.to not in str(raised.value)
    assert bool(peer.taken) is kept


def test_the_time_that_a_busy_provider_names_is_kept(peer: Peer) -> None:
    peer.order("busy")
    with pytest.raises(Refused) as raised:
        peer.channel.send(peer.message)
    assert raised.value.after == timedelta(seconds=7)


def test_a_silent_provider_costs_little_time(peer: Peer) -> None:
    peer.order("hang")
    began = time.monotonic()
    with pytest.raises(Unsure):
        peer.channel.send(peer.message)
    assert time.monotonic() - began < 3


def test_a_message_after_a_fault_goes_as_if_nothing_had_been(peer: Peer) -> None:
    peer.order("fail")
    with pytest.raises(Unsure):
        peer.channel.send(peer.message)
    assert peer.channel.send(peer.message).provider_id


COULD_NOT_GO: tuple[tuple[str, dict[str, str]], ...] = (
    ("twilio", {"text": ""}),
    ("telegram", {"text": ""}),
    ("twilio", {"text": "x" * 1601}),
    ("telegram", {"text": "x" * 4097}),
    ("telegram", {"text": "\N{GRINNING FACE}" * 2049}),
    ("twilio", {"to": ""}),
    ("telegram", {"to": ""}),
    ("twilio", {"to": "+44"}),
    ("telegram", {"to": "+44"}),
    ("twilio", {"to": "07700900123"}),
    ("twilio", {"to": "+447700900123; drop"}),
    ("telegram", {"to": "@somebody"}),
)


@pytest.mark.parametrize(("name", "wrong"), COULD_NOT_GO)
def test_what_the_provider_could_not_take_is_rejected_before_it_is_asked(name: str, wrong: dict[str, Any]) -> None:
    with opened(name) as peer:
        with pytest.raises(Rejected):
            peer.channel.send(replace(peer.message, **wrong))
        assert peer.taken == []
