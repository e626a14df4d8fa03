"""A project's own calendar: its reference date, and the periods of its time spines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import time
from typing import TYPE_CHECKING, Any

from metrics_store.engine.call import NotKeptError
from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.query.spans.asked_period import FISCAL
from metrics_store.query.spans.period_days import days_of, period_names
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.spans.period_days import Calendar

_META = "reference_date"
_COLUMN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII | re.IGNORECASE)
_DAY = "day"
# For so long a server's reference date is told as it was read last: a build changes it, and not
# each answer is to wait for another question.
_TOLD_SECONDS = 60


class ProjectCalendar:
    """The calendar that a project's definitions declare, read out of the warehouse.

    Args:
        content: Gives the definitions as they are written.
        read: Runs a statement.
        keeps: Whether what was read stays as it is.
    """

    def __init__(
        self,
        content: Callable[[], dict[str, Any]],
        read: Callable[[Statement], pa.Table],
        *,
        keeps: bool,
    ) -> None:
        self._definitions = content
        self._read = read
        self._keeps = keeps
        self._reference: tuple[dt.date | None] | None = None
        self._read_at = 0.0
        self._periods: Calendar | None = None

    def dated(
        self, request: MetricRequest, today: dt.date, *, at_once: bool = False
    ) -> MetricRequest:
        """Give a request with the days of its period as its start and end.

        Args:
            request: The request.
            today: What relative periods count from where no reference date is declared.
            at_once: Only with what was read before.

        Raises:
            MetricsStoreError: There is no such period, or a start or an end besides.
            NotKeptError: It is wanted at once, and was not read before.
            UnavailableError: The calendar cannot be read.
        """
        if request.period is None:
            return request
        if request.start_time or request.end_time:
            raise MetricsStoreError(
                "a question has a period, and a start or an end as well",
                where=str(request.period),
                remedy="leave one of them out",
            )
        asked = request.period
        is_read = self._keeps and (
            (self._reference is not None or not asked.is_relative)
            and (self._periods is not None or not asked.is_of_own_calendar)
        )
        if at_once and not is_read:
            raise NotKeptError
        reference = (self.reference_date() if asked.is_relative else None) or today
        own = self._own_periods() if asked.is_of_own_calendar else {}
        first, last = (
            None if day is None else dt.datetime.combine(day, dt.time())
            for day in days_of(asked, reference, own)
        )
        return dataclasses.replace(request, start_time=first, end_time=last, period=None)

    def reference_date(self) -> dt.date | None:
        """Give the reference date; none where the definitions declare none.

        Raises:
            UnavailableError: It is declared and cannot be read.
        """
        if self._reference is None or not self._keeps:
            self._reference = (self._reference_date(),)
            self._read_at = time.monotonic()
        return self._reference[0]

    def known_reference_date(self, *, at_once: bool = False) -> dt.date | None:
        """Give the reference date for an answer to tell; none where it cannot be read either.

        Args:
            at_once: Only as it was read before.

        Raises:
            NotKeptError: It is wanted at once, and was not read before.
        """
        if self._reference is not None and (
            self._keeps or time.monotonic() - self._read_at < _TOLD_SECONDS
        ):
            return self._reference[0]
        if at_once:
            raise NotKeptError
        try:
            return self.reference_date()
        except UnavailableError:
            # An answer does not depend on it where no period is asked for.
            return None

    def fiscal_names(self) -> dict[str, dict[dt.date, str]]:
        """Give each fiscal grain -> what its periods are called, by their first days."""
        own = self._own_periods()
        return {grain: period_names(grain, own) for grain in own if grain.startswith(FISCAL)}

    def _reference_date(self) -> dt.date | None:
        """Give the newest value of the columns that semantic models declare."""
        declared = [
            (model["node_relation"]["relation_name"], column)
            for model in self._definitions()["semantic_models"]
            if (column := ((model.get("config") or {}).get("meta") or {}).get(_META))
        ]
        dates = [self._newest(relation, column) for relation, column in declared]
        return max((one for one in dates if one is not None), default=None)

    def _own_periods(self) -> Calendar:
        """Give the first and last days of the periods that the time spines have of their own."""
        if self._periods is None or not self._keeps:
            self._periods = {grain: self._periods_of(*of) for grain, *of in self._own_grains()}
        return self._periods

    def _newest(self, relation: str, column: object) -> dt.date | None:
        if not isinstance(column, str) or not _COLUMN.fullmatch(column):
            raise UnavailableError(
                "the reference date cannot be read",
                where=f"{_META}: {column}, in the meta of a semantic model",
                remedy="name a column of the model",
            )
        # All of it is out of the definitions.
        sql = f"SELECT MAX(CAST({column} AS DATE)) AS newest FROM {relation}"  # noqa: S608
        try:
            [found] = self._read(Statement(sql)).column(0).to_pylist()
        except MetricsStoreError as error:
            raise UnavailableError(
                "the reference date cannot be read",
                where=f"{relation}, column {column}",
                remedy="run `metrics build`",
                detail=str(error),
            ) from None
        return found if isinstance(found, dt.date) else None

    def _own_grains(self) -> Iterator[tuple[str, str, str, str]]:
        """Give each grain of a spine of days, with its column, the day's column and the table."""
        settings = self._definitions().get("project_configuration") or {}
        for spine in settings.get("time_spines", []):
            day = spine["primary_column"]
            if day["time_granularity"] == _DAY:
                for grain in spine.get("custom_granularities", []):
                    column = grain.get("column_name") or grain["name"]
                    yield (
                        grain["name"],
                        column,
                        day["name"],
                        spine["node_relation"]["relation_name"],
                    )

    def _periods_of(self, column: str, day: str, relation: str) -> list[tuple[dt.date, dt.date]]:
        sql = (
            f"SELECT MIN(CAST({day} AS DATE)) AS first_day, MAX(CAST({day} AS DATE)) AS last_day "  # noqa: S608
            f"FROM {relation} WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY 1"
        )
        table = self._read(Statement(sql))
        return [(row["first_day"], row["last_day"]) for row in table.to_pylist()]
