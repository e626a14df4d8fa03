"""Raw tables as the project declares them, for templates that query them while they compile.

Some models ask the warehouse for the columns of a raw table. Were it the real one, the same
revision would compile to other SQL from day to day; were there none, to no SQL at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dbt.contracts.graph.nodes import SourceDefinition

_TEXT = "text"


def create_tables(database: Path, sources: Iterable[SourceDefinition]) -> None:
    """Create each declared raw table, empty, in a DuckDB file; those without columns are left out.

    Args:
        database: The file; it is made.
        sources: The tables of dbt's sources.
    """
    with duckdb.connect(str(database)) as connection:
        for source in sources:
            columns = [
                exp.ColumnDef(
                    this=exp.to_identifier(column.name, quoted=True), kind=_type(column.data_type)
                )
                for column in source.columns.values()
            ]
            if not columns or source.database not in (None, database.stem):
                continue
            schema = exp.Table(db=exp.to_identifier(source.schema, quoted=True))
            table = exp.table_(source.identifier, source.schema, quoted=True)
            for statement in (
                exp.Create(this=schema, kind="schema", exists=True),
                exp.Create(
                    this=exp.Schema(this=table, expressions=columns), kind="table", exists=True
                ),
            ):
                connection.execute(statement.sql(dialect="duckdb"))


def _type(declared: str | None) -> exp.DataType:
    """Give a declared type as DuckDB spells it; what it does not know is text."""
    try:
        data_type = exp.DataType.build(declared or _TEXT, dialect="duckdb")
        duckdb.sqltype(data_type.sql(dialect="duckdb"))
    except (SqlglotError, ValueError, duckdb.Error):
        return exp.DataType.build(_TEXT)
    return data_type


def answer_from_declarations(adapter_type: str, sources: Iterable[SourceDefinition]) -> None:
    """Let dbt's adapter answer what relations there are from the sources, not from a server.

    Args:
        adapter_type: Such as `postgres`.
        sources: The tables of dbt's sources.
    """
    from dbt.adapters.factory import get_adapter_class_by_name  # noqa: PLC0415 - dbt is slow

    adapter: Any = get_adapter_class_by_name(adapter_type)
    declared = {(source.schema, source.identifier): source for source in sources}

    def get_relation(self: Any, database: str, schema: str, identifier: str) -> Any:  # noqa: ANN401
        if (schema, identifier) not in declared:
            return None
        return self.Relation.create(database, schema, identifier, type="table")

    def get_columns_in_relation(self: Any, relation: Any) -> list[Any]:  # noqa: ANN401
        source = declared.get((relation.schema, relation.identifier))
        columns = source.columns.values() if source else ()
        return [self.Column(column.name, column.data_type or _TEXT) for column in columns]

    adapter.get_relation = get_relation
    adapter.get_columns_in_relation = get_columns_in_relation
