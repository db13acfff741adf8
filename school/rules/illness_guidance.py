"""Is it all right to come in? What the NHS and UKHSA say of common illnesses, in answer to a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# UKHSA's exclusion table of 21 February 2024, with its list from A to Z of 12 September 2024, and the NHS's
# "Is my child too ill for school?" (domain.md, section 6).
UKHSA, NHS = "UKHSA, 21 February 2024", "NHS, Is my child too ill for school?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What is advised of one illness.

    `says` names the message; `keeps_off` whether a child with it stays at home, None where that depends on the child;
    `rule` is the rule in words for staff; `source` where it stands.
    """

    says: str
    keeps_off: bool | None
    rule: str
    source: str = UKHSA


GUIDANCE: Mapping[str, Guidance] = MappingProxyType(
    {
        "fever": Guidance(says="fever", keeps_off=True, rule="38 C or more: until it has gone and well", source=NHS),
        "mild": Guidance(says="mild", keeps_off=False, rule="no temperature and otherwise well: attend", source=NHS),
        "stomach": Guidance(says="stomach", keeps_off=True, rule="48 hours after the last episode"),
        "chickenpox": Guidance(says="chickenpox", keeps_off=True, rule="5 days from the rash and all crusted"),
        "flu": Guidance(says="recovered", keeps_off=True, rule="until recovered"),
        "covid": Guidance(says="covid", keeps_off=True, rule="3 days after the day of the test, then if well"),
        "scarlet_fever": Guidance(says="antibiotics", keeps_off=True, rule="24 hours after starting antibiotics"),
        "impetigo": Guidance(says="impetigo", keeps_off=True, rule="crusted and healed, or 48 hours of antibiotics"),
        "measles": Guidance(says="measles", keeps_off=True, rule="4 days from the rash and well"),
        "rubella": Guidance(says="rash", keeps_off=True, rule="5 days from the rash"),
        "mumps": Guidance(says="swelling", keeps_off=True, rule="5 days from the swelling"),
        # Without antibiotics two figures go about (21 days, and 14), so that is for a doctor to say.
        "whooping_cough": Guidance(says="whooping", keeps_off=True, rule="48 hours after starting antibiotics"),
        "scabies": Guidance(says="treated", keeps_off=True, rule="after the first treatment"),
        "treat": Guidance(says="treat", keeps_off=False, rule="treat, and tell the teacher"),
        "well": Guidance(says="well", keeps_off=False, rule="attend if well"),
        "ear": Guidance(says="ear", keeps_off=None, rule="off with a high temperature or severe earache", source=NHS),
        "shingles": Guidance(says="shingles", keeps_off=None, rule="off only if it weeps and cannot be covered"),
    }
)
"""Whatever is not in here (meningitis, tuberculosis, anything that worries) is for a person, and for NHS 111."""
