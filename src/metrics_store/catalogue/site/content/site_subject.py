"""What the site is about: definitions, relations, policies and history."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from metrics_store.access.metric_sources import MetricSources
from metrics_store.catalogue.settings import CatalogueSettings
from metrics_store.catalogue.site.content.data_facts import DataFacts
from metrics_store.catalogue.site.content.metric_lineage import Lineage
from metrics_store.catalogue.site.content.site_calendar import SiteCalendar
from metrics_store.catalogue.site.content.site_visibility import SiteVisibility

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.access.policies.policies import Policies
    from metrics_store.catalogue.site.content.dbt_relations import Relations
    from metrics_store.catalogue.site.content.site_client import SiteClient
    from metrics_store.catalogue.site.content.version_history import HistoryEntry
    from metrics_store.query.definitions.definition_entries import (
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.query.definitions.definitions import Definitions


@dataclass(frozen=True)
class Subject:
    """What the site is about.

    Attributes:
        name: The project's name.
        client: Answers as whoever may see the site.
        manifest: All definitions; `visible` says which of them are.
        relations: What dbt built them over.
        policies: Who may see what; none where everybody sees everything.
        settings: What stands above the metrics, and where charts end.
        history: Metric -> its versions, the newest first.
        shows_policies: Whether the policies themselves are told: they name callers.
        facts: Which data the values come from.
    """

    name: str
    client: SiteClient
    manifest: PydanticSemanticManifest
    relations: Relations
    policies: Policies | None = None
    settings: CatalogueSettings = field(default_factory=CatalogueSettings)
    history: Mapping[str, Sequence[HistoryEntry]] = field(default_factory=dict)
    shows_policies: bool = True
    facts: DataFacts = field(default_factory=DataFacts)

    @functools.cached_property
    def definitions(self) -> Definitions:
        """The visible definitions."""
        return self.client.definitions()

    @functools.cached_property
    def metrics(self) -> dict[str, MetricDefinition]:
        """The visible metrics, by name."""
        return {metric.name: metric for metric in self.definitions.metrics()}

    @functools.cached_property
    def saved_queries(self) -> list[SavedQueryDefinition]:
        """The visible saved queries."""
        return self.definitions.saved_queries()

    @functools.cached_property
    def calendar(self) -> SiteCalendar:
        """The time of the data."""
        return SiteCalendar.of(self.client)

    @functools.cached_property
    def visible(self) -> SiteVisibility:
        """The visible names."""
        return SiteVisibility.of(self.definitions)

    @functools.cached_property
    def hidden(self) -> frozenset[str]:
        """The metrics and dimensions that policies hide, by their qualified names."""
        if self.policies is None:
            return frozenset()
        metrics = {one.name for one in self.manifest.metrics} - self.visible.metrics
        dimensions = {
            f"{entity}__{dimension.name}"
            for model in self.manifest.semantic_models
            for entity in (model.primary_entity, *(one.name for one in model.entities))
            for dimension in model.dimensions
        }
        return frozenset(metrics | (dimensions - self.visible.paths))

    @functools.cached_property
    def sources(self) -> MetricSources:
        """What metrics are made of."""
        return MetricSources(self.manifest)

    @functools.cached_property
    def lineage(self) -> Lineage:
        """What draws what metrics are made of."""
        return Lineage(self.sources, self.relations, self.visible)

    @functools.cached_property
    def dependent_metrics(self) -> dict[str, list[str]]:
        """Metric -> the visible metrics that it is an input of."""
        found: dict[str, list[str]] = {}
        for name in self.metrics:
            for one in self.lineage.inputs(name)[0]:
                found.setdefault(one, []).append(name)
        return found

    def subject_of(self, metric: str) -> str:
        """Give the file that defines a metric as a heading."""
        file = self.relations.metric_files.get(metric, "")
        return PurePosixPath(file).stem.replace("_", " ").capitalize() or "Metrics"
