"""A plan: the SQL of a question, whatever its values are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.query.plans.periods import first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.query.filters.tree import Filter, Value
    from metrics_store.query.request import MetricRequest

# The markers of the first and the last day.
START, END = "start0", "end0"


@dataclass(frozen=True)
class Shape:
    """A request without its values.

    Attributes:
        key: The same text for all requests that differ in values only.
        own_key: The same with the times of the request, for plans that hold for those alone.
    """

    key: str
    own_key: str


def shape_of(request: MetricRequest) -> Shape:
    """Part a request into its shape and its values."""
    where, values = _lifted(request)
    times = request.start_time, request.end_time
    said = [
        *([list(getattr(request, name))] for name in ("metrics", "group_by", "order_by")),
        [list(pair) for pair in request.aliases],
        request.limit,
        request.saved_query,
        None if where is None else repr(where),
        [type(value).__name__ for value in values],
    ]
    return Shape(
        json.dumps([*said, [time is not None for time in times]]),
        json.dumps([*said, [time and time.isoformat() for time in times]]),
    )


def _lifted(request: MetricRequest) -> tuple[Filter | None, tuple[Value, ...]]:
    if request.where is None:
        return None, ()
    # Whoever has no filter need not wait for what takes them apart.
    from metrics_store.query.plans.literals import lift  # noqa: PLC0415

    return lift(request.where)


@dataclass(frozen=True)
class Plan:
    """SQL with markers.

    Attributes:
        template: The SQL.
        times: For each value of the filter, whether its text is read as a time.
        grain: What the first and the last day are widened to; none where the SQL holds them.
        units: Column of a metric -> its unit; empty where it has none.
        deprecated: The deprecated metrics that the request names.
    """

    template: str
    times: tuple[bool, ...] = ()
    grain: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    deprecated: tuple[str, ...] = ()

    def fill(self, request: MetricRequest, others: Mapping[str, Value]) -> str:
        """Give the SQL of a request of this plan's shape.

        Args:
            request: The request.
            others: Values of markers that do not come from the request, by label.

        Raises:
            ValueError: A text is to be a time and is none.
        """
        if not (others or self.times or self.grain):
            return self.template
        from metrics_store.query.filters.checking import as_time  # noqa: PLC0415 - only for values
        from metrics_store.query.plans.literals import put_in  # noqa: PLC0415

        values = dict(others)
        _, given = _lifted(request)
        for position, (value, time) in enumerate(zip(given, self.times, strict=True)):
            values[str(position)] = as_time(value) if time else value
        if self.grain is not None:
            if request.start_time is not None:
                values[START] = first_day(request.start_time.date(), self.grain).isoformat()
            if request.end_time is not None:
                values[END] = last_day(request.end_time.date(), self.grain).isoformat()
        return put_in(self.template, values)
