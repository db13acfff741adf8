"""What a Telegram update says that a person did, in the words of every channel."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from telegram import Chat, ChatMember, Message, Update

from bot.channels.base import Arrived, Kind, cleaned, said_to_a_bot

# `/start CODE` is what Telegram makes of an invitation link; a code is as its links allow.
START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<code>[A-Za-z0-9_-]{1,64}))?\s*", re.ASCII)
STOP = re.compile(r"/stop(?:@\w+)?\s*", re.ASCII)
PRESS = re.compile(r"(?P<token>[A-Za-z0-9]{1,26}):(?P<key>.{1,60})", re.DOTALL)

LEFT = frozenset({ChatMember.BANNED, ChatMember.LEFT})


def arrived(update: Update, *, line: str) -> Arrived | None:
    """The text, press, shared contact, opting in or opting out in an update of a private chat; None for all else."""
    provider_id = f"{line}:{update.update_id}"
    if update.callback_query is not None:
        return _press(update, line, provider_id)
    if update.my_chat_member is not None:
        return _membership(update, line, provider_id)
    # An edited message is a new text: what it said before was answered already.
    message = update.message or update.edited_message
    if message is None or message.chat.type != Chat.PRIVATE:
        return None
    if update.edited_message is not None and message.text is None and message.caption is None:
        # A live location that moves, a picture put right: nothing was said.
        return None
    if message.contact is not None:
        return _contact(message, line, provider_id)
    return _text(message, line, provider_id, edited_at=message.edit_date if update.edited_message is not None else None)


def is_member(update: Update) -> bool:
    """Whether an update comes from a chat that we are still in, so that there is something to leave."""
    changed = update.my_chat_member
    return changed is None or changed.new_chat_member.status not in LEFT


def _press(update: Update, line: str, provider_id: str) -> Arrived | None:
    query = update.callback_query
    if query is None or (query.message is not None and query.message.chat.type != Chat.PRIVATE):
        return None
    found = PRESS.fullmatch(query.data or "")
    # A press carries no time of its own: its message's is that of the question.
    return Arrived(
        channel="telegram",
        line=line,
        sender=str(query.from_user.id),
        provider_id=provider_id,
        kind="press",
        payload={"token": found["token"], "key": cleaned(found["key"])} if found else {"token": "", "key": ""},
    )


def _membership(update: Update, line: str, provider_id: str) -> Arrived | None:
    changed = update.my_chat_member
    if changed is None or changed.chat.type != Chat.PRIVATE:
        return None
    kind: Kind = "left" if changed.new_chat_member.status in LEFT else "start"
    if kind == "start" and changed.old_chat_member.status not in LEFT:
        return None
    return Arrived(
        channel="telegram",
        line=line,
        sender=str(changed.chat.id),
        provider_id=provider_id,
        kind=kind,
        at=_utc(changed.date),
        payload={} if kind == "left" else {"code": ""},
    )


def _contact(message: Message, line: str, provider_id: str) -> Arrived:
    contact = message.contact
    # Anybody can pass on a card of anybody; only one's own, shared by the button, proves a number.
    own = contact is not None and message.from_user is not None and contact.user_id == message.from_user.id
    digits = re.sub(r"[^\d]", "", contact.phone_number) if contact is not None else ""
    return Arrived(
        channel="telegram",
        line=line,
        sender=str(message.chat.id),
        provider_id=provider_id,
        kind="contact",
        at=_utc(message.date),
        payload={"phone": f"+{digits}" if own and digits else ""},
    )


def _text(message: Message, line: str, provider_id: str, *, edited_at: datetime | None) -> Arrived | None:
    text = cleaned(message.text or message.caption or "")
    media = 0 if message.effective_attachment is None else 1
    if not text and not media and message.text is None:
        # Something of the app's own: a timer, a background, a permission.
        return None
    kind: Kind = "stop" if STOP.fullmatch(text) else (said_to_a_bot(text) or "text")
    file = _file(message)
    payload = {"file": file} if file else {}
    if start := START.fullmatch(text):
        kind, payload = "start", {"code": start["code"] or ""}
    return Arrived(
        channel="telegram",
        line=line,
        sender=str(message.chat.id),
        provider_id=provider_id,
        text=text,
        kind=kind,
        at=_utc(edited_at or message.date),
        media=media,
        payload=payload,
    )


def _file(message: Message) -> str:
    """Telegram's own name for a picture (the largest of its sizes) or a document; "" for voices, films and the like."""
    if message.photo:
        return message.photo[-1].file_id
    # A moving picture comes as a document too, and so named besides.
    if message.document is not None and message.animation is None:
        return message.document.file_id
    return ""


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
