"""What becomes of a text of a family whose children's first names are given."""

from __future__ import annotations

from howwasschool.hear import played


def heard_of(text: str, lang: str, now: str, *names: str, years: bool = False) -> dict[str, object]:
    """The row of `howwasschool hear` for one text; with `years` the first child is the eldest, else all are in one."""
    children = [
        {"name": f"{name} Kowal", "known_as": None, "class": f"{5 - at if years else 3}A"}
        for at, name in enumerate(names)
    ]
    record = {"id": "t", "lang": lang, "text": text, "now": now, "children": children, "context": None}
    return played(record).row()
