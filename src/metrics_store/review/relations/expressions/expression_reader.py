"""Reads expressions: one fingerprint for every spelling of the same value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from metrics_store.review.relations.expressions.canonical_form import (
    OPPOSITES,
    SYMMETRIC,
    chain_operands,
    node_fingerprint,
    unwrapped,
)
from metrics_store.review.relations.expressions.sql_functions import (
    depends_on_order,
    is_aggregate,
    is_unknown,
)
from metrics_store.review.relations.fingerprints import NotUnderstoodError, fingerprint, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from metrics_store.review.relations.expressions.query_scope import QueryScope

_COUNTED_ROWS = (exp.Star, exp.Literal)


@dataclass(frozen=True)
class ExpressionReader:
    """Reads expressions in one clause of a select.

    Attributes:
        scope: What names mean.
        rows: The rows that an aggregate sees, and how they are grouped.
        window_rows: The rows that a window sees.
        order: The order in which those rows come, as far as something says it.
        aliases: Names of the select list that may be used here, with what they name.
        alias_or_column: Which is meant where both have the name: "column", "alias", or "either"
            where it depends.
        windows: The select's named windows.
        bound: The parameters of the lambdas around.
    """

    scope: QueryScope
    rows: str = ""
    window_rows: str = ""
    order: str = ""
    aliases: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    alias_or_column: str = "column"
    windows: Mapping[str, exp.Window] = field(default_factory=dict)
    bound: tuple[str, ...] = ()

    def read(self, node: exp.Expr) -> str:
        """Give the fingerprint of an expression's value."""
        node = unwrapped(node)
        reader = self._READERS.get(type(node))
        if reader is not None:
            return reader(self, node)
        if isinstance(node, exp.Query):
            return self._query(node)
        if is_aggregate(node) or is_unknown(node):
            order = self.order if depends_on_order(node) else ""
            return fingerprint("over rows", self.rows, order, self._generic(node))
        return self._generic(node)

    def conditions(self, node: exp.Expr) -> frozenset[str]:
        """Give the fingerprints of the conditions that must all hold for this one to hold."""
        return frozenset(self.read(each) for each in chain_operands(node, exp.And))

    def name(self, name: str) -> str:
        """Give the fingerprint of what a lower-case name means."""
        known = self.scope.known(name)
        alias = self.aliases.get(name)
        if alias is not None and self.alias_or_column == "alias":
            return alias()
        if known is not None:
            if alias is None or self.alias_or_column == "column":
                return known
            return one_of([known, alias()])
        possible = self.scope.possible(name)
        if alias is not None:
            possible.append(alias())
        if possible:
            return one_of(possible)
        return fingerprint("unknown name", name, self.scope.everything())

    def _generic(self, node: exp.Expr) -> str:
        return node_fingerprint(node, self.read)

    def _column(self, node: exp.Expr) -> str:
        if isinstance(node.this, exp.Star):
            return self._star(node)
        parts = [part.name.lower() for part in node.parts] if isinstance(node, exp.Column) else []
        if parts[0] in self.bound:
            return self._fields(self._parameter(parts[0]), parts[1:])
        if len(parts) > 1:
            found = self.scope.qualified(parts)
            if found is not None:
                return self._fields(found[0], parts[found[1] :])
        return self._fields(self.name(parts[0]), parts[1:])

    def _fields(self, value: str, names: list[str]) -> str:
        for name in names:
            value = fingerprint("field", value, name)
        return value

    def _parameter(self, name: str) -> str:
        depth = len(self.bound) - 1 - self.bound[::-1].index(name)
        return fingerprint("parameter", depth)

    def _identifier(self, node: exp.Expr) -> str:
        name = node.name.lower()
        return self._parameter(name) if name in self.bound else fingerprint("name", name)

    def _star(self, node: exp.Expr) -> str:
        table = node.args.get("table")
        inputs = self.scope.inputs
        if table is not None:
            inputs = [each for each in inputs if each.name == table.name.lower()]
        if not inputs:
            raise NotUnderstoodError
        return fingerprint("star", [each.whole for each in inputs])

    def _and(self, node: exp.Expr) -> str:
        found = sorted({self.read(each) for each in chain_operands(node, type(node))})
        return found[0] if len(found) == 1 else fingerprint(node.key, found)

    def _symmetric(self, node: exp.Expr) -> str:
        return self._same_both_ways(type(node), node)

    def _same_both_ways(self, kind: type[exp.Expr], node: exp.Expr) -> str:
        sides = sorted([self.read(node.this), self.read(node.expression)])
        return fingerprint(kind.key, sides)

    def _smaller_first(self, node: exp.Expr) -> str:
        sides = [self.read(node.this), self.read(node.expression)]
        if isinstance(node, exp.GT | exp.GTE):
            sides.reverse()
        return fingerprint("<=" if isinstance(node, exp.LTE | exp.GTE) else "<", sides)

    def _not(self, node: exp.Expr) -> str:
        denied = unwrapped(node.this)
        opposite = OPPOSITES.get(type(denied))
        return self._generic(node) if opposite is None else self._same_both_ways(opposite, denied)

    def _in(self, node: exp.Expr) -> str:
        others = {key: value for key, value in node.args.items() if value and key != "expressions"}
        values = sorted({self.read(each) for each in node.expressions})
        found = [[key, self.read(value)] for key, value in sorted(others.items())]
        return fingerprint("in", found, values)

    def _count(self, node: exp.Expr) -> str:
        counted = node.this and unwrapped(node.this)
        if node.expressions or (counted is not None and not isinstance(counted, _COUNTED_ROWS)):
            return fingerprint("over rows", self.rows, "", self._generic(node))
        return fingerprint("over rows", self.rows, "", fingerprint("count rows"))

    def _query(self, node: exp.Expr) -> str:
        found = self.scope.read_query(node, self.scope)
        return fingerprint("query", found.rows, found.order, found.values())

    def _exists(self, node: exp.Expr) -> str:
        if not isinstance(node.this, exp.Query):
            return self._generic(node)
        return fingerprint("exists", self.scope.read_query(node.this, self.scope).rows)

    def _lambda(self, node: exp.Expr) -> str:
        names = tuple(each.name.lower() for each in node.expressions)
        inner = replace(self, bound=(*self.bound, *names))
        return fingerprint("lambda", len(names), inner.read(node.this))

    def _comprehension(self, node: exp.Expr) -> str:
        names = [node.expression.name.lower()]
        if node.args.get("position"):
            names.append(node.args["position"].name.lower())
        inner = replace(self, bound=(*self.bound, *names))
        condition = node.args.get("condition")
        return fingerprint(
            "comprehension",
            len(names),
            inner.read(node.this),
            self.read(node.args["iterator"]),
            "" if condition is None else inner.read(condition),
        )

    def _window(self, node: exp.Expr) -> str:
        named = node.args.get("alias")
        first = node.args.get("first")
        parts = [node]
        if named is not None:
            if named.name.lower() not in self.windows:
                raise NotUnderstoodError
            parts.append(self.windows[named.name.lower()])
        function = self.read(node.this)
        partition = {
            self.read(key) for part in parts for key in part.args.get("partition_by") or []
        }
        orders = [part.args["order"] for part in parts if part.args.get("order")]
        specs = [part.args["spec"] for part in parts if part.args.get("spec")]
        return fingerprint(
            "window",
            self.window_rows,
            "" if orders else self.order,
            function,
            sorted(partition),
            [self.read(order) for order in orders],
            [self.read(spec) for spec in specs],
            "" if first is None else str(first),
            str(node.args.get("over") or "over").lower(),
        )

    def _not_understood(self, node: exp.Expr) -> str:
        raise NotUnderstoodError(node.key)

    _READERS: ClassVar[dict[type[exp.Expr], Callable[[ExpressionReader, exp.Expr], str]]] = {
        exp.And: _and,
        exp.Or: _and,
        exp.Not: _not,
        exp.LT: _smaller_first,
        exp.LTE: _smaller_first,
        exp.GT: _smaller_first,
        exp.GTE: _smaller_first,
        exp.In: _in,
        exp.Column: _column,
        exp.Identifier: _identifier,
        exp.Star: _star,
        exp.Count: _count,
        exp.Exists: _exists,
        exp.Lambda: _lambda,
        exp.Comprehension: _comprehension,
        exp.Window: _window,
        exp.Columns: _not_understood,
        exp.Pivot: _not_understood,
        **dict.fromkeys(SYMMETRIC, _symmetric),
    }
