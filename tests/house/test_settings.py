"""Every setting is documented, in the words of the code, and nothing else is."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from howwasschool.settings import PREFIX, Settings
from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "settings.md"
HEADER = "| setting | default | what it is for |"


def table() -> str:
    """The table that docs/settings.md must hold; on a difference, copy it from the failure."""
    rows = [HEADER, "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "none" if field.default in (None, PydanticUndefined) else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def test_the_page_of_settings_says_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = [line for line in page.splitlines() if line.startswith("|")]
    assert "\n".join(written) == table()


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_setting_that_is_a_secret_hides_its_value() -> None:
    secret = [name for name in Settings.model_fields if name.endswith(("_token", "_secret", "_key"))]
    assert secret
    for name in secret:
        assert "Secret" in str(Settings.model_fields[name].annotation), f"{name} would be printed"
