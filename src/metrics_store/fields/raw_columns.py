"""Columns of raw tables that no contract knows: what a custom field could be made of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.fields.field_places import VAR
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.project.profile import Target
    from metrics_store.warehouse.statement import Executor

Node = Mapping[str, Any]
# So many values are read to be shown, and more make a column none that is grouped by.
_MOST_VALUES = 200
_SHOWN = 4
_NUMBER = r"^[+-]?[0-9]+([.][0-9]*)?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?$"
_WORDS = "('true', 'false', 't', 'f', 'yes', 'no')"


@dataclass(frozen=True)
class RawColumn:
    """One column and what stands in it.

    Attributes:
        entity: The entity whose field it may be.
        table: Schema and table.
        name: The column, as the table spells it.
        type: text, number, boolean or date, by its values.
        filled: How many rows have a value.
        rows: How many rows there are.
        distinct: How many different values there are.
        examples: The most frequent values.
    """

    entity: str
    table: str
    name: str
    type: str
    filled: int
    rows: int
    distinct: int
    examples: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of rows that have a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_worth_it(self) -> bool:
        """Whether people could group by it, or add it up."""
        return bool(self.filled) and (self.type == "number" or 1 < self.distinct <= _MOST_VALUES)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _folded(name: str) -> str:
    return name.lower().replace("_", "")


def _rows(executor: Executor, sql: str) -> list[dict[str, Any]]:
    table: pa.Table = executor.read(Statement(sql))
    return list(table.to_pylist())


def _names(executor: Executor, source: Node) -> list[str]:
    """Give the columns of a raw table; none where it is not there."""
    found = _rows(
        executor,
        "select column_name from information_schema.columns "  # noqa: S608 - quoted
        f"where table_schema = {_literal(source['schema'])} "
        f"and table_name = {_literal(source['identifier'])} order by ordinal_position",
    )
    return [str(row["column_name"]) for row in found]


def _column(executor: Executor, source: Node, name: str, entity: str) -> RawColumn:
    table = f"{_quoted(source['schema'])}.{_quoted(source['identifier'])}"
    text = f"nullif(trim(cast({_quoted(name)} as text)), '')"
    kinds = {
        "boolean": f"lower({text}) in {_WORDS}",
        "number": f"{text} ~ {_literal(_NUMBER)}",
        "date": f"{text} ~ {_literal(_DAY)}",
    }
    counts = ", ".join(
        f"count(case when {condition} then 1 end) as {kind}" for kind, condition in kinds.items()
    )
    [row] = _rows(
        executor,
        f"select count(*) as all_rows, count({text}) as filled, "  # noqa: S608 - quoted
        f"count(distinct {text}) as different, {counts} from {table}",
    )
    shown = _rows(
        executor,
        f"select {text} as shown from {table} where {text} is not null "  # noqa: S608
        f"group by 1 order by count(*) desc, 1 limit {_SHOWN}",
    )
    filled = int(row["filled"])
    kind = next((one for one in kinds if filled and row[one] == filled), "text")
    return RawColumn(
        entity,
        f"{source['schema']}.{source['identifier']}",
        name,
        kind,
        filled,
        int(row["all_rows"]),
        int(row["different"]),
        tuple(str(one["shown"]) for one in shown),
    )


def _listed(manifest: Node) -> set[str]:
    """Give the raw columns that are custom fields already."""
    found = set()
    for node in manifest["nodes"].values():
        for one in (node["config"].get("meta", {}).get(VAR) or {}).get("fields", []):
            found |= {_folded(str(column)) for column in one["columns"].values()}
    return found


def _sources(manifest: Node) -> Iterator[tuple[Node, str]]:
    for source in manifest["sources"].values():
        entity = (source["config"].get("meta") or {}).get(VAR)
        if entity:
            yield source, str(entity)


def unknown_columns(manifest: Node, target: Target) -> list[RawColumn]:
    """Look at the columns of raw tables that neither the contract nor the custom fields know.

    Args:
        manifest: dbt's manifest; sources say with `custom_fields` in `config.meta` whose they are.
        target: Where the raw tables are.

    Raises:
        MetricsStoreError: The warehouse cannot be read.
    """
    listed = _listed(manifest)
    found = []
    with contextlib.closing(find_live_warehouse(target).executor()) as executor:
        for source, entity in _sources(manifest):
            known = {_folded(name) for name in source["columns"]} | listed
            # Connectors put an underscore before columns of their own.
            names = [
                name
                for name in _names(executor, source)
                if _folded(name) not in known and not name.startswith("_")
            ]
            found += [_column(executor, source, name, entity) for name in names]
    return found
