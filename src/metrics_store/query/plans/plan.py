"""A plan: the SQL of a request, with places for its literals."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.query.metric_request import span_value, span_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.filters.filter_tree import Filter, Value
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.plans.plan_parameters import Parameter


def request_shape(request: MetricRequest) -> str:
    """Give the same text for all requests that differ in literals only."""
    where, values = _extracted(request)
    return json.dumps(
        [
            *([list(getattr(request, name))] for name in ("metrics", "group_by", "order_by")),
            [list(pair) for pair in request.aliases],
            request.limit,
            request.saved_query,
            None if where is None else repr(where),
            [_kinds(value) for value in values],
            [
                None if time is None else type(span_value(time)).__name__
                for time in (request.start_time, request.end_time)
            ],
            *([] if request.period is None else [str(request.period)]),
        ]
    )


def _kinds(parameter: Parameter) -> list[tuple[str, bool]]:
    """Give the kinds of values that a parameter has, each once: as many as they may be."""
    from metrics_store.query.plans.plan_parameters import each  # noqa: PLC0415 - only for values

    return sorted({(type(value).__name__, _is_time_of_day(value)) for value in each(parameter)})


def _is_time_of_day(value: Value) -> bool:
    if not isinstance(value, str | dt.date):
        return False
    from metrics_store.query.filters.comparison_times import has_time_of_day  # noqa: PLC0415 - only for values

    return has_time_of_day(value)


def _extracted(request: MetricRequest) -> tuple[Filter | None, tuple[Parameter, ...]]:
    if request.where is None:
        return None, ()
    # Whoever has no filter need not wait for what takes them apart.
    from metrics_store.query.plans.plan_parameters import extract_parameters  # noqa: PLC0415

    return extract_parameters(request.where)


@dataclass(frozen=True)
class Plan:
    """SQL with markers.

    Attributes:
        template: The SQL.
        times: For each value or list of the filter, then of the start and the end, what times
            it may be; see `fits_of`.
        units: Column of a metric -> its unit; empty where it has none.
        deprecated: The deprecated metrics that the request names.
        time_columns: The columns of times by a grain.
        notices: The notices of the answer.
        whole_periods: Grains of periods, each with what the answer says if one of them is cut.
        condition_grains: For each condition of the filter, and of the start and the end, the grain
            of the time that it is on.
        rewrites: How it was made faster, and what of it was not and why.
        dialect: The name of the SQL.
    """

    template: str
    times: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    deprecated: tuple[str, ...] = ()
    time_columns: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    whole_periods: tuple[tuple[str, str], ...] = ()
    condition_grains: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    dialect: str = "duckdb"

    def fill(self, request: MetricRequest, others: Mapping[str, Value]) -> str:
        """Give the SQL of a request of this plan's shape.

        Args:
            request: The request.
            others: Values of markers that do not come from the request, by label.

        Raises:
            ValueError: A value is to be a time of some fineness and is none.
        """
        if not (others or self.times):
            return self.template
        from metrics_store.query.dialects.known_dialects import DIALECTS  # noqa: PLC0415 - only for values
        from metrics_store.query.filters.comparison_times import read_time_value  # noqa: PLC0415 - only for values
        from metrics_store.query.plans.plan_parameters import each, fill_parameters  # noqa: PLC0415

        values: dict[str, Parameter] = dict(others)
        _, extracted = _extracted(request)
        given = (*extracted, *span_values(request))
        for position, (parameter, fit) in enumerate(zip(given, self.times, strict=True)):
            values[str(position)] = tuple(read_time_value(one, fit) for one in each(parameter))
        return fill_parameters(self.template, values, DIALECTS[self.dialect])

    def notices_of(self, request: MetricRequest) -> tuple[str, ...]:
        """Give the notices of the answer to a request of this plan's shape."""
        if not (self.whole_periods and any(self.condition_grains)):
            return self.notices
        from metrics_store.query.plans.cut_periods import conditions, cuts  # noqa: PLC0415 - as above

        tree = conditions(request)
        grains = self.condition_grains
        notices = (text for period, text in self.whole_periods if cuts(tree, grains, period))
        return (*self.notices, *notices)
