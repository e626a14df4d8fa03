"""A lineage graph with its nodes in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.charts.graph_layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from metrics_store.catalogue.site.charts.graph_layout import Layout

# What the keys of metrics and of semantic models begin with, and those of what stands for several.
METRIC = "m:"
MODEL = "s:"
SEVERAL = "+"


@dataclass(frozen=True)
class Node:
    """One thing of the picture.

    Attributes:
        key: Its own name in the picture.
        name: What stands in it.
        kind: What it is, in words that stand above its name.
        address: Where it leads, from the site's root; empty where nowhere.
    """

    key: str
    name: str
    kind: str
    address: str = ""


@dataclass(frozen=True)
class Picture:
    """Nodes in their places.

    Attributes:
        nodes: The nodes by key.
        layout: Where they stand.
        headings: What each column holds.
    """

    nodes: Mapping[str, Node]
    layout: Layout
    headings: tuple[str, ...]


@dataclass
class Graph:
    """What is drawn: nodes and what each is made of."""

    nodes: dict[str, Node] = field(default_factory=dict)
    needs: dict[str, set[str]] = field(default_factory=dict)

    def add(self, node: Node, needs: Iterable[str]) -> None:
        """Draw a node, and lines to what it is made of."""
        self.nodes[node.key] = node
        self.needs.setdefault(node.key, set()).update(needs)


def draw_graph(graph: Graph) -> Picture:
    """Place what is drawn: metrics, then semantic models, then what those are made of."""
    metrics = [key for key in graph.nodes if key.startswith(METRIC)]
    models = [key for key in graph.nodes if key.startswith(MODEL)]
    relations = [key for key in graph.nodes if key not in {*metrics, *models}]
    column = _columns(graph, metrics, 0)
    model_column = max(column.values()) + 1
    column |= dict.fromkeys(models, model_column)
    column |= _columns(graph, relations, model_column + 1)
    last = max(column.values())
    ordered = sorted(column, key=lambda key: (key.startswith(SEVERAL), key))
    columns = [[key for key in ordered if column[key] == one] for one in range(last + 1)]
    edges = [(key, one) for key, needs in graph.needs.items() for one in needs]
    filled = [keys for keys in columns if keys]
    return Picture(graph.nodes, lay_out(filled, edges), tuple(map(_heading(graph), filled)))


def _columns(graph: Graph, keys: list[str], first: int) -> dict[str, int]:
    """Give each of some nodes a column right of all others that are made of it."""
    column = dict.fromkeys(keys, first)
    # As often as the longest way has steps; a circle, which dbt refuses, would not end.
    for _ in keys:
        has_moved = False
        for key in keys:
            for one in graph.needs[key]:
                if one in column and column[one] <= column[key]:
                    column[one] = column[key] + 1
                    has_moved = True
        if not has_moved:
            break
    return column


def _heading(graph: Graph) -> Callable[[list[str]], str]:
    def heading(keys: list[str]) -> str:
        kinds = sorted({graph.nodes[key].kind for key in keys} - {"between"})
        if not kinds:
            return "models between"
        if set(kinds) <= {"source", "sources", "seed"}:
            return "sources"
        if "model" in kinds or "snapshot" in kinds:
            return "models"
        return f"{kinds[0]}s" if len(keys) > 1 else kinds[0]

    return heading
