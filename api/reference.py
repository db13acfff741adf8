"""The interface on one page, drawn from its own description; nothing is fetched from anywhere else."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

METHODS = ("get", "post", "put", "patch", "delete")


def reference(described: dict[str, Any]) -> str:
    """The page, from an OpenAPI description."""
    environment = Environment(
        loader=PackageLoader("api"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("reference.html").render(
        info=described["info"],
        tags=[{**tag, "operations": _operations(described, tag["name"])} for tag in described["tags"]],
        schemas=described["components"]["schemas"],
    )


def _operations(described: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """One resource's operations with their path, method, scope and the shapes that go in and come out."""
    found = []
    for path, methods in described["paths"].items():
        for method in METHODS:
            operation = methods.get(method)
            if operation is not None and tag in operation.get("tags", ()):
                found.append({**operation, "path": path, "method": method.upper(), "needs": _needs(operation)})
    return found


def _needs(operation: dict[str, Any]) -> str:
    security = operation.get("security") or []
    if not security:
        return "no token"
    return ", ".join(security[0]["bearer"]) or "any token"
