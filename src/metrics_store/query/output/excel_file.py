"""Answers as sheets of Excel."""

from __future__ import annotations

import decimal
from typing import IO, TYPE_CHECKING

import xlsxwriter  # type: ignore[import-untyped]

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    import pyarrow as pa

# A sheet has a row more, which names the columns.
MOST_ROWS = 1_048_575
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd hh:mm",
}


def write_excel(answer: pa.Table, sink: IO[bytes]) -> None:
    """Write an answer as a sheet; text is never taken for a formula or a link.

    Raises:
        MetricsStoreError: It has more rows than a sheet.
    """
    if answer.num_rows > MOST_ROWS:
        raise MetricsStoreError(
            f"a sheet of Excel has no room for {answer.num_rows:,} rows",
            expected=f"at most {MOST_ROWS:,}",
            remedy="write Parquet or CSV",
        )
    with xlsxwriter.Workbook(sink, _OPTIONS) as book:
        sheet = book.add_worksheet("Answer")
        sheet.write_row(0, 0, answer.column_names, book.add_format({"bold": True}))
        for number, column in enumerate(answer.columns):
            sheet.write_column(1, number, [_cell(one) for one in column.to_pylist()])
        sheet.freeze_panes(1, 0)
        sheet.autofit()


def _cell(value: object) -> object:
    return float(value) if isinstance(value, decimal.Decimal) else value
