"""What the pages of saved queries say."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import command
from metrics_store.catalogue.site.charts.chart_parts import ChartParts
from metrics_store.catalogue.site.charts.metric_chart import Chart, draw
from metrics_store.catalogue.site.content.chart_declaration import read_declaration
from metrics_store.catalogue.site.content.metric_downstream import Consumers, consumers
from metrics_store.catalogue.site.content.site_client import PageAnswer, request_answer
from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import SavedQueryDefinition

FIRST_ROWS = 10
# More rows than these are not drawn: nobody could read them.
MOST_ROWS = 2000


@dataclass(frozen=True)
class DrawnMetric:
    """One metric of a saved query with its chart.

    Attributes:
        name: Its name.
        title: What people call it.
        chart: Its chart.
    """

    name: str
    title: str
    chart: Chart


@dataclass(frozen=True)
class Figure:
    """One value of a saved query that has one row without group-bys.

    Attributes:
        name: The metric.
        title: What people call it.
        text: The value as people read it.
        unit: What it is measured in; empty for shares and plain numbers.
    """

    name: str
    title: str
    text: str
    unit: str


@dataclass(frozen=True)
class SavedQueryPage:
    """One saved query.

    Attributes:
        saved: Its definition.
        question: The command that asks it.
        asked: Asks it.
        asked_newest: Asks it for the newest rows by a column of times.
        drawn: Draws its metrics out of the answer.
        titles: Metric -> what people call it.
        consumers: What reads it.
    """

    saved: SavedQueryDefinition
    question: str
    asked: Callable[[], PageAnswer]
    asked_newest: Callable[[str], PageAnswer]
    drawn: Callable[[ReadableAnswer], list[DrawnMetric]]
    titles: Mapping[str, str]
    consumers: Consumers

    @functools.cached_property
    def answer(self) -> PageAnswer:
        """Its rows, but for those of a great many."""
        return self.asked()

    @property
    def first_rows(self) -> PageAnswer:
        """The rows that are shown as a table."""
        table = self.answer.table
        if table is None:
            return self.answer
        return dataclasses.replace(self.answer, table=table.slice(0, FIRST_ROWS))

    @functools.cached_property
    def newest(self) -> ReadableAnswer | None:
        """The rows that are drawn: all, or of a great many those of the newest periods."""
        readable = self.answer.readable
        if readable is None or readable.table.num_rows <= MOST_ROWS:
            return readable
        if readable.time is None:
            return None
        again = self.asked_newest(readable.time).readable
        return None if again is None else _without_oldest(again)

    @property
    def is_long(self) -> bool:
        """Whether it has more rows than are drawn."""
        return self.answer.table is not None and self.answer.table.num_rows > MOST_ROWS

    @property
    def figures(self) -> list[Figure]:
        """Its values, where it has but one of each metric."""
        readable = self.answer.readable
        if readable is None or readable.group_bys:
            return []
        return [
            Figure(
                name, self.titles.get(name) or name, readable.texts(name)[0], readable.unit(name)
            )
            for name in readable.metrics
        ]

    @functools.cached_property
    def charts(self) -> list[DrawnMetric]:
        """A chart of each metric, but for those that are drawn with another one."""
        return [] if self.newest is None else self.drawn(self.newest)


def saved_query_pages(subject: Subject) -> Iterator[SavedQueryPage]:
    """Collect the content of each saved query's page."""
    for saved in subject.saved_queries:
        shown = MetricRequest(saved_query=saved.name, limit=FIRST_ROWS)
        request = MetricRequest(saved_query=saved.name, limit=MOST_ROWS + 1)
        yield SavedQueryPage(
            saved,
            command(shown),
            functools.partial(_answer, subject, request, shown),
            functools.partial(_newest, subject, request),
            functools.partial(_charts, subject),
            {name: one.label for name, one in subject.metrics.items()},
            consumers(subject.relations, [saved]),
        )


def _answer(subject: Subject, request: MetricRequest, shown: MetricRequest) -> PageAnswer:
    answer = request_answer(subject.client, request)
    if answer.table is None:
        return answer
    try:
        return dataclasses.replace(answer, sql=subject.client.compile(shown))
    except MetricsStoreError as error:
        return dataclasses.replace(answer, problem=error.public())


def _newest(subject: Subject, request: MetricRequest, time: str) -> PageAnswer:
    newest = dataclasses.replace(request, order_by=(f"-{time}",), limit=MOST_ROWS)
    return request_answer(subject.client, newest)


def _without_oldest(answer: ReadableAnswer) -> ReadableAnswer:
    """Leave out the oldest period, of which the limit may have cut off a part."""
    assert answer.time is not None  # noqa: S101 - for the type checker
    column = answer.table.column(answer.time)
    times = [one for one in column.to_pylist() if one is not None]
    oldest = min(times, default=None)
    kept = [one is not None and one != oldest for one in column.to_pylist()]
    return dataclasses.replace(answer, table=answer.table.filter(kept))


def _charts(subject: Subject, answer: ReadableAnswer) -> list[DrawnMetric]:
    parts = {name: _parts(subject, answer, name) for name in answer.metrics}
    # What belongs to another chart needs none of its own.
    companions = {
        name
        for one in parts.values()
        for interval in one.intervals
        for name in (one.forecast_of, interval.lower, interval.upper)
    }
    drawn = [
        (name, draw(answer, name, parts[name])) for name in answer.metrics if name not in companions
    ]
    return [
        DrawnMetric(name, parts[name].label(name), chart)
        for name, chart in drawn
        if chart is not None
    ]


def _parts(subject: Subject, answer: ReadableAnswer, metric: str) -> ChartParts:
    time = answer.time
    common = ChartParts(
        labels={name: one.label for name, one in subject.metrics.items()},
        last_period=subject.calendar.last_period(answer.grain(time)) if time else None,
        reference=subject.calendar.reference,
        ranks=subject.client.value_ranks(answer.group_bys),
    )
    try:
        # A saved query may call a metric by another name.
        declared = read_declaration(subject, metric) if metric in subject.metrics else None
    except MetricsStoreError:
        # The metric's own page says what is wrong.
        declared = None
    if declared is None or answer.group_bys != [time]:
        return common
    return dataclasses.replace(
        common, forecast_of=declared.forecast_of, intervals=declared.intervals
    )
