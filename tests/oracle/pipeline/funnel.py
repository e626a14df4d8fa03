"""The funnel of Salesforce: stage entries as steps, and the entry into a lost stage as the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.facts import FunnelFacts
from oracle.oracle import Oracle
from oracle.steps import LOST, STAGE_STEPS

if TYPE_CHECKING:
    from oracle.facts import Fact as FunnelFact
    from oracle.pipeline.dimensions import Fact
    from oracle.pipeline.oracle import PipelineOracle

KPI_NAMES = {step: kpi_name for kpi_name, step in STAGE_STEPS.values()}


def salesforce_funnel(pipeline: PipelineOracle) -> Oracle:
    """Give an oracle that answers the funnel's metrics from an opportunity's stage entries.

    An opportunity is one deal; its owner is the one at the entry. The reason is that of the loss in
    which the opportunity stands.
    """
    entries = [
        (
            _event(entry, position),
            entry["stage_category"],
            entry["lost_reason"] if entry["exit"] is None else None,
        )
        for position, entry in enumerate(pipeline.facts.stage_entries)
    ]
    losses = [
        {**event, "lost_reason": reason, "kpi_name": LOST, "funnel_step": LOST}
        for event, category, reason in entries
        if category == "lost"
    ]
    facts = FunnelFacts([event for event, *_ in entries], losses, activities=[])
    settings = pipeline.settings
    return Oracle(facts, settings.source_dt, settings.fiscal_year_start_month)


def _event(entry: Fact, position: int) -> FunnelFact:
    return {
        "time": entry["time"],
        "position": position,
        "deal_id": entry["opportunity"],
        "opportunity": entry["opportunity"],
        "lost_reason": None,
        "owner": entry["owner"],
        "owner_name": entry["owner__owner_name"],
        "stage_name": entry["stage_entry__stage_name"],
        "kpi_name": KPI_NAMES.get(entry["funnel_step"]),
        "funnel_step": entry["funnel_step"],
    }
