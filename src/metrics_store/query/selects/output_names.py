"""The names that PostgreSQL gives to columns without one of their own."""

from __future__ import annotations

from sqlglot import exp

_UNKNOWN = "?column?"
_WORDS: dict[type[exp.Expr], str] = {
    exp.TimestampTrunc: "date_trunc",
    exp.DateTrunc: "date_trunc",
    exp.Extract: "extract",
    exp.Coalesce: "coalesce",
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Min: "min",
    exp.Max: "max",
    exp.Count: "count",
    exp.Nullif: "nullif",
    exp.Greatest: "greatest",
    exp.Least: "least",
    exp.Round: "round",
    exp.RowNumber: "row_number",
}
_TYPES = {"int": "int4", "bigint": "int8", "double precision": "float8", "decimal": "numeric"}


def output_name(node: exp.Expr) -> str:  # noqa: PLR0911 - a return a kind
    """Give the name of a column of a SELECT."""
    if isinstance(node, exp.Alias):
        return str(node.alias)
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Paren | exp.Filter | exp.Window):
        return output_name(node.this)
    if isinstance(node, exp.Cast):
        name = output_name(node.this)
        kind = node.to.sql(dialect="postgres").lower()
        return _TYPES.get(kind, kind) if name == _UNKNOWN else name
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        name = _UNKNOWN if default is None else output_name(default)
        return "case" if name == _UNKNOWN else name
    if type(node) in _WORDS:
        return _WORDS[type(node)]
    if isinstance(node, exp.Anonymous):
        return str(node.name).lower()
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector):
        return node.sql_name().lower()
    return _UNKNOWN
