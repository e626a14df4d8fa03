"""The sales process: Salesforce's standard stages, and the state of one opportunity."""

from __future__ import annotations

from typing import NamedTuple

WON, LOST = "Closed Won", "Closed Lost"
# Stage -> default probability in percent, default forecast category by its API name.
STAGES = {
    "Prospecting": (10, "Pipeline"),
    "Qualification": (10, "Pipeline"),
    "Needs Analysis": (20, "Pipeline"),
    "Value Proposition": (50, "Pipeline"),
    "Id. Decision Makers": (60, "Pipeline"),
    "Perception Analysis": (70, "BestCase"),
    "Proposal/Price Quote": (75, "BestCase"),
    "Negotiation/Review": (90, "Forecast"),
    WON: (100, "Closed"),
    LOST: (0, "Omitted"),
}
OPEN_STAGES = tuple(STAGES)[:-2]
# Stages of the org's own, in no standard list.
UNKNOWN_OPEN, UNKNOWN_CLOSED = "Executive Sponsor Review", "Closed - Duplicate"
UNKNOWN_STAGES = {UNKNOWN_OPEN: (40, "Pipeline"), UNKNOWN_CLOSED: (0, "Omitted")}
CLOSED_STAGES = frozenset((WON, LOST, UNKNOWN_CLOSED))
DEFAULTS = STAGES | UNKNOWN_STAGES

CATEGORY_NAMES = {
    "Pipeline": "Pipeline",
    "BestCase": "Best Case",
    "Forecast": "Commit",
    "Omitted": "Omitted",
    "Closed": "Closed",
}


class State(NamedTuple):
    """What history keeps of an opportunity.

    Args:
        stage: Name of its stage.
        amount: In hundredths of its currency; None for none.
        probability: In hundredths of a percent; None for none.
        close_date: Days since 1970.
        category: Forecast category, by its API name.
    """

    stage: str
    amount: int | None
    probability: int | None
    close_date: int
    category: str

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self.stage not in CLOSED_STAGES

    @property
    def expected_revenue(self) -> int | None:
        """Amount times probability, in hundredths, rounded as Salesforce shows it."""
        if self.amount is None or self.probability is None:
            return None
        return (self.amount * self.probability + 5_000) // 10_000

    def entering(self, stage: str) -> State:
        """Give the state in another stage, with that stage's probability and category."""
        probability, category = DEFAULTS[stage]
        return self._replace(stage=stage, probability=probability * 100, category=category)
