"""Renders all files of the site."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site import page_addresses
from metrics_store.catalogue.site.pages.all_pages import collect_pages
from metrics_store.catalogue.site.pages.search_index import as_script
from metrics_store.catalogue.site.site_templates import assets, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.catalogue.site.pages.all_pages import SitePages
    from metrics_store.catalogue.site.pages.metric_pages import MetricPage

INDEX = "index.html"
SEARCH = "assets/index.js"
# Kind of a page -> the part of the site that it belongs to.
SECTIONS = {
    "metric": "metrics",
    "dimension": "dimensions",
    "saved_query": "saved_queries",
    "semantic_model": "relations",
    "policy": "policies",
}


def site_files(subject: Subject) -> dict[str, str]:
    """Make the site: address of each file -> its text.

    The same definitions and the same data give the same bytes.

    Args:
        subject: What it is about.

    Raises:
        MetricsStoreError: Nothing may be seen here, or the definitions cannot be read. A metric
            that cannot be asked says so on its page.
    """
    return {address: write() for address, write in site_writers(subject).items()}


def site_writers(subject: Subject) -> dict[str, Callable[[], str]]:
    """Give for the address of each file what writes its text: only then its questions are asked.

    Args:
        subject: What the site is about.

    Raises:
        MetricsStoreError: As above.
    """
    site_pages = collect_pages(subject)
    common = _common(subject, site_pages)
    writers: dict[str, Callable[[], str]] = {
        address: partial(str, text) for address, text in assets().items()
    }
    entries = []
    for entry, kind, page in site_pages.entries():
        entries.append(entry)
        writers[entry.address] = partial(
            render, kind, entry.address, **common, page=page, section=SECTIONS[kind]
        )
    for address, template, section, content in _lists(site_pages):
        writers[address] = partial(render, template, address, **common, **content, section=section)
    writers[SEARCH] = partial(as_script, entries)
    return writers


def _common(subject: Subject, site_pages: SitePages) -> dict[str, Any]:
    """Give what every page may need: what there is to link to."""
    return {
        "project": subject.name,
        "data": subject.facts,
        "reference": subject.calendar.reference,
        "has_policies": bool(site_pages.policies),
        "has_saved_queries": bool(site_pages.saved_queries),
        "is_metric": subject.visible.metric,
        "is_dimension": site_pages.paths.dimensions.__contains__,
        "shortest": site_pages.paths.shortest,
        "known_models": {page.model.name for page in site_pages.semantic_models},
        "known_relations": {one.unique_id for one in site_pages.relations},
    }


def _lists(site_pages: SitePages) -> list[tuple[str, str, str, dict[str, object]]]:
    """Give the pages of many things: address, template, part of the site, what they say."""
    relations = {
        "relations": site_pages.relations,
        "models": site_pages.semantic_models,
        "used_by": site_pages.used_by,
        "described_by": site_pages.described_by,
    }
    entries: list[tuple[str, str, str, dict[str, object]]] = [
        (INDEX, "index", "metrics", _index(site_pages.metrics)),
        ("dimensions.html", "dimensions", "dimensions", {"pages": site_pages.dimensions}),
        (page_addresses.RELATIONS, "relations", "relations", relations),
    ]
    for name, pages in (
        ("saved_queries", site_pages.saved_queries),
        ("policies", site_pages.policies),
    ):
        if pages:
            entries.append((f"{name}.html", name, name, {"pages": pages}))
    return entries


def _index(metrics: list[MetricPage]) -> dict[str, object]:
    subjects: dict[str, list[MetricPage]] = {}
    for page in metrics:
        if not page.is_building_block:
            subjects.setdefault(page.subject, []).append(page)
    return {
        "subjects": dict(sorted(subjects.items())),
        "count": sum(map(len, subjects.values())),
        "building_blocks": [page for page in metrics if page.is_building_block],
        "tiers": sorted({page.facts["tier"] for page in metrics if "tier" in page.facts}),
        "owners": sorted({page.facts["owner"] for page in metrics if "owner" in page.facts}),
        "deprecated": sum(page.deprecation is not None for page in metrics),
    }
