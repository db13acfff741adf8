"""What the school sends unasked, in a set of turns: what goes now, several as one text, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.replies import Reply
from conversations.shaping import Outbound
from school import unasked
from school.records.queues import Waiting
from school.rules.sms import is_gsm7, segments_of
from school.unasked import Said, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push of the school's own that is due: whether its family is busy there, and its words where they are ready."""

    row: Waiting
    busy: bool
    words: str | None = None


def is_unasked(row: Waiting) -> bool:
    """Whether an inbox row counts in a family's budget."""
    return row.kind == "push" and bool(row.payload.get("unasked"))


def admitted(session: Session, pushes: Iterable[Push], *, now: datetime) -> dict[str, Verdict]:
    """What becomes of each of these pushes now, by its inbox row."""
    by_school: dict[str, list[unasked.Waiting]] = defaultdict(list)
    for each in pushes:
        segments = segments_of(each.words) if each.words else None
        by_school[each.row.school_id].append(unasked.Waiting(id=each.row.id, busy=each.busy, segments=segments))
    found: dict[str, Verdict] = {}
    for school_id, due in sorted(by_school.items()):
        found |= unasked.admit(session, school_id, due, now=now)
    return found


def in_order(rows: Sequence[Waiting], verdicts: Mapping[str, Verdict]) -> list[Waiting]:
    """The rows of a thread, what goes as one text in the order in which it is said: a question last."""
    place = {each: at for verdict in verdicts.values() for at, each in enumerate(verdict.others)}
    return sorted(rows, key=lambda row: place.get(row.id, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The messages of a thread's set: replies, rows of words that were ready, and which text each went into."""

    replies: list[Reply]
    words: list[dict[str, Any]]
    into: dict[str, str]


def joined(
    found: Sequence[Reply],
    words: Sequence[dict[str, Any]],
    bodies: Mapping[str, str],
    verdicts: Iterable[Verdict],
    *,
    channel: str,
) -> Joined:
    """Makes one text of what goes together: words that are ready first, then what a flow says, its question last."""
    made = Joined(replies=list(found), words=list(words), into={})
    for group in dict.fromkeys(each.others for each in verdicts if each.others):
        own = [row for row in made.words if row["inbox_id"] in group and bodies.get(row["inbox_id"])]
        said = sorted((each for each in made.replies if each.inbox_id in group), key=lambda each: _at(each, group))
        if len(own) + len(said) < 2:
            continue
        texts = [bodies[row["inbox_id"]] for row in own] + [out.text for each in said for out in each.outbounds]
        into = str(own[0]["inbox_id"] if own else said[0].inbox_id)
        text = "\n".join(texts)
        last = said[-1] if said else None
        outbound = Outbound(
            text=text,
            segments=segments_of(text) if channel == "sms" else 1,
            encoding="unicode" if channel != "sms" else "gsm7" if is_gsm7(text) else "ucs2",
            buttons=last.outbounds[-1].buttons if last else (),
            keys=tuple(key for each in said for out in each.outbounds for key in out.keys),
        )
        purpose = last.purpose if last else str(own[0]["purpose"])
        one = Reply(outbounds=(outbound,), inbox_id=into, token=last.token if last else "", purpose=purpose)
        made.replies[:] = [*(each for each in made.replies if each not in said), one]
        made.words[:] = [row for row in made.words if row not in own]
        made.into.update({str(row["inbox_id"]): into for row in own})
        made.into.update({str(each.inbox_id): into for each in said})
    return made


def _at(reply: Reply, group: Sequence[str]) -> int:
    return group.index(reply.inbox_id) if reply.inbox_id in group else len(group)


def settle(
    session: Session,
    school_id: str,
    inbox: Iterable[Mapping[str, Any]],
    said: Iterable[str],
    into: Mapping[str, str],
    verdicts: Mapping[str, Verdict],
    *,
    now: datetime,
) -> None:
    """Writes down what became of the pushes that were let go: said, or nothing to say, or put aside once more."""
    went = {each for each, verdict in verdicts.items() if verdict.goes}
    handled = {row["of_row"]: row for row in inbox if row["of_row"] in went}
    spoken = set(said)
    ended = [
        Said(id=each, said=each in spoken, into=into.get(each))
        for each, row in handled.items()
        if row["status"] != "waiting"
    ]
    aside = {each: row["available_at"] for each, row in handled.items() if row["status"] == "waiting"}
    if aside:
        unasked.put_aside(session, school_id, aside)
    if ended:
        unasked.settle(session, school_id, ended, now=now)
