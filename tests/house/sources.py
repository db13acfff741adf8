"""The project's own files, found once and parsed once, for the tests about the code itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("api", "bot", "conversations", "howwasschool", "locales", "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Python file: its path from the root, with slashes; its text; its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """The dotted name by which it is imported."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def within(self, *modules: str) -> bool:
        """Whether it is one of these modules, or inside one of these packages."""
        return any(self.module == module or self.module.startswith(f"{module}.") for module in modules)

    def lines(self) -> int:
        """Its length in lines."""
        return self.text.count("\n") + 1

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[tuple[str, str]]:
        """Each import as (module, name): `import a.b` is ("a.b", ""), `from a import b` is ("a", "b")."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.module or "", alias.name) for alias in node.names)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files under these folders; the packages that go into the wheel where none is named."""
    found = []
    for folder in folders or PACKAGES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found.append(Source(path=path.relative_to(ROOT).as_posix(), text=text, tree=ast.parse(text)))
    assert found, f"No Python file under {folders or PACKAGES}"
    return tuple(found)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks, from the root; those deleted but not committed yet are left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())
