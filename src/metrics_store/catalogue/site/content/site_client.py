"""Requests of the site, answered as one principal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import pyarrow as pa

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


@dataclass(frozen=True)
class PageAnswer:
    """The answer to a request of a page, or why there is none.

    Attributes:
        table: The rows; none where it could not be asked.
        problem: Why it could not, for whoever reads the site.
        sql: The SQL that was asked; empty where it is not told.
    """

    table: pa.Table | None
    problem: str = ""
    sql: str = ""


def request_answer(
    client: SiteClient, request: MetricRequest, *, with_sql: bool = False
) -> PageAnswer:
    """Answer a request; an error becomes its public message."""
    try:
        sql = client.compile(request) if with_sql else ""
        return PageAnswer(client.answer(request), sql=sql)
    except MetricsStoreError as error:
        return PageAnswer(None, problem=error.public())
