"""Places for the nodes of a picture that runs from left to right, and lines between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NODE_WIDTH = 168
NODE_HEIGHT = 46
_COLUMN_GAP = 32
_ROW_GAP = 12
# Where a line passes a column that it does not end in.
_PASS_HEIGHT = 12
_TOP = 28
_MOST_DOWN = 72
_SWEEPS = 8


@dataclass(frozen=True)
class Line:
    """A line from one node to another.

    Attributes:
        path: Its shape, as SVG writes paths.
        start: The node on the left.
        end: The node on the right.
    """

    path: str
    start: str
    end: str


@dataclass(frozen=True)
class Layout:
    """A picture.

    Attributes:
        width: In pixels.
        height: In pixels.
        places: Node -> its left and top.
        lines: The lines.
        columns: The left of each column.
    """

    width: int
    height: int
    places: Mapping[str, tuple[int, int]]
    lines: tuple[Line, ...]
    columns: tuple[int, ...]


def lay_out(columns: Sequence[Sequence[str]], edges: Sequence[tuple[str, str]]) -> Layout:
    """Place nodes that have their columns so that few lines cross.

    Args:
        columns: The nodes of each column, from the left.
        edges: Pairs of nodes, each from a column to one further right.
    """
    column_of = {node: number for number, nodes in enumerate(columns) for node in nodes}
    filled: list[list[str]] = [list(nodes) for nodes in columns]
    passes: set[str] = set()
    chains = []
    for start, end in sorted(set(edges)):
        chain = [start]
        for column in range(column_of[start] + 1, column_of[end]):
            # A line that passes a column has a place in it, so that it crosses no node.
            stop = f"\0{start}\0{end}\0{column}"
            passes.add(stop)
            filled[column].append(stop)
            chain.append(stop)
        chains.append([*chain, end])
    _order(filled, chains)
    heights = [
        sum((_PASS_HEIGHT if one in passes else NODE_HEIGHT) + _ROW_GAP for one in nodes)
        for nodes in filled
    ]
    tallest = max(heights, default=0)
    places: dict[str, tuple[int, int]] = {}
    for number, nodes in enumerate(filled):
        # In the middle of the tallest, but not so far down that one would look for it.
        top = _TOP + min((tallest - heights[number]) // 2, _MOST_DOWN)
        for node in nodes:
            places[node] = (number * (NODE_WIDTH + _COLUMN_GAP) + 2, top)
            top += (_PASS_HEIGHT if node in passes else NODE_HEIGHT) + _ROW_GAP
    return Layout(
        width=len(filled) * (NODE_WIDTH + _COLUMN_GAP) - _COLUMN_GAP + 4,
        height=_TOP + tallest,
        places={node: place for node, place in places.items() if node not in passes},
        lines=tuple(Line(_path(chain, places, passes), chain[0], chain[-1]) for chain in chains),
        columns=tuple(number * (NODE_WIDTH + _COLUMN_GAP) + 2 for number in range(len(filled))),
    )


def _order(columns: list[list[str]], chains: Sequence[Sequence[str]]) -> None:
    """Put each node near the middle of its neighbours, to and fro, until lines run straight."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in chains:
        for left, right in itertools.pairwise(chain):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        neighbours = before if forth else after
        turns = columns if forth else columns[::-1]
        row = {node: _middle(place, nodes) for nodes in turns for place, node in enumerate(nodes)}
        for nodes in turns:
            own = {node: place for place, node in enumerate(nodes)}
            weight = {
                node: _mean(
                    [row[one] for one in neighbours.get(node, ())], _middle(own[node], nodes)
                )
                for node in nodes
            }
            nodes.sort(key=lambda node: (weight[node], own[node]))
            row.update({node: _middle(place, nodes) for place, node in enumerate(nodes)})


def _middle(place: int, nodes: Sequence[str]) -> float:
    """Measure a place from the middle of its column, as columns stand centred."""
    return place - (len(nodes) - 1) / 2


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _path(chain: Sequence[str], places: Mapping[str, tuple[int, int]], passes: set[str]) -> str:
    points = []
    for node in chain:
        left, top = places[node]
        middle = top + (_PASS_HEIGHT if node in passes else NODE_HEIGHT) // 2
        points += [(left, middle), (left + NODE_WIDTH, middle)]
    # It leaves the first node on its right and enters the last on its left.
    points = points[1:-1]
    text = f"M{points[0][0]} {points[0][1]}"
    for number in range(1, len(points)):
        (x0, y0), (x1, y1) = points[number - 1], points[number]
        if number % 2 == 0:
            text += f"H{x1}"
        else:
            half = (x0 + x1) // 2
            text += f"C{half} {y0} {half} {y1} {x1} {y1}"
    return text
