"""Rejects a request whose metrics have no meaning by its group-bys, filters or grains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_time import METRIC_TIME, known_grains
from metrics_store.query.resolution.requested_names import find_saved_query, requested_group_bys
from metrics_store.query.resolution.saved_query_names import saved_query_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.query.filters.filter_tree import Name
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.resolution.definition_lookup import DefinitionLookup


class ApplicabilityChecker:
    """Rejects what some metrics have no meaning by.

    Args:
        lookup: Knows the definitions.
        metrics: Name -> the metric.
    """

    def __init__(self, lookup: DefinitionLookup, metrics: Mapping[str, PydanticMetric]) -> None:
        self._lookup = lookup
        self._exclusions = lookup.exclusions
        self._metrics = metrics

    def check(self, request: MetricRequest) -> None:
        """Reject metrics without the time that they need, and a saved query's own names.

        Raises:
            MetricsStoreError: A metric has no meaning by them.
        """
        manifest = self._lookup.manifest
        group_bys = requested_group_bys(manifest, request)
        saved = find_saved_query(manifest, request)
        if saved is not None:
            _, paths = saved_query_names(saved, manifest)
            for path in sorted(paths):
                self._check_path(path)
            for group_by in group_bys:
                self._check_grain(group_by)
        for metric in self._metrics:
            self._check_time(metric, group_bys)

    def check_group_by(self, group_by: str, path: str) -> None:
        """Reject metrics by a name that they have no meaning by.

        Args:
            group_by: The group-by as it is requested.
            path: Its name, without grain.

        Raises:
            MetricsStoreError: A metric has no meaning by it.
        """
        self._check_path(path)
        self._check_grain(group_by)

    def wrap(self, resolve: Callable[[Name], Name]) -> Callable[[Name], Name]:
        """Give a resolver of a filter's names that rejects those without a meaning too."""

        def resolve_applicable(name: Name) -> Name:
            found = resolve(name)
            if found.kind is Kind.METRIC:
                self._check_time(found.path, ())
                for entity in found.group_by:
                    self._exclusions.check(found.path, entity)
            else:
                self._check_path(found.path)
            return found

        return resolve_applicable

    def _check_path(self, path: str) -> None:
        for metric in self._metrics:
            self._exclusions.check(metric, path)

    def _check_grain(self, group_by: str) -> None:
        for metric in self._metrics.values():
            self._check_grain_of(metric, group_by)

    def _check_grain_of(self, metric: PydanticMetric, group_by: str) -> None:
        """Reject a metric by a grain of its own time that it is not meant for.

        Its `config.meta.grains` names those that it is meant for, or else `config.meta.not_by`
        those that it is not.
        """
        time, _, named = group_by.lower().partition("__")
        if time != METRIC_TIME:
            return
        grain = named or self._lookup.default_grain(metric.name)
        grains = (metric.config.meta if metric.config else {}).get("grains")
        reason = self._exclusions.reason_of_grain(metric.name, grain)
        if reason is None and (not grains or grain in grains):
            return
        because = f": {reason.rstrip('.')}" if reason else ""
        raise MetricsStoreError(
            f"{metric.name} has no meaning by {grain}{because}",
            where=group_by,
            expected="one of " + ", ".join(f"{METRIC_TIME}__{one}" for one in grains)
            if grains
            else "",
        )

    def _check_time(self, metric: str, group_bys: Iterable[str]) -> None:
        grains = known_grains(self._lookup.manifest)
        times = {METRIC_TIME, *(f"{METRIC_TIME}__{grain}" for grain in grains)}
        if self._exclusions.requires_period(metric) and times.isdisjoint(map(str.lower, group_bys)):
            raise MetricsStoreError(
                f"{metric} has a meaning by period only, not over all time",
                where=metric,
                expected=f"{METRIC_TIME} with a grain among the group-bys",
                remedy=f"`metrics list {metric}` shows the grains; a filter on {METRIC_TIME} "
                "leaves the one period that is wanted",
            )
