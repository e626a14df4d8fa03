"""All files of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site import addresses
from metrics_store.catalogue.site.deprecation import read_deprecation
from metrics_store.catalogue.site.dimension_pages import dimension_pages, metrics_by_dimension
from metrics_store.catalogue.site.group_bys import Paths
from metrics_store.catalogue.site.metric_pages import metric_page
from metrics_store.catalogue.site.other_pages import saved_query_pages, semantic_model_pages
from metrics_store.catalogue.site.policies import policy_pages
from metrics_store.catalogue.site.rendering import assets, render
from metrics_store.catalogue.site.search_index import Found, as_script

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.catalogue.site.metric_pages import MetricPage
    from metrics_store.catalogue.site.relations import Relation
    from metrics_store.catalogue.site.subject import Subject

INDEX = "index.html"
SEARCH = "assets/index.js"


def site_files(subject: Subject, progress: Callable[[int], None] | None = None) -> dict[str, str]:
    """Make the site: address of each file -> its text.

    The same definitions and the same data give the same bytes.

    Args:
        subject: What it is about.
        progress: Is told how many metrics were asked.
    """
    metrics = []
    for number, metric in enumerate(subject.metrics.values(), start=1):
        metrics.append(metric_page(subject, metric))
        if progress is not None:
            progress(number)
    paths = Paths(
        {one.qualified_name: one for one in subject.definitions.dimensions()}, subject.manifest
    )
    dimensions = list(dimension_pages(subject, paths, metrics_by_dimension(subject)))
    saved = list(saved_query_pages(subject))
    models = list(semantic_model_pages(subject, paths))
    policies = policy_pages(subject)
    relations = _relations(subject, metrics)
    common: dict[str, Any] = {
        "project": subject.name,
        "has_policies": bool(policies),
        "has_saved_queries": bool(saved),
        "is_metric": subject.seen.metric,
        "metric_names": subject.metrics,
        "shortest": paths.shortest,
        "is_dimension": paths.dimensions.__contains__,
        "known_models": {page.model.name for page in models},
        "known_relations": {one.unique_id for one in relations},
    }
    files = assets()
    found: list[Found] = []

    def add(kind: str, name: str, template: str, **given: object) -> str:
        address = addresses.page(kind, name)
        files[address] = render(template, address, **common, **given)
        return address

    for page in metrics:
        name = page.metric.name
        address = add("metric", name, "metric", page=page, section="metrics")
        note = "deprecated" if page.deprecation else ""
        found.append(
            Found("metric", name, page.metric.label, page.metric.description, address, note)
        )
    for dimension in dimensions:
        one = dimension.dimension
        address = add(
            "dimension", one.qualified_name, "dimension", page=dimension, section="dimensions"
        )
        found.append(
            Found("dimension", one.qualified_name, one.label or "", one.description, address)
        )
    for query in saved:
        name = query.saved.name
        address = add("saved_query", name, "saved_query", page=query, section="saved_queries")
        found.append(
            Found("saved query", name, query.saved.label, query.saved.description, address)
        )
    for model in models:
        name = model.model.name
        address = add("semantic_model", name, "semantic_model", page=model, section="relations")
        found.append(Found("semantic model", name, "", model.model.description or "", address))
    for policy in policies:
        address = add("policy", policy.name, "policy", page=policy, section="policies")
        found.append(Found("policy", policy.name, "", ", ".join(policy.to), address))
    lists: dict[str, tuple[str, dict[str, Any]]] = {
        INDEX: ("index", _index(subject, metrics)),
        "dimensions.html": ("dimensions", {"pages": dimensions}),
        addresses.RELATIONS: ("relations", {"relations": relations, "models": models}),
    }
    if saved:
        lists["saved_queries.html"] = ("saved_queries", {"pages": saved})
    if policies:
        lists["policies.html"] = ("policies", {"pages": policies})
    for address, (template, given) in lists.items():
        section = "metrics" if template == "index" else template
        files[address] = render(template, address, **common, **given, section=section)
    files[SEARCH] = as_script(found)
    return files


def _index(subject: Subject, metrics: list[MetricPage]) -> dict[str, Any]:
    subjects: dict[str, list[MetricPage]] = {}
    for page in metrics:
        if not page.is_building_block:
            subjects.setdefault(page.subject, []).append(page)
    return {
        "introduction": subject.settings.introduction,
        "subjects": dict(sorted(subjects.items())),
        "building_blocks": [page for page in metrics if page.is_building_block],
        "tiers": sorted({page.facts["tier"] for page in metrics if "tier" in page.facts}),
        "owners": sorted({page.facts["owner"] for page in metrics if "owner" in page.facts}),
        "deprecated": [
            page.metric.name for page in metrics if read_deprecation(page.metric.meta) is not None
        ],
    }


def _relations(subject: Subject, metrics: list[MetricPage]) -> list[Relation]:
    """Give the models and sources of metrics that may be seen, and what reads them."""
    found = {one.unique_id: one for page in metrics for one in page.relations}
    for page in metrics:
        read = page.downstream.readers
        found |= {one.unique_id: one for one in (*read.exports, *read.reports)}
    for model in subject.manifest.semantic_models:
        unique_id = subject.relations.of_models.get(model.name, "")
        if unique_id and subject.policies is None:
            for one in subject.relations.above([unique_id]):
                found[one] = subject.relations.by_id[one]
    return sorted(found.values(), key=lambda one: (one.kind, one.name, one.unique_id))
