"""A source's raw tables against its contract: what is there, what is missing, what that costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.landed.connectors import is_own_column
from metrics_store.load.landed.landed_tables import find_table, tables_of
from metrics_store.load.landed.table_contents import TableContents, read_contents
from metrics_store.load.name_spelling import spelled_like
from metrics_store.load.sql_names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.load.contracts.contract import Source, Table
    from metrics_store.load.landed.landed_tables import LandedTable
    from metrics_store.warehouse.statement import Executor

# What dlt and Stitch set beside a column for values that did not fit its type.
_SPLIT = re.compile(r"(.+)__(?:v_[a-z_]+|bi|bo|da|de|do|fl|in|it|nu|st|ti|ts)", re.IGNORECASE)


@dataclass(frozen=True)
class TableFinding:
    """What was found of one table of a contract.

    Attributes:
        table: The contract's table.
        landed: The warehouse's; none where it is not there.
        contents: What stands in it.
        problems: What keeps a build from being right, in words.
        costs: What is empty, and why, in words.
        without_cost: Optional columns that are not there and that nothing needs.
        others: Columns that the contract does not know, connectors' own left out.
        elsewhere: Tables of the schema that are none of the source's, where this one is missing.
    """

    table: Table
    landed: LandedTable | None = None
    contents: TableContents | None = None
    problems: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    without_cost: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFinding:
    """What was found of one source; a source without any table is one that is not used."""

    source: Source
    tables: tuple[TableFinding, ...]

    @property
    def is_used(self) -> bool:
        """Whether any of its tables is there."""
        return any(one.landed for one in self.tables)

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps a build from being right."""
        return tuple(problem for one in self.tables for problem in one.problems)


def check_source(source: Source, executor: Executor) -> SourceFinding:
    """Look for every table of a source.

    Raises:
        MetricsStoreError: Several tables could be one of them, or the warehouse cannot be read.
    """
    schemas = {table.schema: tables_of(table.schema, executor) for table in source.tables}
    found = {table.name: find_table(table, schemas[table.schema]) for table in source.tables}
    taken = {one.name for one in found.values() if one}
    return SourceFinding(
        source,
        tuple(
            _present(table, landed, executor)
            if (landed := found[table.name])
            else _absent(
                table,
                tuple(sorted(schemas[table.schema].keys() - taken)),
                is_optional=table.optional or bool(found.get(table.instead)),
            )
            for table in source.tables
        ),
    )


def _absent(table: Table, elsewhere: tuple[str, ...], *, is_optional: bool) -> TableFinding:
    place = f"{table.schema}.{table.identifier}"
    shown = tuple(name for name in elsewhere if not is_own_column(name))
    if is_optional:
        costs = (f"there is no {place}: {table.without}",) if table.without else ()
        return TableFinding(table, costs=costs, elsewhere=shown)
    return TableFinding(table, problems=(f"there is no {place}",), elsewhere=shown)


def _present(table: Table, landed: LandedTable, executor: Executor) -> TableFinding:
    contents = read_contents(table, landed, executor)
    others = [
        name
        for folded, name in landed.columns.items()
        if folded not in {fold(column.name) for column in table.columns} and not is_own_column(name)
    ]
    return TableFinding(
        table,
        landed,
        contents,
        problems=tuple(_problems(table, landed, contents)),
        costs=tuple(_costs(table, landed, contents)),
        without_cost=tuple(
            column.name
            for column in table.columns
            if fold(column.name) not in landed.columns
            and column.optional
            and not column.without
            and not is_own_column(column.name)
        ),
        others=tuple(others),
    )


def _problems(table: Table, landed: LandedTable, contents: TableContents) -> Iterator[str]:
    place = f"{landed.schema}.{landed.name}"
    if not contents.rows and not (table.may_be_empty or table.instead):
        yield f"{place} has no rows"
    for column in table.columns:
        name = landed.columns.get(fold(column.name))
        if name is None:
            if not column.optional:
                spelled = spelled_like(column.name, _record_columns(landed))
                yield f"{place} has no column {spelled}: {column.name} is compulsory"
            continue
        filled = contents.filled[column.name]
        if column.not_null and filled < contents.rows:
            yield f"{place}, column {name}: empty in {counted_rows(contents.rows - filled)}"
        doubled = filled - contents.distinct.get(column.name, filled)
        if column.unique and doubled:
            yield (
                f"{place}, column {name}: a value that has to be unique stands again in "
                f"{counted_rows(doubled)}; have the connector keep one row a record"
            )
    known = {fold(column.name) for column in table.columns}
    for name in landed.columns.values():
        split = _SPLIT.fullmatch(name)
        if split and fold(split[1]) in known:
            yield f"{place}, column {name}: values of {split[1]} that did not fit its type"


def _costs(table: Table, landed: LandedTable, contents: TableContents) -> Iterator[str]:
    place = f"{landed.schema}.{landed.name}"
    for column in table.columns:
        name = landed.columns.get(fold(column.name))
        if not column.without:
            continue
        if name is None:
            spelled = spelled_like(column.name, _record_columns(landed))
            yield f"{place} has no column {spelled}: {column.without}"
        elif contents.rows and not contents.filled[column.name]:
            yield f"{place}, column {name}, is empty in every row: {column.without}"


def _record_columns(landed: LandedTable) -> list[str]:
    return [name for name in landed.columns.values() if not is_own_column(name)]


def counted_rows(count: int) -> str:
    """Write a number of rows."""
    return "1 row" if count == 1 else f"{count:,} rows"
