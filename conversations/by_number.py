"""Numbers alone: a parent who chose them is asked by menus, and a menu stands wherever words would be asked for."""

from __future__ import annotations

from dataclasses import replace

from conversations import filing
from conversations.acts import Heard, Say, Topic
from conversations.flows import absence, menu
from conversations.flows.person import ROUTES
from conversations.frame import filled
from conversations.my_reports import my_reports
from conversations.state import Frame
from conversations.talk import Talk, reading
from conversations.told import NumbersChosen


def choose(talk: Talk, *, numbers: bool) -> None:
    """From now on by numbers alone, or in words and buttons again; what was asked is asked again so."""
    talk.readings.append(reading("numbers" if numbers else "words"))
    talk.context = replace(talk.context, numbers=numbers)
    talk.effects.append(NumbersChosen(numbers=numbers))
    talk.notices.append(Say(key="numbers.on" if numbers else "numbers.off"))
    show_menu(talk)


def show_menu(talk: Talk) -> bool:
    """Asks what it is about, where nothing else is asked of who answers by digits; whether it does."""
    if not talk.context.numbers or talk.stack or talk.context.staff_speaking:
        return False
    talk.open(Frame(id=talk.new_id(), flow=menu.NAME))
    filing.question(talk)
    return True


def over(talk: Talk, heard: Heard) -> None:
    """Whatever does not choose from the menu takes it off the screen: it is never in the way of a report."""
    for frame in [each for each in talk.stack if each.flow == menu.NAME]:
        picked = heard.pick is not None and heard.pick <= len(menu.OPTIONS)
        if heard.command is not None or talk.asked is not frame or not (picked or heard.option in menu.OPTIONS):
            talk.drop(frame)


def chosen(talk: Talk, frame: Frame, key: str) -> None:
    """What was chosen from the menu, as if it had been said in words."""
    talk.drop(frame)
    if key == menu.PERSON:
        route = ROUTES[Topic.HUMAN]
        talk.readings.append(reading(Topic.HUMAN))
        talk.to_person(route.why, key=route.key, topic=Topic.HUMAN)
    elif key == menu.REPORTS:
        talk.readings.append(reading("reports"))
        talk.notices.append(my_reports(talk.context))
    else:
        told = Frame(id=talk.new_id(), flow=absence.NAME, message=talk.message)
        told = filled(told, absence.by_kind(key), "chosen")
        talk.open(told)
        talk.readings.append(talk.flow(told).reading(talk.settled(told), talk.context))
