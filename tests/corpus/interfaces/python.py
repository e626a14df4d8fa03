"""Python: the engine itself, and connections to it here and over the network."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from corpus.answers import Refusal, of_table
from corpus.interfaces.interface import ALL_BUT_PAGES, TIMES
from metrics_store.access.principal import LOCAL
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.period_parser import parse_period

if TYPE_CHECKING:
    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked
    from metrics_store.client import Connection
    from metrics_store.engine.engine import Engine


def refusal(error: MetricsStoreError) -> Refusal:
    """Give an error of the store as the corpus compares it."""
    return Refusal(str(error), error.what, error.code)


class EngineInterface:
    """`Engine.answer`, which all interfaces call."""

    name = "engine"
    can_say = ALL_BUT_PAGES | TIMES | {"aliases", "page_size"}
    least = 200

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lacks(self, asked: Asked) -> str | None:
        del asked
        return None

    def ask(self, asked: Asked, like: Rows | None = None) -> Outcome:
        del like
        try:
            table = self._engine.answer(request_of(asked), LOCAL).table
        except MetricsStoreError as error:
            return refusal(error)
        if asked.values is not None:
            # Of metrics, the values that their rows have, each once.
            table = table.select([0]).group_by(table.column_names[0]).aggregate([])
        return of_table(table)


def request_of(asked: Asked) -> MetricRequest:
    """Write a request as the engine takes it."""
    return MetricRequest(
        metrics=asked.metrics,
        group_by=[asked.values] if asked.values is not None else asked.group_by,
        order_by=asked.order_by,
        limit=asked.limit,
        start_time=instant(asked.start_time),
        end_time=instant(asked.end_time),
        period=None if asked.period is None else parse_period(asked.period),
        saved_query=asked.saved_query,
        where=parse_filters(asked.where),
        aliases=asked.aliases,
    )


def instant(day: dt.date | None) -> dt.datetime | None:
    """Give the first instant of a day."""
    return None if day is None else dt.datetime(day.year, day.month, day.day)


class PythonInterface:
    """`metrics_store.connect`, in this process."""

    name = "python"
    can_say = ALL_BUT_PAGES | TIMES
    least = 190

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lacks(self, asked: Asked) -> str | None:
        del asked
        return None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        del like
        where: Any = list(asked.where_json or asked.where)
        try:
            if asked.values is not None:
                found = self._connection.dimension_values(
                    asked.values, asked.metrics, where=where, limit=asked.limit
                )
            else:
                found = self._connection.query(
                    asked.metrics,
                    group_by=asked.group_by,
                    where=where,
                    order_by=asked.order_by,
                    limit=asked.limit,
                    start_time=asked.start_time,
                    end_time=asked.end_time,
                    period=asked.period,
                    saved_query=asked.saved_query,
                )
        except MetricsStoreError as error:
            return refusal(error)
        return of_table(found.table)


class RemotePythonInterface(PythonInterface):
    """`metrics_store.connect`, of a server."""

    name = "python, remote"
