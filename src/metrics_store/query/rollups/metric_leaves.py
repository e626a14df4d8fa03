"""The simple metrics that metrics are made of, and the names that the definitions' filters need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import MetricType

from metrics_store.query.metric_time import known_grains

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metricflow_semantic_interfaces.implementations.filters.where_filter import (
        PydanticWhereFilterIntersection,
    )
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantics.model.semantics.simple_metric_input import SimpleMetricInput

    from metrics_store.query.planner import Planner

    Filters = tuple[PydanticWhereFilterIntersection | None, ...]


@dataclass(frozen=True)
class Needed:
    """A name that a simple metric's rows are grouped or filtered by.

    Attributes:
        path: The name, without a grain.
        grain: The grain of a time; empty for all else, and for a time in its own grain.
    """

    path: str
    grain: str = ""

    def __str__(self) -> str:
        """Give the name as people write it."""
        return f"{self.path}__{self.grain}" if self.grain else self.path


@dataclass(frozen=True)
class Leaf:
    """A simple metric within a metric.

    Attributes:
        metric: Which one.
        input: What MetricFlow knows of it.
        names: The names that filters of the definitions are on.
        unrollable: Why it cannot be answered from any roll-up; empty where it can be.
        needs_days: Whether it is accumulated day by day.
    """

    metric: str
    input: SimpleMetricInput = field(compare=False)
    names: frozenset[Needed]
    unrollable: str = ""
    needs_days: bool = False

    @property
    def model(self) -> str:
        """The semantic model that it aggregates."""
        return str(self.input.model_id.model_name)

    @property
    def time(self) -> str:
        """The time dimension that it counts by."""
        return str(self.input.agg_time_dimension_name)


class MetricLeaves:
    """Takes metrics of one manifest apart.

    Args:
        planner: Knows the definitions.
    """

    def __init__(self, planner: Planner) -> None:
        manifest: PydanticSemanticManifest = planner.manifest
        self._metrics = {metric.name: metric for metric in manifest.metrics}
        self._grains = tuple(known_grains(manifest))
        lookup = planner.semantic_manifest_lookup.manifest_object_lookup
        self._inputs = lookup.simple_metric_name_to_input

    def of(self, names: Sequence[str]) -> list[Leaf]:
        """Give the simple metrics of metrics, each once for each way in which it is filtered."""
        return list(dict.fromkeys(leaf for name in names for leaf in self._leaves(name, (), ())))

    def simple_inputs(self, model: str, time: str) -> list[SimpleMetricInput]:
        """Give all simple metrics of a semantic model that count by one time of it, by name."""
        return [
            one
            for _, one in sorted(self._inputs.items())
            if (one.model_id.model_name, one.agg_time_dimension_name) == (model, time)
        ]

    def _leaves(self, name: str, above: Filters, flags: tuple[str, ...]) -> Iterator[Leaf]:
        metric = self._metrics[name]
        filters = (*above, metric.filter)
        parameters = metric.type_params
        if metric.type is MetricType.SIMPLE:
            measure = parameters.measure
            yield self._leaf(name, (*filters, measure.filter if measure else None), flags)
        elif metric.type is MetricType.CONVERSION:
            yield from self._conversion(metric, filters)
        elif metric.type is MetricType.CUMULATIVE:
            cumulative = parameters.cumulative_type_params
            given = cumulative.metric if cumulative else None
            if given is not None:
                yield from self._leaves(given.name, (*filters, given.filter), (*flags, "days"))
        else:
            inputs = [parameters.numerator, parameters.denominator, *(parameters.metrics or ())]
            for one in inputs:
                if one is not None:
                    yield from self._leaves(one.name, (*filters, one.filter), flags)

    def _conversion(self, metric: PydanticMetric, filters: Filters) -> Iterator[Leaf]:
        given = metric.type_params.conversion_type_params
        for one in (given.base_metric, given.conversion_metric) if given else ():
            if one is not None:
                leaf = self._leaf(one.name, (*filters, one.filter), ())
                reason = "matches single events, of which a roll-up keeps none"
                yield Leaf(leaf.metric, leaf.input, leaf.names, f"{metric.name} {reason}")

    def _leaf(self, name: str, filters: Filters, flags: tuple[str, ...]) -> Leaf:
        names: set[Needed] = set()
        unrollable = ""
        for one in filters:
            found = self.names_in(one)
            if found is None:
                unrollable = f"{name} is filtered by another metric, row by row"
            else:
                names |= found
        return Leaf(name, self._inputs[name], frozenset(names), unrollable, "days" in flags)

    def names_in(self, filters: PydanticWhereFilterIntersection | None) -> set[Needed] | None:
        """Give the names that filters are on; none where one is on a metric."""
        names = set()
        for one in filters.where_filters if filters else ():
            calls = one.call_parameter_sets(self._grains)
            if calls.metric_call_parameter_sets:
                return None
            for call in calls.dimension_call_parameter_sets:
                names.add(Needed(_path(call.entity_path, call.dimension_reference)))
            for call in calls.entity_call_parameter_sets:
                names.add(Needed(_path(call.entity_path, call.entity_reference)))
            for call in calls.time_dimension_call_parameter_sets:
                path = _path(call.entity_path, call.time_dimension_reference)
                # A part of a date is made of days.
                grain = "day" if call.date_part else (call.time_granularity_name or "")
                names.add(self._with_grain_apart(Needed(path, grain.lower())))
        return names

    def _with_grain_apart(self, given: Needed) -> Needed:
        path, _, grain = given.path.rpartition("__")
        if not given.grain and path and grain in self._grains:
            return Needed(path, grain)
        return given


def _path(links: tuple[object, ...], last: object) -> str:
    return "__".join(str(getattr(one, "element_name", "")) for one in (*links, last)).lower()
