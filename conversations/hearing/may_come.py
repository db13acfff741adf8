"""Whether an ill child comes in all the same, may come later, or the parent only wonders what to do."""

from __future__ import annotations

from conversations.hearing.weighing import Weighing


def may_come(weigh: Weighing) -> bool:
    """ "If it doesn't happen again I'll bring her after lunch": how much of the day is missed is not known yet."""
    hoped = any(
        sign.hypothetical and sign.table == "say" and sign.name in {"present", "arriving", "late"} for sign in weigh.all
    )
    return hoped and weigh.in_part()


def wonders(weigh: Weighing) -> bool:
    """Whether the parent asks what to do, or will see: "do I keep her off?", "we'll see how he is in the morning"."""
    asks = any(sign.table == "talk" and sign.name == "illness_question" and not sign.negated for sign in weigh.all)
    return asks or (weigh.around.evening and any(segment.hedged_from is not None for segment in weigh.segments))


def coming(weigh: Weighing) -> bool:
    """Whether an ill child is said to come in all the same, today and not only for a part of it."""
    present = [
        sign for sign in weigh.of("say", "present", "better", plain=False) if not sign.after_to and not sign.negated
    ]
    dated = {segment.number for segment in weigh.segments for each in segment.days if each[2].role == "on"}
    return any(sign.segment not in dated for sign in present) and not weigh.around.until and not weigh.in_part()
