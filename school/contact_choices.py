"""What staff set for a contact after a call: the language that they read, numbers alone, quiet on how the day was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.people import Contact
from school.records.pupil_queries import locked_contact
from school.records.thread_queries import locked_threads_of


def held(session: Session, school_id: str, contact_id: str) -> Contact | None:
    """A contact, locked after its threads: a text's turn takes them in that order too."""
    locked_threads_of(session, school_id, contact_id)
    return locked_contact(session, school_id, contact_id)


def choose_for(
    session: Session,
    contact: Contact,
    *,
    language: str | None = None,
    numbers_only: bool | None = None,
    quiet: bool | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Sets what is given and leaves the rest. The caller has locked the contact.

    A language, and numbers alone, hold for the threads in which this contact alone writes; whose phone it shares keep
    theirs there.
    """
    if language is not None and language != contact.language:
        contact.language = language
        for thread in locked_threads_of(session, contact.school_id, contact.id):
            thread.language = language
            if thread.state:
                thread.state = {**thread.state, "lang": language}
        _record(session, contact, "set_language", actor, now, language=language)
    if numbers_only is not None and numbers_only != contact.numbers_only:
        contact.numbers_only = numbers_only
        for thread in locked_threads_of(session, contact.school_id, contact.id):
            thread.numbers_only = numbers_only
            if thread.state:
                thread.state = {**thread.state, "numbers": numbers_only}
        _record(session, contact, "choose_numbers" if numbers_only else "choose_words", actor, now)
    if quiet is not None and quiet != contact.quiet:
        contact.quiet = quiet
        _record(session, contact, "choose_quiet" if quiet else "choose_prompts", actor, now)
    session.flush()


def _record(session: Session, contact: Contact, verb: str, actor: str, now: datetime, **detail: str) -> None:
    contact.version += 1
    entry = Entry(
        school_id=contact.school_id, actor=actor, verb=verb, subject="contact", subject_id=contact.id, detail=detail
    )
    record(session, entry, now=now)
