"""What an answer is ordered by, as its columns are asked."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.query.calls.object_parser import saved_group_by
from metrics_store.query.resolution.name_resolver import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from metricflow_semantic_interfaces.protocols import SavedQueryQueryParams

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner


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
    request: MetricRequest,
    asked: Mapping[str, str],
    grains: Collection[str],
    full: Callable[[str], str],
) -> tuple[str, ...]:
    """Give the names to order by as they are asked, `-` in front for descending.

    A metric may go by its alias, a group-by without the entities that come first, and a time by its
    name alone where it is asked by one grain.

    Args:
        request: The question.
        asked: Each of its metrics and group-bys, of its saved query too, with its full name.
        grains: The grains that times can have.
        full: Gives the full name of a group-by; of what is none, the name itself.

    Raises:
        MetricsStoreError: A name is neither a metric nor a group-by of the question.
    """
    metrics = {alias: metric for metric, alias in request.aliases}
    return tuple(
        name.removesuffix(bare) + _known(metrics.get(bare, bare), asked, grains, full)
        for name in request.order_by
        for bare in [name.removeprefix("-")]
    )


def _known(
    name: str, asked: Mapping[str, str], grains: Collection[str], full: Callable[[str], str]
) -> str:
    wanted = name.lower()
    if wanted not in asked:
        wanted = full(wanted).lower()
    found = [one for one, whole in asked.items() if wanted in (one.lower(), whole.lower())] or [
        one for one, whole in asked.items() if wanted == _time_of(whole.lower(), grains)
    ]
    if len(found) != 1:
        raise unknown(
            "an answer can be ordered only by what is asked",
            name,
            asked,
            "order by one of " + ", ".join(asked),
        )
    return found[0]


def _time_of(group_by: str, grains: Collection[str]) -> str | None:
    path, _, suffix = group_by.rpartition("__")
    return path if suffix in grains or suffix.startswith("extract_") else None
