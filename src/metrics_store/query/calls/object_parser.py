"""Parses metrics, group-bys and orders: plain names, or objects such as `Metric('revenue')`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_tree import Kind, Name
from metrics_store.query.filters.parser.name_parser import read_object
from metrics_store.query.metric_aliases import check_alias
from metrics_store.query.python_parser import parse_expression

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,254}", re.ASCII)
_METHODS = ("grain", "date_part", "descending")
_DATE_PARTS = ("year", "quarter", "month", "day", "dow", "doy")
# What a client writes that has no grain to say.
_NO_GRAIN = "none"
_GROUP_BY = (
    "'order__status', Dimension('order__status'), TimeDimension('metric_time', 'month'), "
    "Dimension('metric_time').grain('month') or Entity('order')"
)
_METRIC = "'revenue' or Metric('revenue', alias='turnover')"
_ORDER_BY = "'revenue', '-revenue', Metric('revenue').descending(True), or so with a group-by"


@dataclass(frozen=True)
class Order:
    """One thing to order by.

    Attributes:
        name: A metric, an alias or a group-by.
        descending: Whether the greatest comes first.
    """

    name: str
    descending: bool = False

    def __str__(self) -> str:
        """Give it as a request has it: `-` in front for descending."""
        return f"-{self.name}" if self.descending else self.name


def read_name(node: ast.expr, expected: str) -> str:
    """Parse a text that names something.

    Raises:
        MetricsStoreError: It is something else, or has characters that names do not have.
    """
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise unexpected_form(node, expected)
    if not _NAME.fullmatch(node.value):
        raise rejected(
            "a name has characters that names do not have",
            node.value,
            expected="letters, digits and underscores",
        )
    return node.value


def read_metric(node: ast.expr) -> tuple[str, str | None]:
    """Parse a metric; gives its name and its alias, where it has one.

    Raises:
        MetricsStoreError: It is no metric.
    """
    if isinstance(node, ast.Constant):
        return read_name(node, _METRIC), None
    if not _calls(node, "Metric"):
        raise unexpected_form(node, _METRIC)
    assert isinstance(node, ast.Call)  # noqa: S101 - for the type checker
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    given = [*node.args, *(keywords.pop(key) for key in ("name", "metric_name") if key in keywords)]
    alias = keywords.pop("alias", None)
    if len(given) != 1 or keywords:
        raise unexpected_form(node, _METRIC)
    return read_name(given[0], _METRIC), None if alias is None else _alias(node, alias)


def read_group_by(node: ast.expr) -> str:
    """Parse a group-by; gives its name, such as `metric_time__month`.

    Raises:
        MetricsStoreError: It is no group-by.
    """
    if isinstance(node, ast.Constant):
        return read_name(node, _GROUP_BY)
    base, methods = _methods(node, _GROUP_BY)
    if "descending" in methods:
        raise unexpected_form(node, _GROUP_BY)
    return _group_by(node, base, methods)


def saved_group_by(text: str) -> str:
    """Give a saved query's group-by as requests have it, such as `metric_time__month`.

    Raises:
        MetricsStoreError: It is no group-by.
    """
    return read_group_by(parse_expression(text)) if "(" in text else text


def read_order(node: ast.expr) -> Order:
    """Parse one thing to order by.

    Raises:
        MetricsStoreError: It is none.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        sign = node.value[:1] if node.value[:1] in ("-", "+") else ""
        bare = ast.Constant(node.value[len(sign) :])
        return Order(read_name(bare, _ORDER_BY), sign == "-")
    base, methods = _methods(node, _ORDER_BY)
    given = methods.pop("descending", ast.Constant(value=False))
    if not isinstance(given, ast.Constant) or not isinstance(given.value, bool):
        raise unexpected_form(node, _ORDER_BY)
    if _calls(base, "Metric") and not methods:
        name, _ = read_metric(base)
        return Order(name, given.value)
    return Order(_group_by(node, base, methods), given.value)


def saved_order(text: str) -> str:
    """Give what a saved query orders by as requests have it, such as `-revenue`.

    Raises:
        MetricsStoreError: It is nothing to order by.
    """
    if "(" not in text:
        return text
    bare = text.removeprefix("-")
    order = read_order(parse_expression(bare))
    return str(Order(order.name, order.descending or bare != text))


def unexpected_form(node: ast.AST, expected: str) -> MetricsStoreError:
    """Give the error for a part of a call that is of another form."""
    return rejected(
        "a call holds something else than is expected", source_text(node), expected=expected
    )


def source_text(node: ast.AST) -> str:
    """Give a part of a call as it is written."""
    return ast.unparse(node)


def _alias(whole: ast.expr, alias: ast.expr) -> str:
    if isinstance(alias, ast.Constant) and isinstance(alias.value, str):
        return check_alias(alias.value)
    raise unexpected_form(whole, _METRIC)


def _calls(node: ast.expr, function: str) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
    )


def _methods(node: ast.expr, expected: str) -> tuple[ast.expr, dict[str, ast.expr]]:
    """Split an object from what is called on it, each at most once and with one argument."""
    methods: dict[str, ast.expr] = {}
    whole = node
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        method = node.func.attr
        if method not in _METHODS or method in methods or len(node.args) != 1 or node.keywords:
            raise unexpected_form(whole, expected)
        methods[method] = node.args[0]
        node = node.func.value
    return node, methods


def _group_by(whole: ast.expr, base: ast.expr, methods: dict[str, ast.expr]) -> str:
    if isinstance(base, ast.Call):
        # MetricFlow's own way to ask for a part of a time.
        parts = [one for one in base.keywords if one.arg == "date_part_name"]
        if parts and "date_part" not in methods:
            methods = {**methods, "date_part": parts[0].value}
            rest = [one for one in base.keywords if one.arg != "date_part_name"]
            base = ast.Call(base.func, base.args, rest)
    try:
        name = read_object(source_text(base))
    except MetricsStoreError:
        raise unexpected_form(whole, _GROUP_BY) from None
    grain = None if name.grain == _NO_GRAIN else name.grain
    if "grain" in methods:
        if grain is not None or name.kind is Kind.ENTITY:
            raise unexpected_form(whole, _GROUP_BY)
        grain = read_name(methods["grain"], _GROUP_BY).lower()
    if "date_part" not in methods:
        return str(Name(name.path, name.kind, grain))
    part = read_name(methods["date_part"], _GROUP_BY).lower()
    if part not in _DATE_PARTS or grain is not None or name.kind is Kind.ENTITY:
        expected = "one of " + ", ".join(_DATE_PARTS) + ", of a time without a grain"
        raise rejected("there is no such part of a time", source_text(whole), expected=expected)
    return f"{name.path}__extract_{part}"
