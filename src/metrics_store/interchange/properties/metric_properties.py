"""The properties of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.interchange.properties.property_values import (
    chosen,
    config_of,
    filters_of,
    window_of,
    written,
)

if TYPE_CHECKING:
    from metrics_store.interchange.properties.property_values import Properties


def metric_properties(metric: Properties) -> Properties:
    """Give the properties of a metric, which the semantic manifest spells out."""
    return written(
        {
            **chosen(metric, "name", "label", "description", "type"),
            "type_params": _parameters(metric["type_params"]),
            "filter": filters_of(metric.get("filter")),
            "time_granularity": metric.get("time_granularity"),
            **config_of(metric),
        }
    )


def _parameters(given: Properties) -> Properties:
    return written(
        {
            "measure": _measure(given.get("measure")),
            "numerator": _input(given.get("numerator")),
            "denominator": _input(given.get("denominator")),
            "expr": given.get("expr"),
            "window": window_of(given.get("window")),
            "grain_to_date": given.get("grain_to_date"),
            "metrics": [_input(one) for one in given.get("metrics") or ()],
            "cumulative_type_params": _cumulative(given.get("cumulative_type_params") or {}),
            "conversion_type_params": _conversion(given.get("conversion_type_params") or {}),
        }
    )


def _measure(given: Properties | None) -> Properties:
    given = given or {}
    return written(
        {
            "name": given.get("name"),
            "filter": filters_of(given.get("filter")),
            **chosen(given, "alias", "join_to_timespine", "fill_nulls_with"),
        }
    )


def _input(given: Properties | None) -> Properties:
    given = given or {}
    return written(
        {
            "name": given.get("name"),
            "filter": filters_of(given.get("filter")),
            "alias": given.get("alias"),
            "offset_window": window_of(given.get("offset_window")),
            "offset_to_grain": given.get("offset_to_grain"),
        }
    )


def _cumulative(given: Properties) -> Properties:
    return written(
        {
            "window": window_of(given.get("window")),
            **chosen(given, "grain_to_date", "period_agg"),
            "metric": _input(given.get("metric")),
        }
    )


def _conversion(given: Properties) -> Properties:
    return written(
        {
            "base_measure": _measure(given.get("base_measure")),
            "conversion_measure": _measure(given.get("conversion_measure")),
            **chosen(given, "calculation", "entity"),
            "window": window_of(given.get("window")),
            "constant_properties": given.get("constant_properties"),
        }
    )
