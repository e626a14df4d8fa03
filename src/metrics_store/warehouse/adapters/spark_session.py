"""Statements in the Spark session that the adapter made in this process."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.warehouse.statement import Statement

_SETTINGS = {
    # dbt turns it off: what cannot be read as a number is then no value, and nothing says so.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}


class SparkSessionReader:
    """Reads by a session of its own beside the adapter's, with its tables and other settings."""

    def __init__(self) -> None:
        self._session: Any = None

    @property
    def session(self) -> Any:  # noqa: ANN401 - PySpark is not always there
        """The session; a new one where the last one was ended."""
        from pyspark.sql import SparkSession  # noqa: PLC0415 - slow, and only on Spark

        if self._session is None or _is_ended(self._session):
            self._session = SparkSession.builder.enableHiveSupport().getOrCreate().newSession()
            for name, value in _SETTINGS.items():
                self._session.conf.set(name, value)
        return self._session

    def read(self, statement: Statement, group: str) -> pa.Table:
        """Give the rows of a statement, and one more where there are more than it may give."""
        session = self.session
        session.sparkContext.setJobGroup(group, statement.request_id, interruptOnCancel=True)
        rows = session.sql(statement.labelled)
        return rows.limit(min(statement.limits.rows + 1, 2**31 - 1)).toArrow()

    def cancel(self, group: str) -> None:
        """End the jobs of a statement."""
        self.session.sparkContext.cancelJobGroup(group)


def new_group() -> str:
    """Give a name for the jobs of one statement."""
    return f"metrics-{uuid.uuid4().hex}"


def _is_ended(session: Any) -> bool:  # noqa: ANN401 - as above
    context = session.sparkContext._jsc  # noqa: SLF001 - nothing else says so
    return context is None or bool(context.sc().isStopped())
