"""States as earlier releases, or ones with other slots and flows, would have left them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import hypothesis.strategies as st

from conversations.acts import Json
from conversations.state import Frame, State, dump


def as_schema_1(state: State) -> Json:
    """What the first release would have written: whole ids, one recent frame, no day on a question."""

    def frame(each: Frame) -> Json:
        fills: dict[str, Json] = {slot: {"value": fill.value, "how": fill.how} for slot, fill in each.fills.items()}
        return {"id": each.id, "flow": each.flow, "fills": fills, "status": each.status, "misses": each.misses}

    ask = state.ask
    return {
        "schema": 1,
        "rev": state.rev,
        "lang": state.lang,
        "stack": [frame(each) for each in state.stack],
        "recent": frame(state.recent[-1]) if state.recent else None,
        "ask": {"token": ask.token, "frame": ask.frame, "slot": ask.slot, "options": list(ask.options)}
        if ask
        else None,
    }


def as_schema_2(state: State) -> Json:
    """What the second release would have written: ids by number, a provenance beside each value."""
    ids: list[str] = []

    def short(value: Json) -> Json:
        if isinstance(value, list):
            return [short(each) for each in value]
        head, dot, tail = value.partition(".") if isinstance(value, str) else ("", "", "")
        if len(head) < 16:
            return value
        if head not in ids:
            ids.append(head)
        return f"#{ids.index(head)}{dot}{tail}"

    def frame(each: Frame) -> Json:
        fills: dict[str, Json] = {slot: [short(fill.value), fill.how[0]] for slot, fill in each.fills.items()}
        out: dict[str, Json] = {"id": short(each.id), "flow": each.flow, "fills": fills, "message": short(each.message)}
        return out | {"status": each.status, "misses": each.misses}

    ask = state.ask
    data: dict[str, Json] = {
        "schema": 2,
        "rev": state.rev,
        "lang": state.lang,
        "stack": [frame(each) for each in state.stack],
        "recent": [frame(each) for each in state.recent],
        "recent_at": state.recent_at.isoformat(timespec="minutes") if state.recent_at else None,
        "ask": {
            "token": ask.token,
            "frame": short(ask.frame),
            "slot": ask.slot,
            "options": [short(each) for each in ask.options],
            "day": ask.day.isoformat() if ask.day else None,
        }
        if ask
        else None,
    }
    return data | {"ids": cast(Json, ids)}


def as_schema_4(state: State) -> Json:
    """What the fourth release would have written: it reminded nobody of a question."""

    def plain(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        return tuple(replace(frame, reminded=False) for frame in frames)

    return dump(replace(state, stack=plain(state.stack), recent=plain(state.recent))) | {"schema": 4}


def as_schema_3(state: State) -> Json:
    """What the third release would have written: it knew nobody who answers by digits alone."""
    stored = cast("dict[str, Json]", as_schema_4(state))
    return {name: value for name, value in stored.items() if name != "numbers"} | {"schema": 3}


@st.composite
def aged(draw: st.DrawFn, stored: dict[str, Json]) -> dict[str, Json]:
    """A stored state in which slots and flows were dropped, renamed, spoilt or added, as between two releases."""
    state = cast(dict[str, Any], stored)
    for frame in [*state.get("stack", []), *state.get("recent", [])]:
        for fills in [frame[letter] for letter in "scdt" if letter in frame]:
            for slot in sorted(fills):
                _age(draw, fills, slot)
        if draw(st.booleans()):
            frame.setdefault("s", {})["shoe_size"] = 31
        if draw(st.integers(0, 9)) == 0:
            frame["flow"] = "gone"
    state["schema"] = draw(st.sampled_from([3, 3, 4]))
    return state


def _age(draw: st.DrawFn, fills: dict[str, Any], slot: str) -> None:
    fate = draw(st.sampled_from(["kept", "kept", "kept", "dropped", "renamed", "spoilt"]))
    if fate == "dropped":
        del fills[slot]
    elif fate == "renamed":
        fills[f"{slot}_before"] = fills.pop(slot)
    elif fate == "spoilt":
        fills[slot] = draw(st.sampled_from([None, 7, "x", "~", "~2026-13-01", [], [["2026-13-01", ""]], {}]))
