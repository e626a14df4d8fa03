"""A SELECT over one metric table becomes questions, and a SELECT over their rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_expressions import BlockExpressions, is_day_of_week
from metrics_store.query.selects.blocks.block_keys import (
    column,
    group_keys,
    identifier,
)
from metrics_store.query.selects.blocks.group_forms import keeps_apart
from metrics_store.query.selects.blocks.period_parts import (
    bare_part,
    parts_of_periods,
    with_periods,
)
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_PARTS = {
    "expressions",
    "from_",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "distinct",
}


class BlockRewriter(BlockExpressions):
    """Rewrites one SELECT over one metric table."""

    def rewrite(self) -> Shape:
        """Rewrite it, and say what is in its columns.

        Raises:
            MetricsStoreError: It would give a number that is not the metric, or names what there
                is not.
        """
        select = self._select
        self._check_parts()
        self._source.is_empty = self._limits_to_nothing() or self._is_never_true()
        self._expand_stars()
        projections = list(select.expressions)
        group = select.args.get("group")
        if group is not None:
            self._keys = group_keys(group, projections, self._names)
        canonical = [self._named(one) for one in projections]
        above = self._having()
        groups = self._groups(canonical)
        self._is_whole = self._table.saved_query is not None and not groups
        self._is_bare = not groups and not self._is_whole
        if self._is_whole:
            self._source.saved_query = self._table.saved_query
        calls = [one for node in canonical for one in node.find_all(exp.AggFunc)]
        self._merges = any(
            functions.is_of_dimension(one) and self._has_dimension(one) for one in calls
        )
        self._read_keys()
        self._read_dimensions(canonical)
        conditions = self._split_where()
        if not self._limits_to_nothing() and not self._source.keys:
            # A total of no rows is a row.
            self._source.is_empty = False
        shape = Shape([(output_name(one), self._content(one.this)) for one in canonical])
        select.set("expressions", [self._replaced(one) for one in canonical])
        if above is not None:
            conditions.append(self._replaced(above))
        self._set_conditions(conditions)
        self._set_order(canonical)
        self._set_distinct()
        if not self._source.types:
            raise inexpressible(
                "a SELECT asks a metric table for no column",
                select,
                "name metrics and dimensions; how many rows there are is itself a metric",
            )
        return shape

    def group_column(self, node: exp.Column) -> exp.Expr:
        """Give the column of the rows that a dimension is, which the SELECT groups by.

        Raises:
            MetricsStoreError: It does not.
        """
        wanted = self._names.canonical(node)
        form = self._form(wanted)
        for name, group_by in self._source.keys.items():
            # The row of a total has no such group, and would be lost.
            is_plain = not self._merges and not self._source.sets
            if form is not None and group_by == form[0] and is_plain:
                return self._at(name)
        raise inexpressible(
            "a metric table is joined by what the SELECT does not group by",
            node,
            "group by it too, or write the values into WHERE",
        )

    # --- what is asked ---

    def _check_parts(self) -> None:
        for name, part in self._select.args.items():
            if name not in _PARTS and part not in (None, False, []):
                shown = part[0] if isinstance(part, list) else part
                raise inexpressible(
                    "a SELECT from a metric table has a part that it cannot have",
                    shown,
                    "put the grouped SELECT into a sub-select, and this around it",
                )
        for node in self._select.find_all(exp.Query):
            if node is not self._select:
                raise inexpressible(
                    "a sub-select stands within a SELECT from a metric table",
                    node,
                    "put the grouped SELECT into a sub-select, and the condition around it",
                )

    def _limits_to_nothing(self) -> bool:
        limit = self._select.args.get("limit")
        return isinstance(limit, exp.Limit) and limit.expression.sql() == "0"

    def _is_never_true(self) -> bool:
        return any(_truth(part) is False for part in self._conditions())

    def _conditions(self) -> list[exp.Expr]:
        where = self._select.args.get("where")
        if where is None:
            return []
        return list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]

    def _expand_stars(self) -> None:
        expanded: list[exp.Expr] = []
        for node in self._select.expressions:
            if not self._names.star(node):
                expanded.append(node)
                continue
            if self._table.saved_query is None and not self._source.is_empty:
                raise inexpressible(
                    "all columns of a metric table together have no meaning",
                    f"* of metrics.{self._table.name}",
                    "name the dimensions to group by and the metrics; a saved query is a table "
                    "whose rows can all be selected",
                )
            expanded.extend(column(name) for name in self._table.columns)
        self._select.set("expressions", expanded)

    def _named(self, node: exp.Expr) -> exp.Alias:
        name = output_name(node)
        if functions.is_explicit(node):
            inner = functions.argument(node)
            name = output_name(inner) if isinstance(inner, exp.Column) else name
        bare = node.this if isinstance(node, exp.Alias) else node
        alias = exp.Identifier(this=name, quoted=True)
        return exp.Alias(this=self._names.canonical(bare), alias=alias)

    def _groups(self, projections: list[exp.Alias]) -> bool:
        if self._keys is not None:
            return True
        nodes = [one for node in projections for one in node.walk()]
        return any(
            (isinstance(one, exp.AggFunc) and not isinstance(one.parent, exp.Window))
            or functions.is_explicit(one)
            for one in nodes
        )  # fmt: skip

    def _having(self) -> exp.Expr | None:
        """Give the condition on groups; that a group has rows holds of every group of an answer."""
        having = self._select.args.get("having")
        if having is None:
            return None
        whole = having.this.unnest()
        parts = list(whole.flatten()) if isinstance(whole, exp.And) else [whole]
        kept = [one for one in parts if not functions.is_any_rows(one)]
        return self._names.canonical(exp.and_(*kept)) if kept else None

    # --- group keys ---

    def _read_keys(self) -> None:
        if self._keys is None:
            return
        apart: set[str] = set()
        merging: list[tuple[exp.Expr, set[str]]] = []
        columns: list[tuple[str, ...]] = []
        periods = {} if self._keys.sets else self._periods(self._keys.keys)
        for key in self._keys.keys:
            if self._has_metric(key):
                raise inexpressible(
                    "a metric is no group", key, "group by dimensions, and put this around it"
                )
            self._within_key = True
            replaced = self._replaced(with_periods(key, periods))
            self._within_key = False
            self._replaced_keys[key] = replaced
            used = {one.name for one in replaced.find_all(exp.Column)}
            columns.append(tuple(sorted(used)))
            tells = periods.get(bare_part(key) or key) is not None
            if used and not tells and not keeps_apart(key, self._group_of):
                merging.append((key, used))
            else:
                apart |= used
        merged = [key for key, used in merging if not used <= apart]
        if self._keys.sets:
            self._check_sets(columns, {key for key, _ in merging})
        self._merges = self._merges or bool(merged)
        self._merging_key = merged[0] if merged else None
        if self._keys.sets:
            self._source.sets = [
                tuple(dict.fromkeys(name for key in one for name in columns[key]))
                for one in self._keys.sets
            ]

    def _periods(self, keys: Iterable[exp.Expr]) -> dict[exp.Expr, exp.Expr]:
        return parts_of_periods(keys, self._column_of)

    def _check_sets(self, columns: list[tuple[str, ...]], merging: set[exp.Expr]) -> None:
        assert self._keys is not None  # noqa: S101 - there are sets
        if self._merges:
            raise inexpressible(
                "MIN, MAX or COUNT of a dimension stands beside grouping sets",
                self._select.args["group"],
                "ask each grouping in a SELECT of its own, joined by UNION ALL",
            )
        for number, key in enumerate(self._keys.keys):
            others = columns[:number] + columns[number + 1 :]
            if key in merging or any(set(columns[number]) & set(one) for one in others):
                raise inexpressible(
                    "a grouping set merges groups", key, "group by the dimension itself, once"
                )

    def _read_dimensions(self, projections: list[exp.Alias]) -> None:
        """Without GROUP BY a SELECT groups by the dimensions that it selects, and no others."""
        if self._keys is None and not self._is_whole:
            periods = self._periods([one.this for one in projections])
            for one in projections:
                for form in self._forms_in(with_periods(one.this, periods)):
                    self._source.key(*form)
            self._replaced_keys |= {
                part: self._replaced(of_period) for part, of_period in periods.items()
            }
        self._knows_dimensions = True

    def _forms_in(self, node: exp.Expr) -> Iterator[tuple[str, str]]:
        """Give the outermost groups in an expression; none within a call over many rows."""
        if isinstance(node, exp.Window | exp.AggFunc | exp.Filter):
            return
        form = self._form(node)
        if form is not None:
            yield form
            return
        if is_day_of_week(node):
            iso = exp.Extract(this=exp.var("ISODOW"), expression=node.expression)
            form = self._form(iso)
            if form is not None:
                yield form
                return
        for child in node.iter_expressions():
            yield from self._forms_in(child)

    # --- conditions ---

    def _split_where(self) -> list[exp.Expr]:
        """Take what dimensions must be into the questions, and give what is left."""
        left = []
        for part in self._conditions():
            condition = self._names.canonical(part)
            if self._is_whole:
                left.append(self._replaced(condition))
            elif not condition.find(exp.Column):
                # It acts before the metric is worked out as well, of which a total has a row.
                if _truth(condition) is not True:
                    known = exp.Coalesce(this=exp.Paren(this=condition), expressions=[exp.false()])
                    self._source.conditions.append(known)
            elif not self._has_metric(condition):
                self._source.conditions.append(condition)
            elif not self._has_dimension(condition):
                left.append(self._replaced(condition))
            else:
                raise inexpressible(
                    "one condition is on a metric and on a dimension",
                    part,
                    "what a dimension must be acts before the metric is worked out, what a metric "
                    "must be after it: join them by AND",
                )
        return left

    def _set_conditions(self, conditions: list[exp.Expr]) -> None:
        self._select.set("where", None)
        self._select.set("having", None)
        self._select.set("group", None)
        groups = self._merges and self._keys is not None
        if groups and self._keys is not None:
            keys = [self._replaced_keys[key] for key in self._keys.keys]
            self._select.set("group", exp.Group(expressions=[one.copy() for one in keys]))
        if conditions:
            whole = exp.and_(*conditions, copy=False)
            if self._merges:
                self._select.set("having", exp.Having(this=whole))
            else:
                self._select.set("where", exp.Where(this=whole))

    def _set_order(self, projections: list[exp.Alias]) -> None:
        order = self._select.args.get("order")
        names = {one.alias for one in projections}
        for one in order.expressions if order is not None else ():
            node = one.this
            if isinstance(node, exp.Literal):
                continue
            if (
                isinstance(node, exp.Column)
                and not node.args.get("table")
                and identifier(node.this) in names
            ):
                one.set("this", column(identifier(node.this)))
                continue
            one.set("this", self._replaced(self._names.canonical(node)))

    def _set_distinct(self) -> None:
        distinct = self._select.args.get("distinct")
        on = distinct.args.get("on") if distinct is not None else None
        if distinct is not None and on is not None:
            distinct.set("on", self._replaced(self._names.canonical(on)))


def _truth(node: exp.Expr) -> bool | None:
    """Give what a condition such as 1 = 1 is; none where that is not seen at once."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.EQ):
        pair = (node.this, node.expression)
        if all(isinstance(one, exp.Literal) and not one.is_string for one in pair):
            return Decimal(pair[0].name) == Decimal(pair[1].name)
    return None
