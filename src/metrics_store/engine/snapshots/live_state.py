"""What is live: its definitions, its calendar and its version, for those who ask no metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.warehouse.statement import Statement
from metrics_store.warehouse.table_comments import comments_sql

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.engine.settings import EngineSettings
    from metrics_store.engine.snapshots.live_snapshot import LiveSnapshot
    from metrics_store.engine.snapshots.metric_list import ListedMetric
    from metrics_store.errors import MetricsStoreError
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest


class LiveState:
    """What is live; the base of an engine.

    Args:
        live: The live snapshot.
        settings: What today is where no reference date is declared.
    """

    def __init__(self, live: LiveSnapshot, settings: EngineSettings) -> None:
        self._live = live
        self._settings = settings

    def definitions(self, principal: Principal) -> Definitions:
        """Give the definitions that are live now, cut to what the principal may see.

        Raises:
            UnavailableError: There are none, or they cannot be read.
        """
        with self._live.leased() as live:
            return live.definitions(principal)

    def metric_list(self, principal: Principal) -> list[ListedMetric]:
        """List the metrics that the principal may see, which takes a fraction of `definitions`.

        Raises:
            UnavailableError: There are none, or they cannot be read.
        """
        from metrics_store.engine.snapshots.metric_list import metric_list  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return metric_list(live, principal)

    def full_names(
        self, names: Sequence[str], metrics: Sequence[str], principal: Principal
    ) -> list[str]:
        """Give the full names of dimensions that are named by their last part.

        Raises:
            MetricsStoreError: The metrics have several dimensions of such a name.
        """
        from metrics_store.engine.snapshots.full_names import full_names  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return full_names(live, names, metrics, principal)

    def label_names(self, group_bys: Sequence[str], principal: Principal) -> dict[str, str]:
        """Give each entity among group-bys -> the dimension that names it, if one is declared."""
        from metrics_store.engine.snapshots.full_names import label_names  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return label_names(live, group_bys, principal)

    def in_full(self, request: MetricRequest, principal: Principal) -> MetricRequest:
        """Give a request with the full names of dimensions that it names by their last part.

        Raises:
            MetricsStoreError: Its metrics have several dimensions of such a name.
        """
        if not (request.group_by or request.order_by or request.where):
            return request
        from metrics_store.engine.snapshots.full_names import in_full  # noqa: PLC0415 - few ask

        with self._live.leased() as live:
            return in_full(live, request, principal)

    def reference_date(self) -> dt.date | None:
        """Give the last day that the data tell of, as the definitions declare it; else none.

        Periods such as `last 4 quarters` count from it, and where there is none from today in UTC.
        """
        with self._live.leased() as live:
            return live.calendar.reference_date()

    def fiscal_names(self) -> dict[str, dict[dt.date, str]]:
        """Give each fiscal grain -> what its periods are called, by their first days."""
        with self._live.leased() as live:
            return live.calendar.fiscal_names()

    def dated(self, request: MetricRequest) -> MetricRequest:
        """Give a request with the days of its period as its start and end."""
        with self._live.leased() as live:
            return live.calendar.dated(request, self._settings.today())

    def table_comments(self) -> dict[tuple[str, str], str]:
        """Give what the warehouse says of its tables: schema and name -> comment."""
        with self._live.leased() as live:
            sql = comments_sql(live.dialect)
            if not sql:
                return {}
            table = live.executor.read(Statement(sql))
            return {
                (row["schema_name"], row["table_name"]): row["said"] for row in table.to_pylist()
            }

    @property
    def is_current(self) -> bool:
        """Whether certainly nothing newer is live, so that no call waits until it is opened."""
        return self._live.is_current

    @property
    def data_version(self) -> str:
        """What is live now: it changes when the data or the definitions change.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.data_version

    @property
    def data_version_is_certain(self) -> bool:
        """Whether data cannot change under one version: so with a file, not with a server.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.is_immutable

    @property
    def artifacts(self) -> Path:
        """The directory with dbt's manifests of what is live now.

        Raises:
            UnavailableError: There is nothing live.
        """
        with self._live.leased() as live:
            return live.warehouse.artifacts

    @property
    def problem(self) -> MetricsStoreError | None:
        """Why what is live now is not what is answered from; none where it is."""
        return self._live.problem
