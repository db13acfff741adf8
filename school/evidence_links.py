"""The one link that a text may hold: to the page where an asked contact uploads one file, once."""

from __future__ import annotations

import re
import secrets
import string
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from school.evidence import may_be_asked, mourns
from school.records.evidence import EvidenceRequest
from school.records.evidence_queries import OPEN, evidence_of_link, evidence_of_push, held_since
from school.records.prompt_queries import siblings

# Letters and digits alone, so that every phone sees where a link ends; 62 to the power of 22 is more than 2 to the 130.
ALPHABET = string.ascii_letters + string.digits
TOKEN_LETTERS = 22
PREFIX = "/e/"
PATH = f"{PREFIX}{{token}}"
# A longer one would take the text beyond its segments: the family is asked to show it at the office.
LONGEST_LINK = 68
# The channel of what was uploaded.
PAGE = "page"

_TOKEN = re.compile(f"[0-9A-Za-z]{{{TOKEN_LETTERS}}}", re.ASCII)
_LINK = re.compile(rf"({re.escape(PREFIX)})[0-9A-Za-z]{{{TOKEN_LETTERS}}}\b", re.ASCII)


def new_token() -> str:
    """A token that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LETTERS))


def link_of(address: str, token: str) -> str:
    """The link with that token; "" where there is no public address, or it is too long for a text."""
    link = f"{address}{PREFIX}{token}" if address else ""
    return link if len(link) <= LONGEST_LINK else ""


def masked(words: str) -> str:
    """A text as it is shown to anybody but its parent: whoever reads it could use its link."""
    return _LINK.sub(r"\1…", words)


def hand_out(session: Session, school_id: str, thread_id: str, inbox_id: str, token: str) -> None:
    """The text that this push became holds the link: it opens the page from now on. A link before it is over."""
    row = evidence_of_push(session, school_id, inbox_id, thread_id)
    if row is not None:
        row.link_hash = _hash(token)


def request_of(session: Session, token: str, *, now: datetime, lock: bool = False) -> EvidenceRequest | None:
    """What a link asks for; None where there never was such a link or it is over, which nobody can tell apart.

    It ends with the first file, with the request, on the request's last day, once the contact may not be told any more,
    with a death in the family, and with a hold that stands or stood on the family since it was asked.
    """
    if _TOKEN.fullmatch(token) is None:
        return None
    row = evidence_of_link(session, _hash(token), lock=lock)
    if row is None or row.status not in OPEN or row.until <= now:
        return None
    pupils = [str(each) for each in row.pupil_ids]
    if not may_be_asked(session, row.school_id, row.contact_id, pupils):
        return None
    family = siblings(session, row.school_id, pupils)
    if held_since(session, row.school_id, family, row.asked_at) or mourns(session, row.school_id, family, now=now):
        return None
    return row


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
