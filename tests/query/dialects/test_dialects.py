"""SQL for every engine that MetricFlow has a renderer for, where none of them runs.

What changes in the snapshots is read in review. `pytest --update -k dialects` writes them anew.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlglot

from access.star import star_planner
from metrics_store.access.authorisation.restriction import restricted
from metrics_store.access.row_filters import RowFilter, Rows, Scope
from metrics_store.errors import MetricsStoreError
from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.filters.filter_tree import All, Name, Pattern
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.filters.sql_literals import render_value
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metricflow.sql_rewriter import with_own_types
from metrics_store.query.planner import Planner
from metrics_store.query.plans.plan_builder import build_plan
from query.corrections import events, manifests

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

SNAPSHOTS = Path(__file__).parent / "snapshots"
# Without a parser of its own it is close to PostgreSQL.
PARSERS = {"vertica": "postgres"}
FUNCTIONS = """
lower(balance__region) = 'é' and trim(balance__region) like '%it''s 100{%} \\ off%'
and balance__region != 'sma_1_cte'
and metric_time >= '2024-01-31' and metric_time <= '2024-02-29 23:59:59'
and year(metric_time) = 2024 and extract(quarter from metric_time) in (1, 2)
and extract(week from metric_time) < 20 and extract(doy from metric_time) > 3
and extract(dow from metric_time) != 0 and extract(isodow from metric_time) between 1 and 5
"""

FILTER = All(
    (
        parse_filter(FUNCTIONS.strip().replace("\n", " ")),
        Pattern(Name("balance__region"), "E!_!%%", escaped=True),
    )
)


@functools.cache
def _balances(entity: str = "account") -> PydanticSemanticManifest:
    return parse_semantic_manifest(manifests.manifest().json().replace('"account"', f'"{entity}"'))


def _asked(
    metrics: str, group_by: str = "", where: str = "", order: str = "", limit: int | None = None
) -> MetricRequest:
    return MetricRequest(
        metrics.split(),
        group_by.split(),
        order.split(),
        limit,
        where=parse_filter(where) if where else None,
    )


QUESTIONS = {
    "functions and values in a filter": (
        _balances(),
        dataclasses.replace(_asked("flows", "metric_time__month"), where=FILTER),
    ),
    "a name that is a word of SQL": (
        _balances("group"),
        _asked("flows", "group", "group in (1, 2)", "-flows group", 5),
    ),
    "a balance and a window by month": (
        _balances(),
        _asked("last rolling_last month_to_date_last", "metric_time__month balance__region"),
    ),
    "an offset and a ratio": (
        _balances(),
        _asked("flows_month_before mean", "metric_time__month", order="-metric_time__month"),
    ),
    "a conversion": (events.manifest(), _asked("rate", "visits_key__channel")),
}


def _planned(dialect: str) -> dict[str, str]:
    planned = {}
    for name, (manifest, request) in QUESTIONS.items():
        plan = build_plan(Planner(manifest, dialect), request)
        planned[name] = plan.fill(request, {})
    planned["rows that may be seen"] = _restricted(dialect)
    return planned


def _restricted(dialect: str) -> str:
    planner = star_planner(dialect)
    scope = Scope(Rows(((RowFilter("owner__team", ("North", 7)),),)))
    over = restricted(planner.manifest, scope, render_value, planner.sql_dialect)
    return planner.over(over).plan(_asked("deals"))


@pytest.mark.parametrize("dialect", sorted(DIALECTS.keys() - {"duckdb", "postgres"}))
def test_what_is_planned(dialect: str, pytestconfig: pytest.Config) -> None:
    planned = _planned(dialect)
    text = "\n".join(f"-- {name}\n{sql}\n" for name, sql in planned.items())
    file = SNAPSHOTS / f"{dialect}.sql"
    if pytestconfig.getoption("update"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "read what changed, then use --update"
    for sql in planned.values():
        parsed = sqlglot.parse(sql, dialect=PARSERS.get(dialect, dialect))
        assert len(parsed) == 1
        assert parsed[0] is not None
        # What was a text is one still, and nothing else came out of it.
        assert not list(parsed[0].find_all(sqlglot.exp.Command))


def test_types_of_definitions_have_the_engines_names() -> None:
    sql = "cast(a as double precision) || cast(b AS text) || ' as text)' || text"
    assert with_own_types(sql, DIALECTS["spark"]) == (
        "cast(a as DOUBLE) || cast(b AS STRING) || ' as text)' || text"
    )
    assert with_own_types(sql, DIALECTS["postgres"]) == sql


def test_a_median_that_an_engine_does_not_have() -> None:
    request = _asked("median_amount")
    for dialect in ("trino", "athena", "bigquery", "vertica"):
        with pytest.raises(MetricsStoreError, match="no function for a percentile"):
            star_planner(dialect).plan(request)
    assert "PERCENTILE_CONT(0.5) WITHIN GROUP" in star_planner("snowflake").plan(request)
