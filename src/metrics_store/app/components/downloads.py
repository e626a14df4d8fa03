"""Answers as files: CSV, Excel and Parquet."""

from __future__ import annotations

import decimal
import io
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
import xlsxwriter  # type: ignore[import-untyped]

from metrics_store.query.output.binary_formats import write_parquet
from metrics_store.query.output.text_formats import as_csv

if TYPE_CHECKING:
    import pyarrow as pa

_EXCEL_ROWS = 1_048_575
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARQUET = "application/vnd.apache.parquet"


def show_downloads(table: pa.Table, name: str, key: str) -> None:
    """Show a button a kind of file; each file is written when it is wanted."""
    files = (
        ("CSV", "csv", "text/csv", _csv),
        ("Excel", "xlsx", _EXCEL, as_excel),
        ("Parquet", "parquet", _PARQUET, as_parquet),
    )
    with st.container(horizontal=True):
        for label, ending, kind, write in files:
            st.download_button(
                label,
                partial(write, table),
                f"{name}.{ending}",
                kind,
                key=f"{key} {ending}",
                on_click="ignore",
                icon=":material/download:",
                disabled=ending == "xlsx" and table.num_rows > _EXCEL_ROWS,
            )


def _csv(table: pa.Table) -> bytes:
    return f"{as_csv(table)}\n".encode()


def as_parquet(table: pa.Table) -> bytes:
    """Write a table as Parquet, with its types and units."""
    sink = io.BytesIO()
    write_parquet(table, sink)
    return sink.getvalue()


def as_excel(table: pa.Table) -> bytes:
    """Write a table as a sheet of Excel; text is never taken for a formula or a link."""
    sink = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(sink, options) as book:
        sheet = book.add_worksheet("Answer")
        sheet.write_row(0, 0, table.column_names, book.add_format({"bold": True}))
        for number, column in enumerate(table.columns):
            sheet.write_column(1, number, [_cell(one) for one in column.to_pylist()])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return sink.getvalue()


def _cell(value: object) -> object:
    return float(value) if isinstance(value, decimal.Decimal) else value
