"""Applies the SELECTs around a call to the rows that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_checker import check_filter
from metrics_store.query.filters.filter_renderer import RenderOptions, render_filter
from metrics_store.query.filters.filter_tree import Constant, Kind, Name
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from metrics_store.query.calls.select_layers import SelectLayer
    from metrics_store.query.filters.filter_tree import Filter

_ROW = "row_of_the_answer"


def select_rows(table: pa.Table, layers: tuple[SelectLayer, ...]) -> pa.Table:
    """Apply the SELECTs around a call, the inner ones first.

    Raises:
        MetricsStoreError: A layer names no column, or compares what cannot be compared.
    """
    for layer in layers:
        if layer.where is not None:
            table = table.take(_rows(table, layer.where))
        if layer.order_by:
            keys = [
                (_known(table, name), "descending" if descending else "ascending")
                for name, descending in layer.order_by
            ]
            # What is unknown comes last, either way.
            table = table.take(pc.sort_indices(table, sort_keys=keys))
        if layer.limit is not None:
            table = table.slice(0, layer.limit)
        if layer.columns is not None:
            names = [_known(table, name) for name, _ in layer.columns]
            table = table.select(names).rename_columns([alias for _, alias in layer.columns])
    return table


def _known(table: pa.Table, name: str) -> str:
    names: dict[str, str] = {one.lower(): one for one in table.column_names}
    if name.lower() not in names:
        raise unknown_name(
            "the call has no such column", name, names, "its columns are " + ", ".join(names)
        )
    return names[name.lower()]


def _rows(table: pa.Table, where: Filter) -> pa.Array:
    """Give the numbers of the rows for which a condition holds."""
    if where == Constant(holds=True):
        return pa.array(range(table.num_rows), pa.int64())

    def resolve(name: Name, _: bool) -> Name:  # noqa: FBT001 - as checking asks
        if name.group_by:
            raise MetricsStoreError(
                "a condition on a call's rows is on its columns", where=name.path
            )
        if pa.types.is_temporal(table.schema.field(_known(table, str(name))).type):
            return Name(str(name), Kind.TIME_DIMENSION, compared="microsecond")
        return Name(str(name), Kind.DIMENSION)

    def column(name: Name) -> str:
        return '"' + _known(table, name.path).replace('"', '""') + '"'

    condition = render_filter(check_filter(where, resolve), RenderOptions(write=column))
    numbered = table.append_column(_ROW, pa.array(range(table.num_rows), pa.int64()))
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        connection.register("answer", numbered)
        try:
            # Of the caller's words it has names of columns that are there, and quoted values.
            sql = f"SELECT {_ROW} FROM answer WHERE {condition} ORDER BY {_ROW}"  # noqa: S608
            found = connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise MetricsStoreError(
                "the rows of the call cannot be compared so",
                where=", ".join(table.column_names),
                detail=str(error),
            ) from None
    return pa.array([row for (row,) in found], pa.int64())
