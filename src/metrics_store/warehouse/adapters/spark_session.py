"""Statements in the Spark session that the adapter made in this process."""

from __future__ import annotations

import contextlib
import re
import threading
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.warehouse.statement import Statement

_SETTINGS = {
    # dbt turns it off: what cannot be read as a number is then no value, and nothing says so.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_WAREHOUSE = "spark.sql.warehouse.dir"
_METASTORE = "spark.hadoop.javax.jdo.option.ConnectionURL"
_DERBY = re.compile(r"(jdbc:derby:;databaseName=)([^;/][^;]*)")
# One Spark is in a process, whoever asks it.
_ending = threading.Lock()


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


def let_go_of_ended_spark() -> bool:
    """Let the next question start Spark again, where the one of this process has ended.

    Returns:
        Whether it has ended.
    """
    from pyspark import SparkContext  # noqa: PLC0415 - as above
    from pyspark.sql import SparkSession  # noqa: PLC0415

    with _ending:
        gateway = SparkContext._gateway  # noqa: SLF001 - nothing else says so
        if gateway is None:
            return True
        process = getattr(gateway, "proc", None)
        if process is None or process.poll() is None:
            # Java that does not answer is as good as gone, be its process still listed or not.
            with contextlib.suppress(Exception):
                return _is_stopped(SparkContext._active_spark_context)  # noqa: SLF001
        # PySpark would go on asking the Java process that is gone.
        with contextlib.suppress(Exception):
            gateway.shutdown()
        SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
        SparkContext._active_spark_context = None  # noqa: SLF001
        SparkSession._instantiatedSession = None  # noqa: SLF001
        return True


def _is_stopped(context: Any) -> bool:  # noqa: ANN401 - as above
    if context is None or context._jsc is None:  # noqa: SLF001 - as above
        return True
    if context._jsc.sc().isStopped():  # noqa: SLF001 - as above
        context.stop()
        return True
    return False


def in_project(settings: dict[str, Any], project: Path) -> dict[str, Any]:
    """Give a target's settings of Spark with paths that start at its project, as for dbt.

    Args:
        settings: The output of the profile, of `method: session`.
        project: The directory of the dbt project.
    """
    # The adapter takes texts; whoever sets a number to one by a variable gives a number here.
    parameters = settings.get("server_side_parameters") or {}
    given = {str(name): str(value) for name, value in parameters.items()}
    place = given.get(_WAREHOUSE, "")
    if place and ":" not in place:
        given[_WAREHOUSE] = str(project.resolve() / place)
    if _METASTORE in given:
        given[_METASTORE] = _DERBY.sub(
            lambda found: f"{found[1]}{project.resolve() / found[2]}", given[_METASTORE]
        )
    return {**settings, "server_side_parameters": given}


def _is_ended(session: Any) -> bool:  # noqa: ANN401 - as above
    from pyspark import SparkContext  # noqa: PLC0415 - as above

    context = session.sparkContext
    # Of an earlier Java process, or of none.
    if context is not SparkContext._active_spark_context or context._jsc is None:  # noqa: SLF001
        return True
    return bool(context._jsc.sc().isStopped())  # noqa: SLF001
