"""The start and the end of a request, as conditions on `metric_time`.

They are days, both of which count, whatever the request groups by: what `metric_time__day >= ...
and metric_time__day <= ...` would say. Metrics that count by longer periods have the days on which
these begin; those that count by shorter ones take times of day too.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.comparison_times import END_OPERATORS, fit_of, read_time_value
from metrics_store.query.filters.filter_tree import Comparison, Kind, Name, Operator
from metrics_store.query.metric_request import check_span, span_value
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.periods import is_longer_than_day, longest, one
from metrics_store.query.resolution.time_grains import compared_grain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.metric_request import MetricRequest

_DAY = "day"


def span_conditions(request: MetricRequest, grains: Mapping[str, str]) -> Iterator[Filter]:
    """Give what a request's start and end say, in this order.

    Args:
        request: The request.
        grains: Metric of the request -> the finest grain of its times.

    Raises:
        MetricsStoreError: One of them lies within the shortest period that all metrics have.
    """
    if request.period is not None:
        # Whoever plans knows its days; to leave it out would answer for all time.
        raise MetricsStoreError(
            "the days of a period are not known here", where=str(request.period)
        )
    check_span(request)
    coarsest = longest(grains.values())
    for time, operator in (
        (request.start_time, Operator.GREATER_OR_EQUAL),
        (request.end_time, Operator.LESS_OR_EQUAL),
    ):
        if time is None:
            continue
        value = span_value(time)
        is_time_of_day = isinstance(value, dt.datetime)
        grain = coarsest if is_time_of_day or is_longer_than_day(coarsest) else _DAY
        compared = compared_grain(grain, grains.values())
        name = Name(METRIC_TIME, Kind.TIME_DIMENSION, grain, compared=compared)
        try:
            read_time_value(value, fit_of(name, is_end=operator in END_OPERATORS))
        except ValueError:
            by_coarsest = [metric for metric in grains if grains[metric] == coarsest]
            raise _cut(
                (by_coarsest or [METRIC_TIME])[0], value, compared, is_end=operator in END_OPERATORS
            ) from None
        yield Comparison(name, operator, value)


def _cut(metric: str, value: dt.date, grain: str, *, is_end: bool) -> MetricsStoreError:
    is_long = is_longer_than_day(grain)
    return MetricsStoreError(
        f"the time asked for {'ends' if is_end else 'begins'} within {one(grain)}, and "
        f"{metric} tells no shorter times apart",
        where=f"{'end_time' if is_end else 'start_time'} {value}",
        expected=f"the {'last' if is_end else 'first'} day of a {grain}" if is_long else "a day",
        remedy=f"ask for whole {grain}s, or for the metrics one by one" if is_long else "",
    )
