"""What is drawn of what a metric is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.access.metric_sources import MetricSources
from metrics_store.catalogue.site.content.dbt_relations import Relation, Relations
from metrics_store.catalogue.site.content.metric_lineage import MOST_SOURCES, Lineage
from metrics_store.catalogue.site.content.site_visibility import SiteVisibility
from metrics_store.query.manifest_reader import read_semantic_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.catalogue.site.content.metric_lineage import Picture

pytestmark = pytest.mark.xdist_group("docs_site")


def _relations(models: int, sources: int) -> Relations:
    """Give a mart over a row of models, the last of which reads all sources."""
    by_id = {
        f"source.{one}": Relation(f"source.{one}", str(one), "source") for one in range(sources)
    }
    upstream = tuple(by_id)
    for one in range(models):
        by_id[f"model.{one}"] = Relation(f"model.{one}", str(one), "model", upstream=upstream)
        upstream = (f"model.{one}",)
    by_id["mart"] = Relation("mart", "mart", "model", upstream=upstream)
    return Relations(by_id, {"orders": "mart"}, {}, {}, {}, ())


@pytest.fixture(scope="module")
def sources(market: Path) -> MetricSources:
    manifest = next(market.glob("warehouse/**/semantic_manifest.json"))
    return MetricSources(read_semantic_manifest(manifest))


def _picture(
    sources: MetricSources, relations: Relations, hidden: set[str], metric: str
) -> Picture:
    names = {one.name for one in sources.manifest.metrics} - hidden
    return Lineage(sources, relations, SiteVisibility(frozenset(names), frozenset())).picture(
        metric
    )


def test_few_models_are_drawn_each(sources: MetricSources) -> None:
    draw_graph = _picture(sources, _relations(2, 2), set(), "revenue_per_buyer")
    assert set(draw_graph.nodes) == {
        *("m:revenue_per_buyer", "m:revenue", "m:buyers", "s:orders"),
        *("mart", "model.0", "model.1", "source.0", "source.1"),
    }
    lefts = [
        draw_graph.layout.places[one][0] for one in ("m:revenue_per_buyer", "m:revenue", "s:orders")
    ]
    lefts += [
        draw_graph.layout.places[one][0] for one in ("mart", "model.1", "model.0", "source.0")
    ]
    assert lefts == sorted(set(lefts))


def test_many_models_are_one_node(sources: MetricSources) -> None:
    draw_graph = _picture(sources, _relations(40, 30), set(), "revenue")
    assert draw_graph.nodes["+between"].name == "40 models"
    assert draw_graph.nodes["+ends"].name == f"{30 - MOST_SOURCES + 1} more"
    assert len(draw_graph.nodes) == 2 + 1 + 1 + MOST_SOURCES
    assert {(line.start, line.end) for line in draw_graph.layout.lines} >= {
        ("s:orders", "mart"),
        ("mart", "+between"),
        ("+between", "+ends"),
    }


def test_a_metric_that_may_not_be_seen_is_passed_through(sources: MetricSources) -> None:
    draw_graph = _picture(sources, _relations(0, 1), {"buyers"}, "revenue_per_buyer")
    assert set(draw_graph.nodes) == {
        "m:revenue_per_buyer",
        "m:revenue",
        "s:orders",
        "mart",
        "source.0",
    }
    assert ("m:revenue_per_buyer", "s:orders") in {
        (line.start, line.end) for line in draw_graph.layout.lines
    }


def test_a_metric_of_a_filter_is_one_that_it_is_made_of(sources: MetricSources) -> None:
    draw_graph = _picture(sources, _relations(0, 1), set(), "revenue_of_big_customers")
    assert "m:orders_placed" in draw_graph.nodes
