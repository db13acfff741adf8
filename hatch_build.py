"""Compiles the catalogues of the language packs into the wheel; a checkout compiles them in memory."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "locales/*/*.po"


class Catalogues(BuildHookInterface[Any]):
    """For every `.po` of a language pack, puts the `.mo` beside it in the wheel and nothing into the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build; an editable build (`version`) needs no compiled catalogues."""
        if version == "editable" or self.target_name != "wheel":
            return
        self.compiled = tempfile.TemporaryDirectory()
        for number, source in enumerate(sorted(Path(self.root).glob(CATALOGUES))):
            target = Path(self.compiled.name) / f"{number}.mo"
            target.write_bytes(_compile(source))
            build_data["force_include"][str(target)] = source.relative_to(self.root).with_suffix(".mo").as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Throws the compiled copies away once they are in the wheel."""
        if version != "editable" and self.target_name == "wheel":
            self.compiled.cleanup()


def _compile(source: Path) -> bytes:
    compiled = io.BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale=source.parent.name))
    return compiled.getvalue()
