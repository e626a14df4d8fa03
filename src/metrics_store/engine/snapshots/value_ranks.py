"""The ranks of a dimension's values, such as stages in the order of their process.

The meta of a dimension says them as `sorted_by`: its values in order, or the dimension whose values
they go by. `sorted_by: {dimensions: [...]}` names several, the first of which counts most; each has
the order that it declares for itself as a list, else that of its values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

_MOST = 10_000
_OWN = ("primary", "natural", "unique")


def value_ranks(
    content: dict[str, Any], group_bys: Sequence[str], ask: Callable[[MetricRequest], pa.Table]
) -> dict[str, dict[object, object]]:
    """Give the ranks of the values of each group-by that has some.

    Args:
        content: The definitions as they are written.
        group_bys: Full names.
        ask: Answers a request for the one who asks; what they may not see ranks nothing.
    """
    ranks: dict[str, dict[object, object]] = {}
    for name in group_bys:
        declared = _declared(content, name)
        if isinstance(declared, list):
            ranks[name] = _of_list(declared)
        elif others := _others(declared):
            ranks[name] = _read(content, name, others, ask)
    return {name: found for name, found in ranks.items() if found}


def _of_list(values: list[object]) -> dict[object, object]:
    return dict(zip(values, range(len(values)), strict=True))


def _others(declared: object) -> list[str]:
    """Give the dimensions that values go by; none where no such order is declared."""
    if isinstance(declared, str):
        return [declared]
    named = declared.get("dimensions") if isinstance(declared, dict) else None
    is_list = isinstance(named, list) and all(isinstance(one, str) for one in named)
    return named if is_list and named else []


def _declared(content: dict[str, Any], name: str) -> object:
    path, _, last = name.rpartition("__")
    entity = path.rpartition("__")[2]
    for model in content["semantic_models"]:
        keys = {one["name"] for one in model["entities"] if one["type"] in _OWN}
        if entity and entity in {*keys, model.get("primary_entity")}:
            for dimension in model["dimensions"]:
                if dimension["name"] == last:
                    return ((dimension.get("config") or {}).get("meta") or {}).get("sorted_by")
    return None


def _read(
    content: dict[str, Any],
    name: str,
    others: list[str],
    ask: Callable[[MetricRequest], pa.Table],
) -> dict[object, object]:
    """Give the least rank of each value: several rows may have one by their name."""
    try:
        table = ask(MetricRequest(group_by=[name, *others], limit=_MOST + 1))
    except MetricsStoreError:
        return {}
    if table.num_rows > _MOST:
        return {}
    orders = [
        _of_list(own) if isinstance(own := _declared(content, other), list) else None
        for other in others
    ]
    ranks: dict[object, Any] = {}
    for value, *places in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if all(place is None for place in places):
            continue
        rank = tuple(map(_place, places, orders))
        ranks[value] = min(rank, ranks.get(value, rank))
    return ranks


def _place(value: Any, order: dict[object, object] | None) -> tuple[bool, Any]:  # noqa: ANN401 - whatever a warehouse holds
    """Give a place that can be compared with others: what has none comes last."""
    place = value if order is None else order.get(value)
    return (place is None, 0 if place is None else place)
