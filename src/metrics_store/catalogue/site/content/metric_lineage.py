"""The lineage of a metric, down to the sources, as a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.charts.lineage_picture import (
    METRIC,
    MODEL,
    Graph,
    Node,
    draw_graph,
)
from metrics_store.catalogue.site.page_addresses import page, relation_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.access.metric_sources import MetricSources
    from metrics_store.catalogue.site.charts.lineage_picture import Picture
    from metrics_store.catalogue.site.content.dbt_relations import Relations
    from metrics_store.catalogue.site.content.site_visibility import SiteVisibility

# More models than this are drawn as one node between the marts and the sources.
MOST_MODELS = 8
MOST_SOURCES = 5
_SEMANTIC_MODEL = "semantic model"


@dataclass(frozen=True)
class Lineage:
    """Draws the lineage of metrics.

    Attributes:
        sources: What metrics are made of, by the definitions.
        relations: What models are made of, by dbt.
        visible: What may be seen: a metric that may not is passed through.
    """

    sources: MetricSources
    relations: Relations
    visible: SiteVisibility

    def inputs(self, metric: str) -> tuple[list[str], list[str]]:
        """Give the metrics that a metric is made of, and the semantic models that it aggregates.

        Private metrics, and those that may not be seen, are passed through.
        """
        metrics: set[str] = set()
        models = set(self.sources.own_models(metric))
        for one in self.sources.direct(metric):
            if one in self.visible.metrics:
                metrics.add(one)
            else:
                further, more = self.inputs(one)
                metrics.update(further)
                models.update(more)
        return sorted(metrics - {metric}), sorted(models)

    def picture(self, metric: str, *, whole: bool = False) -> Picture:
        """Draw a metric.

        Args:
            metric: The metric.
            whole: Draw every model and source, however many.
        """
        graph = Graph()
        models = self._add_metrics(graph, metric)
        marts = sorted(
            {one for model in models if (one := self.relations.of_models.get(model, ""))}
        )
        for model in models:
            mart = self.relations.of_models.get(model, "")
            graph.add(
                Node(f"{MODEL}{model}", model, _SEMANTIC_MODEL, page("semantic_model", model)),
                [mart] if mart else [],
            )
        upstream = self.relations.upstream_of(marts)
        if whole or not self.is_folded(metric):
            for one in sorted(upstream):
                graph.add(self._relation(one), self.relations.by_id[one].upstream)
        else:
            self._add_folded(graph, marts, upstream)
        return draw_graph(graph)

    def is_folded(self, metric: str) -> bool:
        """Whether a metric has too many models or sources to draw them all at first sight."""
        upstream = self.upstream_relations(metric)
        ends = [one for one in upstream if not self.relations.by_id[one].upstream]
        return len(upstream) - len(ends) > MOST_MODELS or len(ends) > MOST_SOURCES

    def upstream_relations(self, metric: str) -> set[str]:
        """Give all models and sources that a metric is made of."""
        models = self._add_metrics(Graph(), metric)
        return self.relations.upstream_of(
            one for model in models if (one := self.relations.of_models.get(model, ""))
        )

    def _add_metrics(self, graph: Graph, metric: str) -> list[str]:
        waiting, models = [metric], set()
        while waiting:
            name = waiting.pop()
            if f"{METRIC}{name}" in graph.nodes:
                continue
            metrics, own_models = self.inputs(name)
            models.update(own_models)
            waiting += metrics
            node = Node(f"{METRIC}{name}", name, "metric", page("metric", name))
            graph.add(
                node,
                [*(f"{METRIC}{one}" for one in metrics), *(f"{MODEL}{one}" for one in own_models)],
            )
        return sorted(models)

    def _relation(self, unique_id: str) -> Node:
        relation = self.relations.by_id[unique_id]
        return Node(unique_id, relation.name, relation.kind, relation_anchor(unique_id))

    def _add_folded(self, graph: Graph, marts: list[str], upstream: set[str]) -> None:
        by_id = self.relations.by_id
        ends = [one for one in upstream if not by_id[one].upstream and one not in marts]
        # Sources come before the seeds, which matter less.
        ends.sort(key=lambda one: (by_id[one].kind != "source", one))
        between = upstream - set(marts) - set(ends)
        for mart in marts:
            inputs = [one for one in by_id[mart].upstream if one in marts]
            inputs += ["+between"] if between & set(by_id[mart].upstream) else []
            inputs += _ends_of(ends, by_id[mart].upstream)
            graph.add(self._relation(mart), inputs)
        if between:
            reached = {one for model in between for one in by_id[model].upstream if one in ends}
            node = Node("+between", f"{len(between)} models", "between", "#all-models")
            graph.add(node, _ends_of(ends, reached))
        for one in ends[: _count_shown(ends)]:
            graph.add(self._relation(one), [])
        if len(ends) > _count_shown(ends):
            more = len(ends) - _count_shown(ends)
            graph.add(Node("+ends", f"{more} more", "sources", "#all-models"), [])


def _count_shown(ends: list[str]) -> int:
    return len(ends) if len(ends) <= MOST_SOURCES else MOST_SOURCES - 1


def _ends_of(ends: list[str], reached: Iterable[str]) -> list[str]:
    wanted = set(reached)
    named = [one for one in ends[: _count_shown(ends)] if one in wanted]
    return named + (["+ends"] if wanted & set(ends[_count_shown(ends) :]) else [])
