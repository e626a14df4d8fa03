"""A filter as one of MetricFlow's where-templates: names in braces, values quoted by us."""

from __future__ import annotations

from metrics_store.query.filters.literals import render_value
from metrics_store.query.filters.tree import (
    All,
    Any,
    Comparison,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Pattern,
    Range,
    Truth,
)

_CALLS = {
    Kind.DIMENSION: "Dimension",
    Kind.TIME_DIMENSION: "TimeDimension",
    Kind.ENTITY: "Entity",
    Kind.METRIC: "Metric",
    # Only a filter that was checked knows; MetricFlow refuses what it is not.
    Kind.UNSAID: "Dimension",
}


def render_filter(tree: Filter, *, forgiving: bool = False) -> str:
    """Write a filter for MetricFlow, each condition in parentheses of its own.

    Args:
        tree: The filter.
        forgiving: Whether a value that cannot be compared counts as missing instead of failing the
            whole question; only DuckDB can. Times are compared with times and do not fail.

    Raises:
        MetricsStoreError: A value is one that no engine can hold.
    """
    match tree:
        case All(parts) | Any(parts):
            word = " AND " if isinstance(tree, All) else " OR "
            return "(" + word.join(render_filter(one, forgiving=forgiving) for one in parts) + ")"
        case Not(part):
            return f"(NOT {render_filter(part, forgiving=forgiving)})"
        case Comparison(name, operator, value):
            condition = f"{_name(name)} {operator.value} {render_value(value)}"
        case Membership(name, values):
            condition = f"{_name(name)} IN ({', '.join(map(render_value, values))})"
        case Range(name, low, high):
            condition = f"{_name(name)} BETWEEN {render_value(low)} AND {render_value(high)}"
        case Pattern(name, pattern):
            # Engines differ in what escapes; here nothing does.
            condition = f"{_name(name)} LIKE {render_value(pattern)} ESCAPE ''"
        case Missing(name):
            condition = f"{_name(name)} IS NULL"
        case Truth(name):
            condition = f"CAST({_name(name)} AS BOOLEAN)" if forgiving else _name(name)
    if forgiving and tree.name.kind is not Kind.TIME_DIMENSION:
        condition = f"TRY({condition})"
    return f"({condition})"


def _name(name: Name) -> str:
    # Names have letters, digits and underscores only: the tree holds no others.
    *links, last = name.path.split("__")
    # A template reads one entity out of the name itself; those before it stand beside it.
    arguments = f"'{'__'.join([*links[-1:], last])}'" + (f", '{name.grain}'" if name.grain else "")
    if len(links) > 1:
        arguments += f", entity_path={links[:-1]}"
    if name.group_by:
        arguments += f", {list(name.group_by)}"
    # MetricFlow puts a column's name there, in quotes where it is a word of SQL.
    return f"{{{{ {_CALLS[name.kind]}({arguments}) }}}}"
