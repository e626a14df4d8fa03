"""The answers that the chart of a metric is drawn from."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import command
from metrics_store.catalogue.site.charts.chart_parts import ChartParts, Counts
from metrics_store.catalogue.site.charts.metric_chart import Chart, draw
from metrics_store.catalogue.site.content.chart_declaration import read_declaration
from metrics_store.catalogue.site.content.chart_requests import chart_request, count_request
from metrics_store.catalogue.site.content.site_client import PageAnswer, request_answer
from metrics_store.catalogue.site.pages.value_counts import value_counts
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import MetricDefinition
    from metrics_store.query.metric_request import MetricRequest


@dataclass(frozen=True)
class ChartAnswer:
    """What a metric's chart shows.

    Attributes:
        metric: The metric.
        question: The command that asks it; empty where it could not be made.
        answer: What that gave.
        parts: What belongs to the chart besides.
    """

    metric: str
    question: str
    answer: PageAnswer
    parts: ChartParts = field(default_factory=ChartParts)

    @functools.cached_property
    def chart(self) -> Chart | None:
        """The chart; none where there is nothing to draw."""
        readable = self.answer.readable
        return None if readable is None else draw(readable, self.metric, self.parts)


def chart_answer(subject: Subject, metric: MetricDefinition, *, with_sql: bool) -> ChartAnswer:
    """Ask for what a metric's chart shows.

    Args:
        subject: What the site is about.
        metric: The metric.
        with_sql: Whether the SQL is told.
    """
    try:
        declared = read_declaration(subject, metric.name)
        request = chart_request(subject, metric, declared)
    except MetricsStoreError as error:
        return ChartAnswer(metric.name, "", PageAnswer(None, problem=error.public()))
    answer = request_answer(subject.client, request, with_sql=with_sql)
    readable = answer.readable
    if readable is None:
        return ChartAnswer(metric.name, command(request), answer)
    counts = Counts()
    if declared.counted_by:
        counted = request_answer(subject.client, count_request(request, declared))
        if counted.problem:
            return ChartAnswer(metric.name, command(request), counted)
        if counted.readable is not None:
            counts = value_counts(counted.readable, declared)
    parts = ChartParts(
        labels={name: one.label for name, one in subject.metrics.items()},
        forecast_of=declared.forecast_of,
        intervals=declared.intervals,
        counts=counts,
        last_period=subject.calendar.last_period(readable.grain(readable.time))
        if readable.time
        else None,
        reference=subject.calendar.reference,
        ranks=_ranks(subject, readable),
        keeps_order=_has_own_order(request),
    )
    return ChartAnswer(metric.name, command(request), answer, parts)


def _ranks(subject: Subject, answer: ReadableAnswer) -> dict[str, dict[object, object]]:
    if answer.time or len(answer.group_bys) != 1:
        return {}
    return {name: dict(one) for name, one in subject.client.value_ranks(answer.group_bys).items()}


def _has_own_order(request: MetricRequest) -> bool:
    """Whether whoever declared the question says how its rows are ordered."""
    return bool(request.order_by)
