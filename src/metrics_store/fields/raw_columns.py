"""Columns of raw tables that no contract knows: what a custom field could be made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.fields.raw_tables import (
    RawTable,
    counts_by_kind,
    find_raw_table,
    folded,
    kind_of,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.warehouse.statement import Executor

Node = Mapping[str, Any]
# So many values are read to be shown, and more make a column none that is grouped by.
_MOST_VALUES = 200
SHOWN = 4


@dataclass(frozen=True)
class RawColumn:
    """One column and what stands in it.

    Attributes:
        entity: The entity whose field it may be.
        table: Schema and table.
        name: The column, as the table spells it, or the key of a field whose values are rows.
        type: text, number, boolean or date, by its values.
        filled: How many rows, or records, have a value.
        rows: How many there are.
        distinct: How many different values there are.
        examples: The most frequent values.
        label: What people call it, where the name does not say it.
    """

    entity: str
    table: str
    name: str
    type: str
    filled: int
    rows: int
    distinct: int
    examples: tuple[str, ...]
    label: str = ""

    @property
    def share(self) -> float:
        """The share of rows that have a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_worth_it(self) -> bool:
        """Whether people could group by it, or add it up."""
        return bool(self.filled) and (self.type == "number" or 1 < self.distinct <= _MOST_VALUES)

    @property
    def line(self) -> str:
        """The line of var `custom_fields` that makes it a field."""
        name = re.sub("[^a-z0-9]+", "_", self.label.lower()).strip("_")
        # A name begins with a letter.
        named = {"name": name if name[0].isalpha() else f"field_{name}"} if name else {}
        line = {"column": self.name, **named, "type": self.type}
        # Some keys would be numbers without quotes.
        text: str = yaml.safe_dump(line, default_flow_style=True, sort_keys=False, width=1000)
        return text.strip()


def _column(executor: Executor, table: RawTable, name: str, entity: str) -> RawColumn:
    text = table.text_of(name)
    [row] = rows_of(
        executor,
        f"select count(*) as all_rows, count({text}) as filled, "  # noqa: S608 - quoted
        f"count(distinct {text}) as different, {counts_by_kind(text)} from {table.relation}",
    )
    shown = rows_of(
        executor,
        f"select {text} as shown from {table.relation} where {text} is not null "  # noqa: S608
        f"group by 1 order by count(*) desc, 1 limit {SHOWN}",
    )
    return RawColumn(
        entity,
        f"{table.schema}.{table.name}",
        name,
        kind_of(row, int(row["filled"])),
        int(row["filled"]),
        int(row["all_rows"]),
        int(row["different"]),
        tuple(str(one["shown"]) for one in shown),
    )


def unknown_columns(
    source: Node, entity: str, executor: Executor, listed: set[str]
) -> Iterator[RawColumn]:
    """Give the columns of a raw table that neither its contract nor the custom fields know.

    Args:
        source: The dbt source.
        entity: Whose fields they may be.
        executor: Where it is.
        listed: The folded names of columns that are custom fields already.

    Raises:
        MetricsStoreError: The warehouse cannot be read.
    """
    table = find_raw_table(executor, source)
    if table is None:
        return
    known = {folded(name) for name in source["columns"]} | listed
    for name, spelled in table.columns.items():
        # Connectors put an underscore before columns of their own.
        if name not in known and not spelled.startswith("_"):
            yield _column(executor, table, spelled, entity)
