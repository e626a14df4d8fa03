"""Rows as Cube gives them: numbers as texts, times to the millisecond, in one of three forms."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from metrics_store.serve.cube.cube_questions import CubeQuestion

COMPACT, COLUMNAR = "compact", "columnar"


def value_text(value: object) -> str | bool | None:  # noqa: PLR0911 - a return a kind of value
    """Give a value: numbers as texts, so that no digit is lost, and what is no number as null."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case float():
            return _plain(repr(value)) if math.isfinite(value) else None
        case Decimal():
            return format(value, "f") if value.is_finite() else None
        case dt.datetime():
            return value.replace(tzinfo=None).isoformat(timespec="milliseconds")
        case dt.date():
            return f"{value.isoformat()}T00:00:00.000"
        case _:
            return str(value)


def _plain(number: str) -> str:
    """Write a number without an exponent."""
    if "e" in number:
        return format(Decimal(number), "f")
    return number.removesuffix(".0")


def columns_of(question: CubeQuestion, table: pa.Table) -> dict[str, list[str | bool | None]]:
    """Give the columns of an answer by what Cube calls them, without the rows to be skipped."""
    request, rows = question.request, question.form.rows
    part = table.slice(question.form.offset or 0, rows)
    by_group = {name: place for place, name in enumerate(request.group_by)}
    first = len(request.group_by)
    by_metric = {name: first + place for place, name in enumerate(request.metrics)}
    measures = {one.name for one in question.measures}
    found = {}
    for key, column in question.columns:
        place = by_metric[column] if key in measures else by_group[column]
        found[key] = [value_text(one) for one in part.column(place).to_pylist()]
    plain = {one.name for one in question.dimensions}
    if question.form.responseFormat not in (COMPACT, COLUMNAR):
        for time in question.periods:
            if time.member.name not in plain:
                # Clients also look for it without its granularity.
                found[time.member.name] = found[time.key]
    return found


def data_of(
    columns: Mapping[str, Sequence[object]], rows: int, response_format: str | None
) -> list[Any] | dict[str, Any]:
    """Give columns as the data of a response."""
    members = list(columns)
    if response_format == COLUMNAR:
        return {"members": members, "columns": [list(one) for one in columns.values()]}
    if response_format == COMPACT:
        by_row = zip(*columns.values(), strict=True)
        return {"members": members, "dataset": [list(row) for row in by_row]}
    if not members:
        return [{} for _ in range(rows)]
    return [dict(zip(members, row, strict=True)) for row in zip(*columns.values(), strict=True)]
