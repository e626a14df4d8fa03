"""The SELECT that gives the rows of a roll-up: MetricFlow's, of aggregates by the grain."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredKind
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredName
    from metrics_store.query.rollups.rollup_table import RollupTable


class RollupSelects:
    """Writes the SELECTs of roll-ups in one dialect.

    Args:
        manifest: The content of `semantic_manifest.json`; it is not changed.
        dialect: The SQL.
        tables: The roll-ups.

    Attributes:
        relations: All that the definitions read.
    """

    def __init__(
        self, manifest: Mapping[str, Any], dialect: str, tables: Sequence[RollupTable]
    ) -> None:
        self._dialect = dialect
        self._metrics: dict[str, list[str]] = {}
        content = copy.deepcopy(dict(manifest))
        models = {model["name"]: model for model in content["semantic_models"]}
        for table in tables:
            prefix = table.name.replace("__", "_")
            names = [f"{prefix}_{place}" for place in range(len(table.aggregates))]
            self._metrics[table.name] = names
            for name, aggregate in zip(names, table.aggregates, strict=True):
                models[table.model]["measures"].append(
                    {
                        "name": name,
                        "agg": aggregate.aggregation,
                        "expr": aggregate.expression,
                        "agg_time_dimension": table.time,
                    }
                )
                content["metrics"].append(
                    {
                        "name": name,
                        "type": "simple",
                        "type_params": {
                            "measure": {"name": name},
                            "input_measures": [{"name": name}],
                        },
                    }
                )
        spines = content["project_configuration"]["time_spines"]
        self.relations = frozenset(
            one["node_relation"]["relation_name"] for one in (*content["semantic_models"], *spines)
        )
        self._planner = Planner(parse_semantic_manifest(json.dumps(content)), dialect)

    def select(self, table: RollupTable) -> str:
        """Give the SELECT of a roll-up's rows, its columns in their order."""
        return self.named(table, self.aggregates(table))

    def named(self, table: RollupTable, sql: str, more: Sequence[str] = ()) -> str:
        """Give a SELECT of a roll-up's rows by MetricFlow's names with the roll-up's own.

        Args:
            table: The roll-up.
            sql: The SELECT.
            more: Columns that it has besides.
        """
        columns = [f"{self._value(one, _requested(one))} AS {one.column}" for one in table.names]
        columns += [
            f"{name} AS {one.column}"
            for name, one in zip(self._metrics[table.name], table.aggregates, strict=True)
        ]
        selected = "\n  , ".join([*columns, *more])
        return f"SELECT\n  {selected}\nFROM (\n{_indented(sql)}\n) aggregates"

    def aggregates(self, table: RollupTable) -> str:
        """Give the SELECT of a roll-up's rows as MetricFlow writes it, by MetricFlow's names."""
        group_by = [_requested(one) for one in table.names]
        return self._planner.plan(
            MetricRequest(metrics=self._metrics[table.name], group_by=group_by)
        )

    def total(self, table: RollupTable) -> str:
        """Give the SELECT of all rows together, to which nothing is joined."""
        metrics = self._metrics[table.name]
        sql = self._planner.plan(MetricRequest(metrics=metrics))
        selected = ", ".join(
            f"{name} AS {one.column}" for name, one in zip(metrics, table.aggregates, strict=True)
        )
        return f"SELECT {selected} FROM (\n{_indented(sql)}\n) aggregates"  # noqa: S608

    def _value(self, stored: StoredName, name: str) -> str:
        # PostgreSQL makes times with a zone of days, which depend on the session that reads them.
        is_zoned = self._dialect == "postgres" and stored.kind is StoredKind.TIME
        return f'CAST("{name}" AS TIMESTAMP)' if is_zoned else f'"{name}"'


def _requested(stored: StoredName) -> str:
    return f"{stored.path}__{stored.grain}" if stored.grain else stored.path


def _indented(sql: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in sql.splitlines())
