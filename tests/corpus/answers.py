"""What an interface gives, and whether two interfaces give the same."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | float | bool | None


@dataclass(frozen=True)
class Rows:
    """An answer as plain values, whatever format it came in.

    Attributes:
        columns: The names of the columns.
        values: The rows: numbers as floats, times as texts such as `2024-01-31 00:00:00`.
        table: The answer where the interface gives Arrow; types must be the same then.
    """

    columns: tuple[str, ...]
    values: list[tuple[Value, ...]]
    table: pa.Table | None = None


@dataclass(frozen=True)
class Refusal:
    """An error, as far as an interface tells of it.

    Attributes:
        words: All that is said.
        what: The sentence that says what is wrong; none where it is not told from the rest.
        code: The kind of error; none where the interface does not say it.
    """

    words: str
    what: str | None = None
    code: str | None = None


Outcome = Rows | Refusal


def plain(value: object) -> Value:
    """Give a value as all formats can say it."""
    match value:
        case None | bool() | str():
            return value
        case int() | float() | Decimal():
            number = float(value)
            return None if math.isnan(number) else number
        case dt.datetime():
            return value.replace(tzinfo=None).isoformat(" ", "seconds")
        case dt.date():
            return f"{value} 00:00:00"
    raise TypeError(value)


def of_table(table: pa.Table) -> Rows:
    """Take an Arrow table for an answer."""
    values = [tuple(map(plain, row.values())) for row in table.to_pylist()]
    return Rows(tuple(table.column_names), values, table)


def of_texts(columns: Iterable[str], rows: Iterable[Iterable[object]], like: Rows) -> Rows:
    """Take what came as JSON or CSV for an answer, its types those of an answer that has some."""
    assert like.table is not None
    columns = tuple(columns)
    kinds = {field.name.lower(): field.type for field in like.table.schema}
    readers = [_reader(kinds.get(name.lower(), pa.utf8())) for name in columns]
    values = [
        tuple(
            None if value is None or value == "" else read(value)
            for read, value in zip(readers, row, strict=True)
        )
        for row in rows
    ]
    return Rows(columns, values)


def _reader(kind: pa.DataType) -> Any:  # noqa: ANN401 - a function of one argument
    if pa.types.is_temporal(kind):
        return lambda value: plain(dt.datetime.fromisoformat(value))
    if pa.types.is_boolean(kind):
        return lambda value: str(value).lower() == "true"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return float
    return str


def differs(  # noqa: PLR0911 - a return a way to differ
    found: Outcome, right: Outcome, *, exactly: bool = True
) -> str | None:
    """Say in which way an outcome is another than the right one; none where it is the same.

    Args:
        found: What an interface gave.
        right: What it should give.
        exactly: Whether types and the last digit must be the same, as on one warehouse.
    """
    if isinstance(found, Refusal) or isinstance(right, Refusal):
        return _differs_in_words(found, right)
    if found.columns != right.columns:
        return f"columns {found.columns}, not {right.columns}"
    if len(found.values) != len(right.values):
        return f"{len(found.values)} rows, not {len(right.values)}"
    for number, (row, right_row) in enumerate(zip(found.values, right.values, strict=True)):
        if not all(_same(*pair, exactly) for pair in zip(row, right_row, strict=True)):
            return f"row {number} is {row}, not {right_row}"
    if exactly and found.table is not None and right.table is not None:
        if found.table.schema != right.table.schema:
            return f"types {found.table.schema.types}, not {right.table.schema.types}"
        if not found.table.equals(right.table):
            return "values that differ beyond the digits of a float"
    return None


def by_value(outcome: Outcome) -> Outcome:
    """Give rows by their values: who asks for no order gets any."""
    if isinstance(outcome, Refusal):
        return outcome
    return Rows(outcome.columns, sorted(outcome.values, key=repr))


def _differs_in_words(found: Outcome, right: Outcome) -> str | None:
    if isinstance(found, Rows) or isinstance(right, Rows):
        return f"{_shown(found)}, not {_shown(right)}"
    assert right.what is not None
    if found.code is not None and found.code != right.code:
        return f"the code {found.code}, not {right.code}"
    if found.what is not None and found.what != right.what:
        return f"{found.what!r}, not {right.what!r}"
    if right.what not in found.words:
        return f"{found.words!r}, without {right.what!r}"
    return None


def _shown(outcome: Outcome) -> str:
    if isinstance(outcome, Rows):
        return f"an answer of {len(outcome.values)} rows"
    return f"an error: {outcome.words!r}"


def _same(one: Value, other: Value, exactly: bool) -> bool:  # noqa: FBT001
    if not exactly and isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other
