"""A conversation's memory between texts: filled slots and the question on the parent's screen, codes only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias, cast

from conversations.acts import Json

SCHEMA = 5

# Three frames under way are the most that a parent can hold in mind; with what was filed last, four are kept.
DEEPEST = 3
MOST_FRAMES = 4

How: TypeAlias = Literal["said", "chosen", "default", "told"]
Status: TypeAlias = Literal["open", "committed"]

# On disk a provenance is one letter.
_HOW: Mapping[str, How] = {"s": "said", "c": "chosen", "d": "default", "t": "told"}
_LETTER: Mapping[How, str] = {how: letter for letter, how in _HOW.items()}

# What a thread may take of the database; what was filed last is forgotten where the rest needs the room.
MOST_BYTES = 1024

# Ids are 26 characters; what is at least this long is kept once and referred to by number.
_LONG = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What a slot holds, and how it came to hold it: defaults yield to anything said."""

    value: Json
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One piece of business under way; `id` is the thread's id, a dot and the revision that opened it.

    `message` is the id of the message that opened it. A committed frame still on the stack waits only for
    something wanted; one among `recent` is finished, and kept for corrections. `reminded`: silence was answered by a
    kind word once, and is not again.
    """

    id: str
    flow: str
    fills: Mapping[str, Fill] = field(default_factory=dict)
    status: Status = "open"
    misses: int = 0
    message: str = ""
    reminded: bool = False

    def value(self, slot: str) -> Json:
        """What the slot holds; None while it is empty."""
        fill = self.fills.get(slot)
        return None if fill is None else fill.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The question that the parent sees: which slot of which frame, and the keys of its options in order.

    A numbered answer is good until our next message in that thread or the end of `day`.
    """

    token: str
    frame: str
    slot: str
    options: tuple[str, ...] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A thread's memory. `stack` holds at most three frames, the one in play last.

    `recent` holds what the last filing filed at `recent_at` (several frames, where one text told of several).
    `offered` is the language that was offered last, "" for none. `numbers`: the parent answers by digits alone.
    """

    schema: int = SCHEMA
    rev: int = 0
    lang: str = "en"
    stack: tuple[Frame, ...] = ()
    recent: tuple[Frame, ...] = ()
    recent_at: datetime | None = None
    ask: Ask | None = None
    offered: str = ""
    numbers: bool = False


# On disk -------------------------------------------------------------------------------------


def dump(state: State) -> dict[str, Json]:
    """The state as JSON under 1 KB. Ids are codes; no name and no word of a text is in it."""
    data = _dumped(state, state.recent[: MOST_FRAMES - len(state.stack)])
    return data if len(json.dumps(data)) < MOST_BYTES else _dumped(state, ())


def is_too_long(state: State) -> bool:
    """Whether what is open alone would not fit: a turn then hands its oldest frame to a person."""
    return len(json.dumps(_dumped(state, ()))) >= MOST_BYTES


def _dumped(state: State, recent: tuple[Frame, ...]) -> dict[str, Json]:
    ids: list[str] = []
    ask = state.ask
    data: dict[str, Json] = {
        "schema": SCHEMA,
        "rev": state.rev,
        "lang": state.lang,
        "stack": [_frame_out(frame, ids) for frame in state.stack],
        "recent": [_frame_out(frame, ids) for frame in recent],
        "recent_at": state.recent_at.isoformat(timespec="minutes") if state.recent_at else None,
        "ask": _ask_out(ask, ids) if ask else None,
        "offered": state.offered,
        "numbers": state.numbers,
        "ids": cast(Json, ids),
    }
    return {key: value for key, value in data.items() if value or key in {"schema", "rev"}}


def _ask_out(ask: Ask, ids: list[str]) -> Json:
    return {
        "token": ask.token,
        "frame": _short(ask.frame, ids),
        "slot": ask.slot,
        "options": [_short(option, ids) for option in ask.options],
        "day": ask.day.isoformat() if ask.day else None,
    }


def load(stored: object) -> State:
    """What `dump` of this or any earlier release wrote; what no longer makes sense is left out, never an error."""
    if not isinstance(stored, dict) or not stored:
        return State()
    data = upcast(stored)
    ids = [each for each in _list(data.get("ids")) if isinstance(each, str)]
    stack = tuple(frame for frame in (_frame_in(each, ids) for each in _list(data.get("stack"))) if frame)
    recent = tuple(frame for frame in (_frame_in(each, ids) for each in _list(data.get("recent"))) if frame)
    return State(
        rev=_int(data.get("rev")),
        lang=_str(data.get("lang")) or "en",
        stack=stack[:DEEPEST],
        recent=recent[:MOST_FRAMES],
        recent_at=_moment(_str(data.get("recent_at"))),
        ask=_ask_in(data.get("ask"), ids),
        offered=_str(data.get("offered")) or "",
        numbers=data.get("numbers") is True,
    )


def upcast(stored: dict[str, Json]) -> dict[str, Json]:
    """Brings an older shape to the newest, one step a schema; a shape of a newer release is read as it is."""
    data = dict(stored)
    schema = _int(data.get("schema"))
    while schema in _UPCASTS:
        data = _UPCASTS[schema](data)
        schema += 1
        data["schema"] = schema
    return data


def _from_1(data: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 kept one recent frame and no ids, wrote a provenance in full and did not date its question."""

    def frame(each: Json) -> Json:
        if not isinstance(each, dict):
            return None
        fills = {
            slot: [fill.get("value"), _LETTER.get(cast(How, fill.get("how")), "s")]
            for slot, fill in _dict(each.get("fills")).items()
            if isinstance(fill, dict)
        }
        return {**each, "fills": cast(Json, fills)}

    recent = frame(data.get("recent"))
    return {
        **data,
        "stack": [frame(each) for each in _list(data.get("stack"))],
        "recent": [recent] if recent else [],
    }


def _from_2(data: dict[str, Json]) -> dict[str, Json]:
    """Schema 2 wrote the provenance beside each value, and a stretch of days as a list of two."""

    def frame(each: Json) -> Json:
        if not isinstance(each, dict):
            return None
        out: dict[str, Json] = {key: value for key, value in each.items() if key != "fills"}
        for slot, pair in _dict(each.get("fills")).items():
            if isinstance(pair, list) and len(pair) == 2 and _str(pair[1]) in _HOW:
                cast("dict[str, Json]", out.setdefault(_str(pair[1]), {}))[slot] = pair[0]
        return out

    return {
        **data,
        "stack": [frame(each) for each in _list(data.get("stack"))],
        "recent": [frame(each) for each in _list(data.get("recent"))],
    }


def _from_3(data: dict[str, Json]) -> dict[str, Json]:
    """Schema 3 knew nobody who answers by digits alone."""
    return {"numbers": False, **data}


def _from_4(data: dict[str, Json]) -> dict[str, Json]:
    """Schema 4 reminded nobody of a question."""
    return data


_UPCASTS: Mapping[int, Callable[[dict[str, Json]], dict[str, Json]]] = {
    1: _from_1,
    2: _from_2,
    3: _from_3,
    4: _from_4,
}


def _frame_out(frame: Frame, ids: list[str]) -> Json:
    out: dict[str, Json] = {"id": _short(frame.id, ids), "flow": frame.flow}
    for slot, fill in sorted(frame.fills.items()):
        cast("dict[str, Json]", out.setdefault(_LETTER[fill.how], {}))[slot] = _pack(fill.value, ids)
    if frame.status != "open":
        out["status"] = frame.status
    if frame.misses:
        out["misses"] = frame.misses
    if frame.reminded:
        out["reminded"] = True
    if frame.message:
        out["message"] = _short(frame.message, ids)
    return out


def _frame_in(stored: Json, ids: list[str]) -> Frame | None:
    if not isinstance(stored, dict) or not _str(stored.get("id")) or not _str(stored.get("flow")):
        return None
    fills = {
        slot: Fill(value=_unpack(value, ids), how=how)
        for letter, how in _HOW.items()
        for slot, value in _dict(stored.get(letter)).items()
    }
    return Frame(
        id=_long(_str(stored.get("id")), ids),
        flow=_str(stored.get("flow")),
        fills=fills,
        status="committed" if stored.get("status") == "committed" else "open",
        misses=_int(stored.get("misses")),
        message=_long(_str(stored.get("message")), ids),
        reminded=stored.get("reminded") is True,
    )


def _ask_in(stored: Json, ids: list[str]) -> Ask | None:
    if not isinstance(stored, dict) or not all(_str(stored.get(key)) for key in ("token", "frame", "slot")):
        return None
    return Ask(
        token=_str(stored.get("token")),
        frame=_long(_str(stored.get("frame")), ids),
        slot=_str(stored.get("slot")),
        options=tuple(_long(_str(option), ids) for option in _list(stored.get("options"))),
        day=_day(_str(stored.get("day"))),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _pack(value: Json, ids: list[str]) -> Json:
    if isinstance(value, str):
        return _short(value, ids)
    if isinstance(value, list):
        return _packed_days(value) or [_pack(each, ids) for each in value]
    return value


def _packed_days(value: list[Json]) -> str:
    """A stretch of days as one text: `~2026-03-03` for a day, `~2026-03-03~` without an end; "" for anything else."""
    if len(value) != 2 or not _day(_str(value[0])) or not (value[1] == "" or _day(_str(value[1]))):
        return ""
    return f"~{value[0]}" if value[0] == value[1] else f"~{value[0]}~{value[1]}"


def _unpack(value: Json, ids: list[str]) -> Json:
    if isinstance(value, str) and value.startswith("~"):
        first, mark, last = value[1:].partition("~")
        return [first, last if mark else first]
    if isinstance(value, str):
        return _long(value, ids)
    if isinstance(value, list):
        return [_unpack(each, ids) for each in value]
    return value


def _short(text: str, ids: list[str]) -> str:
    """A long id becomes `#3`, or `#3.17` with a frame's revision; whatever starts with `#` already is kept so too."""
    head, dot, tail = text.partition(".")
    if len(head) < _LONG and not head.startswith("#"):
        return text
    if head not in ids:
        ids.append(head)
    return f"#{ids.index(head)}{dot}{tail}"


def _long(text: str, ids: list[str]) -> str:
    head, dot, tail = text.partition(".")
    if not head.startswith("#") or not head[1:].isdecimal() or int(head[1:]) >= len(ids):
        return text
    return f"{ids[int(head[1:])]}{dot}{tail}"


def _list(value: Json | object) -> list[Json]:
    return value if isinstance(value, list) else []


def _dict(value: Json | object) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _str(value: Json | object) -> str:
    return value if isinstance(value, str) else ""


def _int(value: Json | object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
