"""Expressions over a metric table: what in them is a group, a metric, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.errors import MetricsStoreError
from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_keys import (
    GroupKeys,
    Names,
    identifier,
)
from metrics_store.query.selects.blocks.group_forms import group_form
from metrics_store.query.selects.blocks.sql_types import NUMBERS
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.shapes import NOTHING, Content
from metrics_store.query.selects.tables.metric_tables import Column, DimensionColumn, MetricColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.query.selects.blocks.questions import RowSource
    from metrics_store.query.selects.tables.metric_tables import MetricTable


class BlockExpressions:
    """The expressions of one SELECT over one metric table, as expressions over its rows.

    Args:
        select: The SELECT; it is changed.
        table: The table.
        alias: What the SELECT calls it.
        source: Gets the questions.
    """

    def __init__(
        self, select: exp.Select, table: MetricTable, alias: str, source: RowSource
    ) -> None:
        self._select = select
        self._table = table
        self._alias = alias
        self._names = Names(table, alias)
        self._source = source
        self._keys: GroupKeys | None = None
        self._replaced_keys: dict[exp.Expr, exp.Expr] = {}
        self._is_whole = False
        self._is_bare = False
        self._merges = False
        self._merging_key: exp.Expr | None = None
        self._within_dimension_call = False
        self._within_key = False
        self._knows_dimensions = False
        self._metrics: dict[str, MetricColumn] = {}

    def _column_of(self, node: exp.Column) -> Column:
        return self._table.column(identifier(node.this))

    def _form(self, node: exp.Expr) -> tuple[str, str] | None:
        return None if self._is_whole else group_form(node, self._column_of, self._source.grain)

    def _has_dimension(self, node: exp.Expr) -> bool:
        return any(
            isinstance(self._column_of(one), DimensionColumn) for one in node.find_all(exp.Column)
        )

    def _has_metric(self, node: exp.Expr) -> bool:
        return any(
            isinstance(self._column_of(one), MetricColumn) for one in node.find_all(exp.Column)
        )

    def _group_of(self, node: exp.Expr) -> str | None:
        """Give the group-by that an expression is, a time with its grain."""
        form = self._form(node)
        found = self._column_of(node) if isinstance(node, exp.Column) else None
        if isinstance(found, DimensionColumn) and found.is_time and not found.grain:
            return f"{found.path}__{found.grains[0]}"
        return None if form is None else form[0]

    # --- expressions ---

    def _replaced(self, node: exp.Expr) -> exp.Expr:
        """Give an expression over the rows in place of one over the table."""
        special = self._special(node)
        if special is not None:
            return special
        if functions.is_function(node) and not functions.is_by_row(node):
            raise self._not_by_row(node)
        return self._with_replaced_parts(node)

    def _with_replaced_parts(self, node: exp.Expr) -> exp.Expr:
        def changed(value: object) -> object:
            if isinstance(value, exp.Expr):
                return self._replaced(value)
            return [changed(one) for one in value] if isinstance(value, list) else value

        return type(node)(**{name: changed(value) for name, value in node.args.items()})

    def _special(self, node: exp.Expr) -> exp.Expr | None:  # noqa: C901, PLR0911, PLR0912 - a return a kind
        if isinstance(node, exp.Identifier | exp.DataType | exp.Literal | exp.Var | exp.Parameter):
            return node.copy()
        if not self._within_key and node in self._replaced_keys:
            return self._replaced_keys[node].copy()
        if is_day_of_week(node):
            return self._from_sunday(node)
        if isinstance(node, exp.Window):
            return self._window(node)
        if isinstance(node, exp.Filter):
            return self._filtered(node)
        if isinstance(node, exp.Grouping):
            return self._grouping(node)
        if functions.is_of_metric(node):
            found = self._of_metric(node)
            if found is not None:
                return found
        if functions.is_of_dimension(node) and not self._has_metric(node):
            self._within_dimension_call = True
            replaced = self._with_replaced_parts(node)
            self._within_dimension_call = False
            return replaced
        if isinstance(node, exp.Column):
            found_column = self._column_of(node)
            if isinstance(found_column, MetricColumn):
                return self._metric(found_column)
            if self._is_whole:
                return self._at(self._source.key(found_column.group_by, found_column.type))
        form = self._form(node)
        is_new = form is not None and form[0] not in self._source.keys.values()
        is_closed = self._knows_dimensions and not self._within_dimension_call
        if is_new and is_closed and self._keys is None:
            raise MetricsStoreError(
                "what a SELECT without GROUP BY does not select is no group of its rows",
                where=node.sql(dialect="postgres"),
                remedy="select it, or write GROUP BY",
            )
        if form is not None and (
            self._keys is None or self._within_key or self._within_dimension_call
        ):
            return self._at(self._source.key(*form), form[0])
        if isinstance(node, exp.Column):
            raise MetricsStoreError(
                "a column must stand in GROUP BY or in a call for metrics",
                where=node.name,
                remedy=f"add {node.name} to GROUP BY",
            )
        return None

    def _from_sunday(self, node: exp.Expr) -> exp.Expr:
        """What questions call the day of the week is ISO's, in which Sunday is 7."""
        iso = exp.Extract(this=exp.var("ISODOW"), expression=node.expression)
        return exp.Paren(this=exp.Mod(this=self._replaced(iso), expression=exp.Literal.number(7)))

    def _at(self, name: str, group_by: str = "") -> exp.Expr:
        del group_by
        return exp.Column(
            this=exp.Identifier(this=name, quoted=True),
            table=exp.Identifier(this=self._alias, quoted=True),
        )

    def _metric(self, found: MetricColumn, where: tuple[exp.Expr, ...] = ()) -> exp.Expr:
        self._metrics[found.name] = found
        if self._merges and not found.adds_up:
            merging = self._merging_key if self._merging_key is not None else "MIN, MAX or COUNT"
            raise inexpressible(
                f"{found.name} cannot be worked out over groups that an expression merges",
                merging,
                "group by the dimension itself, or by its periods with date_trunc; the values of "
                f"{found.name} do not add up",
            )
        value = self._at(self._source.value(found.name, found.type, where))
        return exp.Sum(this=value) if self._merges else value

    def _of_metric(self, node: exp.Expr) -> exp.Expr | None:
        """Give what a call around a metric is; none for a call around something else."""
        inner = functions.argument(node)
        if not self._has_metric(inner):
            if functions.is_explicit(node):
                raise inexpressible("this is no metric", node, "name a metric in it")
            return None
        if inner.find(exp.AggFunc) or any(map(functions.is_explicit, inner.walk())):
            raise inexpressible(
                "a metric is aggregated twice", node, "a metric is aggregated already: name it once"
            )
        wrappers: list[exp.Expr] = []
        where: tuple[exp.Expr, ...] = ()
        otherwise: exp.Expr | None = None
        while not isinstance(inner, exp.Column):
            if isinstance(inner, exp.Case) and not where:
                where = (self._case_condition(node, inner),)
                otherwise = inner.args.get("default")
                inner = inner.args["ifs"][0].args["true"]
            elif _is_wrapper(inner):
                wrappers.append(inner)
                inner = inner.this
            else:
                raise inexpressible(
                    "a metric is worked out within an aggregate",
                    node,
                    "aggregate the metric alone, and calculate outside: SUM(m) * 2",
                )
        found = self._column_of(inner)
        assert isinstance(found, MetricColumn)  # noqa: S101 - the only column, and there is a metric
        value = self._metric(found, where)
        if isinstance(otherwise, exp.Literal):
            if not (isinstance(node, exp.Sum) and found.adds_up):
                raise inexpressible(
                    f"{found.name} beside 0 does not add up",
                    node,
                    "leave ELSE out, or write SUM(m) FILTER (WHERE ...)",
                )
            value = exp.Coalesce(this=value, expressions=[otherwise.copy()])
        for wrapper in reversed(wrappers):
            wrapped = wrapper.copy()
            wrapped.set("this", value)
            value = wrapped
        return value

    def _case_condition(self, call: exp.Expr, case: exp.Case) -> exp.Expr:
        ifs, default = case.args["ifs"], case.args.get("default")
        simple = len(ifs) == 1 and case.args.get("this") is None
        is_nothing = default is None or isinstance(default, exp.Null) or _is_zero(default)
        if not simple or not is_nothing:
            raise inexpressible(
                "a CASE within an aggregate has more than one condition",
                call,
                "write SUM(m) FILTER (WHERE ...)",
            )
        return self._filter_condition(ifs[0].this)

    def _filter_condition(self, condition: exp.Expr) -> exp.Expr:
        if self._has_metric(condition) or not self._has_dimension(condition):
            raise inexpressible(
                "the filter of a metric is on dimensions", condition, "use HAVING for metrics"
            )
        if self._is_whole:
            raise inexpressible("rows of a saved query are grouped already", condition)
        return condition.copy()

    def _filtered(self, node: exp.Filter) -> exp.Expr:
        call = node.this
        inner = functions.argument(call) if functions.is_of_metric(call) else None
        if not isinstance(inner, exp.Column) or not self._has_metric(inner):
            raise inexpressible(
                "FILTER is of a metric alone", node, "write SUM(m) FILTER (WHERE dimension = ...)"
            )
        found = self._column_of(inner)
        assert isinstance(found, MetricColumn)  # noqa: S101 - as above
        return self._metric(found, (self._filter_condition(node.expression.this),))

    def _grouping(self, node: exp.Grouping) -> exp.Expr:
        keys = self._keys.keys if self._keys is not None else ()
        terms: list[exp.Expr] = []
        for one in node.expressions:
            if one not in keys:
                raise MetricsStoreError(
                    "GROUPING is of what GROUP BY has", where=one.sql(dialect="postgres")
                )
            used = self._replaced_keys[one].find(exp.Column)
            if used is None or not self._source.sets:
                terms.append(exp.Literal.number(0))
            else:
                terms.append(self._at(self._source.flag(used.name)))
        value = terms[0]
        for term in terms[1:]:
            doubled = exp.Mul(this=exp.Paren(this=value), expression=exp.Literal.number(2))
            value = exp.Add(this=doubled, expression=term)
        return exp.Paren(this=value)

    def _window(self, node: exp.Window) -> exp.Expr:
        call = node.this
        inner_filter = call if isinstance(call, exp.Filter) else None
        if inner_filter is not None:
            raise inexpressible("FILTER of a window function", node)
        ranks = functions.is_rank(call) or isinstance(call, exp.IgnoreNulls | exp.RespectNulls)
        counts_rows = isinstance(call, exp.Count) and isinstance(call.this, exp.Star)
        if not ranks and not counts_rows:
            self._check_window_call(node, call)
        new = node.copy()
        new.set("this", self._with_replaced_parts(call) if not counts_rows else call.copy())
        for name in ("partition_by", "order", "spec"):
            part = node.args.get(name)
            if isinstance(part, list):
                new.set(name, [self._replaced(one) for one in part])
            elif isinstance(part, exp.Expr):
                new.set(name, self._with_replaced_parts(part))
        return new

    def _check_window_call(self, node: exp.Window, call: exp.Expr) -> None:
        if not functions.is_adding(call) or not self._has_metric(call):
            raise self._not_by_row(call)
        if isinstance(call, exp.Min | exp.Max):
            return
        for one in call.find_all(exp.Column):
            found = self._column_of(one)
            if isinstance(found, MetricColumn) and not found.adds_up:
                raise inexpressible(
                    f"{found.name} does not add up over rows",
                    node,
                    "ask it by fewer dimensions in a SELECT of its own",
                )

    def _not_by_row(self, node: exp.Expr) -> MetricsStoreError:
        if isinstance(node, exp.Count) and not self._has_dimension(node):
            return inexpressible(
                "rows of a metric table cannot be counted",
                node,
                "ask a metric that counts, or count the rows of a grouped sub-select",
            )
        if self._has_metric(node):
            return inexpressible(
                "this function of a metric is not the metric",
                node,
                "AGG(m), or SUM, AVG, MIN, MAX and ANY_VALUE, which are the metric as well",
            )
        return inexpressible(
            "this function cannot stand in a SELECT from a metric table",
            node,
            "put the grouped SELECT into a sub-select, and the function around it",
        )

    # --- what is in the columns ---

    def _content(self, node: exp.Expr) -> Content:
        names = frozenset(self._metric_names(node))
        if not names:
            return NOTHING
        alone = node
        while _is_wrapper(alone) or functions.is_of_metric(alone) or isinstance(alone, exp.Filter):
            alone = functions.argument(alone) if functions.is_explicit(alone) else alone.this
        if not isinstance(alone, exp.Column):
            return Content(names, adds_up=False, is_bare=self._is_bare)
        found = self._column_of(alone)
        adds_up = isinstance(found, MetricColumn) and found.adds_up
        return Content(names, adds_up, self._is_bare)

    def _metric_names(self, node: exp.Expr) -> Iterator[str]:
        for one in node.find_all(exp.Column):
            found = self._column_of(one)
            if isinstance(found, MetricColumn):
                yield found.name


def is_day_of_week(node: exp.Expr) -> bool:
    """Whether an expression is the day of the week from Sunday on."""
    return isinstance(node, exp.Extract) and node.name.lower() == "dow"


def _is_wrapper(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return node.to.this in NUMBERS
    if isinstance(node, exp.Coalesce):
        return len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Literal)
    return isinstance(node, exp.Paren)


def _is_zero(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.name) == 0
