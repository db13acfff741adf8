"""Pictures and documents: taken only where staff asked this parent for one; else a person is told that one came."""

from __future__ import annotations

from dataclasses import replace

from conversations.acts import Heard, Text
from conversations.beside_staff import is_plain
from conversations.offered import EvidenceSent
from conversations.talk import Talk


def is_asked_for(talk: Talk, text: Text) -> bool:
    """Whether what came with a text is what staff asked this contact for, and can be fetched."""
    return bool(text.file and talk.context.evidence)


def plain(talk: Talk, text: Text, heard: Heard) -> Heard:
    """Of the words that answer what staff asked to be shown only plain reports are heard, a person reads the others.

    'The appointment card' is no appointment, and 'I can bring it tomorrow' no day off. What was asked otherwise is
    answered as ever.
    """
    answers = talk.context.evidence_new and not (talk.ask or talk.context.expects)
    if not (answers or is_asked_for(talk, text)):
        return heard
    return replace(heard, clauses=tuple(clause for clause in heard.clauses if is_plain(clause)))


def take(talk: Talk, text: Text) -> None:
    """Passes on what was asked for, of which more is said once it is kept; of the rest a person is told."""
    if is_asked_for(talk, text):
        talk.effects.append(EvidenceSent(request=talk.context.evidence, message=text.id))
    else:
        talk.to_person("media", key="person.media")
