"""Which functions of SQL are worked out row by row, and which over many rows."""

from __future__ import annotations

from sqlglot import exp

# Around a metric they are the metric: tools put them in by themselves.
_OF_METRIC = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.AnyValue)
_OF_METRIC_BY_NAME = {"agg", "measure", "aggregate"}
# They are plain SQL over values of a dimension, however often each stands there.
_OF_DIMENSION = (exp.Min, exp.Max, exp.AnyValue)
_BY_ROW: tuple[type[exp.Expr], ...] = (
    exp.Abs,
    exp.Case,
    exp.Cast,
    exp.Ceil,
    exp.Coalesce,
    exp.Collate,
    exp.Concat,
    exp.CurrentDate,
    exp.CurrentTimestamp,
    exp.DateTrunc,
    exp.Exp,
    exp.Extract,
    exp.Floor,
    exp.Greatest,
    exp.If,
    exp.Initcap,
    exp.Least,
    exp.Left,
    exp.Length,
    exp.Ln,
    exp.Log,
    exp.Lower,
    exp.Nullif,
    exp.Pow,
    exp.Replace,
    exp.Right,
    exp.Round,
    exp.Sign,
    exp.SplitPart,
    exp.Sqrt,
    exp.Substring,
    exp.TimeToStr,
    exp.TimestampTrunc,
    exp.ToChar,
    exp.Trim,
    exp.Trunc,
    exp.Upper,
    exp.Connector,
    exp.Like,
    exp.ILike,
)
_BY_ROW_BY_NAME = {
    "btrim", "char_length", "div", "ltrim", "mod", "rtrim", "timezone", "to_char", "to_date",
}  # fmt: skip
_RANKS = (
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.CumeDist,
    exp.Ntile,
    exp.Lag,
    exp.Lead,
    exp.FirstValue,
    exp.LastValue,
    exp.NthValue,
)
_ADDING = (exp.Sum, exp.Avg, exp.Min, exp.Max)


def is_function(node: exp.Expr) -> bool:
    """Whether an expression is a call."""
    if isinstance(node, exp.WithinGroup):
        return True
    return isinstance(node, exp.Func) and not isinstance(node, exp.Connector | exp.Cast | exp.Case)


def is_explicit(node: exp.Expr) -> bool:
    """Whether a call says of a metric that it is to be worked out: AGG, MEASURE, AGGREGATE."""
    agg = getattr(exp, "Agg", None)
    if agg is not None and isinstance(node, agg):
        return True
    return (
        isinstance(node, exp.Anonymous)
        and str(node.this).lower() in _OF_METRIC_BY_NAME
        and len(node.expressions) == 1
    )


def argument(node: exp.Expr) -> exp.Expr:
    """Give the one argument of a call."""
    found = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
    assert isinstance(found, exp.Expr)  # noqa: S101 - for the type checker
    return found


def is_of_metric(node: exp.Expr) -> bool:
    """Whether a call around a metric is the metric."""
    return isinstance(node, _OF_METRIC) or is_explicit(node)


def is_of_dimension(node: exp.Expr) -> bool:
    """Whether a call of a dimension gives the same however often each value stands there."""
    if isinstance(node, exp.Count):
        return isinstance(node.this, exp.Distinct)
    return isinstance(node, _OF_DIMENSION)


def is_by_row(node: exp.Expr) -> bool:
    """Whether a call is worked out row by row."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in _BY_ROW_BY_NAME
    return isinstance(node, _BY_ROW)


def is_rank(node: exp.Expr) -> bool:
    """Whether a window function compares rows, and works nothing out of several."""
    return isinstance(node, _RANKS)


def is_adding(node: exp.Expr) -> bool:
    """Whether a call is plain SQL over values that add up."""
    return isinstance(node, _ADDING)


def is_any_rows(node: exp.Expr) -> bool:
    """Whether a condition is that there are rows, as tools add it to a SELECT of totals."""
    node = node.unnest()
    if not isinstance(node, exp.GT | exp.GTE | exp.NEQ) or not isinstance(node.this, exp.Count):
        return False
    least = "1" if isinstance(node, exp.GTE) else "0"
    counted = isinstance(node.this.this, exp.Star | exp.Literal)
    return counted and isinstance(node.expression, exp.Literal) and node.expression.name == least
