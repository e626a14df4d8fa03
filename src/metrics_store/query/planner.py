"""Turns a request into SQL by MetricFlow, with no dbt and no connection in the process."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from metricflow_semantics.errors.error_classes import InformativeUserError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_renderer import RenderOptions
from metrics_store.query.metricflow.component_errors import with_requested_metrics
from metrics_store.query.metricflow.metricflow_engine import run_isolated
from metrics_store.query.metricflow.metricflow_errors import planning_error
from metrics_store.query.metricflow.metricflow_lookup import MetricFlowLookup
from metrics_store.query.metricflow.metricflow_request import metricflow_request
from metrics_store.query.metricflow.rollup_plans.rollup_engine import RollupEngine
from metrics_store.query.metricflow.sql_rewriter import (
    read_where_needed,
    with_own_types,
    with_steady_aliases,
)
from metrics_store.query.optimisation.optimising_engine import OptimisingEngine
from metrics_store.query.resolution.request_resolver import resolve_request
from metrics_store.query.resolution.requested_names import requested_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.metricflow.rollup_plans.rollup_source import RollupSource
    from metrics_store.query.optimisation.whole_sums import IsInteger

# Only the outermost clauses begin a line.
_LIMIT = "\nLIMIT "


class Planner(MetricFlowLookup):
    """Plans requests on one semantic manifest for one SQL dialect.

    Args:
        manifest: The definitions.
        dialect: The SQL that is written.
        hides_rows: Whether the sources leave out rows that the caller may not see. Filters then
            do not fail on values that they cannot be compared with: an engine may try them on
            hidden rows first, and to fail would tell of those.
        optimise: Whether plans are rewritten so that they are answered sooner.
        is_integer: Says of an expression of a semantic model whether it is an integer, which
            PostgreSQL sums to another type; some plans are as they are where nobody says.
    """

    def __init__(
        self,
        manifest: PydanticSemanticManifest,
        dialect: str,
        *,
        hides_rows: bool = False,
        optimise: bool = True,
        is_integer: IsInteger | None = None,
    ) -> None:
        super().__init__(manifest, dialect, optimise=optimise, is_integer=is_integer)
        # PostgreSQL compares only what fits, whatever the rows hold.
        self._options = RenderOptions(
            self.sql_dialect, tolerant=hides_rows and self.sql_dialect.is_tolerant
        )

    def over(self, manifest: PydanticSemanticManifest) -> Planner:
        """Give a planner for the same dialect over sources that leave out rows."""
        return Planner(
            manifest,
            self._dialect,
            hides_rows=True,
            optimise=self._optimise,
            is_integer=self._is_integer,
        )

    def over_rollups(self, sources: Sequence[RollupSource]) -> RollupPlanner:
        """Give a planner of the same definitions that reads some simple metrics from roll-ups."""
        return RollupPlanner(self, sources)

    @property
    def rewrites(self) -> tuple[str, ...]:
        """How the last plan was made faster, and what of it was not and why."""
        return self._engine.rewrites if isinstance(self._engine, OptimisingEngine) else ()

    def resolve(self, request: MetricRequest) -> MetricRequest:
        """Give a request with every name known, its filter's names told apart, its times read.

        Raises:
            MetricsStoreError: A name does not exist, or does not fit.
        """
        return resolve_request(self, request)

    def plan(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request.

        Raises:
            MetricsStoreError: A name does not exist, or the parts do not fit together.
        """
        return self.plan_resolved(self.resolve(request))

    def plan_resolved(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request that `resolve` gave.

        Raises:
            MetricsStoreError: The parts do not fit together.
        """
        try:
            explained = run_isolated(
                self._engine.explain, metricflow_request(request, self._options)
            )
        except InformativeUserError as error:
            raise planning_error(self, request, error) from None
        except MetricsStoreError as error:
            declared = {metric.name: metric for metric in self.manifest.metrics}
            metrics = requested_metrics(self.manifest, request)
            raise with_requested_metrics(error, metrics, declared) from None
        sql = str(explained.sql_statement.without_descriptions.sql)
        if request.limit == 0 and _LIMIT not in sql:
            # Without an order MetricFlow takes it for no limit.
            sql += f"{_LIMIT}0"
        rewritten = with_own_types(read_where_needed(sql, self.sql_dialect), self.sql_dialect)
        return with_steady_aliases(rewritten, self.sql_dialect)


class RollupPlanner(Planner):
    """Plans over roll-ups; names are resolved as by the planner that it was made of.

    Args:
        planner: Knows the definitions.
        sources: The roll-ups, at most one for each simple metric.
    """

    def __init__(self, planner: Planner, sources: Sequence[RollupSource]) -> None:
        # All that was looked up is there already: only the sources of plans differ.
        self.__dict__.update(vars(planner))
        self.__dict__.pop("_engine", None)
        self._sources = tuple(sources)

    @functools.cached_property
    def _engine(self) -> MetricFlowEngine:
        return RollupEngine(self.semantic_manifest_lookup, self._dialect, self._sources)
