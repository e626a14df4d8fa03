"""Pictures run from left to right, their nodes apart, and large ones are folded."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis import given

from metrics_store.catalogue.site.charts.graph_layout import NODE_HEIGHT, NODE_WIDTH, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable


@st.composite
def graphs(draw: Callable[..., int]) -> tuple[list[list[str]], list[tuple[str, str]]]:
    counts = [draw(st.integers(1, 6)) for _ in range(draw(st.integers(2, 6)))]
    columns = [[f"{column}.{row}" for row in range(count)] for column, count in enumerate(counts)]
    edges = []
    for number, nodes in enumerate(columns[1:], start=1):
        for node in nodes:
            start = draw(st.integers(0, number - 1))
            edges.append((columns[start][draw(st.integers(0, counts[start] - 1))], node))
    return columns, edges


@given(graphs())
def test_nodes_stand_apart_and_lines_run_to_the_right(
    graph: tuple[list[list[str]], list[tuple[str, str]]],
) -> None:
    columns, edges = graph
    layout = lay_out(columns, edges)
    assert set(layout.places) == {node for nodes in columns for node in nodes}
    for left, top in layout.places.values():
        assert 0 <= left <= layout.width - NODE_WIDTH
        assert 0 <= top <= layout.height - NODE_HEIGHT
    for nodes in columns:
        tops = sorted(layout.places[node][1] for node in nodes)
        assert all(
            downstream - upstream > NODE_HEIGHT for upstream, downstream in itertools.pairwise(tops)
        )
    assert {(line.start, line.end) for line in layout.lines} == set(edges)
    for line in layout.lines:
        left, top = layout.places[line.start]
        assert line.path.startswith(f"M{left + NODE_WIDTH} {top + NODE_HEIGHT // 2}")
        left, top = layout.places[line.end]
        assert line.path.endswith(f" {left} {top + NODE_HEIGHT // 2}")
    assert layout == lay_out(columns, list(reversed(edges)))


def test_lines_do_not_cross_without_need() -> None:
    layout = lay_out([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    tops = {node: top for node, (_, top) in layout.places.items()}
    assert (tops["a"] < tops["b"]) == (tops["d"] < tops["c"])
