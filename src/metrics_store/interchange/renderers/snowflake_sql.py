"""Writes SQL of Snowflake: names, texts and expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_model import Described

_DIALECT = "snowflake"
_RESERVED = frozenset(
    [
        "account",
        "all",
        "alter",
        "and",
        "any",
        "as",
        "between",
        "by",
        "case",
        "cast",
        "check",
        "column",
        "connect",
        "constraint",
        "create",
        "cross",
        "current",
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "database",
        "delete",
        "distinct",
        "drop",
        "else",
        "exists",
        "false",
        "following",
        "for",
        "from",
        "full",
        "grant",
        "group",
        "gschema",
        "having",
        "ilike",
        "in",
        "increment",
        "inner",
        "insert",
        "intersect",
        "into",
        "is",
        "issue",
        "join",
        "lateral",
        "left",
        "like",
        "localtime",
        "localtimestamp",
        "minus",
        "natural",
        "not",
        "null",
        "of",
        "on",
        "or",
        "order",
        "organization",
        "qualify",
        "regexp",
        "revoke",
        "right",
        "rlike",
        "row",
        "rows",
        "sample",
        "schema",
        "select",
        "set",
        "some",
        "start",
        "table",
        "tablesample",
        "then",
        "to",
        "trigger",
        "true",
        "try_cast",
        "union",
        "unique",
        "update",
        "using",
        "values",
        "view",
        "when",
        "whenever",
        "where",
        "with",
    ]
)


def name_sql(name: str) -> str:
    """Write a name; a reserved one in quotes and capitals, as Snowflake takes it without."""
    return f'"{name.upper()}"' if name.lower() in _RESERVED else name


def expression_sql(tree: exp.Expr) -> str:
    """Write an expression."""
    for identifier in tree.find_all(exp.Identifier):
        if not identifier.quoted and identifier.name.lower() in _RESERVED:
            identifier.replace(exp.to_identifier(identifier.name.upper(), quoted=True))
    return tree.sql(_DIALECT)


def words_sql(described: Described) -> str:
    """Write a label and a description."""
    text = f" with synonyms = ({_text(described.label)})" if described.label else ""
    return text + (f" comment = {_text(described.description)}" if described.description else "")


def _text(text: str) -> str:
    return exp.Literal.string(" ".join(text.split())).sql(_DIALECT)
