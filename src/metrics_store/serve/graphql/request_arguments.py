"""The arguments of a GraphQL query, parsed into one request to the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.period_parser import parse_period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.serve.graphql.context import Context

Arguments = dict[str, Any]
Operation = Callable[["Context", Arguments], Any]


def read_request(arguments: Mapping[str, Any]) -> MetricRequest:
    """Make a request of the arguments of `createQuery` and its like.

    Raises:
        MetricsStoreError: The arguments contradict each other, or a filter or a period is not
            understood.
    """
    metrics: Sequence[Arguments] = arguments.get("metrics") or []
    group_by = [group_by_name(one) for one in arguments.get("groupBy") or []]
    saved_query = arguments.get("savedQuery")
    period = arguments.get("period")
    if saved_query and (metrics or group_by):
        raise MetricsStoreError(
            "a saved query has its own metrics and group-bys",
            where=saved_query,
            remedy="ask either for `savedQuery`, or for `metrics` and `groupBy`",
        )
    return MetricRequest(
        metrics=[one["name"] for one in metrics],
        group_by=group_by,
        order_by=[_order_by(one) for one in arguments.get("orderBy") or []],
        limit=arguments.get("limit"),
        period=parse_period(period) if period else None,
        saved_query=saved_query or None,
        where=parse_filters([one["sql"] for one in arguments.get("where") or []]),
        aliases=[(one["name"], one["alias"]) for one in metrics if one.get("alias")],
    )


def group_by_name(given: Mapping[str, Any]) -> str:
    """Give the name of a group-by as requests have it, such as `metric_time__month`."""
    name: str = given["name"]
    if given.get("datePart"):
        return f"{name}__extract_{given['datePart'].lower()}"
    grain = given.get("timeGranularity") or given.get("grain")
    return f"{name}__{grain.lower()}" if grain else name


def _order_by(given: Mapping[str, Any]) -> str:
    metric, group_by = given.get("metric"), given.get("groupBy")
    if (metric is None) == (group_by is None):
        raise MetricsStoreError("an order is by a metric or by a group-by, exactly one of them")
    name = metric["name"] if metric is not None else group_by_name(group_by or {})
    return f"-{name}" if given["descending"] else name
