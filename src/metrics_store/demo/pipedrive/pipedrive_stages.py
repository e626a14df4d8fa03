"""The sales process: its stages, how deals move through them, and why they are lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage.

    Args:
        name: Its name as the fields' options spell it.
        typical_days: Median number of days a deal stays.
        advance: Chance that it then moves on; the others are lost or go back.
    """

    name: str
    typical_days: float
    advance: float


STAGES = {
    1: Stage("Lead Generation", 11, 0.66),
    2: Stage("Qualified Lead", 16, 0.60),
    3: Stage("Needs Assessment", 21, 0.66),
    4: Stage("Proposal/Quote Preparation", 18, 0.62),
    5: Stage("Negotiation", 27, 0.64),
    6: Stage("Closing", 14, 0.78),
    7: Stage("Implementation/Onboarding", 45, 0.90),
    8: Stage("Follow-up/Customer Success", 90, 0.72),
    9: Stage("Renewal/Expansion", 200, 0.00),
}
LAST_STAGE = max(STAGES)
# The stages table spells this stage unlike the fields' options; both mean the same.
STAGE_SPELLINGS = {2: "Qualified lead"}

GOES_BACK = 0.04
# Forgotten in its stage: never moved and never lost.
STALLS = 0.06
SKIPS_ONE = 0.09
SKIPS_TWO = 0.02
# A renewed customer mostly stays: the deal remains open.
CHURNS = 0.25

LOST_REASONS = {
    1: "Customer Not Ready",
    2: "Pricing Issues",
    3: "Unreachable Customer",
    4: "Product Mismatch",
    5: "Duplicate Entry",
}
LOST_REASON_WEIGHTS = (26, 24, 30, 14, 6)
RELABELS = 0.02
REOPENS = 0.03

MEETING, SECOND_CALL, FOLLOW_UP, AFTER_CLOSE = "meeting", "sc_2", "follow_up", "after_close_call"
# Key -> name and whether the type is active; follow-ups are retired and still have rows.
ACTIVITY_TYPES = {
    MEETING: ("Sales Call 1", "Yes"),
    SECOND_CALL: ("Sales Call 2", "Yes"),
    FOLLOW_UP: ("Follow Up Call", "No"),
    AFTER_CLOSE: ("After Close Call", "Yes"),
}
