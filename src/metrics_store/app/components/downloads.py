"""Answers as files: CSV, Excel and Parquet."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.query.output.binary_formats import write_parquet
from metrics_store.query.output.excel_file import MOST_ROWS, write_excel
from metrics_store.query.output.text_formats import as_csv

if TYPE_CHECKING:
    import pyarrow as pa

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
                disabled=ending == "xlsx" and table.num_rows > MOST_ROWS,
            )


def _csv(table: pa.Table) -> bytes:
    return f"{as_csv(table)}\n".encode()


def as_parquet(table: pa.Table) -> bytes:
    """Write a table as Parquet, with its types and units."""
    sink = io.BytesIO()
    write_parquet(table, sink)
    return sink.getvalue()


def as_excel(table: pa.Table) -> bytes:
    """Write a table as a sheet of Excel."""
    sink = io.BytesIO()
    write_excel(table, sink)
    return sink.getvalue()
