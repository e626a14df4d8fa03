"""Compare what the store answers with what an oracle says."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import isclose
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from definitions.warehouses import Answer, BuiltProject

GRAINS = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")

# What is 1 or 0 by the state that is asked for, and refused: `config.meta.not_by`.
_STATE_OF_TODAY = frozenset({"opportunity__stage_name", "opportunity__forecast_category"})
NOT_BY = {
    **dict.fromkeys(
        (
            "win_rate",
            "win_rate_amount",
            "win_rate_cohort",
            "win_rate_score",
            "pipeline_health_score",
            "sales_velocity",
            "stage_win_rate",
        ),
        _STATE_OF_TODAY,
    ),
    "overdue_rate": frozenset({"opportunity__close_date_bucket", "opportunity__is_overdue"}),
    "slippage_rate": frozenset({"slip_kind"}),
    "slippage_rate_amount": frozenset({"slip_kind"}),
}


def has_meaning(metric: str, group: tuple[str, ...]) -> bool:
    """Whether a metric says it has a meaning by what it is asked by."""
    return NOT_BY.get(metric, frozenset()).isdisjoint(group)


def name_of(part: str | tuple[str, ...]) -> str:
    """Name a test by its metric and group-bys."""
    return part if isinstance(part, str) else "-".join(part) or "all"


def store_names(group: tuple[str, ...], others: Mapping[str, str]) -> list[str]:
    """Give the store's names for what the oracle groups by; `others` are those that differ."""
    return [f"metric_time__{name}" if name in GRAINS else others.get(name, name) for name in group]


def of_salesforce(answer: Answer) -> Answer:
    """Leave out the Pipedrive deals, which the pipeline oracle knows nothing of.

    The answer's last group-by is `opportunity__crm_source`.
    """
    return {key[:-1]: value for key, value in answer.items() if key[-1] == "salesforce"}


def answer_of_salesforce(
    project: BuiltProject,
    engine: str,
    metric: str,
    group: tuple[str, ...],
    others: Mapping[str, str] | None = None,
) -> Answer:
    """Ask the store what the pipeline oracle is asked, and give what it says of Salesforce."""
    names = [*store_names(group, others or {}), "opportunity__crm_source"]
    return with_plain_days(of_salesforce(project.answer(engine, metric, *names)))


def with_plain_days(answer: Answer) -> Answer:
    """Give periods as dates, as the oracles do."""
    return {
        tuple(part.date() if isinstance(part, datetime) else part for part in key): value
        for key, value in answer.items()
    }


def differences(
    expected: Mapping[tuple[object, ...], object], found: Answer, *, is_ratio: bool
) -> dict[tuple[object, ...], tuple[object, object]]:
    """Give the groups where they differ; counts and amounts are exact, ratios to 1e-9.

    A count or an amount of a group without rows is 0, a ratio of it nothing.
    """
    nothing = None if is_ratio else 0
    pairs = {
        key: (expected.get(key, nothing), found.get(key, nothing)) for key in {*expected, *found}
    }
    return {key: pair for key, pair in pairs.items() if not _same(*pair, is_ratio=is_ratio)}


def _same(expected: object, found: object, *, is_ratio: bool) -> bool:
    if expected is None or found is None:
        return expected is found
    if is_ratio:
        return isclose(float(str(expected)), float(str(found)), rel_tol=1e-9)
    return Decimal(str(expected)) == Decimal(str(found))
