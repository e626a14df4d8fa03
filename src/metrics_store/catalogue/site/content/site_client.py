"""Requests of the site, answered as one principal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
from metrics_store.errors import MetricsStoreError
from metrics_store.query.output.value_texts import grain_of
from metrics_store.query.spans.asked_period import FISCAL

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from metrics_store.catalogue.site.charts.readable_answer import PeriodNames
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest


class SiteClient(Protocol):
    """Answers requests as one principal; nothing hidden from it is in an answer."""

    def answer(self, request: MetricRequest) -> pa.Table:
        """Answer a request."""

    def compile(self, request: MetricRequest) -> str:
        """Give the SQL of a request."""

    def definitions(self) -> Definitions:
        """Give what is defined, cut to what may be seen."""

    def reference_date(self) -> dt.date | None:
        """Give the last day that the data tell of; none where the definitions declare none."""

    def dated(self, request: MetricRequest) -> MetricRequest:
        """Give a request with the days of its period as its start and end."""

    def fiscal_names(self) -> PeriodNames:
        """Give each fiscal grain -> what its periods are called, by their first days."""

    def value_ranks(self, group_bys: Sequence[str]) -> Mapping[str, Mapping[object, object]]:
        """Give the ranks of the values of each group-by that declares an order, such as stages."""


@dataclass(frozen=True)
class PageAnswer:
    """The answer to a request of a page, or why there is none.

    Attributes:
        table: The rows; none where it could not be asked.
        problem: Why it could not, for whoever reads the site.
        sql: The SQL that was asked; empty where it is not told.
        period_names: What periods of the project's own calendar are called.
    """

    table: pa.Table | None
    problem: str = ""
    sql: str = ""
    period_names: PeriodNames = field(default_factory=dict)

    @property
    def readable(self) -> ReadableAnswer | None:
        """The rows as people read them; none where there are none to read."""
        if self.table is None or not self.table.num_rows:
            return None
        return ReadableAnswer(self.table, self.period_names)


def request_answer(
    client: SiteClient, request: MetricRequest, *, with_sql: bool = False
) -> PageAnswer:
    """Answer a request; an error becomes its public message."""
    try:
        sql = client.compile(request) if with_sql else ""
        table = client.answer(request)
        is_fiscal = any(grain_of(field).startswith(FISCAL) for field in table.schema)
        names = client.fiscal_names() if is_fiscal else {}
        return PageAnswer(table, sql=sql, period_names=names)
    except MetricsStoreError as error:
        return PageAnswer(None, problem=error.public())
