"""A small star of sales, made by hand: definitions of every kind of metric, and its tables."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2024, 1, 1)
DAYS = 75
# Table -> its columns; the keys of `Data.rows`.
TABLES = {
    "owners": "owner_id integer, owner_name text, team text",
    "accounts": "account_id integer, account_name text, industry text",
    "stages": "stage_id integer, stage_name text",
    "deals": "deal_id integer, owner_id integer, account_id integer, stage_id integer, "
    "created_on date, amount integer, is_won boolean, title text",
    "activities": "activity_id integer, deal_id integer, done_on date, kind text",
    "leads": "lead_id integer, account_id integer, owner_id integer, arrived_on date",
    "snapshots": "deal_id integer, owner_id integer, taken_on date, open_amount integer",
    "targets": "target_month date, target integer",
}


@dataclass
class Data:
    """Rows by table."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def with_more(self, other: Data) -> Data:
        """Both together, those of the other among them: which came first must not matter."""
        return Data(
            {table: other.rows.get(table, []) + self.rows.get(table, []) for table in TABLES}
        )


def fill(execute: Callable[[str], Any], data: Data) -> None:
    """Put rows into the tables, in place of those that are there."""
    for table in TABLES:
        execute(f"delete from star.{table}")
        rows = data.rows.get(table, [])
        if rows:
            values = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
            execute(f"insert into star.{table} values {values}")


def make_tables(execute: Callable[[str], Any]) -> None:
    """Make empty tables, and the days that metrics are counted by."""
    execute("create schema star")
    for table, columns in TABLES.items():
        execute(f"create table star.{table} ({columns})")
    execute(
        "create table star.days as select cast(day as date) as day from "
        f"generate_series(timestamp '2023-12-01', timestamp '2023-12-01' + interval '{DAYS + 60}'"
        " day, interval '1 day') as days(day)"
    )


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, dt.date):
        return f"date '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()


def _entity(name: str, kind: str, expr: str | None = None) -> dict[str, Any]:
    return {"name": name, "type": kind, "expr": expr or f"{name}_id"}


def _words(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "type": "categorical", "expr": None} for name in names]


def _time(name: str, grain: str = "day") -> dict[str, Any]:
    return {"name": name, "type": "time", "type_params": {"time_granularity": grain}}


def _measure(name: str, agg: str, expr: str, **more: object) -> dict[str, Any]:
    return {"name": name, "agg": agg, "expr": expr, **more}


def _model(name: str, time: str | None = None, **parts: object) -> dict[str, Any]:
    return {
        "name": name,
        "defaults": {"agg_time_dimension": time} if time else None,
        "node_relation": {"alias": name, "schema_name": "star", "relation_name": f"star.{name}"},
        **parts,
    }


def models() -> list[dict[str, Any]]:
    """The semantic models; some expressions are no plain columns, as in real definitions."""
    return [
        _model(
            "owners",
            entities=[_entity("owner", "primary")],
            dimensions=[
                *_words("owner_name"),
                {"name": "team", "type": "categorical", "expr": "upper(team)"},
            ],
        ),
        _model(
            "accounts",
            entities=[_entity("account", "primary")],
            dimensions=_words("account_name", "industry"),
        ),
        _model("stages", entities=[_entity("stage", "primary")], dimensions=_words("stage_name")),
        _model(
            "deals",
            "created_on",
            entities=[
                _entity("deal", "primary"),
                _entity("owner", "foreign"),
                _entity("account", "foreign"),
                _entity("stage", "foreign", "coalesce(stage_id, -1)"),
            ],
            dimensions=[_time("created_on"), *_words("title", "is_won")],
            measures=[
                _measure("amount_sum", "sum", "amount"),
                _measure("amount_max", "max", "amount"),
                _measure("amount_median", "median", "amount"),
                _measure("deal_count", "count", "deal_id"),
                _measure("account_count", "count_distinct", "account_id"),
                _measure("won_accounts", "count_distinct", "case when is_won then account_id end"),
            ],
        ),
        _model(
            "activities",
            "done_on",
            entities=[_entity("activity", "primary"), _entity("deal", "foreign")],
            dimensions=[_time("done_on"), *_words("kind")],
            measures=[_measure("activity_count", "count", "activity_id")],
        ),
        _model(
            "leads",
            "arrived_on",
            entities=[
                _entity("lead", "primary"),
                _entity("account", "foreign"),
                _entity("owner", "foreign"),
            ],
            dimensions=[_time("arrived_on")],
            measures=[_measure("lead_accounts", "count_distinct", "account_id")],
        ),
        _model(
            "snapshots",
            "taken_on",
            primary_entity="snapshot",
            entities=[_entity("deal", "foreign"), _entity("owner", "foreign")],
            dimensions=[_time("taken_on")],
            measures=[
                _measure(
                    "open_amount_sum",
                    "sum",
                    "open_amount",
                    non_additive_dimension={
                        "name": "taken_on",
                        "window_choice": "max",
                        "window_groupings": [],
                    },
                )
            ],
        ),
        _model(
            "targets",
            "target_month",
            primary_entity="target",
            entities=[],
            dimensions=[_time("target_month", "month")],
            measures=[_measure("target_sum", "sum", "target")],
        ),
    ]


def _metric(
    name: str, kind: str, filtered: str | None = None, **parameters: object
) -> dict[str, Any]:
    where = {"where_filters": [{"where_sql_template": filtered}]} if filtered else None
    return {"name": name, "type": kind, "filter": where, "type_params": parameters}


def _simple(name: str, measure: str, filtered: str | None = None, **more: object) -> dict[str, Any]:
    return _metric(name, "simple", filtered, measure={"name": measure, **more})


def _cumulative(name: str, **parameters: object) -> dict[str, Any]:
    return _metric(
        name, "cumulative", measure={"name": "amount_sum"}, cumulative_type_params=parameters
    )


def metrics() -> list[dict[str, Any]]:
    """Metrics of every type."""
    week = {"count": 7, "granularity": "day"}
    return [
        _simple("amount", "amount_sum"),
        _simple("largest", "amount_max"),
        _simple("median_amount", "amount_median"),
        _simple("deals", "deal_count"),
        _simple("accounts_served", "account_count"),
        _simple("activities_done", "activity_count"),
        _simple("open_amount", "open_amount_sum"),
        _simple("target", "target_sum"),
        _simple("won_deals", "deal_count", "{{ Dimension('deal__is_won') }}"),
        _simple("daily_amount", "amount_sum", join_to_timespine=True, fill_nulls_with=0),
        _simple("energy_amount", "amount_sum", "{{ Dimension('account__industry') }} = 'energy'"),
        _simple(
            "amount_of_busy_accounts",
            "amount_sum",
            "{{ Metric('deals', group_by=['account']) }} > 1",
        ),
        _metric(
            "win_rate", "ratio", numerator={"name": "won_deals"}, denominator={"name": "deals"}
        ),
        _metric(
            "amount_an_activity",
            "derived",
            expr="amount / nullif(activities_done, 0)",
            metrics=[{"name": "amount"}, {"name": "activities_done"}],
        ),
        _metric(
            "amount_to_target",
            "ratio",
            numerator={"name": "amount"},
            denominator={"name": "target"},
        ),
        _metric(
            "growth",
            "derived",
            expr="amount - amount_before",
            metrics=[
                {"name": "amount"},
                {"name": "amount", "alias": "amount_before", "offset_window": week},
            ],
        ),
        _cumulative("amount_ever"),
        _cumulative("amount_of_week", window=week),
        _cumulative("amount_month_to_date", grain_to_date="month", period_agg="last"),
        _metric(
            "lead_conversion",
            "conversion",
            conversion_type_params={
                "base_measure": {"name": "lead_accounts"},
                "conversion_measure": {"name": "won_accounts"},
                "entity": "account",
                "calculation": "conversion_rate",
                "window": {"count": 30, "granularity": "day"},
            },
        ),
    ]


def saved_queries() -> list[dict[str, Any]]:
    """Saved queries that name things in every way there is."""

    def saved(
        name: str, metrics: list[str], group_by: list[str], where: str = ""
    ) -> dict[str, Any]:
        filters = {"where_filters": [{"where_sql_template": where}]} if where else None
        parameters = {"metrics": metrics, "group_by": group_by, "where": filters}
        return {"name": name, "query_params": parameters, "exports": []}

    month = "TimeDimension('metric_time', 'month')"
    return [
        saved("amount_by_team", ["amount"], [month, "Dimension('owner__team')"]),
        saved("energy", ["deals"], ["account__industry"]),
        saved("named", ["deals"], [month], "{{ Dimension('account__account_name') }} = 'a'"),
        saved("busy", ["amount"], [month], "{{ Metric('deals', group_by=['account']) }} > 1"),
        saved("attainment", ["amount_to_target"], [month]),
    ]


def star_planner(dialect: str = "duckdb") -> Planner:
    """The planner of the star."""
    content = {
        "semantic_models": models(),
        "metrics": metrics(),
        "saved_queries": saved_queries(),
        "project_configuration": {
            "time_spine_table_configurations": [],
            "time_spines": [
                {
                    "node_relation": {
                        "alias": "days",
                        "schema_name": "star",
                        "relation_name": "star.days",
                    },
                    "primary_column": {"name": "day", "time_granularity": "day"},
                    "custom_granularities": [],
                }
            ],
        },
    }
    return Planner(parse_semantic_manifest(json.dumps(content)), dialect)
