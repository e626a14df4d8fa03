"""What an answer is ordered by, as its columns are asked."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.query.calls.objects import saved_group_by
from metrics_store.query.names import unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from metricflow_semantic_interfaces.protocols import SavedQueryQueryParams

    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest


def in_order_of_saved_query(planner: Planner, request: MetricRequest) -> MetricRequest:
    """Order the rows of a saved query by its group-bys where nothing else is asked.

    MetricFlow leaves the order open, and pages of such rows repeat some and leave out others.
    """
    if request.saved_query is None or request.order_by:
        return request
    for saved in planner.manifest.saved_queries:
        if saved.name == request.saved_query:
            return dataclasses.replace(request, order_by=group_bys_of(saved.query_params))
    return request


def group_bys_of(parameters: SavedQueryQueryParams) -> tuple[str, ...]:
    """Give the group-bys of a saved query as requests have them."""
    return tuple(saved_group_by(one) for one in parameters.group_by)


def known_order_by(
    request: MetricRequest, asked: Sequence[str], grains: Collection[str]
) -> tuple[str, ...]:
    """Give the names to order by as they are asked, `-` in front for descending.

    A metric may go by its alias, and a time by its name alone where it is asked by one grain.

    Args:
        request: The question.
        asked: Its metrics and group-bys, of its saved query too.
        grains: The grains that times can have.

    Raises:
        MetricsStoreError: A name is neither a metric nor a group-by of the question.
    """
    metrics = {alias: metric for metric, alias in request.aliases}
    return tuple(_known(name, metrics, asked, grains) for name in request.order_by)


def _known(
    name: str, metrics: Mapping[str, str], asked: Sequence[str], grains: Collection[str]
) -> str:
    bare = name.removeprefix("-")
    wanted = metrics.get(bare, bare).lower()
    found = [one for one in asked if one.lower() == wanted] or [
        one for one in asked if _time_of(one.lower(), grains) == wanted
    ]
    if len(found) != 1:
        raise unknown(
            "an answer can be ordered only by what is asked",
            bare,
            asked,
            "order by one of " + ", ".join(asked),
        )
    return name.removesuffix(bare) + found[0]


def _time_of(group_by: str, grains: Collection[str]) -> str | None:
    path, _, suffix = group_by.rpartition("__")
    return path if suffix in grains or suffix.startswith("extract_") else None
