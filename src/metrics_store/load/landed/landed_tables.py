"""The tables of a schema as the warehouse has them, found under any spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.sql_names import fold, literal
from metrics_store.warehouse.statement import Limits, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from metrics_store.load.contracts.contract import Table
    from metrics_store.warehouse.statement import Executor

# Raw tables may be large, and each is read once.
_LIMITS = Limits(seconds=3600)


@dataclass(frozen=True)
class LandedTable:
    """A table of the warehouse.

    Attributes:
        schema: Where it is.
        name: Its name, as the warehouse spells it.
        columns: The names of its columns by their folded form, in their order.
    """

    schema: str
    name: str
    columns: Mapping[str, str]


def read_rows(executor: Executor, sql: str) -> list[dict[str, Any]]:
    """Give the rows of a query."""
    return list(executor.read(Statement(sql, limits=_LIMITS)).to_pylist())


def tables_of(schema: str, executor: Executor) -> dict[str, LandedTable]:
    """Give the tables of a schema by their names."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(
        executor,
        "select table_name, column_name from information_schema.columns "  # noqa: S608 - quoted
        f"where table_catalog = current_database() and table_schema = {literal(schema)} "
        "order by table_name, ordinal_position",
    ):
        name = str(row["column_name"])
        found.setdefault(str(row["table_name"]), {}).setdefault(fold(name), name)
    return {name: LandedTable(schema, name, columns) for name, columns in found.items()}


def find_table(table: Table, tables: Mapping[str, LandedTable]) -> LandedTable | None:
    """Give the table that a contract's is; none where it is not there.

    Raises:
        MetricsStoreError: Several could be it.
    """
    if table.identifier in tables:
        return _as_known(tables[table.identifier], table)
    alike = [one for name, one in tables.items() if fold(name) == fold(table.identifier)]
    if len(alike) > 1:
        raise MetricsStoreError(
            f"several tables could be {table.name}",
            where=", ".join(f"{one.schema}.{one.name}" for one in alike),
            expected="one, or the identifier of the source's table as one of them is spelled",
            remedy=f"set the table's identifier in {table.path}",
        )
    return _as_known(alike[0], table) if alike else None


def _as_known(landed: LandedTable, table: Table) -> LandedTable:
    """Give a table whose columns are found by the contract's names, where it has other ones."""
    columns = dict(landed.columns)
    for column in table.columns:
        for other in map(fold, column.also):
            if fold(column.name) not in columns and other in columns:
                columns[fold(column.name)] = columns.pop(other)
    return replace(landed, columns=columns)
