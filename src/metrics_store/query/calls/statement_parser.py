"""A statement of a client of the dbt Semantic Layer becomes a typed call, or is rejected."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from metrics_store.query.calls.call_arguments import CallArguments
from metrics_store.query.calls.call_parser import parse_syntax
from metrics_store.query.calls.object_parser import (
    read_group_by,
    read_metric,
    read_order,
    source_text,
)
from metrics_store.query.calls.select_layers import SelectLayer, find_call_and_layers
from metrics_store.query.calls.semantic_calls import Call, ListCall, Listing, QueryCall, ValuesCall
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.period_parser import parse_period

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError

_LAYER = "semantic_layer"
_PAGES = ("search", "page_size", "page_number")
_LISTINGS = {
    Listing.METRICS: _PAGES,
    Listing.DIMENSIONS: ("metrics", *_PAGES),
    Listing.MEASURES: ("metrics", *_PAGES),
    Listing.ENTITIES: ("metrics", *_PAGES),
    Listing.QUERYABLE_GRANULARITIES: ("metrics",),
    Listing.METRICS_FOR_DIMENSIONS: ("group_by", *_PAGES),
    Listing.SAVED_QUERIES: _PAGES,
}
_ONLY_FOR = {
    Listing.QUERYABLE_GRANULARITIES: ("metrics", "metrics=['revenue']"),
    Listing.METRICS_FOR_DIMENSIONS: ("group_by", "group_by=['order__status']"),
}
_QUERY = ("metrics", "group_by", "where", "order_by", "limit", "period", "saved_query")
_OPTIONS = ("compile", "explain", "read_cache")
_FUNCTIONS = ("query", "dimension_values", *(listing.value for listing in Listing))


def parse_statement(text: str) -> Call:
    """Parse a statement such as `{{ semantic_layer.query(metrics=['revenue']) }}`.

    Raises:
        MetricsStoreError: It says anything else than one call that the semantic layer has, with
            what is wrong, where, and what is expected.
    """
    return parse_selection(text)[0]


def parse_selection(text: str) -> tuple[Call, tuple[SelectLayer, ...]]:
    """Parse a statement with what it selects of its call's rows, from the inside out.

    Raises:
        MetricsStoreError: As `parse_statement`.
    """
    call, start, layers = find_call_and_layers(text)
    try:
        return _call(parse_syntax(call, text, start)), layers
    except RecursionError:
        raise rejected("a call is nested too deeply", text) from None


def _call(node: ast.expr) -> Call:
    function = _function(node)
    assert isinstance(node, ast.Call)  # noqa: S101 - for the type checker
    if function == "query":
        return _query(CallArguments(node, (*_QUERY, *_OPTIONS)))
    if function == "dimension_values":
        return _values(CallArguments(node, ("metrics", "group_by")))
    listing = Listing(function)
    return _list(listing, CallArguments(node, _LISTINGS[listing]))


def _function(node: ast.expr) -> str:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == _LAYER
        and node.func.attr in _FUNCTIONS
    ):
        return node.func.attr
    raise _unknown(node)


def _unknown(node: ast.expr) -> MetricsStoreError:
    expected = f"{_LAYER}. and one of " + ", ".join(f"{name}(...)" for name in _FUNCTIONS)
    return rejected("there is no such call", source_text(node), expected=expected)


def _query(arguments: CallArguments) -> QueryCall:
    requested = arguments.each("metrics", read_metric)
    group_by = arguments.each("group_by", read_group_by)
    aliases = [(metric, alias) for metric, alias in requested if alias is not None]
    saved_query = arguments.text("saved_query") or None
    if saved_query and (requested or group_by):
        raise rejected(
            "a saved query has metrics and group-bys of its own",
            saved_query,
            expected="`saved_query`, or `metrics` and `group_by`",
        )
    if not (saved_query or requested or group_by):
        raise rejected("nothing is asked for", expected="`metrics`, `group_by` or `saved_query`")
    period = arguments.text("period")
    arguments.flag("read_cache")
    request = MetricRequest(
        metrics=[metric for metric, _ in requested],
        group_by=group_by,
        order_by=list(map(str, arguments.each("order_by", read_order))),
        limit=arguments.number("limit", least=0),
        period=parse_period(period) if period else None,
        saved_query=saved_query,
        where=arguments.filters("where"),
        aliases=aliases,
    )
    return QueryCall(request, arguments.flag("compile") or arguments.flag("explain"))


def _values(arguments: CallArguments) -> ValuesCall:
    arguments.require("group_by", "group_by='order__status'")
    group_bys = arguments.each("group_by", read_group_by)
    if len(group_bys) != 1:
        raise rejected("the values of one dimension are asked at a time", ", ".join(group_bys))
    metrics = arguments.each("metrics", read_metric)
    return ValuesCall(MetricRequest([metric for metric, _ in metrics], group_bys))


def _list(listing: Listing, arguments: CallArguments) -> ListCall:
    if listing in _ONLY_FOR:
        arguments.require(*_ONLY_FOR[listing])
    return ListCall(
        listing,
        tuple(metric for metric, _ in arguments.each("metrics", read_metric)),
        tuple(arguments.each("group_by", read_group_by)),
        arguments.text("search"),
        arguments.number("page_size", least=1),
        arguments.number("page_number", least=1) or 1,
    )
