"""Raw tables as the warehouse has them, and queries over their texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.warehouse.statement import Limits, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.warehouse.statement import Executor

# They may be large, and each is read once.
_LIMITS = Limits(seconds=3600)
_KINDS = {
    "boolean": "lower({text}) in ('true', 'false', 't', 'f', 'yes', 'no')",
    "number": "{text} ~ '^[+-]?[0-9]+([.][0-9]*)?$'",
    "date": "{text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([ T].*)?$'",
}


@dataclass(frozen=True)
class RawTable:
    """A raw table.

    Attributes:
        schema: Where it is.
        name: Its name, as the warehouse spells it.
        columns: Its columns by their folded names, in their order.
    """

    schema: str
    name: str
    columns: Mapping[str, str]

    @property
    def relation(self) -> str:
        """The table as SQL names it."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    def text_of(self, column: str) -> str:
        """Give the SQL of a column's text, empty ones as NULL; the name in any spelling."""
        return f"nullif(trim(cast({quoted(self.columns[folded(column)])} as text)), '')"


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def folded(name: str) -> str:
    """Give the form in which spellings of one name are equal."""
    return name.lower().replace("_", "")


def rows_of(executor: Executor, sql: str) -> list[dict[str, Any]]:
    """Give the rows of a query."""
    return list(executor.read(Statement(sql, limits=_LIMITS)).to_pylist())


def find_raw_table(executor: Executor, source: Mapping[str, Any]) -> RawTable | None:
    """Give the table of a dbt source, in whatever spelling; none where it is not there."""
    found: dict[str, dict[str, str]] = {}
    for row in rows_of(
        executor,
        "select table_name, column_name from information_schema.columns "  # noqa: S608 - quoted
        f"where table_schema = {literal(source['schema'])} and lower(replace(table_name, '_', '')) "
        f"= {literal(folded(source['identifier']))} order by table_name, ordinal_position",
    ):
        name = str(row["column_name"])
        found.setdefault(str(row["table_name"]), {}).setdefault(folded(name), name)
    if not found:
        return None
    name = source["identifier"] if source["identifier"] in found else next(iter(found))
    return RawTable(source["schema"], name, found[name])


def counts_by_kind(text: str) -> str:
    """Give SQL that counts the texts of each kind: columns `boolean`, `number` and `date`."""
    return ", ".join(
        f"count(case when {condition.format(text=text)} then 1 end) as {quoted(kind)}"
        for kind, condition in _KINDS.items()
    )


def kind_of(counts: Mapping[str, Any], filled: int) -> str:
    """Tell what all texts of a column are, by the counts of `counts_by_kind`; else text."""
    return next((kind for kind in _KINDS if filled and counts[kind] == filled), "text")
