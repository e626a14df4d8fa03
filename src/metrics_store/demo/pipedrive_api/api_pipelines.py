"""Two pipelines with stages of one name, and how deals go through them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ApiStage:
    """One stage of one pipeline; the probability, in percent, is that of deals in it."""

    id: int
    name: str
    pipeline_id: int
    order: int
    probability: int | None
    typical_days: float


PIPELINES = {1: "New business", 2: "Renewals"}
STAGES = [
    ApiStage(11, "Lead Generation", 1, 1, 10, 12),
    ApiStage(12, "Qualified lead", 1, 2, 20, 18),
    ApiStage(13, "Needs Assessment", 1, 3, 40, 22),
    ApiStage(14, "Proposal/Quote Preparation", 1, 4, 60, 20),
    ApiStage(15, "Negotiation", 1, 5, 80, 25),
    ApiStage(21, "Qualified lead", 2, 1, 50, 25),
    ApiStage(22, "Negotiation", 2, 2, 90, 15),
    # Nobody gave it a probability.
    ApiStage(23, "Renewal/Expansion", 2, 3, None, 40),
]
BY_ID = {stage.id: stage for stage in STAGES}
OF_PIPELINE = {
    pipeline: [stage.id for stage in STAGES if stage.pipeline_id == pipeline]
    for pipeline in PIPELINES
}
LOST_REASONS = ("Customer Not Ready", "Pricing Issues", "Unreachable Customer", "Product Mismatch")
INDUSTRIES = ("Energy", "Retail", "Software", "Education")
PLACES = (
    ("Berlin", "Berlin", "Germany"),
    ("Austin", "Texas", "United States"),
    ("Leeds", "England", "United Kingdom"),
)
