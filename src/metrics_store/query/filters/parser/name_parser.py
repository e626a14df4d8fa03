"""Parses names that MetricFlow writes as calls, such as `Dimension('owner__team')`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_tree import Kind, Name
from metrics_store.query.python_parser import parse_expression

_LONGEST = 500
_KINDS = {
    "Dimension": Kind.DIMENSION,
    "TimeDimension": Kind.TIME_DIMENSION,
    "Entity": Kind.ENTITY,
    "Metric": Kind.METRIC,
}
# Positional parameters; all of them may also be given by name.
_PARAMETERS = {
    "Dimension": ("name", "entity_path"),
    "TimeDimension": ("time_dimension_name", "time_granularity_name", "entity_path"),
    "Entity": ("entity_name", "entity_path"),
    "Metric": ("metric_name", "group_by"),
}
_EXPECTED = (
    "Dimension('owner__team'), TimeDimension('metric_time', 'month'), Entity('opportunity') or "
    "Metric('revenue', ['account'])"
)

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError


def read_object(call: str) -> Name:
    """Parse a call such as `TimeDimension('metric_time', 'month')`; nothing is evaluated.

    Raises:
        MetricsStoreError: It is another call, or anything but a call with texts.
    """
    if len(call) > _LONGEST or "\\" in call:
        raise _unknown(call)
    try:
        node = parse_expression(call.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unknown(call) from None
    grain = None
    if _is_grain_call(node):
        assert isinstance(node, ast.Call)  # noqa: S101 - for the type checker
        assert isinstance(node.func, ast.Attribute)  # noqa: S101
        [grain] = [_text(argument, call) for argument in node.args]
        node = node.func.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise _unknown(call)
    function = node.func.id
    if function not in _KINDS:
        raise _unknown(call)
    name = _name(function, _arguments(node, function, call), call)
    if grain is None:
        return name
    if name.grain is not None or name.kind in (Kind.ENTITY, Kind.METRIC):
        raise _unknown(call)
    return Name(name.path, Kind.TIME_DIMENSION, grain.lower())


def _is_grain_call(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "grain"
        and len(node.args) == 1
        and not node.keywords
    )


def _arguments(node: ast.Call, function: str, call: str) -> dict[str, ast.expr]:
    parameters = _PARAMETERS[function]
    if len(node.args) > len(parameters):
        raise _unknown(call)
    given = dict(zip(parameters, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in parameters or keyword.arg in given:
            raise _unknown(call)
        given[keyword.arg] = keyword.value
    if parameters[0] not in given:
        raise _unknown(call)
    return given


def _name(function: str, given: dict[str, ast.expr], call: str) -> Name:
    path = _text(given[_PARAMETERS[function][0]], call)
    if function == "Metric":
        group_by = _texts(given["group_by"], call) if "group_by" in given else []
        return Name(path.lower(), Kind.METRIC, group_by=tuple(one.lower() for one in group_by))
    if "entity_path" in given:
        path = "__".join([*_texts(given["entity_path"], call), path])
    grain = given.get("time_granularity_name")
    return Name(
        path.lower(), _KINDS[function], None if grain is None else _text(grain, call).lower()
    )


def _texts(node: ast.expr, call: str) -> list[str]:
    if not isinstance(node, ast.List | ast.Tuple):
        raise _unknown(call)
    return [_text(element, call) for element in node.elts]


def _text(node: ast.expr, call: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise _unknown(call)


def _unknown(call: str) -> MetricsStoreError:
    return rejected("a filter's braces hold something that is no name", call, expected=_EXPECTED)
