"""MetricFlow's engine, set up to plan: no connection, and nothing left behind in a thread."""

from __future__ import annotations

import contextvars
import logging
from typing import TYPE_CHECKING, Any

from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.vertica import VerticaSqlPlanRenderer

from metrics_store.query.corrections.correcting_engine import CorrectingEngine
from metrics_store.query.dialects.known_dialects import DIALECTS
from metrics_store.query.metricflow.column_names import QuotingColumnNames
from metrics_store.query.metricflow.renderers.cloud_renderers import (
    AthenaRenderer,
    BigQueryRenderer,
    RedshiftRenderer,
    SnowflakeRenderer,
    TrinoRenderer,
)
from metrics_store.query.metricflow.renderers.duckdb_renderer import DuckDbRenderer
from metrics_store.query.metricflow.renderers.postgres_renderer import PostgresRenderer
from metrics_store.query.metricflow.renderers.spark_renderer import SparkRenderer
from metrics_store.query.metricflow.sequential_ids import number_by_copies
from metrics_store.query.optimisation.optimising_engine import OptimisingEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    from metrics_store.query.optimisation.whole_sums import IsInteger

# What each dialect is to MetricFlow, which has none for Spark itself.
_RENDERERS: dict[str, tuple[SqlEngine, type[SqlPlanRenderer]]] = {
    "duckdb": (SqlEngine.DUCKDB, DuckDbRenderer),
    "postgres": (SqlEngine.POSTGRES, PostgresRenderer),
    "spark": (SqlEngine.DATABRICKS, SparkRenderer),
    "databricks": (SqlEngine.DATABRICKS, SparkRenderer),
    "snowflake": (SqlEngine.SNOWFLAKE, SnowflakeRenderer),
    "bigquery": (SqlEngine.BIGQUERY, BigQueryRenderer),
    "redshift": (SqlEngine.REDSHIFT, RedshiftRenderer),
    "trino": (SqlEngine.TRINO, TrinoRenderer),
    "athena": (SqlEngine.ATHENA, AthenaRenderer),
    "vertica": (SqlEngine.VERTICA, VerticaSqlPlanRenderer),
}

# MetricFlow warns of the start that it makes up itself where only an end is given.
logging.getLogger("metricflow_semantics.filters.time_constraint").setLevel(logging.ERROR)

# It plans a conversion that counts no visitors again, more simply, after an error with a traceback.
logging.getLogger("metricflow.plan_conversion.to_sql_plan.dataflow_to_sql").setLevel(
    logging.CRITICAL
)

number_by_copies()


class PlanOnlyClient:
    """What MetricFlow needs of a warehouse when it only plans: which dialect it speaks."""

    def __init__(self, dialect: str, renderer: SqlPlanRenderer | None = None) -> None:
        self.sql_engine_type, usual = _RENDERERS[dialect]
        self.sql_plan_renderer = renderer or usual()


def planning_engine(
    lookup: SemanticManifestLookup,
    dialect: str,
    *,
    optimise: bool,
    is_integer: IsInteger | None = None,
) -> MetricFlowEngine:
    """Give an engine that plans in a dialect, with our corrections, and fast plans if wanted."""
    columns = QuotingColumnNames(DIALECTS[dialect])
    if not (optimise and DIALECTS[dialect].has_fast_plans):
        return CorrectingEngine(
            semantic_manifest_lookup=lookup,
            sql_client=PlanOnlyClient(dialect),
            column_association_resolver=columns,
        )
    return OptimisingEngine(
        semantic_manifest_lookup=lookup,
        sql_client=PlanOnlyClient(dialect),
        column_association_resolver=columns,
        is_integer=is_integer,
    )


def run_isolated(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - MetricFlow's own
    """Call something of MetricFlow's in a context of its own.

    It times its steps with a new context variable each, which a thread's own context would keep
    for as long as the thread lives.
    """
    return contextvars.copy_context().run(function, *arguments)
