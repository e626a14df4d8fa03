"""The executor for any target that dbt has an adapter for."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.warehouse.adapters.adapter_connections import AdapterConnections
from metrics_store.warehouse.adapters.fetched_rows import read_cursor
from metrics_store.warehouse.adapters.select_check import check_select
from metrics_store.warehouse.adapters.spark_session import (
    SparkSessionReader,
    let_go_of_ended_spark,
    new_group,
)
from metrics_store.warehouse.answer_types import in_store_types
from metrics_store.warehouse.statement import (
    Interruption,
    Statement,
    first_line,
    rejected_statement,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.project.profile import Target

# What engines say of a table that is not there.
_MISSING = re.compile(
    r"TABLE_OR_VIEW_NOT_FOUND|(table|relation|view|object)\b.*\b(does ?n.t|not) (exist|found)"
    r"|Not found: Table",
    re.IGNORECASE,
)
# What Spark calls an error, in brackets, and what it says of it.
_SPARK_CONDITION = re.compile(r"\[[A-Z0-9_]+(\.[A-Z0-9_]+)*\] .*")
_UNREADABLE = ("[FAILED_READ_FILE", "[PATH_NOT_FOUND")


class AdapterExecutor:
    """Reads by the adapter's own connections, one a statement.

    No adapter promises connections that can write nothing. What is run are queries of ours, which
    is checked, and the target's user need not be able to do more.

    Args:
        target: Where the warehouse is.

    Raises:
        MetricsStoreError: The adapter is not installed, or rejects the target's settings.
    """

    def __init__(self, target: Target) -> None:
        self._connections = AdapterConnections(target)
        self._adapter_type = target.adapter_type
        in_process = target.adapter_type == "spark" and target.settings.get("method") == "session"
        self._spark = SparkSessionReader() if in_process else None

    def read(self, statement: Statement) -> pa.Table:
        """Give the rows of a statement; see `Executor`."""
        check_select(statement.sql, self._adapter_type)
        with self._connections.opened("question") as connection:
            read = self._by_cursor if self._spark is None else self._by_session
            return in_store_types(read(connection, statement))

    def close(self) -> None:
        """Close all connections."""
        self._connections.manager.cleanup_all()

    def _by_cursor(self, connection: Any, statement: Statement) -> pa.Table:  # noqa: ANN401
        manager = self._connections.manager

        def interrupt() -> None:
            # What has ended by itself cannot be ended.
            with contextlib.suppress(Exception):
                self._connections.cancel(connection)

        with Interruption(statement, interrupt) as interruption:
            try:
                _, cursor = manager.add_query(statement.labelled, auto_begin=False)
                return read_cursor(cursor, interruption, manager.data_type_code_to_name)
            except MetricsStoreError:
                raise
            except Exception as error:  # noqa: BLE001 - drivers have no error in common
                raise interruption.reason() or _rejected(error) from None

    def _by_session(self, connection: Any, statement: Statement) -> pa.Table:  # noqa: ANN401
        spark = self._spark
        assert spark is not None  # noqa: S101 - it is called for nothing else
        group = new_group()
        _start(spark, connection)

        def interrupt() -> None:
            with contextlib.suppress(Exception):
                spark.cancel(group)

        with Interruption(statement, interrupt) as interruption:
            try:
                table = spark.read(statement, group)
                interruption.check(table.num_rows, table.nbytes)
            except MetricsStoreError:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                raise interruption.reason() or _failed_in_session(error) from None
            return table


def _start(spark: SparkSessionReader, connection: Any) -> None:  # noqa: ANN401 - as above
    """Start Spark where it does not run; how long that takes is no fault of the question."""
    # What ended while nobody asked is no reason to refuse this question.
    let_go_of_ended_spark()
    try:
        # The adapter makes the session, with the target's settings, when first asked.
        connection.handle.cursor().execute("select 1")
        _ = spark.session
    except Exception as error:  # noqa: BLE001 - as above
        let_go_of_ended_spark()
        raise UnavailableError(
            "Spark cannot be started",
            remedy="end what else has its metastore open, such as a server or a build; see that "
            "Java 17 is there: `java -version`",
            detail=first_line(error),
        ) from None


def _failed_in_session(error: Exception) -> MetricsStoreError:
    if not let_go_of_ended_spark():
        return _rejected(error)
    return UnavailableError(
        "Spark has ended while it worked on the question",
        remedy="ask again, which starts it anew; where it ends again, give it more memory: "
        "METRICS_STORE_SPARK_MEMORY",
        detail=first_line(error),
    )


def _rejected(error: Exception) -> MetricsStoreError:
    # dbt puts a heading over what the driver says, and Java its stack around what Spark does.
    said = str(getattr(error, "msg", error))
    condition = _SPARK_CONDITION.search(said)
    said = condition[0] if condition else said
    if said.startswith(_UNREADABLE):
        return UnavailableError(
            "files of a table are damaged or missing",
            remedy="run `metrics build --full-refresh`, which makes them anew",
            detail=first_line(Exception(said)),
        )
    return rejected_statement(Exception(said), missing=bool(_MISSING.search(said)))
