"""Resolves the names that an answer is ordered by."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.query.calls.object_parser import saved_order
from metrics_store.query.resolution.requested_names import find_saved_query, saved_group_bys
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from metrics_store.query.metric_request import MetricRequest


def with_saved_order(manifest: PydanticSemanticManifest, request: MetricRequest) -> MetricRequest:
    """Order the rows of a saved query as it says, else by its group-bys, where no order is given.

    MetricFlow leaves the order open, and pages of such rows repeat some and leave out others.
    """
    saved = find_saved_query(manifest, request)
    if request.order_by or saved is None:
        return request
    order_by = tuple(saved_order(one) for one in saved.query_params.order_by)
    return dataclasses.replace(request, order_by=order_by or saved_group_bys(saved.query_params))


def with_ties_ordered(order_by: Sequence[str], group_bys: Iterable[str]) -> tuple[str, ...]:
    """Order rows that are equal in what they are ordered by: by the rest of their group-bys.

    Without, a limit leaves out any of them, and pages repeat some. Rows without an order stay so.

    Args:
        order_by: What rows are ordered by, `-` in front for descending.
        group_bys: What they are grouped by, by the same names.
    """
    if not order_by:
        return ()
    ordered = {name.removeprefix("-") for name in order_by}
    return (*order_by, *(name for name in group_bys if name not in ordered))


def resolve_order_by(
    request: MetricRequest,
    columns: Mapping[str, str],
    grains: Collection[str],
    full: Callable[[str], str],
) -> tuple[str, ...]:
    """Give the names to order by as the request has them, `-` in front for descending.

    A metric may be named by its alias, a group-by without the entities that come first, and a time
    without its grain where it is requested by one only.

    Args:
        request: The request.
        columns: Each of its metrics and group-bys, of its saved query too, with its full name.
        grains: The grains that times can have.
        full: Gives the full name of a group-by; of what is none, the name itself.

    Raises:
        MetricsStoreError: A name is neither a metric nor a group-by of the request.
    """
    metrics = {alias: metric for metric, alias in request.aliases}
    return tuple(
        name.removesuffix(bare) + _resolve(metrics.get(bare, bare), columns, grains, full)
        for name in request.order_by
        for bare in [name.removeprefix("-")]
    )


def _resolve(
    name: str, columns: Mapping[str, str], grains: Collection[str], full: Callable[[str], str]
) -> str:
    wanted = name.lower()
    if wanted not in columns:
        wanted = full(wanted).lower()
    found = [one for one, whole in columns.items() if wanted in (one.lower(), whole.lower())] or [
        one for one, whole in columns.items() if wanted == _time_of(whole.lower(), grains)
    ]
    if len(found) != 1:
        raise unknown_name(
            "an answer can be ordered only by what is asked",
            name,
            columns,
            "order by one of " + ", ".join(columns),
        )
    return found[0]


def _time_of(group_by: str, grains: Collection[str]) -> str | None:
    path, _, suffix = group_by.rpartition("__")
    return path if suffix in grains or suffix.startswith("extract_") else None
