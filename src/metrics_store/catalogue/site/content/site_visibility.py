"""What may be seen of the definitions, by name, and whether a definition names only that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.metric_sources import MetricSources, all_filters
from metrics_store.query.definitions.saved_query_reader import is_filter_visible

if TYPE_CHECKING:
    from metrics_store.query.definitions.definitions import Definitions


@dataclass(frozen=True)
class SiteVisibility:
    """Names that may be seen: all else is as if it were not defined.

    Attributes:
        metrics: The metrics.
        paths: The dimensions and entities, as they are asked by.
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
        """Whether a metric may be seen."""
        return name in self.metrics

    def dimension(self, qualified_name: str) -> bool:
        """Whether a dimension or an entity may be seen by the name that it is asked by."""
        return qualified_name in self.paths

    def definition_of(self, name: str, sources: MetricSources) -> bool:
        """Whether all that a metric's definition names may be seen."""
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
    """As `Seen`, for filters, which may name a dimension of their own model's without way."""

    visible: SiteVisibility

    def metric(self, name: str) -> bool:
        return self.visible.metric(name)

    def dimension(self, qualified_name: str) -> bool:
        return self.visible.dimension(qualified_name) or any(
            # An entity reached over others is listed by its own name alone.
            path == qualified_name.rpartition("__")[2] or path.endswith(f"__{qualified_name}")
            for path in self.visible.paths
        )
