"""Replays a short transcript through the wired house, for tests that look at what followed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from conversations.transcripts import parse
from howwasschool.play.player import Player
from howwasschool.play.stage import Stage, template

TO = re.compile(r"< @(\w+) ")


def replay(folder: Path, text: str) -> list[list[str]]:
    """What followed each step of a transcript, in its own lines; `folder` keeps the empty school."""
    transcript = parse(text)
    stage = Stage(transcript, folder / "stage.sqlite3", template(folder))
    try:
        return Player(transcript, stage).play()
    finally:
        stage.close()
        for left in folder.glob("stage.sqlite3*"):
            left.unlink()


def texts(lines: Iterable[Iterable[str]]) -> list[str]:
    """All that went out."""
    return [line for step in lines for line in step if line.startswith("< ")]


def told(lines: Iterable[Iterable[str]]) -> list[str]:
    """Which contacts got a text, in order, one for each text."""
    return [found[1] for line in texts(lines) if (found := TO.match(line))]


def staff(lines: Iterable[Iterable[str]]) -> list[str]:
    """All that was put before staff, in order."""
    return [line.removeprefix("* to a person: ") for step in lines for line in step if "* to a person: " in line]
