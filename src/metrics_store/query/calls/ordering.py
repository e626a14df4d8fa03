"""Orders by the name of a time that is asked by a grain, which the dbt Semantic Layer allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.query.calls.objects import Order

_GRAINS = frozenset(granularity.value for granularity in TimeGranularity)
_PART = "extract_"


def order_names(
    orders: Sequence[Order], group_by: Sequence[str], aliases: Mapping[str, str]
) -> list[str]:
    """Give the names to order by as a request has them, `-` in front for descending.

    Args:
        orders: What is asked.
        group_by: The group-bys of the same question.
        aliases: Alias -> metric.
    """
    return [("-" if one.descending else "") + _name(one, group_by, aliases) for one in orders]


def _name(order: Order, group_by: Sequence[str], aliases: Mapping[str, str]) -> str:
    name = aliases.get(order.name, order.name)
    if name in group_by:
        return name
    graded = [one for one in group_by if _time_of(one) == name.lower()]
    return graded[0] if len(graded) == 1 else name


def _time_of(group_by: str) -> str:
    path, _, grain = group_by.lower().rpartition("__")
    return path if grain in _GRAINS or grain.startswith(_PART) else ""
