"""Orders to the service: whole messages, so that nothing else is in them. The question that stood stands again."""

from __future__ import annotations

from conversations import by_number, choosing, corrections
from conversations.acts import Command, Heard, OptedIn, Say, Topic
from conversations.flows.person import ROUTES
from conversations.my_reports import my_reports
from conversations.talk import Talk, reading
from conversations.told import QuietChosen


def obey(talk: Talk, heard: Heard, command: Command) -> None:
    """Does what was ordered. Opting out is no business of this: it decides the whole turn, before anything else."""
    if command is Command.UNDO:
        talk.readings.append(reading("undo"))
        corrections.undo(talk)
    elif command is Command.HELP:
        talk.readings.append(reading("help"))
        talk.notices.append(Say(key="help"))
        by_number.show_menu(talk)
    elif command is Command.PERSON:
        talk.readings.append(reading(Topic.HUMAN))
        route = ROUTES[Topic.HUMAN]
        talk.to_person(route.why, key=route.key, topic=Topic.HUMAN)
    elif command is Command.START:
        talk.readings.append(reading("start"))
        talk.effects.append(OptedIn())
        talk.notices.append(Say(key="opted_in"))
    elif command is Command.LANGUAGE:
        choosing.change_language(talk, heard.target)
    elif command in (Command.QUIET, Command.ASK):
        talk.readings.append(reading(command))
        talk.effects.append(QuietChosen(quiet=command is Command.QUIET))
        talk.notices.append(Say(key=f"quiet.{command}"))
    elif command in (Command.NUMBERS, Command.WORDS):
        by_number.choose(talk, numbers=command is Command.NUMBERS)
    elif command is Command.REPORTS:
        talk.readings.append(reading("reports"))
        talk.notices.append(my_reports(talk.context))
    elif command is Command.IDENTITY:
        talk.readings.append(reading("identity"))
        talk.notices.append(Say(key="identity"))
