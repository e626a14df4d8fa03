"""All pages of the site, before they are rendered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.content.dimension_paths import DimensionPaths
from metrics_store.catalogue.site.page_addresses import page
from metrics_store.catalogue.site.pages.dimension_pages import (
    DimensionPage,
    dimension_pages,
    metrics_by_dimension,
)
from metrics_store.catalogue.site.pages.metric_pages import MetricPage, metric_page
from metrics_store.catalogue.site.pages.policy_pages import PolicyPage, policy_pages
from metrics_store.catalogue.site.pages.saved_query_pages import SavedQueryPage, saved_query_pages
from metrics_store.catalogue.site.pages.search_index import SearchEntry
from metrics_store.catalogue.site.pages.semantic_model_pages import (
    SemanticModelPage,
    semantic_model_pages,
)
from metrics_store.query.search_rank import synonyms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.catalogue.site.content.dbt_relations import Relation
    from metrics_store.catalogue.site.content.site_subject import Subject

AnyPage = MetricPage | DimensionPage | SavedQueryPage | SemanticModelPage | PolicyPage


@dataclass(frozen=True)
class SitePages:
    """Everything that has a page, by kind.

    Attributes:
        metrics: The metrics.
        dimensions: The dimensions.
        saved_queries: The saved queries.
        semantic_models: The semantic models.
        policies: The policies.
        relations: The models and sources, which share a page.
        paths: The names of the dimensions.
    """

    metrics: list[MetricPage]
    dimensions: list[DimensionPage]
    saved_queries: list[SavedQueryPage]
    semantic_models: list[SemanticModelPage]
    policies: list[PolicyPage]
    relations: list[Relation]
    paths: DimensionPaths

    @property
    def used_by(self) -> dict[str, list[Relation]]:
        """Unique id of a relation -> those that are made of it."""
        found: dict[str, list[Relation]] = {}
        for relation in self.relations:
            for one in relation.upstream:
                found.setdefault(one, []).append(relation)
        return found

    @property
    def described_by(self) -> dict[str, list[str]]:
        """Unique id of a relation -> the semantic models that describe it."""
        found: dict[str, list[str]] = {}
        for one in self.semantic_models:
            if one.relation is not None:
                found.setdefault(one.relation.unique_id, []).append(one.model.name)
        return found

    def entries(self) -> Iterator[tuple[SearchEntry, str, AnyPage]]:
        """Give each page with its entry in the search index and its kind."""
        for one in self.metrics:
            remark = "deprecated" if one.deprecation else ""
            metric = one.metric
            entry, kind, of = _entry(
                "metric", metric.name, (metric.label, metric.description), one, remark
            )
            yield replace(entry, synonyms=synonyms_of(metric.meta)), kind, of
        for dimension in self.dimensions:
            definition = dimension.dimension
            texts = (definition.label or "", definition.description)
            yield _entry("dimension", definition.qualified_name, texts, dimension)
        for query in self.saved_queries:
            saved = query.saved
            yield _entry("saved_query", saved.name, (saved.label, saved.description), query)
        for semantic in self.semantic_models:
            model = semantic.model
            texts = (model.label or "", model.description or "")
            yield _entry("semantic_model", model.name, texts, semantic)
        for policy in self.policies:
            yield _entry("policy", policy.name, ("", f"for {', '.join(policy.to)}"), policy)


def _entry(
    kind: str, name: str, texts: tuple[str, str], of: AnyPage, remark: str = ""
) -> tuple[SearchEntry, str, AnyPage]:
    return SearchEntry(kind.replace("_", " "), name, *texts, page(kind, name), remark), kind, of


def collect_pages(subject: Subject) -> SitePages:
    """Collect all pages, with the answers for metrics, dimensions and saved queries."""
    dimensions = {one.qualified_name: one for one in subject.definitions.dimensions()}
    paths = DimensionPaths(dimensions, subject.manifest)
    metrics = [metric_page(subject, metric) for metric in subject.metrics.values()]
    return SitePages(
        metrics=metrics,
        dimensions=list(dimension_pages(subject, paths, metrics_by_dimension(subject))),
        saved_queries=list(saved_query_pages(subject)),
        semantic_models=list(semantic_model_pages(subject, paths)),
        policies=policy_pages(subject),
        relations=_relations(subject, metrics),
        paths=paths,
    )


def _relations(subject: Subject, metrics: list[MetricPage]) -> list[Relation]:
    """Give the models and sources of visible metrics, and their consumers."""
    found = {one.unique_id: one for metric in metrics for one in metric.relations}
    for metric in metrics:
        read = metric.downstream.consumers
        found |= {one.unique_id: one for one in (*read.exports, *read.reports)}
    for unique_id in subject.relations.of_models.values():
        # Semantic models of no metric lend dimensions to others; policies may hide those.
        if unique_id and subject.policies is None:
            for one in subject.relations.upstream_of([unique_id]):
                found[one] = subject.relations.by_id[one]
    return sorted(found.values(), key=lambda one: (one.kind, one.name, one.unique_id))
