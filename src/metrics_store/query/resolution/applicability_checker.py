"""Whether the metrics of a question have a meaning by all that it asks, as they themselves say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.resolution.grain_checker import check_grain
from metrics_store.query.resolution.name_resolver import METRIC_TIME, known_grains
from metrics_store.query.resolution.order_resolver import group_bys_of
from metrics_store.query.resolution.saved_query_names import saved_query_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.query.filters.filter_tree import Name
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner


class Meanings:
    """What some metrics have a meaning by.

    Args:
        planner: Knows the definitions.
        metrics: Name -> the metric.
    """

    def __init__(self, planner: Planner, metrics: Mapping[str, PydanticMetric]) -> None:
        self._planner = planner
        self._exclusions = planner.exclusions
        self._metrics = metrics

    def check(self, request: MetricRequest) -> None:
        """Refuse metrics without the time that they need, and a saved query's own names.

        Raises:
            MetricsStoreError: A metric has no meaning by them.
        """
        group_bys = list(request.group_by)
        for saved in self._planner.manifest.saved_queries:
            if saved.name == request.saved_query:
                _, paths = saved_query_names(saved, self._planner.manifest)
                for path in sorted(paths):
                    self._check_path(path)
                group_bys += group_bys_of(saved.query_params)
                for group_by in group_bys:
                    self._check_grain(group_by)
        for metric in self._metrics:
            self._check_time(metric, group_bys)

    def check_group_by(self, group_by: str, path: str) -> None:
        """Refuse metrics by what they have no meaning by.

        Args:
            group_by: The group-by as it is asked.
            path: Its name, without grain.

        Raises:
            MetricsStoreError: A metric has no meaning by it.
        """
        self._check_path(path)
        self._check_grain(group_by)

    def of(self, resolve: Callable[[Name], Name]) -> Callable[[Name], Name]:
        """Give what resolves a filter's names so that it refuses those without a meaning too."""

        def resolved(name: Name) -> Name:
            found = resolve(name)
            if found.kind is Kind.METRIC:
                self._check_time(found.path, ())
                for entity in found.group_by:
                    self._exclusions.check(found.path, entity)
            else:
                self._check_path(found.path)
            return found

        return resolved

    def _check_path(self, path: str) -> None:
        for metric in self._metrics:
            self._exclusions.check(metric, path)

    def _check_grain(self, group_by: str) -> None:
        for metric in self._metrics.values():
            check_grain(self._planner, metric, group_by)

    def _check_time(self, metric: str, group_bys: Iterable[str]) -> None:
        grains = known_grains(self._planner.manifest)
        times = {METRIC_TIME, *(f"{METRIC_TIME}__{grain}" for grain in grains)}
        if self._exclusions.requires_period(metric) and times.isdisjoint(map(str.lower, group_bys)):
            raise MetricsStoreError(
                f"{metric} has a meaning by period only, not over all time",
                where=metric,
                expected=f"{METRIC_TIME} with a grain among the group-bys",
                remedy=f"`metrics list {metric}` shows the grains; a filter on {METRIC_TIME} "
                "leaves the one period that is wanted",
            )
