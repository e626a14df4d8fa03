"""All pages of the site, before they are rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.content.dimension_paths import Paths
from metrics_store.catalogue.site.page_addresses import page
from metrics_store.catalogue.site.pages.dimension_pages import (
    DimensionPage,
    dimension_pages,
    metrics_by_dimension,
)
from metrics_store.catalogue.site.pages.metric_pages import MetricPage, metric_page
from metrics_store.catalogue.site.pages.other_pages import (
    SavedQueryPage,
    SemanticModelPage,
    saved_query_pages,
    semantic_model_pages,
)
from metrics_store.catalogue.site.pages.policy_pages import PolicyPage, policy_pages
from metrics_store.catalogue.site.pages.search_index import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.catalogue.site.content.dbt_relations import Relation
    from metrics_store.catalogue.site.content.site_subject import Subject

AnyPage = MetricPage | DimensionPage | SavedQueryPage | SemanticModelPage | PolicyPage


@dataclass(frozen=True)
class Gathered:
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
    paths: Paths

    def things(self) -> Iterator[tuple[Found, str, AnyPage]]:
        """Give each thing as the search finds it, the kind that its page is of, and its page."""
        for one in self.metrics:
            note = "deprecated" if one.deprecation else ""
            metric = one.metric
            yield _thing("metric", metric.name, (metric.label, metric.description), one, note)
        for dimension in self.dimensions:
            it = dimension.dimension
            words = (it.label or "", it.description)
            yield _thing("dimension", it.qualified_name, words, dimension)
        for query in self.saved_queries:
            saved = query.saved
            yield _thing("saved_query", saved.name, (saved.label, saved.description), query)
        for semantic in self.semantic_models:
            model = semantic.model
            words = (model.label or "", model.description or "")
            yield _thing("semantic_model", model.name, words, semantic)
        for policy in self.policies:
            yield _thing("policy", policy.name, ("", f"for {', '.join(policy.to)}"), policy)


def _thing(
    kind: str, name: str, words: tuple[str, str], of: AnyPage, note: str = ""
) -> tuple[Found, str, AnyPage]:
    return Found(kind.replace("_", " "), name, *words, page(kind, name), note), kind, of


def gather(subject: Subject) -> Gathered:
    """Gather what there is to say, and ask every metric, dimension and saved query."""
    dimensions = {one.qualified_name: one for one in subject.definitions.dimensions()}
    paths = Paths(dimensions, subject.manifest)
    metrics = [metric_page(subject, metric) for metric in subject.metrics.values()]
    return Gathered(
        metrics=metrics,
        dimensions=list(dimension_pages(subject, paths, metrics_by_dimension(subject))),
        saved_queries=list(saved_query_pages(subject)),
        semantic_models=list(semantic_model_pages(subject, paths)),
        policies=policy_pages(subject),
        relations=_relations(subject, metrics),
        paths=paths,
    )


def _relations(subject: Subject, metrics: list[MetricPage]) -> list[Relation]:
    """Give the models and sources of metrics that may be seen, and what reads them."""
    found = {one.unique_id: one for metric in metrics for one in metric.relations}
    for metric in metrics:
        read = metric.downstream.readers
        found |= {one.unique_id: one for one in (*read.exports, *read.reports)}
    for unique_id in subject.relations.of_models.values():
        # Semantic models of no metric lend dimensions to others; policies may hide those.
        if unique_id and subject.policies is None:
            for one in subject.relations.above([unique_id]):
                found[one] = subject.relations.by_id[one]
    return sorted(found.values(), key=lambda one: (one.kind, one.name, one.unique_id))
