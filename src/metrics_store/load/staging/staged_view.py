"""The view of a staged table: each column as text and as its declared type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.contracts.contract import Column
from metrics_store.load.sql_names import literal
from metrics_store.load.staging.rewritten_text import rewritten
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase
from metrics_store.load.staging.value_conversion import from_native, from_text, is_native, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.load.staging.matched_columns import MatchedColumn


def given(number: int) -> str:
    """Name the view's column that holds column `number` as the file has it; NULL where empty."""
    return f"given_{number}"


def value(number: int) -> str:
    """Name the view's column that holds column `number` in its type; NULL where it does not fit."""
    return f"value_{number}"


def view_name(staged: StagedTable) -> str:
    """Name the view of a staged table."""
    return f"view_of_{staged.relation}"


def _read(number: int) -> str:
    """Name what column `number` is read from: what is given, or what is written in its place."""
    return f"read_{number}"


def _rewritten_columns(staged: StagedTable, given_types: Sequence[bool]) -> dict[int, str]:
    """Give the columns that are not read as they stand, with the SQL of what is read instead."""
    numbers = {matched.column.name: place for place, matched in enumerate(staged.columns)}
    found = {}
    for number, matched in enumerate(staged.columns):
        if matched.position is None or given_types[number]:
            continue
        sql = rewritten(given(number), matched.column, staged.mapping)
        for fit in matched.column.fits:
            conditions = " and ".join(
                f"{given(numbers[name])} = {literal(wanted)}" for name, wanted in fit.when
            )
            as_type = rewritten(sql, Column(matched.column.name, fit.data_type), staged.mapping)
            if as_type != sql:
                sql = f"case when {conditions} then {as_type} else {sql} end"
        if sql != given(number):
            found[number] = sql
    return found


def _is_native(staged: StagedTable, matched: MatchedColumn) -> bool:
    if matched.position is None:
        return False
    return is_native(staged.types[matched.position], matched.column.data_type)


def create_view(staged: StagedTable, staging: StagingDatabase) -> str:
    """Make the view of a staged table and give its name; the columns count from 0."""
    name = view_name(staged)
    staging.run(f"create or replace view {name} as {_select(staged, staged.relation)}")
    return name


def values_in_place(staged: StagedTable) -> str:
    """Give SQL of the view's columns that reads the table's files, in whatever database it runs."""
    return _select(staged, f"({staged.reads})")


def _select(staged: StagedTable, rows_of: str) -> str:
    givens, values = [ROW], [ROW]
    natives = [_is_native(staged, matched) for matched in staged.columns]
    rewrites = _rewritten_columns(staged, natives)
    for number, matched in enumerate(staged.columns):
        data_type = matched.column.data_type
        if matched.position is None:
            givens.append(f"cast(null as varchar) as {given(number)}")
            values.append(f"cast(null as {data_type.duckdb}) as {value(number)}")
        else:
            column = f"c{matched.position}"
            stored_as = staged.types[matched.position]
            text = column if natives[number] else text_of(column, stored_as, data_type)
            convert = from_native if natives[number] else from_text
            read = _read(number) if number in rewrites else given(number)
            givens.append(f"{text} as {given(number)}")
            values.append(f"{convert(read, data_type)} as {value(number)}")
        values.append(given(number))
    rows = f"(select {', '.join(givens)} from {rows_of})"  # noqa: S608 - names are our own
    if rewrites:
        reads = ", ".join(f"{sql} as {_read(number)}" for number, sql in rewrites.items())
        rows = f"(select *, {reads} from {rows})"  # noqa: S608
    if staged.mapping.is_distinct:
        keys = ", ".join(given(number) for number in range(len(staged.columns)))
        rows = f"(select distinct on ({keys}) * from {rows} order by {keys}, {ROW})"  # noqa: S608
    kept = f" where {ROW} not in (select {ROW} from {staged.rejects})" if staged.rejects else ""  # noqa: S608
    return f"select {', '.join(values)} from {rows}{kept}"  # noqa: S608
