"""Of how many rows the values of a chart are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.charts.bar_chart import as_number
from metrics_store.catalogue.site.charts.chart_parts import Counts
from metrics_store.query.periods import later

if TYPE_CHECKING:
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
    from metrics_store.catalogue.site.content.chart_declaration import ChartDeclaration

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def value_counts(answer: ReadableAnswer, declared: ChartDeclaration) -> Counts:
    """Give the counts out of the answer of the metric that counts.

    Args:
        answer: Its answer, by the group-bys of the chart.
        declared: What it is called, and how much earlier the time is that values compare with.
    """
    groups = zip(*(answer.values(name) for name in answer.group_bys), strict=True)
    numbers = (as_number(one) for one in answer.values(declared.counted_by))
    counts = {group: one for group, one in zip(groups, numbers, strict=True) if one is not None}
    compared: dict[tuple[object, ...], float] = {}
    if declared.compares is not None and answer.group_bys == [answer.time]:
        times: list[Any] = [one for one in answer.values(answer.group_bys[0]) if one is not None]
        grain = answer.grain(answer.group_bys[0])
        for time, before in _earlier(sorted(times), *declared.compares, grain).items():
            # A period without a row of its own has none to count.
            compared[time,] = counts.get((before,), 0.0)
    return Counts(counts, answer.unit(declared.counted_by), compared)


def _earlier(periods: list[Any], count: int, grain: str, of_chart: str) -> dict[Any, Any]:
    """Give for each period the one that it is compared with; none of before the first one."""
    if grain in _MONTHS and of_chart in _MONTHS:
        months = count * _MONTHS[grain]
        if months % _MONTHS[of_chart]:
            return {}
        earlier = {time: later(time, -months, "month") for time in periods}
        return {time: before for time, before in earlier.items() if before >= periods[0]}
    if grain == of_chart:
        # Of a calendar of the project's own, whose periods are known by their rows.
        return dict(zip(periods[count:], periods, strict=False))
    return {}
