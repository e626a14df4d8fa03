"""Answers as CSV that is the same on every machine, and what differs between two of them."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv

from metrics_store.query.output.text_formats import in_whole_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

# Floats are added in another order by other threads: what lies behind is noise.
_DIGITS = 12

Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class RowDrift:
    """One row that is not what it was.

    Attributes:
        key: Group-by -> its value, none for NULL.
        kind: `missing` where the row is there no more, `new`, or `changed`.
        old: The metric's value as it is known; none for NULL and where the row is new.
        new: The metric's value now; none for NULL and where the row is missing.
    """

    key: tuple[tuple[str, str | None], ...]
    kind: str
    old: str | None = None
    new: str | None = None

    def sentence(self) -> str:
        """Say it in one line."""
        where = ", ".join(f"{name} {_display(value)}" for name, value in self.key) or "in total"
        if self.kind == "changed":
            return f"{where}: {_display(self.old)} -> {_display(self.new)}"
        return f"{where}: {self.kind}, {_display(self.new if self.kind == 'new' else self.old)}"


def as_golden_csv(answer: pa.Table, *, sort_by: int) -> str:
    """Write an answer as CSV: texts in quotes and NULL without, floats to 12 digits.

    Args:
        answer: The answer.
        sort_by: How many columns its rows are put in order by; 0 to leave them as they come.
    """
    for position, field in enumerate(answer.schema):
        if pa.types.is_floating(field.type):
            rounded = pa.array(map(_rounded, answer.column(position).to_pylist()), pa.float64())
            answer = answer.set_column(position, field.name, rounded)
        elif pa.types.is_timestamp(field.type):
            answer = answer.set_column(position, field.name, _days(answer.column(position)))
    if sort_by:
        names = answer.column_names[:sort_by]
        answer = answer.sort_by([(name, "ascending") for name in names])
    sink = io.BytesIO()
    pa.csv.write_csv(in_whole_seconds(answer), sink)
    return sink.getvalue().decode()


def differences(old: str, new: str, keys: int) -> list[RowDrift]:
    """Give the rows that differ between two answers, those of the old one first.

    Args:
        old: The answer as it is known, as CSV.
        new: The answer now, of the same columns.
        keys: How many columns the rows are told apart by.

    Raises:
        ValueError: The old one is no CSV, or has other columns.
    """
    names, before = _read(old)
    others, now = _read(new)
    if names != others:
        raise ValueError(f"the columns are {', '.join(others)} and not {', '.join(names)}")
    known, found = _by_key(before, keys), _by_key(now, keys)
    if len(known) < len(before):
        raise ValueError("a row stands twice")
    drifts = []
    for key, value in known.items():
        named = tuple(zip(names[:keys], key, strict=True))
        if key not in found:
            drifts.append(RowDrift(named, "missing", old=value))
        elif found[key] != value:
            drifts.append(RowDrift(named, "changed", old=value, new=found[key]))
    for key, value in found.items():
        if key not in known:
            named = tuple(zip(names[:keys], key, strict=True))
            drifts.append(RowDrift(named, "new", new=value))
    return drifts


def _by_key(rows: Sequence[Cells], keys: int) -> dict[Cells, str | None]:
    return {row[:keys]: row[keys] for row in rows}


def _read(text: str) -> tuple[list[str], list[Cells]]:
    """Read CSV as texts and NULLs."""
    names = next(csv.reader(io.StringIO(text)), [])
    if not names:
        raise ValueError("it has no header")
    try:
        table = pa.csv.read_csv(
            io.BytesIO(text.encode()),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.utf8()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise ValueError(f"it is no CSV: {str(error)[:200]}") from None
    return names, list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _days(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give times as days, where none says more."""
    days = times.cast(pa.date32())
    return days if days.cast(times.type).equals(times) else times


def _rounded(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return value
    # Adding zero makes -0.0 the same as 0.0.
    return float(f"{value:.{_DIGITS - 1}e}") + 0.0


def _display(value: str | None) -> str:
    if value is None:
        return "NULL"
    return value or "''"
