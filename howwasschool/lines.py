"""Our own addresses: the first ones come from the settings and belong to the only school there is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from howwasschool.settings import Settings
from school.records.people import Line
from school.schools import add_line, schools

# A rehearsal without a provider's settings still needs numbers of its own: Ofcom keeps this one for drama.
REHEARSAL_NUMBER = "+447700900000"
REHEARSAL_BOT = "1000"


def wanted_lines(settings: Settings, *, rehearsal: bool) -> dict[str, str]:
    """The address of each channel that these settings bring, by the channel's name."""
    sms = settings.twilio_from or settings.twilio_messaging_service_sid
    bot = settings.telegram_token.get_secret_value().partition(":")[0] if settings.telegram_token else None
    found = {"sms": sms, "telegram": bot}
    if rehearsal:
        found = {"sms": sms or REHEARSAL_NUMBER, "telegram": bot or REHEARSAL_BOT}
    return {channel: address for channel, address in found.items() if address}


def make_first_lines(session: Session, settings: Settings, *, rehearsal: bool, now: datetime) -> list[Line]:
    """Gives the only school its lines; with several schools each line must be given by `school add --line`."""
    there = schools(session)
    if len(there) != 1:
        return []
    secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_secret else ""
    return [
        add_line(
            session,
            there[0].id,
            channel=channel,
            address=address,
            secret=secret if channel == "telegram" else "",
            now=now,
        )
        for channel, address in wanted_lines(settings, rehearsal=rehearsal).items()
    ]
