"""A house that was closed leaves nothing of itself behind in its process."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from howwasschool import wiring
from howwasschool.play import stage
from howwasschool.play.command import played
from howwasschool.wiring import House

CHATS = Path(__file__).parents[2] / "locales" / "en" / "chats" / "undo"


def test_what_was_built_is_gone_once_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[weakref.ref[FastAPI]] = []

    def noted(*arguments: Any, **options: Any) -> House:
        house = wiring.build(*arguments, **options)
        gone.append(weakref.ref(house.app))
        return house

    monkeypatch.setattr(stage, "build", noted)
    transcript = min(CHATS.glob("*.txt"))
    assert not played(transcript, tmp_path)
    gc.collect()
    assert gone
    assert not any(each() for each in gone)
