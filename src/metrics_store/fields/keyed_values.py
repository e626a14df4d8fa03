"""Fields whose values are rows of a table with the field's key, as in a log of changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.fields.raw_columns import SHOWN, RawColumn
from metrics_store.fields.raw_tables import (
    RawTable,
    counts_by_kind,
    find_raw_table,
    folded,
    kind_of,
    literal,
    rows_of,
)

if TYPE_CHECKING:
    from metrics_store.warehouse.statement import Executor

Node = Mapping[str, Any]
_SETTINGS = ("entity", "record", "key", "value", "form")


def _said(source: Node, said: Node, table: RawTable) -> None:
    """Look whether the source says all that is needed, and the table has it.

    Raises:
        MetricsStoreError: It does not.
    """
    where = f"{source['original_file_path']}, table {source['name']}, config.meta.custom_fields"
    missing = [name for name in _SETTINGS if not said.get(name)]
    if missing:
        raise MetricsStoreError(
            f"the source does not say `{missing[0]}` of its fields",
            where=where,
            expected="the name of an entity, or " + ", ".join(_SETTINGS),
        )
    for name in ("record", "key", "value"):
        if folded(said[name]) not in table.columns:
            raise MetricsStoreError(
                f"{table.schema}.{table.name} has no column {said[name]}", where=where
            )


def keyed_fields(
    source: Node, said: Node, tables: Mapping[str, Node], executor: Executor, listed: set[str]
) -> Iterator[RawColumn]:
    """Give each key of the form that a custom field has, and what stands in its rows.

    Args:
        source: The dbt source.
        said: What it says of its fields: `entity`, `record`, `key`, `value`, `form`, and in `names`
            the table that has their names, by key.
        tables: The source's other tables by name.
        executor: Where they are.
        listed: The folded keys that are custom fields already.

    Raises:
        MetricsStoreError: The source does not say what is needed, or cannot be read.
    """
    table = find_raw_table(executor, source)
    if table is None:
        return
    _said(source, said, table)
    names = _names(said.get("names") or {}, tables, executor)
    key, value, record = (table.text_of(said[name]) for name in ("key", "value", "record"))
    sql = f"select count(distinct {record}) as everything from {table.relation}"  # noqa: S608
    [all_records] = rows_of(executor, sql)
    for row in rows_of(
        executor,
        f"select {key} as key, count({value}) as filled, "  # noqa: S608 - quoted
        f"count(distinct case when {value} is not null then {record} end) as records, "
        f"count(distinct {value}) as different, {counts_by_kind(value)} "
        f"from {table.relation} where {key} is not null group by 1 order by 1",
    ):
        if folded(row["key"]) in listed or not re.fullmatch(said["form"], row["key"]):
            continue
        name, has_options = names.get(row["key"], ("", False))
        shown = rows_of(
            executor,
            f"select {value} as shown from {table.relation} where {value} is not null "  # noqa: S608
            f"and {key} = {literal(row['key'])} group by 1 order by count(*) desc, 1 limit {SHOWN}",
        )
        yield RawColumn(
            str(said["entity"]),
            f"{table.schema}.{table.name}",
            row["key"],
            # The numbers of options are no numbers.
            "text" if has_options else kind_of(row, int(row["filled"])),
            int(row["records"]),
            int(all_records["everything"]),
            int(row["different"]),
            tuple(str(one["shown"]) for one in shown),
            label=name,
        )


def _names(
    said: Node, tables: Mapping[str, Node], executor: Executor
) -> dict[str, tuple[str, bool]]:
    """Give for each key what people call the field, and whether it has a list of options."""
    source = tables.get(str(said.get("table")))
    table = find_raw_table(executor, source) if source else None
    wanted = [said.get(name) for name in ("key", "name", "options")]
    if table is None or not all(name and folded(name) in table.columns for name in wanted):
        return {}
    key, name, options = (table.text_of(str(one)) for one in wanted)
    rows = rows_of(
        executor,
        f"select {key} as key, {name} as name, {options} as options "  # noqa: S608 - quoted
        f"from {table.relation} where {key} is not null",
    )
    empty = (None, "null", "[]")
    return {row["key"]: (row["name"] or "", row["options"] not in empty) for row in rows}
