"""Tables that the user has already, as roll-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.query.rollups.declaration import read_declaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.rollups.declaration import RollupDeclaration


def declaration_of(
    saved_query: str, grain: str, table: str, columns: Sequence[str]
) -> RollupDeclaration:
    """Give the declaration of a table as a roll-up.

    Args:
        saved_query: The saved query that it stores.
        grain: The grain of its times; empty for that of the saved query.
        table: The table, as `schema.table`.
        columns: `name=column` for what it calls otherwise.

    Raises:
        MetricsStoreError: It is not what a declaration may be.
    """
    named = {}
    for one in columns:
        name, mark, column = one.partition("=")
        if not (name and mark and column):
            raise MetricsStoreError(
                "a column is said in a way that is not understood",
                where=f"--column {one}",
                expected="NAME=COLUMN, the roll-up's name and the table's",
            )
        named[name] = column
    return read_declaration(saved_query, _fields(grain, table, named))


def _fields(grain: str, table: str, columns: dict[str, str]) -> dict[str, object]:
    given = {"grain": grain, "table": table, "columns": columns}
    return {name: value for name, value in given.items() if value}


def declared_yaml(declaration: RollupDeclaration) -> str:
    """Write a declaration as the `config` of its saved query."""
    fields = _fields(declaration.grain, declaration.table, dict(declaration.columns))
    text: str = yaml.safe_dump({"config": {"meta": {"rollup": fields}}}, sort_keys=False, width=100)
    return f"# for the saved query {declaration.name}\n{text}"
