"""Each metric that is one number over the rows of its group, and the rows that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from oracle.pipeline.reductions import (
    Reduction,
    count,
    distinct_share,
    holds,
    mean,
    percentile,
    share,
    share_of_total,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oracle.pipeline.dimensions import Fact
    from oracle.pipeline.settings import Settings


@dataclass(frozen=True)
class Aggregate:
    """A reduction over `facts`; a group exists where it has at least one of these rows.

    `refused` names the periods at which the metric has no answer.
    """

    facts: str
    of: Reduction
    refused: tuple[str, ...] = ()


def _is_open_stage(fact: Fact) -> bool:
    return fact["days"] is not None


def _likely(settings: Settings, fact: Fact) -> bool:
    chance, days = fact["probability"], fact["days_ahead"]
    likely = chance is not None and chance >= settings.likely_probability
    return likely and days is not None and 0 <= days <= settings.likely_days


def _long(settings: Settings, fact: Fact) -> bool:
    return bool(fact["days"] > settings.bottleneck_days)


def now_metrics(settings: Settings) -> dict[str, Aggregate]:
    """Pipeline now.

    `likely_to_close`: open amount with probability >= var (0.7) and close date within var days
    (30), from the reference date on.
    """
    return {
        "opportunity_count": Aggregate("created", count()),
        "open_opportunity_count": Aggregate("open", count()),
        "open_pipeline": Aggregate("open", total("amount")),
        "weighted_pipeline": Aggregate("open", total("weighted")),
        "stage_win_rate": Aggregate("stage_outcomes", distinct_share(holds("is_won"))),
        "stage_adjusted_pipeline": Aggregate("stage_adjusted", total("adjusted")),
        "overdue_pipeline": Aggregate("open", total("amount", holds("is_overdue"))),
        "overdue_rate": Aggregate("open", share_of_total("amount", holds("is_overdue"))),
        "average_deal_size": Aggregate("opportunities", mean("amount")),
        "average_won_deal_size": Aggregate("closed", mean("amount", holds("is_won"))),
        "likely_to_close": Aggregate("open", total("amount", partial(_likely, settings))),
        "pipeline_created_amount": Aggregate("created", total("amount")),
        "pipeline_created_count": Aggregate("created", count()),
        "average_deal_age_days": Aggregate("open", mean("age_days")),
    }


def outcome_metrics() -> dict[str, Aggregate]:
    """Outcomes, by actual close date; the cohort's win rate by created date, open ones included.

    A sales cycle is close date - created date, won only; a negative one is NULL and left out.
    """
    won = holds("is_won")
    return {
        "won_revenue": Aggregate("closed", total("amount", won)),
        "won_count": Aggregate("closed", count(won)),
        "lost_count": Aggregate("closed", count(lambda fact: not fact["is_won"])),
        "closed_count": Aggregate("closed", count()),
        "win_rate": Aggregate("closed", share(won)),
        "win_rate_amount": Aggregate("closed", share_of_total("amount", won)),
        "win_rate_cohort": Aggregate("created", share(won)),
        "sales_cycle_days": Aggregate("closed", mean("cycle_days")),
        "median_sales_cycle_days": Aggregate("closed", percentile("cycle_days", 0.5)),
    }


def stage_metrics(settings: Settings) -> dict[str, Aggregate]:
    """Stage velocity, by entry time; durations are those of open stages only."""
    timed = _is_open_stage

    def value_days(facts: Sequence[Fact]) -> float:
        return float(sum(float(fact["amount"]) * fact["days"] for fact in facts if timed(fact)))

    def bottlenecks(facts: Sequence[Fact]) -> object:
        return share(partial(_long, settings))([fact for fact in facts if timed(fact)])

    return {
        "stage_entries": Aggregate("stage_entries", count()),
        "average_days_in_stage": Aggregate("stage_entries", mean("days")),
        "median_days_in_stage": Aggregate("stage_entries", percentile("days", 0.5)),
        "p90_days_in_stage": Aggregate("stage_entries", percentile("days", 0.9)),
        "bottleneck_rate": Aggregate("stage_entries", bottlenecks),
        "value_in_stage_days": Aggregate("stage_entries", value_days),
        "monthly_value_impact": Aggregate("stage_entries", lambda facts: value_days(facts) / 30),
    }


def slippage_metrics(settings: Settings) -> dict[str, Aggregate]:
    """Slippage; due and slipped are by fiscal quarter and have no finer grain."""
    refused: tuple[str, ...] = ("day", "week", "month")
    if settings.fiscal_year_start_month % 3 != 1:
        refused += ("quarter",)
    if settings.fiscal_year_start_month != 1:
        refused += ("year",)
    slipped = holds("is_slipped")
    return {
        "pushed_count": Aggregate("pushes", count()),
        "pushed_amount": Aggregate("pushes", total("amount")),
        "average_days_pushed": Aggregate("pushes", mean("days")),
        "pulled_in_amount": Aggregate("close_date_changes", total("amount", holds("is_pulled_in"))),
        "due_opportunity_count": Aggregate("due", count(), refused),
        "slipped_opportunity_count": Aggregate("due", count(slipped), refused),
        "slippage_rate": Aggregate("due", share(slipped), refused),
        "due_amount": Aggregate("due", total("amount"), refused),
        "slipped_amount": Aggregate("due", total("amount", slipped), refused),
        "slippage_rate_amount": Aggregate("due", share_of_total("amount", slipped), refused),
    }


def aggregates(settings: Settings) -> dict[str, Aggregate]:
    """Every metric of this kind by name."""
    return {
        **now_metrics(settings),
        **outcome_metrics(),
        **stage_metrics(settings),
        **slippage_metrics(settings),
    }
