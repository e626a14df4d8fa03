"""The visible names, and whether a definition names nothing hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.metric_sources import MetricSources, all_filters
from metrics_store.query.definitions.saved_query_reader import is_filter_visible

if TYPE_CHECKING:
    from metrics_store.query.definitions.definitions import Definitions


@dataclass(frozen=True)
class SiteVisibility:
    """The visible names; all others are treated as undefined.

    Attributes:
        metrics: The metrics.
        paths: The qualified names of dimensions and entities.
    """

    metrics: frozenset[str]
    paths: frozenset[str]

    @classmethod
    def of(cls, definitions: Definitions) -> SiteVisibility:
        """Read what definitions show."""
        paths = {one.qualified_name for one in definitions.dimensions()}
        return cls(
            frozenset(one.name for one in definitions.metrics()),
            frozenset(paths | {one.name for one in definitions.entities()}),
        )

    def metric(self, name: str) -> bool:
        """Whether a metric is visible."""
        return name in self.metrics

    def dimension(self, qualified_name: str) -> bool:
        """Whether the qualified name of a dimension or an entity is visible."""
        return qualified_name in self.paths

    def definition_of(self, name: str, sources: MetricSources) -> bool:
        """Whether all that a metric's definition names is visible."""
        for one in sources.inputs(name):
            metric = sources.metric(one)
            if not metric.type_params.is_private and one not in self.metrics:
                return False
            for filters in all_filters(metric):
                for where in filters.where_filters:
                    if not is_filter_visible(where.where_sql_template, _FilterVisibility(self)):
                        return False
        return True


@dataclass(frozen=True)
class _FilterVisibility:
    """The same for filters, which may name a dimension of their own model without its entity."""

    visible: SiteVisibility

    def metric(self, name: str) -> bool:
        return self.visible.metric(name)

    def dimension(self, qualified_name: str) -> bool:
        return self.visible.dimension(qualified_name) or any(
            # An entity reached over others is listed by its own name alone.
            path == qualified_name.rpartition("__")[2] or path.endswith(f"__{qualified_name}")
            for path in self.visible.paths
        )
