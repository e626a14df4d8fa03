"""Parses SQL text and gives its relation or fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.review.relations.expressions.expression_reader import ExpressionReader
from metrics_store.review.relations.expressions.query_scope import Input, QueryScope
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint
from metrics_store.review.relations.queries.common_tables import (
    TableNames,
    query_relation,
    relation_or_opaque,
)
from metrics_store.review.relations.relation import opaque_relation
from metrics_store.review.relations.token_streams import sql_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.review.relations.relation import Relation


def relation_of_sql(
    sql: str, tables: Callable[[exp.Table], Relation | None], dialect: str
) -> Relation:
    """Give the relation of a query.

    Args:
        sql: One query, as the warehouse would run it.
        tables: Gives the relation of a table of the database; None where it is not known.
        dialect: The dialect by sqlglot's name, such as `duckdb` or `postgres`.

    Returns:
        The query's relation. Where the query is not understood, every fingerprint is made of all
        of it.
    """
    found = parsed_relation(sql, tables, dialect)
    return found if found is not None else opaque_relation(_of_text(sql, dialect))


def parsed_relation(
    sql: str, tables: Callable[[exp.Table], Relation | None], dialect: str
) -> Relation | None:
    """Give the relation of a query; None where it cannot be parsed."""
    try:
        query = sqlglot.parse_one(sql, dialect=dialect)
        return relation_or_opaque(query, TableNames(dialect, tables))
    except (SqlglotError, NotUnderstoodError, RecursionError):
        return None


def expression_fingerprint(expression: str, relation: Relation, dialect: str) -> str:
    """Give the fingerprint of an expression over the columns of a relation.

    Args:
        expression: The expression, such as a measure's.
        relation: The relation; a bare column has its fingerprint.
        dialect: The dialect by sqlglot's name.
    """

    def read_query(query: exp.Expr, parent: QueryScope | None) -> Relation:
        return query_relation(query, TableNames(dialect, lambda _: None), parent)

    scope = QueryScope(dialect, read_query, inputs=[Input("", relation, "")])
    reader = ExpressionReader(scope, relation.rows, relation.rows, relation.order)

    def whole_text() -> str:
        return fingerprint("of", relation.whole, relation.all_columns())

    return _of_expression(expression, dialect, reader.read, whole_text)


def condition_fingerprint(condition: str, columns: Callable[[str], str], dialect: str) -> str:
    """Give the fingerprint of a condition.

    Args:
        condition: The condition; the order of what `and` and `or` join is nothing.
        columns: Gives the fingerprint of what a name means, written in lower case with its dots; of
            any word where the condition cannot be read.
        dialect: The dialect by sqlglot's name.
    """
    scope = _NamedColumns(dialect, columns)

    def all_names() -> str:
        return _of_names(condition, columns, dialect)

    return _of_expression(condition, dialect, ExpressionReader(scope).read, all_names)


class _NamedColumns(QueryScope):
    """A scope in which somebody else says what the names mean."""

    def __init__(self, dialect: str, columns: Callable[[str], str]) -> None:
        super().__init__(dialect, self._reject_query)
        self._columns = columns

    def known(self, name: str) -> str:
        return self._columns(name)

    def qualified(self, parts: list[str]) -> tuple[str, int]:
        return self._columns(".".join(parts)), len(parts)

    @staticmethod
    def _reject_query(query: exp.Expr, parent: QueryScope | None) -> Relation:
        raise NotUnderstoodError(query, parent)


def _of_expression(
    text: str, dialect: str, read: Callable[[exp.Expr], str], otherwise: Callable[[], str]
) -> str:
    try:
        return read(sqlglot.parse_one(text, dialect=dialect))
    except (SqlglotError, NotUnderstoodError, RecursionError):
        return fingerprint("not understood", _of_text(text, dialect), otherwise())


def _of_names(condition: str, columns: Callable[[str], str], dialect: str) -> str:
    """Give what all names in a text mean, for a text that cannot be read as a whole."""
    words = sorted({token.lower() for token in sql_tokens(condition, dialect)})
    return fingerprint("names", [columns(word) for word in words if word.isidentifier()])


def _of_text(text: str, dialect: str) -> str:
    return fingerprint("text of sql", sql_tokens(text, dialect))
