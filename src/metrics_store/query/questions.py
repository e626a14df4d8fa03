"""A question against the definitions, before MetricFlow sees it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.aliases import check_alias
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.checking import check_filter
from metrics_store.query.filters.tree import Kind, Name
from metrics_store.query.grains import check_grain
from metrics_store.query.names import Offer, known_grains, unknown
from metrics_store.query.orders import group_bys_of, known_order_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest

# What warehouses count rows with.
_MOST_ROWS = 2**63 - 1


def checked(planner: Planner, request: MetricRequest) -> MetricRequest:
    """Give the request with every name known and its filter's names told apart.

    Raises:
        MetricsStoreError: A name does not exist, does not fit, or has a grain that a metric is not
            meant for.
    """
    metrics, asked = _asked(planner, request)
    declared = {metric.name: metric for metric in planner.public_metrics}
    for metric in metrics:
        if metric not in declared:
            raise unknown(
                "there is no such metric", metric, declared, "`metrics list` shows the metrics"
            )
    _check_aliases(request)
    if request.limit is not None and not 0 <= request.limit <= _MOST_ROWS:
        raise MetricsStoreError(
            "there is no such number of rows",
            where=f"limit {str(request.limit)[:40]}",
            expected=f"0 to {_MOST_ROWS}",
        )
    if request.start_time and request.end_time and request.start_time > request.end_time:
        raise MetricsStoreError(
            "the time asked for ends before it starts",
            where=f"{request.start_time} to {request.end_time}",
        )
    grains = known_grains(planner.manifest)
    if not request.group_by and request.where is None:
        # What else a saved query asks was checked when dbt parsed it.
        return dataclasses.replace(request, order_by=known_order_by(request, asked, grains))
    kinds = {metric: planner.kinds(metric) for metric in metrics} or {"": planner.all_kinds()}
    offer = Offer(kinds, grains, frozenset(declared))
    for group_by in request.group_by:
        _check_group_by(offer, group_by)
        for metric in metrics:
            check_grain(declared[metric], group_by, planner.default_grain(metric))
    request = dataclasses.replace(request, order_by=known_order_by(request, asked, grains))
    if request.where is None:
        return request
    return dataclasses.replace(request, where=check_filter(request.where, offer.resolve))


def _check_group_by(offer: Offer, group_by: str) -> None:
    path, date_part = split_date_part(group_by.lower())
    found = offer.resolve(Name(path))
    if date_part and (found.kind is not Kind.TIME_DIMENSION or found.grain):
        raise MetricsStoreError("only a time without grain has such a part", where=group_by)


def _check_aliases(request: MetricRequest) -> None:
    taken = {*request.metrics, *request.group_by}
    for metric, alias in request.aliases:
        if metric not in request.metrics:
            raise MetricsStoreError("what has an alias is not asked for", where=metric)
        if check_alias(alias) in taken:
            raise MetricsStoreError("two columns would have the same name", where=alias)
        taken.add(alias)


def _asked(planner: Planner, request: MetricRequest) -> tuple[Sequence[str], list[str]]:
    """Give the metrics of a request, and with its group-bys all that it can be ordered by."""
    if request.saved_query is None:
        if not request.metrics and not request.group_by:
            raise MetricsStoreError(
                "nothing is asked for", remedy="`metrics list` shows the metrics"
            )
        asked = [*request.metrics, *request.group_by]
        if len(set(asked)) < len(asked):
            twice = next(name for name in asked if asked.count(name) > 1)
            raise MetricsStoreError("the same is asked for twice", where=twice)
        return request.metrics, asked
    saved = {one.name: one.query_params for one in planner.manifest.saved_queries}
    if request.saved_query not in saved:
        raise unknown(
            "there is no such saved query",
            request.saved_query,
            saved,
            "the saved queries are " + ", ".join(sorted(saved)) if saved else "",
        )
    parameters = saved[request.saved_query]
    if request.metrics or request.group_by:
        raise MetricsStoreError(
            "a saved query has metrics and group-bys of its own",
            where=request.saved_query,
            remedy="ask for the saved query alone, or for the metrics",
        )
    return parameters.metrics, [*parameters.metrics, *group_bys_of(parameters)]
