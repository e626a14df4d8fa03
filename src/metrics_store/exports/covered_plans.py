"""Plans of exports over the roll-ups that dbt builds before them, where these cover them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.exports.model_references import reference
from metrics_store.exports.summed_types import SummedType, summed_types
from metrics_store.query.rollups.coverage import CoverageFinder
from metrics_store.query.rollups.declaration import read_declarations
from metrics_store.query.rollups.rollup_sources import source_of
from metrics_store.query.rollups.table_builder import generated_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.exports.export_sources import ExportSources
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.rollup_table import RollupTable


class CoveredPlanner:
    """Plans requests over roll-ups as far as they cover them, and over rows where none does.

    Args:
        planner: Plans over the rows.
        tables: The roll-ups, each with its columns of sums that are to stay whole numbers.
    """

    def __init__(
        self, planner: Planner, tables: Sequence[tuple[RollupTable, frozenset[str]]]
    ) -> None:
        self._planner = planner
        self._whole = {table.name: whole for table, whole in tables}
        self._tables = {table.name: table for table, _ in tables}
        self._finder = CoverageFinder(planner, tuple(self._tables.values()))
        self._planners: dict[tuple[str, ...], Planner] = {}

    def plan(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request.

        Raises:
            MetricsStoreError: A name does not exist, or the parts do not fit together.
        """
        names = self._covering(request)
        if not names:
            return self._planner.plan(request)
        if names not in self._planners:
            self._planners[names] = self._planner.over_rollups(
                [source_of(self._tables[name], self._whole[name]) for name in names]
            )
        return self._planners[names].plan(request)

    def _covering(self, request: MetricRequest) -> tuple[str, ...]:
        """Give the roll-ups that cover a request; of several those of the fewest columns."""
        if not self._tables:
            return ()
        all_rows = {table.model: () for table in self._tables.values()}
        coverage = self._finder.find(self._planner.resolve(request), all_rows)
        return tuple(
            min(names, key=lambda name: (len(self._tables[name].names), name))
            for names in coverage.candidates
        )


class ExportRollups:
    """The roll-ups that a project generates, as exports read them.

    Args:
        sources: What dbt's manifests say.
        planner: Knows the definitions.

    Raises:
        MetricsStoreError: One is over what cannot be rolled up.
    """

    def __init__(self, sources: ExportSources, planner: Planner) -> None:
        declarations = read_declarations({"saved_queries": sources.saved_queries})
        self._columns = sources.columns
        self._tables = [
            dataclasses.replace(table, relation=reference(table.name))
            for table in generated_tables(planner, declarations)
        ]
        self._models = {
            one.name: one.node_relation.relation_name.rpartition(".")[2]
            for one in planner.manifest.semantic_models
        }

    def planner(self, planner: Planner, dialect: str) -> CoveredPlanner:
        """Give what plans exports in one dialect."""
        if dialect != "postgres":
            # DuckDB adds up whole numbers, and sums of them, in one type.
            return CoveredPlanner(planner, [(table, frozenset()) for table in self._tables])
        return CoveredPlanner(planner, [self._typed(table) for table in self._tables])

    def _typed(self, table: RollupTable) -> tuple[RollupTable, frozenset[str]]:
        """Give a roll-up without what PostgreSQL may add up to another type than the rows."""
        types = summed_types(table.aggregates, self._columns.get(self._models[table.model], {}))
        inputs = tuple(
            one
            for one in table.inputs
            if one.is_average or types.get(one.columns[0]) is not SummedType.UNKNOWN
        )
        whole = frozenset(name for name, one in types.items() if one is SummedType.WHOLE)
        return dataclasses.replace(table, inputs=inputs), whole
