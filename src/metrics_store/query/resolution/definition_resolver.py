"""Resolves the names of a request to those that its metrics have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Kind, Name
from metrics_store.query.metric_time import known_grains
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from metrics_store.query.resolution.definition_lookup import DefinitionLookup


_WORDS = {
    Kind.DIMENSION: "a dimension",
    Kind.TIME_DIMENSION: "a time dimension",
    Kind.ENTITY: "an entity",
    Kind.METRIC: "a metric",
}


@dataclass(frozen=True)
class DefinitionResolver:
    """Resolves names to those that metrics can be grouped and filtered by.

    A name may leave out the entities that come first, as MetricFlow lets it: `user__country` stands
    for `listing__user__country` where nothing nearer has the name.

    Attributes:
        kinds: Metric -> name -> what it is.
        grains: The grains that times can have.
        metrics: The metrics that a filter can name.
        hidden: Metric -> names that it has and that may not be requested. A short name never stands
            for what is farther away than one of them.
        times: Metric -> time -> its grains, the finest first.
        listed_group_bys: Gives the names of a metric that may be proposed; by default all of them.
    """

    kinds: Mapping[str, Mapping[str, Kind]]
    grains: frozenset[str]
    metrics: frozenset[str] = frozenset()
    hidden: Mapping[str, Collection[str]] = field(default_factory=dict)
    times: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    listed_group_bys: Callable[[str], Collection[str]] | None = None

    @classmethod
    def of(cls, lookup: DefinitionLookup, metrics: Sequence[str]) -> DefinitionResolver:
        """Give that of some metrics; of no metrics, names resolve to those that any metric has."""
        return cls(
            {metric: lookup.kinds(metric) for metric in metrics} or {"": lookup.all_kinds()},
            known_grains(lookup.manifest),
            frozenset(metric.name for metric in lookup.public_metrics),
            {metric: lookup.hidden(metric) for metric in metrics or [""]},
            {metric: lookup.grains_of_times(metric) for metric in metrics or [""]},
            lookup.listed_group_bys,
        )

    def resolve(self, name: Name) -> Name:
        """Give the full name with its kind, and its grain apart from it.

        Raises:
            MetricsStoreError: A metric does not have it, or it is of another kind than is declared.
        """
        if name.kind is Kind.METRIC:
            return self._metric(name)
        found = self._find(name)
        if found.kind is Kind.ENTITY and found.grain is not None:
            raise MetricsStoreError("an entity has no grain", where=str(name))
        # A time dimension may be called a dimension.
        declared = {Kind.UNSPECIFIED: found.kind, Kind.DIMENSION: Kind.TIME_DIMENSION}.get(
            name.kind
        )
        if found.kind not in (name.kind, declared):
            raise MetricsStoreError(
                f"{found.path} is {_WORDS[found.kind]}, not {_WORDS[name.kind]}", where=str(name)
            )
        return found

    def _metric(self, name: Name) -> Name:
        if name.path not in self.metrics:
            raise unknown_name(
                "there is no such metric", name.path, self.metrics, "`metrics list` shows them"
            )
        entities = []
        for entity in name.group_by:
            found = self._find(Name(entity))
            if found.kind is not Kind.ENTITY or "__" in found.path:
                # MetricFlow joins a metric to no other.
                raise MetricsStoreError(
                    "a filter can ask for a metric by entities only that the rows themselves have",
                    where=str(name),
                    expected=", ".join(self._entities()) or "",
                )
            entities.append(found.path)
        return Name(name.path, Kind.METRIC, group_by=tuple(entities))

    def _entities(self) -> list[str]:
        first, *_ = self.kinds.values()
        return sorted(
            path for path, kind in first.items() if kind is Kind.ENTITY and "__" not in path
        )

    def _find(self, name: Name) -> Name:
        path, kind, grain = self._read(name)
        if grain is not None and kind is Kind.DIMENSION:
            raise MetricsStoreError(f"{path} is no time and has no grain", where=str(name))
        if grain is not None and grain not in self.grains:
            raise unknown_name(
                "there is no such grain", grain, self.grains, "ask by " + path + "__month"
            )
        if grain is not None:
            self._check_grain(path, grain)
        return Name(path, kind, grain)

    def _check_grain(self, path: str, grain: str) -> None:
        """Reject a grain that is finer than the rows of a metric tell."""
        for metric, times in self.times.items():
            grains = times.get(path, ())
            if grains and grain not in grains:
                raise MetricsStoreError(
                    f"{metric or path} is not known by {grain}",
                    where=f"{path}__{grain}",
                    expected="one of " + ", ".join(f"{path}__{one}" for one in grains),
                    remedy=f"ask by {path}__{grains[0]}, or by another of them",
                )

    def _read(self, name: Name) -> tuple[str, Kind, str | None]:
        """Give the full name, what it is, and its grain, which may stand at the name's end."""
        head, _, last = name.path.rpartition("__")
        if name.grain is None and head and not self._is_known(name.path) and self._is_known(head):
            path = self._full(head, name)
            if self._kind(path) is Kind.TIME_DIMENSION:
                return path, Kind.TIME_DIMENSION, last
        path = self._full(name.path, name)
        return path, self._kind(path), name.grain

    def _kind(self, path: str) -> Kind:
        first, *_ = self.kinds.values()
        return first[path]

    def _is_known(self, path: str) -> bool:
        first, *_ = self.kinds
        return bool(self._nearest(path, first))

    def _full(self, path: str, name: Name) -> str:
        """Give the name with all entities that lead to it, the same for all metrics."""
        found: dict[str, str] = {}
        for metric, kinds in self.kinds.items():
            nearest = self._nearest(path, metric)
            if not nearest or not nearest <= kinds.keys():
                raise unknown_name(
                    f"{metric or 'the store'} has nothing by this name to group or filter by",
                    str(name),
                    self.listed_group_bys(metric) if metric and self.listed_group_bys else kinds,
                    f"`metrics list {metric or 'METRIC'}` shows what it can be grouped by",
                )
            if len(nearest) > 1:
                raise MetricsStoreError(
                    f"{path} can be reached in more than one way",
                    where=str(name),
                    expected=" or ".join(sorted(nearest)),
                )
            [found[metric]] = nearest
        if len(set(found.values())) > 1:
            raise MetricsStoreError(
                f"{path} is not the same for all that is asked",
                where=", ".join(f"{full} of {metric}" for metric, full in found.items()),
                remedy="ask for each metric alone",
            )
        return next(iter(found.values()))

    def _nearest(self, path: str, metric: str) -> set[str]:
        """Give the names that one stands for: itself, or the nearest that end in it."""
        kinds = self.kinds[metric]
        known = {*kinds, *self.hidden.get(metric, ())}
        if path in known:
            return {path}
        # As for MetricFlow, a dimension is named with one entity at least.
        ending = [
            one
            for one in known
            if one.endswith("__" + path)
            and ("__" in path or kinds.get(one, Kind.ENTITY) is Kind.ENTITY)
        ]
        steps = min((one.count("__") for one in ending), default=0)
        return {one for one in ending if one.count("__") == steps}
