"""What one principal may see: all policies that hold for it, with its attributes filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.access.row_filters import union
from metrics_store.errors import NotAllowedError
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

    from metrics_store.access.policies.name_patterns import NamePatterns
    from metrics_store.access.row_filters import Rows


@dataclass(frozen=True)
class Permit:
    """One policy of a grant: its metrics, by its dimensions, of its rows.

    Attributes:
        policy: The policy's name.
        metrics: The metrics.
        barred: Metrics that the policy names but whose rows its filters do not reach -> why.
        dimensions: The dimensions and entities; `metric_time` always goes with a metric.
        rows: The rows.
        models: The semantic models whose rows the filters reach.
        filtered_by: The dimensions and entities that the filters compare.
    """

    policy: str
    metrics: frozenset[str]
    barred: Mapping[str, str]
    dimensions: NamePatterns
    rows: Rows
    models: frozenset[str]
    filtered_by: tuple[str, ...] = ()

    def allows(self, path: str) -> bool:
        """Whether a dimension or an entity may be named."""
        return path == METRIC_TIME or path in self.dimensions


@dataclass(frozen=True)
class Grant:
    """What one principal may see: one permit for each policy that holds for it.

    Metrics of one policy cannot be grouped by dimensions of another: whoever may see everybody's
    total and the names of their own customers does not see the names of everybody's.

    Attributes:
        key: Equal for principals who may see the same of the same rows; caches are keyed by it.
        permits: One for each policy.
    """

    key: Hashable
    permits: tuple[Permit, ...] = field(compare=False)

    def metric(self, name: str) -> bool:
        """Whether a metric may be requested."""
        return any(name in permit.metrics for permit in self.permits)

    def dimension(self, path: str) -> bool:
        """Whether a dimension or an entity may be named at all."""
        return any(permit.allows(path) for permit in self.permits)

    def allows(self, metric: str, path: str) -> bool:
        """Whether a metric may be grouped or filtered by a dimension or an entity."""
        return any(metric in permit.metrics and permit.allows(path) for permit in self.permits)

    def allows_together(self, metric: str, paths: Collection[str]) -> bool:
        """Whether a metric may be grouped by several dimensions at once."""
        return bool(self._permits(metric, paths))

    def row_filters(self, metric: str, paths: Collection[str] = ()) -> Rows:
        """Give the rows that a metric is computed from when it is grouped by some dimensions.

        Raises:
            NotAllowedError: No policy shows it by all of them.
        """
        permits = self._permits(metric, paths)
        if permits:
            return union(permit.rows for permit in permits)
        for permit in self.permits:
            if metric in permit.barred and not self.metric(metric):
                raise NotAllowedError(permit.barred[metric], where=metric)
        raise NotAllowedError(
            "no policy shows these together",
            where=", ".join([metric, *sorted(paths)]),
            remedy="ask by fewer dimensions",
        )

    def _permits(self, metric: str, paths: Collection[str]) -> list[Permit]:
        return [
            permit
            for permit in self.permits
            if metric in permit.metrics and all(map(permit.allows, paths))
        ]

    def rows_of_all(self, metrics: Collection[str], paths: Collection[str]) -> Rows:
        """Give the rows that several metrics are computed from in one request.

        Raises:
            NotAllowedError: No policy shows one of them by all of the dimensions, or their rows
                differ: side by side they would seem comparable.
        """
        return _only({metric: self.row_filters(metric, paths) for metric in sorted(metrics)})

    def rows_of_values(
        self, paths: Collection[str], models: Collection[str], metrics: Collection[str] = ()
    ) -> Rows:
        """Give the rows that dimension values are taken from when no metric is requested.

        Args:
            paths: The dimensions and entities.
            models: The semantic models that they are of.
            metrics: Metrics that they are filtered by.

        Raises:
            NotAllowedError: No policy shows them together, or the filters of a policy do not reach
                the rows of a model.
        """
        permits = [
            permit for permit in self.permits if permit.metrics and all(map(permit.allows, paths))
        ]
        reachable = [permit for permit in permits if permit.models.issuperset(models)]
        if reachable:
            of_metrics = {metric: self.row_filters(metric, paths) for metric in sorted(metrics)}
            return _only({"the values": union(permit.rows for permit in reachable), **of_metrics})
        if permits:
            raise NotAllowedError(
                "the values cannot be told apart by the rows that you may see",
                where=", ".join(sorted(paths)),
                remedy="ask for them together with a metric",
            )
        raise NotAllowedError("no policy shows these together", where=", ".join(sorted(paths)))


def _only(rows: dict[str, Rows]) -> Rows:
    """Give the rows of a request; metrics of different rows are not answered together."""
    if len(set(rows.values())) > 1:
        raise NotAllowedError(
            "what is asked is shown to you by policies with different rows",
            where=", ".join(rows),
            remedy="ask for each metric alone",
        )
    return next(iter(rows.values()))
