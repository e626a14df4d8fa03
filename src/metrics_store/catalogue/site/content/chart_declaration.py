"""What a metric's `config.meta` says of its chart: what it forecasts, its intervals, its count.

`chart: {forecast_of: METRIC, intervals: {"95 %": [LOWER, UPPER]}}` names the metric that tells in
the end what was forecast, and the bounds between which it is expected, the widest first.
`counted_by: METRIC` names the metric that says of how many rows a value is made; of a ratio it is
the denominator, where that counts rows. A metric that compares with an earlier time is made of the
rows of that time too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import AggregationType, MetricType

from metrics_store.catalogue.site.charts.chart_parts import Interval
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metricflow_semantic_interfaces.implementations.elements.measure import PydanticMeasure
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

    from metrics_store.catalogue.site.content.site_subject import Subject

_COUNTS = (AggregationType.COUNT, AggregationType.COUNT_DISTINCT, AggregationType.SUM_BOOLEAN)
# What adds one for each row that counts.
_ONE_EACH = re.compile(r"1|case when .* then 1(?: else 0)? end", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class ChartDeclaration:
    """What belongs to the chart of a metric.

    Attributes:
        forecast_of: The metric that it forecasts; empty where it is no forecast.
        intervals: The intervals of the forecast, the widest first, as they are declared.
        counted_by: The metric that says of how many rows a value is made; empty where none does.
        compares: How much earlier the time is that a value compares with: how many periods, and
            of which grain; none where it compares with none.
    """

    forecast_of: str = ""
    intervals: tuple[Interval, ...] = ()
    counted_by: str = ""
    compares: tuple[int, str] | None = None

    @property
    def companions(self) -> tuple[str, ...]:
        """The metrics that are drawn in the same chart."""
        bounds = (name for one in self.intervals for name in (one.lower, one.upper))
        return tuple(dict.fromkeys(name for name in (self.forecast_of, *bounds) if name))


def read_declaration(subject: Subject, metric: str) -> ChartDeclaration:
    """Read what a metric's definition says of its chart; what is hidden is left out.

    Raises:
        MetricsStoreError: It is of another form.
    """
    meta = subject.metrics[metric].meta
    chart = meta.get("chart") or {}
    forecast_of = chart.get("forecast_of", "") if isinstance(chart, dict) else None
    intervals = chart.get("intervals") or {} if isinstance(chart, dict) else None
    counted_by = meta.get("counted_by") or _count_of_ratio(subject, metric)
    if (
        not isinstance(forecast_of, str)
        or not isinstance(counted_by, str)
        or not isinstance(intervals, dict)
        or set(chart) - {"forecast_of", "intervals"}
        or not all(_is_pair(one) for one in intervals.values())
    ):
        raise MetricsStoreError(
            "what belongs to a chart cannot be understood",
            where=f"{metric}, config.meta.chart and counted_by",
            expected='chart: {forecast_of: METRIC, intervals: {"95 %": [LOWER, UPPER]}} and '
            "counted_by: METRIC",
        )
    return ChartDeclaration(
        _shown(subject, forecast_of),
        _intervals(subject, intervals),
        _shown(subject, counted_by),
        _compares(subject, metric),
    )


def _compares(subject: Subject, metric: str) -> tuple[int, str] | None:
    windows = [
        one.offset_window for one in subject.sources.metric(metric).type_params.metrics or ()
    ]
    found = [(one.count, one.granularity.removesuffix("s")) for one in windows if one is not None]
    return max((one for one in found if one[0] > 0), default=None)


def _is_pair(given: object) -> bool:
    return (
        isinstance(given, list)
        and len(given) == 2  # noqa: PLR2004 - a lower and an upper bound
        and all(isinstance(one, str) for one in given)
    )


def _intervals(subject: Subject, given: Mapping[object, list[str]]) -> tuple[Interval, ...]:
    found = [Interval(str(label), *bounds) for label, bounds in given.items()]
    return tuple(
        one for one in found if all(_shown(subject, name) for name in (one.lower, one.upper))
    )


def _shown(subject: Subject, name: str) -> str:
    """Leave out the name of a metric that is hidden; one that does not exist is an error later."""
    hidden = any(one.name == name for one in subject.manifest.metrics)
    return "" if hidden and not subject.visible.metric(name) else name


def _count_of_ratio(subject: Subject, metric: str) -> str:
    """Give the denominator of a ratio where it counts rows."""
    definition = subject.sources.metric(metric)
    denominator = definition.type_params.denominator
    if definition.type is not MetricType.RATIO or denominator is None or denominator.filter:
        return ""
    return denominator.name if _counts(subject, subject.sources.metric(denominator.name)) else ""


def _counts(subject: Subject, metric: PydanticMetric) -> bool:
    used = metric.type_params.measure
    if metric.type is not MetricType.SIMPLE or used is None:
        return False
    return any(
        one.name == used.name and _counts_rows(one)
        for model in subject.manifest.semantic_models
        for one in model.measures
    )


def _counts_rows(measure: PydanticMeasure) -> bool:
    if measure.agg in _COUNTS:
        return True
    expression = " ".join((measure.expr or "").split())
    return measure.agg is AggregationType.SUM and bool(_ONE_EACH.fullmatch(expression))
