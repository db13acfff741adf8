"""`demo --once`: the main job through the real doors, and a failure that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from howwasschool.cli import main
from howwasschool.demo import story
from howwasschool.settings import PREFIX


def test_the_story_is_told_to_its_end_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # An operator's own account and database stay out of a demo.
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "postgresql://127.0.0.1:1/real")
    monkeypatch.setenv(f"{PREFIX}TWILIO_AUTH_TOKEN", "real")
    told = CliRunner().invoke(main, ["demo", "--once"])
    assert told.exit_code == 0, told.output
    for step in ("Maya poorly", "proposed code I", "confirms: I", "[1 segment]", "withdrawn by the parent", "refused"):
        assert step in told.output


def test_a_step_that_fails_ends_the_story_with_what_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(story, "signature", lambda *_: "forged")
    said: list[str] = []
    with pytest.raises(story.StoryFailed, match="answered 403"):
        story.tell(tmp_path, say=said.append)
    told = CliRunner().invoke(main, ["demo", "--once"])
    assert told.exit_code == 1
    assert "The story stopped" in told.output
