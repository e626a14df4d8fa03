"""MetricFlow as a planner: a question in, SQL out, with no dbt and no connection in the process."""

from __future__ import annotations

import contextvars
import functools
import logging
from typing import TYPE_CHECKING, Any

from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.references import MetricReference
from metricflow_semantic_interfaces.type_enums import DimensionType, EntityType, MetricType
from metricflow_semantics.errors.error_classes import InformativeUserError
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
from metricflow_semantics.model.semantics.linkable_element import LinkableElementType

from metrics_store.errors import MetricsStoreError
from metrics_store.query.corrections.correcting_engine import CorrectingEngine
from metrics_store.query.corrections.distinct_inputs import with_distinct_sides
from metrics_store.query.filters.filter_renderer import Manner
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metricflow.column_names import QuotingColumnNames
from metrics_store.query.metricflow.component_errors import told_of_asked_metrics
from metrics_store.query.metricflow.metricflow_errors import asked_metrics, unanswered
from metrics_store.query.metricflow.metricflow_request import metricflow_request
from metrics_store.query.metricflow.postgres_renderer import PostgresRenderer
from metrics_store.query.metricflow.sql_rewriter import read_where_needed, with_steady_aliases
from metrics_store.query.periods import longest
from metrics_store.query.resolution.exclusions import Exclusions, is_hidden
from metrics_store.query.resolution.name_resolver import METRIC_TIME
from metrics_store.query.resolution.request_resolver import checked
from metrics_store.query.resolution.time_grains import time_grains

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.engine.models import Dimension
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.semantic_graph.attribute_resolution.annotated_spec import (
        AnnotatedSpec,
    )

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.resolution.time_grains import TimeGrains

DIALECTS: dict[str, tuple[SqlEngine, type[SqlPlanRenderer]]] = {
    "duckdb": (SqlEngine.DUCKDB, DuckDbSqlPlanRenderer),
    "postgres": (SqlEngine.POSTGRES, PostgresRenderer),
}


# MetricFlow warns of the start that it makes up itself where only an end is given.
logging.getLogger("metricflow_semantics.filters.time_constraint").setLevel(logging.ERROR)

# It plans a conversion that counts no visitors again, more simply, after an error with a traceback.
logging.getLogger("metricflow.plan_conversion.to_sql_plan.dataflow_to_sql").setLevel(
    logging.CRITICAL
)


def _path(item: AnnotatedSpec) -> str:
    """Give the name of what can be grouped by, the entities that lead to it in front."""
    return "__".join([*item.entity_link_names, item.element_name])


class _PlanOnlyClient:
    """What MetricFlow asks of a warehouse when it only plans: which dialect it speaks."""

    def __init__(self, dialect: str) -> None:
        self.sql_engine_type, renderer = DIALECTS[dialect]
        self.sql_plan_renderer = renderer()


def parse_semantic_manifest(content: str) -> PydanticSemanticManifest:
    """Understand the text of a semantic manifest."""
    return parse_manifest_from_dbt_generated_manifest(content)


def read_semantic_manifest(path: Path) -> PydanticSemanticManifest:
    """Read dbt's `semantic_manifest.json`.

    Raises:
        MetricsStoreError: It is missing or cannot be understood.
    """
    try:
        return parse_semantic_manifest(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MetricsStoreError(
            "the metrics are not built yet", where=str(path), remedy="run `metrics build`"
        ) from error
    except Exception as error:
        raise MetricsStoreError(
            "the semantic manifest cannot be read", where=str(path), remedy="run `metrics build`"
        ) from error


def _aside(work: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 - MetricFlow's own
    """Do something of MetricFlow's in a context of its own.

    It times its steps with a new context variable each, which a thread's own context would keep
    for as long as the thread lives.
    """
    return contextvars.copy_context().run(work, *given)


class Planner:
    """Plans questions on one semantic manifest for one SQL dialect.

    Args:
        manifest: The definitions.
        dialect: The SQL that is written.
        hides_rows: Whether the sources leave out rows that the caller may not see. Filters then
            do not fail on values that they cannot be compared with: an engine may try them on
            hidden rows first, and to fail would tell of those.
    """

    def __init__(
        self, manifest: PydanticSemanticManifest, dialect: str, *, hides_rows: bool = False
    ) -> None:
        if dialect not in DIALECTS:
            raise MetricsStoreError(
                f"metrics cannot be planned for {dialect}",
                expected="a target of type " + " or ".join(DIALECTS),
            )
        self.manifest = manifest
        self._dialect = dialect
        # PostgreSQL compares only what fits, whatever the rows hold.
        self._manner = Manner(dialect, forgiving=hides_rows and dialect == "duckdb")
        self._kinds: dict[str, dict[str, Kind]] = {}
        self._grains: dict[str, str] = {}
        self._offered: dict[str, dict[str, list[str]]] = {}

    def over(self, manifest: PydanticSemanticManifest) -> Planner:
        """Give a planner for the same dialect over sources that leave out rows."""
        return Planner(manifest, self._dialect, hides_rows=True)

    @property
    def public_metrics(self) -> list[PydanticMetric]:
        """The metrics but MetricFlow's own, made of measures that other metrics need."""
        return [metric for metric in self.manifest.metrics if not metric.type_params.is_private]

    @functools.cached_property
    def _lookup(self) -> SemanticManifestLookup:
        return SemanticManifestLookup(with_distinct_sides(self.manifest))

    @property
    def dialect(self) -> str:
        """The SQL that it plans in: `duckdb` or `postgres`."""
        return self._dialect

    @property
    def semantic_manifest_lookup(self) -> SemanticManifestLookup:
        """What MetricFlow knows of the definitions."""
        return self._lookup

    @functools.cached_property
    def exclusions(self) -> Exclusions:
        """What each metric has no meaning by, and why."""
        return Exclusions(self.manifest)

    @functools.cached_property
    def _engine(self) -> MetricFlowEngine:
        return CorrectingEngine(
            semantic_manifest_lookup=self._lookup,
            sql_client=_PlanOnlyClient(self._dialect),
            column_association_resolver=QuotingColumnNames(),
        )

    @functools.cached_property
    def _entity_descriptions(self) -> dict[str, str]:
        """Each entity in the words of the semantic model it is primary in.

        Several models describe the same entity, and MetricFlow gives any one of them.
        """
        entities = [
            (entity.type is not EntityType.PRIMARY, model.name, entity.name, entity.description)
            for model in self.manifest.semantic_models
            for entity in model.entities
        ]
        described: dict[str, str] = {}
        for _, _, name, description in sorted(entities, key=lambda entity: entity[:2]):
            described.setdefault(name, description or "")
        return described

    def group_bys(self, metric: str) -> dict[str, str]:
        """Give the names a metric can be grouped by, each with its description.

        `metric_time` and other times take a grain: `metric_time__month`. What the metric has no
        meaning by is left out.
        """
        entities = _aside(self._engine.entities_for_metrics, [metric])
        named = {"metric_time": "The time that the metric itself counts by."}
        for path, item in self._dimensions(metric):
            named.setdefault(path, item.description or "")
        named.update({entity.name: self._entity_descriptions[entity.name] for entity in entities})
        return {
            name: text
            for name, text in sorted(named.items())
            if self.exclusions.reason(metric, name) is None
        }

    def offered(self, metric: str) -> list[str]:
        """Give the names of `group_bys` that people are shown: none that is there for definitions.

        Those can be asked by all the same: they are of no interest, and right.
        """
        hidden = {path for path, item in self._dimensions(metric) if is_hidden(item.config)}
        return [name for name in self.group_bys(metric) if name not in hidden]

    def _dimensions(self, metric: str) -> Iterator[tuple[str, Dimension]]:
        """Give each dimension of a metric with its name, the entities that lead to it in front."""
        for item in _aside(self._engine.simple_dimensions_for_metrics, [metric]):
            # Not its dunder_name, to which MetricFlow may add a grain.
            links = [link.element_name for link in item.entity_links]
            yield "__".join([*links, item.name]), item

    def _group_by_items(self, metric: str) -> tuple[AnnotatedSpec, ...]:
        lookup = self._lookup.metric_lookup
        found = _aside(lookup.get_common_group_by_items, [MetricReference(metric)])
        items: tuple[AnnotatedSpec, ...] = tuple(found.annotated_specs)
        return items

    def _entities(self, metric: str) -> list[str]:
        """Give each entity of a metric with those that lead to it in front."""
        return sorted(
            _path(one)
            for one in self._group_by_items(metric)
            if one.element_type is LinkableElementType.ENTITY
        )

    def grains_of_times(self, metric: str) -> Mapping[str, Sequence[str]]:
        """Give each time of a metric with its grains, the finest first; of no metric, of any."""
        if metric not in self._offered:
            found: dict[str, set[tuple[int, str]]] = {}
            for one in [metric] if metric else self._metric_of_each_model:
                for item in self._group_by_items(one):
                    if item.time_grain is not None:
                        order = item.time_grain.base_granularity.to_int(), item.time_grain.name
                        found.setdefault(_path(item), set()).add(order)
            self._offered[metric] = {
                path: [name for _, name in sorted(grains)] for path, grains in found.items()
            }
        return self._offered[metric]

    def all_kinds(self) -> dict[str, Kind]:
        """Say of each name that any metric can be grouped by what it is."""
        found: dict[str, Kind] = {}
        for metric in self._metric_of_each_model:
            for path, kind in self.kinds(metric).items():
                found.setdefault(path, kind)
        return found

    @functools.cached_property
    def _metric_of_each_model(self) -> list[str]:
        """Give a simple metric of each semantic model: all of a model's have the same group-bys."""
        models = {
            measure.name: model.name
            for model in self.manifest.semantic_models
            for measure in model.measures
        }
        found: dict[str, str] = {}
        for metric in self.manifest.metrics:
            measure = metric.type_params.measure
            if metric.type is MetricType.SIMPLE and measure and measure.name in models:
                found.setdefault(models[measure.name], metric.name)
        return list(found.values())

    def kinds(self, metric: str) -> dict[str, Kind]:
        """Say of each name in `group_bys` what it is."""
        if metric not in self._kinds:
            kinds = {"metric_time": Kind.TIME_DIMENSION}
            for path, item in self._dimensions(metric):
                is_time = item.type is DimensionType.TIME
                kinds[path] = Kind.TIME_DIMENSION if is_time else Kind.DIMENSION
                if is_time and item.type_params is not None:
                    self._grains[path] = item.type_params.time_granularity.value
            kinds.update(dict.fromkeys(self._entities(metric), Kind.ENTITY))
            self._kinds[metric] = kinds
        return self._kinds[metric]

    def unseen(self, metric: str) -> Collection[str]:
        """Give the names in `kinds` that are there and may not be asked; of no metric, of any."""
        del metric
        return ()

    def default_grain(self, metric: str) -> str:
        """Give the grain that `metric_time` stands for where none is said."""
        said = self._lookup.metric_lookup.get_metric(MetricReference(metric)).time_granularity
        return said or longest({"day", self.finest_grain(metric)})

    def finest_grain(self, metric: str) -> str:
        """Give the shortest grain that a metric's `metric_time` has."""
        grain: str = self._lookup.metric_lookup.get_min_queryable_time_granularity(
            MetricReference(metric)
        ).value
        return grain

    def time_grains(self, metrics: Sequence[str], path: str) -> TimeGrains:
        """Give the grains of a time of some metrics, whose kinds were asked before."""
        if path == METRIC_TIME:
            return time_grains(
                {self.default_grain(metric) for metric in metrics},
                {self.finest_grain(metric) for metric in metrics},
            )
        grain = self._grains.get(path, "day")
        return time_grains({grain}, {grain})

    def check(self, request: MetricRequest) -> MetricRequest:
        """Give a request with every name known, its filter's names told apart, its times read.

        Raises:
            MetricsStoreError: A name does not exist, or does not fit.
        """
        return checked(self, request)

    def plan(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request.

        Raises:
            MetricsStoreError: A name does not exist, or the parts do not fit together.
        """
        return self.plan_checked(self.check(request))

    def plan_checked(self, request: MetricRequest) -> str:
        """Give the SQL that answers a request that `check` gave.

        Raises:
            MetricsStoreError: The parts do not fit together.
        """
        try:
            explained = _aside(self._engine.explain, metricflow_request(request, self._manner))
        except InformativeUserError as error:
            raise unanswered(self, request, error) from None
        except MetricsStoreError as error:
            declared = {metric.name: metric for metric in self.manifest.metrics}
            raise told_of_asked_metrics(error, asked_metrics(self, request), declared) from None
        sql = str(explained.sql_statement.without_descriptions.sql)
        return with_steady_aliases(read_where_needed(sql))
