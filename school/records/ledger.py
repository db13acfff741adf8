"""The ledger on disk: entries collected during a transaction, then numbered and chained under one lock at its end."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school.records.staff import LedgerHead, LedgerRow

_COLLECTED = "ledger"
# Read in runs, so that the ledger of a large school passes through memory a piece at a time.
_RUN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change: who (`contact:ID`, `user:ID`, `token:ID`, `system`) did what to which thing.

    `detail` holds ids, codes and days, never words, names or numbers. `restricted`: for the safeguarding lead alone.
    """

    school_id: str
    actor: str
    verb: str
    subject: str
    subject_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    restricted: bool = False


def collect(session: Session, entry: Entry, *, now: datetime) -> None:
    """Keeps an entry until the transaction's end, when `write_collected` chains it."""
    session.info.setdefault(_COLLECTED, []).append((entry, now))


def write_collected(session: Session) -> None:
    """Writes what the transaction's verbs collected. Heads are locked now, last of all, in the order of schools."""
    by_school: dict[str, list[tuple[Entry, datetime]]] = defaultdict(list)
    for entry, at in session.info.pop(_COLLECTED, []):
        by_school[entry.school_id].append((entry, at))
    if not by_school:
        return
    session.flush()
    heads = _locked_heads(session, sorted(by_school))
    rows = [row for school_id, head in heads.items() for row in _chained(head, by_school[school_id])]
    session.execute(insert(LedgerRow), rows)
    session.flush()


def forget_collected(session: Session) -> None:
    """Drops the entries of a transaction that is rolled back."""
    session.info.pop(_COLLECTED, None)


def _locked_heads(session: Session, school_ids: Sequence[str]) -> dict[str, LedgerHead]:
    heads = _heads(session, school_ids)
    if missing := [school_id for school_id in school_ids if school_id not in heads]:
        # Two processes may write a school's first entry at once: the loser waits here, then reads the winner's head.
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        rows = [{"school_id": school_id, "number": 0, "hash": ""} for school_id in missing]
        session.execute(dialect.insert(LedgerHead).values(rows).on_conflict_do_nothing())
        heads = _heads(session, school_ids)
    return heads


def _heads(session: Session, school_ids: Sequence[str]) -> dict[str, LedgerHead]:
    wanted = select(LedgerHead).where(LedgerHead.school_id.in_(school_ids)).order_by(LedgerHead.school_id)
    found = session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True})
    return {head.school_id: head for head in found}


def _chained(head: LedgerHead, entries: Sequence[tuple[Entry, datetime]]) -> Iterator[dict[str, Any]]:
    for entry, at in entries:
        row: dict[str, Any] = {
            "school_id": entry.school_id,
            "number": head.number + 1,
            "at": at.astimezone(UTC),
            "actor": entry.actor,
            "verb": entry.verb,
            "subject": entry.subject,
            "subject_id": entry.subject_id,
            "detail": dict(entry.detail),
            "restricted": entry.restricted,
            "previous_hash": head.hash,
        }
        row["hash"] = _hash(row)
        head.number, head.hash = row["number"], row["hash"]
        yield row


def _hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the entry and the hash before it, in a form that both databases give back unchanged."""
    said = {name: value for name, value in row.items() if name != "hash"} | {"at": row["at"].isoformat()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def first_broken(session: Session, school_id: str) -> int | None:
    """The number of the first entry that is missing, altered or torn from its chain; None where all is whole."""
    number, last = 0, ""
    columns = LedgerRow.__table__.columns
    wanted = select(LedgerRow.__table__).where(columns.school_id == school_id).order_by(columns.number)
    while run := session.execute(wanted.where(columns.number > number).limit(_RUN)).mappings().all():
        for row in run:
            if row["number"] != number + 1 or row["previous_hash"] != last or row["hash"] != _hash({**row}):
                return number + 1
            number, last = row["number"], row["hash"]
    head = session.get(LedgerHead, school_id, populate_existing=True)
    stands = (head.number, head.hash) if head is not None else (0, "")
    return None if stands == (number, last) else number + 1
