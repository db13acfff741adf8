"""From what turns say to rows that wait to be sent: every receipt of a set, and only its last question."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.contexts import Scene
from conversations.acts import Turn, WorryHeard
from conversations.shaping import Abilities, Outbound, shape
from school.records.base import new_id
from school.records.queues import ThreadRow

# An answer that is half a day old is no answer any more.
REPLY_EXPIRES = timedelta(hours=12)

# Broadcasts are claimed when nothing else waits.
AFTER_REPLIES = 5

# Three texts in ten minutes, each answered by the same words: two machines talk (design.md, section 9).
SAME_REPLIES = 3
SAME_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A turn, the inbox row that it was given for, and what its words are for: a reply, a chase, a notice, …"""

    turn: Turn
    inbox_id: str | None
    purpose: str = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What one turn answers: the messages, the inbox row that they answer, their purpose, and whether to a worry."""

    outbounds: tuple[Outbound, ...]
    inbox_id: str | None
    token: str
    purpose: str = "reply"
    restricted: bool = False


def replies(scene: Scene, turns: Sequence[Answered], abilities: Abilities) -> list[Reply]:
    """The replies to a thread's turns, in order."""
    found = []
    for number, answered in enumerate(turns):
        turn = answered.turn
        last = number == len(turns) - 1
        says = turn.says if last else tuple(say for say in turn.says if not say.options)
        if not says:
            continue
        # Who answers by digits has no use for buttons.
        screen = replace(abilities, buttons=0) if turn.state.numbers else abilities
        shaped = shape(says, lang=turn.state.lang, abilities=screen, context=scene.context)
        token = turn.state.ask.token if turn.state.ask else ""
        worried = any(isinstance(effect, WorryHeard) for effect in turn.effects)
        found.append(
            Reply(
                outbounds=shaped,
                inbox_id=answered.inbox_id,
                token=token,
                purpose=answered.purpose,
                restricted=worried,
            )
        )
    return found


def guarded(thread: ThreadRow, texts: Sequence[str], *, now: datetime) -> tuple[ThreadRow, bool]:
    """The thread with its count of equal answers, and whether this one may go: the one beyond the third may not."""
    said = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    fresh = thread.same_reply_since is not None and now - thread.same_reply_since <= SAME_WITHIN
    if not fresh or thread.same_reply_hash != said:
        return replace(thread, same_reply_hash=said, same_reply_count=1, same_reply_since=now, looping=False), True
    count = thread.same_reply_count + 1
    return replace(thread, same_reply_count=count, looping=count > SAME_REPLIES), count <= SAME_REPLIES


def rows(scene: Scene, found: Sequence[Reply], *, now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The message and outbox rows of replies."""
    messages, outbox = [], []
    for reply in found:
        for outbound in reply.outbounds:
            message_id = new_id(now)
            buttons = [[label, f"{reply.token}:{key}"] for key, label in outbound.buttons]
            restricted = reply.restricted or reply.purpose == "worry"
            # That somebody was told of a worry would tell of it (care rule 8).
            messages.append(_message(scene, message_id, outbound, buttons, now, restricted=restricted))
            outbox.append(
                queued(
                    scene.thread,
                    message_id,
                    message_at=now,
                    inbox_id=reply.inbox_id,
                    segments=outbound.segments,
                    purpose=reply.purpose,
                    now=now,
                )
            )
    return messages, outbox


def _message(
    scene: Scene,
    message_id: str,
    outbound: Outbound,
    buttons: list[list[str]],
    now: datetime,
    *,
    restricted: bool,
) -> dict[str, Any]:
    return {
        "school_id": scene.thread.school_id,
        "id": message_id,
        "at": now,
        "thread_id": scene.thread.id,
        "direction": "out",
        "body": outbound.text,
        "author": "",
        "media": 0,
        "said": list(outbound.keys),
        "buttons": buttons,
        # What is said where the lead holds the thread, or because of a worry, stays with the lead.
        "restricted": restricted or "person.worry" in outbound.keys or scene.thread.lead_holds,
        "purge_after": now + timedelta(days=scene.house.settings.retention_days),
    }


def queued(
    thread: ThreadRow,
    message_id: str,
    *,
    message_at: datetime,
    inbox_id: str | None,
    now: datetime,
    segments: int = 1,
    purpose: str = "reply",
) -> dict[str, Any]:
    """An outbox row for words that are stored already."""
    values: Mapping[str, Any] = {
        "school_id": thread.school_id,
        "id": new_id(now),
        "thread_id": thread.id,
        "line_id": thread.line_id,
        "channel": thread.channel,
        "address": thread.address,
        "message_id": message_id,
        "message_at": message_at,
        "inbox_id": inbox_id,
        "purpose": purpose,
        # What waits behind a message to everybody is never a reply (design.md, section 2).
        "priority": AFTER_REPLIES if purpose == "broadcast" else 0,
        "segments": segments,
        "status": "queued",
        "tries": 0,
        "provider_id": None,
        "error_code": "",
        "created_at": now,
        "available_at": now,
        "expires_at": now + REPLY_EXPIRES,
        "claimed_at": None,
        "claimed_by": "",
        "sent_at": None,
        "settled_at": None,
    }
    return dict(values)
