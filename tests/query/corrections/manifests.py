"""A semantic manifest written by hand: balances of accounts, a row an account and day."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metricflow.metricflow_engine import PlanOnlyClient
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    import datetime as dt

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

EUROPE = "{{ Dimension('balance__region') }} = 'EU'"


class PlainPlanner(Planner):
    """Plans as MetricFlow does by itself."""

    @functools.cached_property
    def _lookup(self) -> SemanticManifestLookup:
        return SemanticManifestLookup(self.manifest)

    @functools.cached_property
    def _engine(self) -> MetricFlowEngine:
        return MetricFlowEngine(self._lookup, PlanOnlyClient(self._dialect))  # type: ignore[arg-type]


@functools.cache
def plan(
    planner: Planner,
    metrics: str,
    group_by: str = "",
    where: str = "",
    **times: dt.datetime,
) -> str:
    return planner.plan(
        MetricRequest(
            metrics=metrics.split(),
            group_by=group_by.split(),
            where=parse_filter(where) if where else None,
            start_time=times.get("start"),
            end_time=times.get("end"),
        )
    )


def _relation(name: str) -> dict[str, Any]:
    return {"alias": name, "schema_name": "main", "relation_name": f"main.{name}"}


def _time(name: str) -> dict[str, Any]:
    return {"name": name, "type": "time", "type_params": {"time_granularity": "day"}}


def _semi_additive(name: str, choice: str, *groupings: str, over: str = "as_of") -> dict[str, Any]:
    return {
        "name": name,
        "agg": "sum",
        "expr": "amount",
        "create_metric": False,
        "non_additive_dimension": {
            "name": over,
            "window_choice": choice,
            "window_groupings": list(groupings),
        },
    }


def _filter(where: str) -> dict[str, Any]:
    return {"where_filters": [{"where_sql_template": where}]}


def _simple(name: str, measure: str, where: str = "", **more: object) -> dict[str, Any]:
    used = {"name": measure, **more}
    return {
        "name": name,
        "type": "simple",
        "type_params": {"measure": used, "input_measures": [used]},
        "filter": _filter(where) if where else None,
    }


def _cumulative(
    metric: str, period_agg: str, window: int = 0, grain_to_date: str = "", **more: object
) -> dict[str, Any]:
    used = {"name": "flow", **more}
    return {
        "name": metric,
        "type": "cumulative",
        "type_params": {
            "measure": used,
            "input_measures": [used],
            "cumulative_type_params": {
                "window": {"count": window, "granularity": "day"} if window else None,
                "grain_to_date": grain_to_date or None,
                "period_agg": period_agg,
            },
        },
    }


def _ratio(name: str, numerator: dict[str, Any], denominator: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "ratio",
        "type_params": {"numerator": numerator, "denominator": denominator, "input_measures": []},
    }


def _moved(name: str, metric: str, **offset: object) -> dict[str, Any]:
    return {
        "name": name,
        "type": "derived",
        "type_params": {
            "expr": "before",
            "metrics": [{"name": metric, "alias": "before", **offset}],
            "input_measures": [],
        },
    }


def _window(count: int, grain: str) -> dict[str, Any]:
    return {"offset_window": {"count": count, "granularity": grain}}


BEFORE_MARCH = "{{ TimeDimension('metric_time', 'day') }} < '2024-03-01'"
MEASURES = [
    {"name": "flow", "agg": "sum", "expr": "amount", "create_metric": False},
    {"name": "rows", "agg": "sum", "expr": "1", "create_metric": False},
    {
        "name": "flow_made",
        "agg": "sum",
        "expr": "amount",
        "agg_time_dimension": "made",
        "create_metric": False,
    },
    _semi_additive("last_measure", "max"),
    _semi_additive("first_measure", "min"),
    _semi_additive("last_of_account_measure", "max", "account"),
    _semi_additive("last_made_measure", "max", over="made"),
]
METRICS = [
    _simple("flows", "flow"),
    _simple("flows_everywhere", "flow", fill_nulls_with=0, join_to_timespine=True),
    _simple("last", "last_measure"),
    _simple("last_filled", "last_measure", fill_nulls_with=0),
    _simple("first", "first_measure"),
    _simple("last_of_account", "last_of_account_measure"),
    _simple("last_made", "last_made_measure"),
    _simple("last_in_europe", "last_measure", EUROPE),
    _cumulative("rolling_last", "last", 7),
    _cumulative("rolling_first", "first", 7),
    _cumulative("rolling_average", "average", 7),
    _cumulative("rolling_last_filled", "last", 7, fill_nulls_with=3),
    _cumulative("rolling_average_filled", "average", 7, fill_nulls_with=3),
    _cumulative("rolling_in_europe", "last", 7, filter=_filter(EUROPE)),
    _cumulative("ever_last", "last"),
    _cumulative("ever_first", "first"),
    _cumulative("ever_average_filled", "average", fill_nulls_with=3),
    _cumulative("month_to_date_last", "last", grain_to_date="month"),
    _cumulative("month_to_date_first", "first", grain_to_date="month"),
    _cumulative("rolling_of_last", "last", 7, name="last_measure"),
    _moved("flows_month_before", "flows", **_window(1, "month")),
    _moved("flows_week_before", "flows", **_window(1, "week")),
    _moved("flows_of_month_start", "flows", offset_to_grain="month"),
    _moved("rolling_month_before", "rolling_last", **_window(1, "month")),
    _moved("rolling_week_before", "rolling_last", **_window(1, "week")),
    _moved("last_month_before", "last", **_window(1, "month")),
    _simple("row_count", "rows"),
    _simple("flows_made", "flow_made"),
    {
        "name": "last_and_made",
        "type": "derived",
        "type_params": {
            "expr": "last_filled + flows_made",
            "metrics": [{"name": "last_filled"}, {"name": "flows_made"}],
            "input_measures": [],
        },
    },
    _ratio("mean", {"name": "flows"}, {"name": "row_count"}),
    _moved("mean_month_before", "mean", **_window(1, "month")),
    _moved("mean_week_before", "mean", **_window(1, "week")),
    _moved("mean_three_months_before", "mean", **_window(3, "month")),
    _moved("mean_of_month_start", "mean", offset_to_grain="month"),
    _moved("mean_ten_days_before", "mean", **_window(1, "ten_days")),
    _moved("mean_two_months_before", "mean_month_before", **_window(1, "month")),
    _moved("ever_month_before", "ever_last", **_window(1, "month")),
    _moved("ever_week_before", "ever_last", **_window(1, "week")),
    _moved("ever_of_month_start", "ever_last", offset_to_grain="month"),
    _simple("flows_until_march", "flow", BEFORE_MARCH),
    _moved("flows_until_march_month_before", "flows_until_march", **_window(1, "month")),
    _ratio("mean_until_march", {"name": "flows_until_march"}, {"name": "row_count"}),
    _moved("mean_until_march_month_before", "mean_until_march", **_window(1, "month")),
    _moved(
        "mean_until_march_beside_its_offset",
        "mean",
        filter=_filter(BEFORE_MARCH),
        **_window(1, "month"),
    ),
    _ratio("europe_share", {"name": "flows", "filter": _filter(EUROPE)}, {"name": "flows"}),
    _ratio("month_on_month", {"name": "flows"}, {"name": "flows", **_window(1, "month")}),
    {
        "name": "mean_of_the_month_before",
        "type": "derived",
        "type_params": {
            "expr": "1.0 * total / count_of_rows",
            "metrics": [
                {"name": "flows", "alias": "total", **_window(1, "month")},
                {"name": "row_count", "alias": "count_of_rows", **_window(1, "month")},
            ],
            "input_measures": [],
        },
    },
    {
        "name": "one_name_for_two",
        "type": "derived",
        "type_params": {
            "expr": "flows - flows",
            "metrics": [{"name": "flows"}, {"name": "flows", **_window(1, "month")}],
            "input_measures": [],
        },
    },
]


def manifest(*more_spines: dict[str, Any]) -> PydanticSemanticManifest:
    """Give the manifest; its time spine has a custom grain `ten_days`."""
    balances = {
        "name": "balances",
        "node_relation": _relation("balances"),
        "defaults": {"agg_time_dimension": "as_of"},
        "entities": [
            {"name": "balance", "type": "primary", "expr": "id"},
            {"name": "account", "type": "foreign", "expr": "account_id"},
        ],
        "dimensions": [_time("as_of"), _time("made"), {"name": "region", "type": "categorical"}],
        "measures": MEASURES,
    }
    accounts = {
        "name": "accounts",
        "node_relation": _relation("accounts"),
        "entities": [{"name": "account", "type": "primary", "expr": "account_id"}],
        # Of the same name as the time of the balances, and no time of theirs.
        "dimensions": [{"name": "country", "type": "categorical"}, _time("as_of")],
        "measures": [],
    }
    spine = {
        "node_relation": _relation("days"),
        "primary_column": {"name": "date_day", "time_granularity": "day"},
        "custom_granularities": [{"name": "ten_days"}],
    }
    return parse_semantic_manifest(
        json.dumps(
            {
                "semantic_models": [balances, accounts],
                "metrics": METRICS,
                "saved_queries": [],
                "project_configuration": {
                    "time_spine_table_configurations": [],
                    "time_spines": [spine, *more_spines],
                },
            }
        )
    )
