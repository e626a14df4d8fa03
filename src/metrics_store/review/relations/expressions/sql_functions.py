"""Which SQL functions aggregate rows, multiply them, or depend on their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

# Aggregates that the parser knows as functions only.
_AGGREGATES = frozenset(
    [
        "approx_top_k",
        "arbitrary",
        "bit_and",
        "bit_or",
        "bit_xor",
        "bitstring_agg",
        "entropy",
        "favg",
        "fsum",
        "geomean",
        "geometric_mean",
        "histogram",
        "histogram_exact",
        "json_agg",
        "json_group_array",
        "json_group_object",
        "json_group_structure",
        "json_object_agg",
        "jsonb_agg",
        "jsonb_object_agg",
        "kahan_sum",
        "kurtosis",
        "kurtosis_pop",
        "list",
        "mad",
        "product",
        "range_agg",
        "regr_avgx",
        "regr_avgy",
        "regr_count",
        "regr_intercept",
        "regr_r2",
        "regr_slope",
        "regr_sxx",
        "regr_sxy",
        "regr_syy",
        "reservoir_quantile",
        "sem",
        "skewness",
        "sumkahan",
        "xmlagg",
        "quantile",
        "quantile_cont",
        "quantile_disc",
        "median",
        "mode",
        "any_value",
        "first",
        "last",
        "arg_min_null",
        "arg_max_null",
        "array_agg",
        "string_agg",
        "group_concat",
        "listagg",
        "approx_count_distinct",
        "approx_quantile",
        "bool_and",
        "bool_or",
        "every",
        "count_if",
        "countif",
        "covar_pop",
        "covar_samp",
        "corr",
    ]
)

# What these give does not depend on the order of the rows.
_ORDERLESS = (
    exp.ApproxDistinct,
    exp.Avg,
    exp.Corr,
    exp.Count,
    exp.CountIf,
    exp.CovarPop,
    exp.CovarSamp,
    exp.LogicalAnd,
    exp.LogicalOr,
    exp.Max,
    exp.Median,
    exp.Min,
    exp.PercentileCont,
    exp.PercentileDisc,
    exp.Quantile,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Sum,
    exp.Variance,
    exp.VariancePop,
)

_MULTIPLYING = (exp.Explode, exp.Unnest, exp.ExplodingGenerateSeries, exp.Posexplode, exp.Inline)
_MULTIPLYING_NAMES = frozenset(
    [
        "aclexplode",
        "generate_subscripts",
        "json_array_elements",
        "json_array_elements_text",
        "json_each",
        "json_each_text",
        "json_object_keys",
        "json_populate_recordset",
        "json_to_recordset",
        "jsonb_array_elements",
        "jsonb_array_elements_text",
        "jsonb_each",
        "jsonb_each_text",
        "jsonb_object_keys",
        "jsonb_path_query",
        "jsonb_populate_recordset",
        "jsonb_to_recordset",
        "regexp_matches",
        "regexp_split_to_table",
        "string_to_table",
        "unnest",
        "generate_series",
        "flatten",
    ]
)


def is_aggregate(node: exp.Expr) -> bool:
    """Say whether this is a call of an aggregate."""
    if isinstance(node, exp.AggFunc):
        return True
    return isinstance(node, exp.Anonymous) and node.name.lower() in _AGGREGATES


def is_unknown(node: exp.Expr) -> bool:
    """Say whether this is a call of something that may or may not be an aggregate."""
    return isinstance(node, exp.Anonymous | exp.AnonymousAggFunc | exp.CombinedAggFunc)


def depends_on_order(node: exp.Expr) -> bool:
    """Say whether what a call gives may depend on the order in which rows come."""
    return not isinstance(node, _ORDERLESS)


def multiplies_rows(node: exp.Expr, dialect: str) -> bool:
    """Say whether a call in a select list makes several rows of one."""
    if isinstance(node, _MULTIPLYING):
        return True
    if dialect == "postgres" and isinstance(node, exp.GenerateSeries):
        return True
    return isinstance(node, exp.Anonymous) and node.name.lower() in _MULTIPLYING_NAMES


def nodes_outside_subqueries(node: exp.Expr) -> Iterator[exp.Expr]:
    """Give an expression's nodes without those of the queries inside it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if not isinstance(found, exp.Query):
            waiting.extend(found.iter_expressions())


def has_aggregate(node: exp.Expr) -> bool:
    """Say whether an expression makes one row of many: an aggregate that is no window."""
    windowed: set[int] = set()
    for found in nodes_outside_subqueries(node):
        if isinstance(found, exp.Window):
            inner: exp.Expr = found.this
            while isinstance(
                inner, exp.IgnoreNulls | exp.RespectNulls | exp.Filter | exp.WithinGroup
            ):
                inner = inner.this
            windowed.add(id(inner))
        elif is_aggregate(found) and id(found) not in windowed:
            return True
    return False
