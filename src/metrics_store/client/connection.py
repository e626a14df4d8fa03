"""The connection of the Python client, to a local engine or to a server."""

from __future__ import annotations

import abc
import inspect
from typing import TYPE_CHECKING, Any, Self

from metrics_store.client.metric_warnings import warn
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from metrics_store.client.result import Result
    from metrics_store.query.definitions.listed_entries import (
        DescribedMetric,
        ListedDimension,
        ListedEntity,
        ListedMeasure,
        ListedMetric,
        ListedSavedQuery,
    )

    Names = str | Sequence[str]
    Condition = str | Mapping[str, Any]
    Conditions = Condition | Sequence[Condition]
    Instant = str | dt.date


class Connection(abc.ABC):
    """The metrics of one target; safe for any number of threads; closes itself in a `with`."""

    def query(  # noqa: PLR0913 - an argument a part of a question
        self,
        metrics: Names | None = None,
        *,
        group_by: Names | None = None,
        where: Conditions | None = None,
        order_by: Names | None = None,
        limit: int | None = None,
        start_time: Instant | None = None,
        end_time: Instant | None = None,
        period: str | None = None,
        saved_query: str | None = None,
    ) -> Result:
        """Ask for metrics; what is to be known of the answer comes as an `AnswerWarning`.

        That a metric is deprecated is a `MetricDeprecationWarning`, that a value is of another
        stretch of time than one would think a `PartialPeriodWarning`, and why there is nothing an
        `EmptyAnswerWarning`. The result has them as `warnings` too.

        Args:
            metrics: Names of metrics.
            group_by: Names such as `metric_time__month` or `owner__team`.
            where: What must hold, all of it: texts such as `owner__team = 'EMEA'`, or conditions as
                objects, as REST takes them.
            order_by: Names out of the two above, `-` in front for descending.
            limit: Greatest number of rows.
            start_time: First day that counts, such as `2024-01-31`, whatever is grouped by; a time
                of day for metrics that tell these apart, else at midnight.
            end_time: Last day that counts, whole.
            period: The days that count, in place of start and end: `last 4 quarters`, `this month`,
                `next 30 days` from the reference date; or `2024-Q4`, `2024-Q1 to 2024-Q3`.
            saved_query: A saved query, in place of metrics.

        Raises:
            MetricsStoreError: The question is wrong (its subclasses say when it is something else).
        """
        result = self._query(
            _request_fields(
                metrics, group_by, where, order_by, limit, start_time, end_time, period, saved_query
            )
        )
        warn(result.warnings, result.warning_kinds)
        return result

    def query_many(self, questions: Sequence[Mapping[str, Any]]) -> list[Result]:
        """Ask several questions at once, such as all that a page shows; one result for each.

        Those for metrics of the same rows, with the same group-bys and filters, are answered by one
        statement.

        Args:
            questions: Each with what `query` takes, by its name: `{"metrics": "revenue",
                "group_by": "metric_time__month"}`.

        Raises:
            MetricsStoreError: A question is wrong; the first one that is.
        """
        results = self._query_many([_fields_of(question) for question in questions])
        for result in results:
            warn(result.warnings, result.warning_kinds)
        return results

    def compile(  # noqa: PLR0913 - an argument a part of a question
        self,
        metrics: Names | None = None,
        *,
        group_by: Names | None = None,
        where: Conditions | None = None,
        order_by: Names | None = None,
        limit: int | None = None,
        start_time: Instant | None = None,
        end_time: Instant | None = None,
        period: str | None = None,
        saved_query: str | None = None,
    ) -> str:
        """Give the SQL of a question; arguments and errors as for `query`."""
        sql, warnings, kinds = self._compile(
            _request_fields(
                metrics, group_by, where, order_by, limit, start_time, end_time, period, saved_query
            )
        )
        warn(warnings, kinds)
        return sql

    def dimension_values(
        self,
        dimension: str,
        metrics: Names | None = None,
        *,
        where: Conditions | None = None,
        limit: int | None = None,
    ) -> Result:
        """Give the values of a dimension; with metrics, those that they have."""
        fields = {
            "dimension": dimension,
            "metrics": listed(metrics),
            "where": conditions(where),
            "limit": limit,
        }
        result = self._dimension_values(_without_unset(fields))
        warn(result.warnings, result.warning_kinds)
        return result

    @abc.abstractmethod
    def metrics(self, search: str | None = None) -> list[ListedMetric]:
        """List the metrics; with `search`, those that have this word in a name or text."""

    @abc.abstractmethod
    def metric(self, name: str) -> DescribedMetric:
        """Describe a metric, with all that it can be asked by."""

    @abc.abstractmethod
    def dimensions(self, metrics: Names | None = None) -> list[ListedDimension]:
        """List the dimensions that all of the metrics have; of no metrics, all there are."""

    @abc.abstractmethod
    def entities(self, metrics: Names | None = None) -> list[ListedEntity]:
        """List the entities that all of the metrics have; of no metrics, all there are."""

    @abc.abstractmethod
    def measures(self, metrics: Names | None = None) -> list[ListedMeasure]:
        """List the measures that the metrics are made of; of no metrics, all there are."""

    @abc.abstractmethod
    def saved_queries(self) -> list[ListedSavedQuery]:
        """List the saved queries."""

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of the warehouse or the server."""

    @abc.abstractmethod
    def _query(self, fields: dict[str, Any]) -> Result: ...

    @abc.abstractmethod
    def _query_many(self, questions: list[dict[str, Any]]) -> list[Result]: ...

    @abc.abstractmethod
    def _dimension_values(self, fields: dict[str, Any]) -> Result: ...

    @abc.abstractmethod
    def _compile(self, fields: dict[str, Any]) -> tuple[str, Sequence[str], Sequence[str]]: ...

    def __enter__(self) -> Self:
        """Use the connection within a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()


def _request_fields(  # noqa: PLR0913, PLR0917 - an argument a part of a question
    metrics: Names | None,
    group_by: Names | None,
    where: Conditions | None,
    order_by: Names | None,
    limit: int | None,
    start_time: Instant | None,
    end_time: Instant | None,
    period: str | None,
    saved_query: str | None,
) -> dict[str, Any]:
    """Give the fields of a request as plain values, without those that are not set."""
    fields = {
        "metrics": listed(metrics),
        "group_by": listed(group_by),
        "where": conditions(where),
        "order_by": listed(order_by),
        "limit": limit,
        "start_time": instant(start_time),
        "end_time": instant(end_time),
        "period": period,
        "saved_query": saved_query,
    }
    return _without_unset(fields)


_FIELDS = tuple(inspect.signature(_request_fields).parameters)


def _fields_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of one of several questions."""
    for name in question:
        if name not in _FIELDS:
            raise MetricsStoreError(
                "the question has a key that is not known",
                where=str(name),
                expected=f"one of {', '.join(_FIELDS)}",
            )
    return _request_fields(*(question.get(name) for name in _FIELDS))


def _without_unset(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [])}


def listed(names: Names | None) -> list[str]:
    """Give one name, several, or none as a list."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def conditions(given: Conditions | None) -> list[Any]:
    """Give one condition or several as a list."""
    if given is None:
        return []
    return list(given) if isinstance(given, list | tuple) else [given]


def instant(given: Instant | None) -> str | None:
    """Give a day or a time as its text."""
    return given if given is None or isinstance(given, str) else given.isoformat()
