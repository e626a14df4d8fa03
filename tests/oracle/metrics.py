"""Each metric's definition: what is counted, or which two metrics are put in relation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from oracle.steps import LOST, RATE_PAIRS, STAGE_PAIRS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from oracle.facts import Fact


@dataclass(frozen=True)
class Count:
    """A number of rows of `facts`, or of the different values of one of their columns."""

    facts: str
    keep: Callable[[Fact], bool] = lambda _: True
    distinct: str | None = None


@dataclass(frozen=True)
class Ratio:
    """One count over another; None where the second is 0."""

    numerator: Count
    denominator: Count


@dataclass(frozen=True)
class Growth:
    """(this - previous) / previous of a count by month."""

    of: Count
    months: int


Metric = Count | Ratio | Growth


def _in_step(step: str, fact: Fact) -> bool:
    return bool(fact["funnel_step"] == step)


def _converted(step: str, limit: float, fact: Fact) -> bool:
    return _in_step(step, fact) and fact["days"] is not None and fact["days"] <= limit


def _of_type(types: tuple[str, ...], fact: Fact) -> bool:
    return fact["activity_type"] in types


def _first_entries(step: str) -> Count:
    return Count("first_entries", partial(_in_step, step), "deal_id")


FUNNEL_DEALS = Count("funnel_events", distinct="opportunity")
METRICS: dict[str, Metric] = {
    "funnel_deals": FUNNEL_DEALS,
    "funnel_deals_first_entry": Count("first_entries", distinct="deal_id"),
    "lost_deals": Count("funnel_events", partial(_in_step, LOST), "opportunity"),
    "deals_worked": Count("activities", lambda fact: fact["deal_id"] is not None, "opportunity"),
    "activities_completed": Count("activities"),
    "sales_call_1_completed": Count("activities", partial(_of_type, ("meeting",))),
    "sales_call_2_completed": Count("activities", partial(_of_type, ("sc_2",))),
    "other_activities": Count("activities", partial(_of_type, ("follow_up", "after_close_call"))),
    "stage_entries": Count("stage_entries"),
    "funnel_deals_mom": Growth(FUNNEL_DEALS, 1),
    "funnel_deals_yoy": Growth(FUNNEL_DEALS, 12),
}
for _step, _word in WORDS.items():
    METRICS[f"{_word}_deals"] = Count("funnel_events", partial(_in_step, _step), "opportunity")
for _step, _next in RATE_PAIRS:
    _name = f"{WORDS[_step]}_to_{WORDS[_next]}"
    METRICS[f"{_name}_rate"] = Ratio(_first_entries(_next), _first_entries(_step))
for _step, _next in STAGE_PAIRS:
    _name = f"{WORDS[_step]}_to_{WORDS[_next]}_conversion"
    _cohort = Count("conversions", partial(_in_step, _step))
    for _suffix, _limit in (("_30d", 30.0), ("_90d", 90.0), ("", float("inf"))):
        METRICS[_name + _suffix] = Ratio(
            Count("conversions", partial(_converted, _step, _limit)), _cohort
        )
