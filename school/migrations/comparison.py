"""What a comparison of the tables with the database leaves out: what PostgreSQL alone has, and Alembic's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTITIONED = "messages"


def is_ours(name: str | None, kind: str, _parents: Mapping[Any, str | None]) -> bool:
    """Whether a thing in the database should have its like in the code. The months of `messages` have none."""
    return not (kind == "table" and name is not None and name.startswith(f"{PARTITIONED}_"))
