"""An answer as people read it: heads, units, and the text of each value."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.query.output.column_units import is_metric, unit_name_of, unit_of
from metrics_store.query.output.readable_table import short_heads
from metrics_store.query.output.text_formats import is_number
from metrics_store.query.output.value_texts import NO_GROUP, RATIO, grain_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    PeriodNames = Mapping[str, Mapping[dt.date, str]]


@dataclass(frozen=True)
class ReadableAnswer:
    """An answer and the words for its values.

    Attributes:
        table: The rows.
        period_names: Grain of the project's own -> what its periods are called, by first days.
    """

    table: pa.Table
    period_names: PeriodNames = field(default_factory=dict)

    @functools.cached_property
    def heads(self) -> list[str]:
        """What stands above each column."""
        return short_heads(self.table.schema)

    @functools.cached_property
    def group_bys(self) -> list[str]:
        """The columns that are no metrics."""
        return [one.name for one in self.table.schema if not is_metric(one)]

    @functools.cached_property
    def metrics(self) -> list[str]:
        """The columns that are metrics."""
        return [one.name for one in self.table.schema if is_metric(one)]

    @property
    def time(self) -> str | None:
        """The column of times that is the axis of a chart; none where there is none."""
        return next((name for name in self.group_bys if self.grain(name)), None)

    def unit(self, column: str) -> str:
        """Give the unit of a column in words; empty for shares, which are written in percent."""
        described = self.table.schema.field(column)
        return "" if unit_of(described) == RATIO else unit_name_of(described)

    def is_ratio(self, column: str) -> bool:
        """Whether the values of a column are shares."""
        return unit_of(self.table.schema.field(column)) == RATIO

    def is_number(self, column: str) -> bool:
        """Whether a column holds numbers."""
        return is_number(self.table.schema.field(column))

    def grain(self, column: str) -> str:
        """Give the grain of a column of times; empty for another column."""
        return grain_of(self.table.schema.field(column))

    def values(self, column: str) -> list[object]:
        """Give the values of a column."""
        found: list[object] = self.table.column(column).to_pylist()
        return found

    def texts(self, column: str, values: Sequence[object] | None = None) -> list[str]:
        """Write values of a column, as many decimals each; without any named, all of them."""
        given = self.values(column) if values is None else values
        known = self.period_names.get(self.grain(column), {})
        if known:
            # A period that the calendar cuts off has no name.
            return [
                NO_GROUP if one is None else known.get(_day(one), str(_day(one))) for one in given
            ]
        written = texts_of(self.table.schema.field(column), given)
        return [
            ("yes" if one else "no") if isinstance(one, bool) else text
            for one, text in zip(given, written, strict=True)
        ]


def _day(value: object) -> dt.date:
    assert isinstance(value, dt.date)  # noqa: S101 - only columns of times have names of periods
    return value.date() if isinstance(value, dt.datetime) else value
