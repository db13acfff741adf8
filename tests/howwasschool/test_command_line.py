"""The command line: it knows its commands by name and imports what it runs when it runs it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from howwasschool.cli import COMMANDS, main


def test_help_imports_click_and_nothing_else_of_other_people() -> None:
    script = (
        "import sys\nbefore = set(sys.modules)\nsys.argv = ['howwasschool', '--help']\n"
        "from howwasschool.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import importlib.metadata as m\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "known = {top for top in tops if top in m.packages_distributions()}\n"
        "sys.stderr.write(' '.join(sorted(known)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(ran.stderr.split()) - {"howwasschool"} == {"click"}
    assert all(name in ran.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there_and_explains_itself(name: str) -> None:
    ran = CliRunner().invoke(main, [name, "--help"])
    assert ran.exit_code == 0, ran.output
    assert "Usage" in ran.output


def test_an_unknown_command_is_refused() -> None:
    ran = CliRunner().invoke(main, ["teach"])
    assert ran.exit_code == 2
    assert "No such command" in ran.output
