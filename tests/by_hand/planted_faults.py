"""Plants faults in a copy of the conversation core, one at a time, and says which test caught each, if any did.

    .venv/bin/python -m tests.by_hand.planted_faults [--only NAME] [--write]

Each fault is a textual change of one place. `--write` puts the table into `docs/testing.md`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"
COPIED = ("api", "bot", "conversations", "howwasschool", "locales", "school", "tests")
TESTS = (
    "tests/conversations/test_chats.py",
    "tests/conversations/test_intentions.py",
    "tests/conversations/test_equal_ways.py",
    "tests/conversations/test_old_states.py",
)
BEGINS, ENDS = "<!-- planted faults -->\n", "<!-- end of planted faults -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, and the place in which `before` becomes `after`."""

    name: str
    says: str
    path: str
    before: str
    after: str


FAULTS = (
    Fault(
        name="silence-drops",
        says="Silence forgets what was not answered, and tells nobody",
        path="conversations/filing.py",
        before="    if frame.message:\n        talk.quietly_to_person(",
        after="    if not frame.message:\n        talk.quietly_to_person(",
    ),
    Fault(
        name="undo-takes-the-other-parents",
        says="'Coming in after all' takes back the other parent's statement too",
        path="conversations/corrections.py",
        before="for row in talk.context.recorded if row.mine and row.child in children",
        after="for row in talk.context.recorded if row.child in children",
    ),
    Fault(
        name="stale-timer",
        says="A timer of an older question ends the conversation",
        path="conversations/turn.py",
        before="if due.token != str(state.rev) or not state.stack:",
        after="if not state.stack:",
    ),
    Fault(
        name="stale-button",
        says="A button under an older question answers the one on the screen",
        path="conversations/turn.py",
        before="if ask is None or press.token != ask.token or press.key not in ask.options",
        after="if ask is None or press.key not in ask.options",
    ),
    Fault(
        name="off-by-one",
        says="A number chooses the option after the one that it names",
        path="conversations/turn.py",
        before="return ask.options[heard.pick - 1]",
        after="return ask.options[heard.pick % len(ask.options)]",
    ),
    Fault(
        name="correction-adds",
        says="'I meant Thursday' adds Thursday and leaves Wednesday",
        path="conversations/corrections.py",
        before='frame = filled(renamed(new, talk.new_id(), talk.message), {INSTEAD: target.id}, "told")',
        after="frame = renamed(new, talk.new_id(), talk.message)",
    ),
    Fault(
        name="four-deep",
        says="A fourth frame goes onto the stack",
        path="conversations/talk.py",
        before="if len(self.stack) >= DEEPEST:",
        after="if len(self.stack) > DEEPEST:",
    ),
    Fault(
        name="talks-after-stop",
        says="STOP is answered by the question that was open",
        path="conversations/turn.py",
        before='    _all_run_out(talk)\n    talk.readings.append(reading("stop"))',
        after='    filing.advance(talk)\n    talk.readings.append(reading("stop"))',
    ),
    Fault(
        name="old-flow-forgotten",
        says="After a deploy, what an unknown flow was about reaches nobody",
        path="conversations/talk.py",
        before='self.effects.append(NeedsPerson(why="flow_gone", message=frame.message))',
        after="continue",
    ),
    Fault(
        name="no-timer",
        says="An open question has no timer",
        path="conversations/talk.py",
        before="    if not state.stack:\n        return None\n",
        after="    if not state.ask:\n        return None\n",
    ),
    Fault(
        name="words-in-the-state",
        says="The state keeps a child's name",
        path="conversations/slots/who.py",
        before='return {"who": chosen, UNKNOWN_NAME: None, DOUBTS: None}',
        after='return {"who": chosen, UNKNOWN_NAME: [context.children[0].known_as], DOUBTS: None}',
    ),
    Fault(
        name="filed-twice",
        says="An answer to 'why?' files the same once more, changed or not",
        path="conversations/filing.py",
        before="        if _said(frame) == _said(before):\n            continue\n",
        after="",
    ),
    Fault(
        name="undo-forgets-to",
        says="Undo says that it undid, and withdraws nothing",
        path="conversations/corrections.py",
        before="    talk.effects.extend(taken_back(talk, {key_of(each) for each in stated}, filed[0]))\n",
        after="",
    ),
    Fault(
        name="default-stays",
        says="A day that was said does not replace the default",
        path="conversations/frame.py",
        before='if held is not None and held.how == "default" else frame',
        after='if held is not None and held.how == "told" else frame',
    ),
    Fault(
        name="set-sees-nothing",
        says="In a set, a text does not see what the text before it changed",
        path="conversations/context.py",
        before="    return replace(context, recorded=tuple(rows.values()))",
        after="    return context",
    ),
    Fault(
        name="names-the-wrong-message",
        says="What a text told a chase names no message",
        path="conversations/talk.py",
        before="return frame if frame.message else replace(frame, message=self.message)",
        after="return frame",
    ),
)


def plant(fault: Fault, tree: Path) -> None:
    """Changes the one place; raises where the code no longer has it, or has it twice."""
    path = tree / fault.path
    text = path.read_text(encoding="utf-8")
    if text.count(fault.before) != 1:
        raise click.ClickException(f"{fault.name}: {fault.path} has its place {text.count(fault.before)} times")
    path.write_text(text.replace(fault.before, fault.after), encoding="utf-8")


def copied(folder: Path) -> Path:
    """A copy of the code and its tests, without what was built."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def caught_by(tree: Path) -> str:
    """The first test that fails there, with the law that it names; "" where none does."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", *TESTS]
    ran = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    failed = re.search(r"^FAILED tests/conversations/(\S+?)(?:\[.*)?(?: - .*)?$", ran.stdout, re.MULTILINE)
    if failed is None:
        if ran.returncode:
            raise click.ClickException(ran.stdout[-2000:] + ran.stderr[-2000:])
        return ""
    law = re.search(r"AssertionError: \[(?:'([^']+)'|\"([^\"]+)\")", ran.stdout)
    return failed[1] + (f": {law[1] or law[2]}" if law else "")


def written(results: list[tuple[Fault, str]]) -> str:
    """The table for the page."""
    rows = [f"| {fault.says} | `{fault.path}` | {caught or 'not caught'} |" for fault, caught in results]
    return "\n".join(["| planted fault | where | caught by |", "|---|---|---|", *rows]) + "\n"


@click.command()
@click.option("--only", help="Plants this fault alone.")
@click.option("--write", is_flag=True, help="Puts the table into docs/testing.md.")
def main(only: str | None, write: bool) -> None:
    """Plants each fault in a copy of its own."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        if already := caught_by(copied(Path(folder))):
            raise click.ClickException(f"Without any fault {already} fails: mend that first")
    for fault in FAULTS:
        if only not in (None, fault.name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            tree = copied(Path(folder))
            plant(fault, tree)
            results.append((fault, caught_by(tree)))
        click.echo(f"{fault.name}: {results[-1][1] or 'NOT CAUGHT'}")
    if write and not only:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
        PAGE.write_text(f"{head}{BEGINS}\n{written(results)}\n{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")
    if not all(caught for _, caught in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
