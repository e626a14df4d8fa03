"""MetricFlow's own engine: the texts of a request as they are, its plans as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowQueryRequest,
    OutputColumnOrderMode,
)
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from metricflow_semantics.specs.query_param_implementations import MetricParameter

from corpus.answers import Refusal, of_table
from corpus.corpus_requests import split
from corpus.interfaces.interface import ALL_BUT_PAGES, PERIODS, TIMES
from corpus.interfaces.python import instant
from metrics_store.warehouse.answer_types import with_timestamps

if TYPE_CHECKING:
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked
    from metrics_store.warehouse.live_warehouse import LiveWarehouse


_DIALECTS: dict[str, tuple[SqlEngine, type[SqlPlanRenderer]]] = {
    "duckdb": (SqlEngine.DUCKDB, DuckDbSqlPlanRenderer),
    "postgres": (SqlEngine.POSTGRES, PostgresSQLSqlPlanRenderer),
}


class _Client:
    """What MetricFlow asks of a warehouse when it only plans."""

    def __init__(self, engine: SqlEngine, renderer: type[SqlPlanRenderer]) -> None:
        self.sql_engine_type = engine
        self.sql_plan_renderer = renderer()


class MetricFlowInterface:
    """MetricFlow, and the warehouse.

    Args:
        manifest: The definitions.
        dialect: The SQL that the warehouse speaks.
        warehouse: Runs what is planned.
    """

    name = "MetricFlow"
    can_say = (ALL_BUT_PAGES | TIMES | {"aliases"}) - PERIODS - {"values"}
    least = 180

    def __init__(
        self, manifest: PydanticSemanticManifest, dialect: str, warehouse: LiveWarehouse
    ) -> None:
        lookup = SemanticManifestLookup(manifest)
        self._engine = MetricFlowEngine(lookup, _Client(*_DIALECTS[dialect]))  # type: ignore[arg-type]
        self._warehouse = warehouse

    def lacks(self, asked: Asked) -> str | None:
        return "it reads such texts in another way" if asked.metricflow_cannot else None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        del like
        try:
            sql = self._engine.explain(_request(asked)).sql_statement.sql
            table = self._warehouse.read(sql)
            # Whether a time is a date goes by the metric there.
            times = [one for one in table.column_names if split(one)[1]]
            return of_table(with_timestamps(table, times))
        except Exception as error:  # noqa: BLE001 - it raises what it likes
            return Refusal(str(error))


def _request(asked: Asked) -> MetricFlowQueryRequest:
    aliases = dict(asked.aliases)
    # MetricFlow leaves the order open where none is asked; here it is that of the group-bys.
    orders = [aliases_to_names(name, aliases) for name in asked.order_by or asked.group_by]
    return MetricFlowQueryRequest.create(
        saved_query_name=asked.saved_query,
        metrics=[MetricParameter(name, aliases.get(name)) for name in asked.metrics] or None,
        group_by_names=[_group_by(name) for name in asked.group_by] or None,
        order_by_names=[_order(name, asked) for name in orders] or None,
        where_constraints=list(asked.where) or None,
        limit=asked.limit,
        time_constraint_start=instant(asked.start_time),
        time_constraint_end=instant(asked.end_time),
        output_column_order_mode=OutputColumnOrderMode.INPUT_ORDER,
    )


def aliases_to_names(name: str, aliases: dict[str, str]) -> str:
    """Give a metric's own name to order by, which is all that MetricFlow takes."""
    names = {alias: metric for metric, alias in aliases.items()}
    bare = name.removeprefix("-")
    return name.removesuffix(bare) + names.get(bare, bare)


def _group_by(name: str) -> str:
    path, _, part = split(name)
    return name if part is None else f"TimeDimension('{path}', date_part_name='{part}')"


def _order(name: str, asked: Asked) -> str:
    bare = name.removeprefix("-")
    # Of a time asked by one grain, its name alone is enough for us.
    known = {*asked.metrics, *asked.group_by} if not asked.saved_query else {bare}
    full = next((one for one in asked.group_by if split(one)[0] == bare), bare)
    return name.removesuffix(bare) + _group_by(bare if bare in known else full)
