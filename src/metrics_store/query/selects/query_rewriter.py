"""A query over metric tables: each SELECT from one becomes questions, the rest stays SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.blocks.block_rewriter import BlockRewriter
from metrics_store.query.selects.blocks.questions import RowSource
from metrics_store.query.selects.inlined_tables import inline_common_tables, is_common_table
from metrics_store.query.selects.kept_groups import KeptGroups, kept_groups
from metrics_store.query.selects.merged_selects import (
    Projection,
    column_names,
    is_metric_of,
    projection_of,
    source_of,
    substitute,
)
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.shapes import NOTHING, Content, Shape, joined
from metrics_store.query.selects.tables.metric_tables import SCHEMA, MetricColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metrics_store.query.selects.tables.metric_tables import MetricTable


@dataclass
class QueryRewriter:
    """Rewrites one query.

    Attributes:
        tables: The metric tables by name.
        token: What no text of the query has in it; the names of row sources begin with it.
        sources: The row sources that take the place of metric tables.
    """

    tables: Mapping[str, MetricTable]
    token: str
    sources: list[RowSource] = field(default_factory=list)
    _shapes: dict[int, Shape] = field(default_factory=dict)
    _outer: list[dict[str, Shape]] = field(default_factory=list)

    def rewrite(self, tree: exp.Expr) -> exp.Expr:
        """Give the query over rows in place of metric tables.

        Raises:
            MetricsStoreError: It would give a number that is not the metric, or names what there
                is not.
        """
        inline_common_tables(tree, lambda node: self._table(node) is not None)
        self._query(tree)
        return tree

    def names_metrics(self, tree: exp.Expr) -> bool:
        """Whether a query names a metric table."""
        return any(self._table(one) is not None for one in tree.find_all(exp.Table))

    def _table(self, node: exp.Expr) -> MetricTable | None:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return None
        schema, database = identifier(node.args.get("db")), identifier(node.args.get("catalog"))
        if schema not in ("", SCHEMA) or database not in ("", SCHEMA) or is_common_table(node):
            return None
        return self.tables.get(identifier(node.this))

    def _query(self, node: exp.Expr) -> Shape:
        if isinstance(node, exp.Select):
            return self._select(node)
        if isinstance(node, exp.SetOperation):
            one, other = self._query(node.this), self._query(node.expression)
            if len(one.columns) != len(other.columns):
                return one
            pairs = zip(one.columns, other.columns, strict=True)
            return Shape([(name, joined([a, b], adds_up=True)) for (name, a), (_, b) in pairs])
        if isinstance(node, exp.Subquery):
            return self._query(node.this)
        return Shape(is_known=False)

    # --- SELECTs ---

    def _select(self, select: exp.Select) -> Shape:
        source = select.args.get("from_")
        joins = select.args.get("joins") or []
        if source is not None and not joins and not select.args.get("laterals"):
            table = self._table(source.this)
            if table is not None:
                return self._from_table(select, source.this, table)
            merged = self._merged(select, source.this)
            if merged is not None:
                return merged
        kept = self._kept(select)
        if kept is not None:
            return kept
        return self._plain(select, [one.this for one in [source, *joins] if one is not None])

    def _from_table(self, select: exp.Select, node: exp.Table, table: MetricTable) -> Shape:
        found = source_of(node, self._table)
        calls = any(_aggregates(one) for one in _within(select)) or "group" in _said(select)
        if found is None or table.saved_query is None or not calls or self._is_one(select, found):
            return self._block(select, node, table)
        # Its rows are grouped already.
        alias = node.args.get("alias") or exp.TableAlias(this=node.this.copy())
        rows = exp.Select(expressions=[exp.Star()])
        rows.set("from_", exp.From(this=node.copy()))
        wrapped = exp.Subquery(this=rows, alias=alias.copy())
        select.set("from_", exp.From(this=wrapped))
        return self._plain(select, [wrapped])

    def _block(
        self,
        select: exp.Select,
        node: exp.Table,
        table: MetricTable,
        kept: Sequence[KeptGroups] = (),
    ) -> Shape:
        said = {name for name, part in node.args.items() if part not in (None, False, [])}
        if not said <= {"this", "db", "catalog", "alias"} or column_names(node):
            raise inexpressible("a metric table is named with a part that it cannot have", node)
        alias = identifier(node.args["alias"].this) if node.args.get("alias") else ""
        alias = alias or identifier(node.this)
        rows = RowSource(f"{self.token}{len(self.sources)}_", table.name)
        self.sources.append(rows)
        block = BlockRewriter(select, table, alias, rows)
        shape = block.rewrite()
        marker = exp.Table(
            this=exp.Identifier(this=rows.name, quoted=True),
            alias=exp.TableAlias(this=exp.Identifier(this=alias, quoted=True)),
        )
        select.set("from_", exp.From(this=marker))
        for one in kept:
            for dimension in one.dimensions.values():
                dimension.replace(block.group_column(dimension))
            select.append("joins", one.join)
        return shape

    def _merged(self, select: exp.Select, node: exp.Expr) -> Shape | None:
        """Take a SELECT and the one in its FROM for one, where both mean one question."""
        if not isinstance(node, exp.Subquery) or _nested(select):
            return None
        found = projection_of(node.this, self._table, column_names(node))
        if found is None or not self._is_one(select, found):
            return None
        columns = dict(found.columns)
        if found.is_grouped:
            for name, one in columns.items():
                metric = is_metric_of(one, found.metrics)
                if metric is not None:
                    columns[name] = exp.Column(this=exp.Identifier(this=metric.name, quoted=True))
        alias = node.args.get("alias")
        name = identifier(alias.this) if alias is not None else identifier(found.table.this)
        substitute(select, columns, found.where)
        table = exp.Table(
            this=found.table.this.copy(),
            alias=exp.TableAlias(this=exp.Identifier(this=name or "t", quoted=True)),
        )
        select.set("from_", exp.From(this=table))
        return self._block(select, table, found.metrics)

    def _kept(self, select: exp.Select) -> Shape | None:
        """Take joins that keep groups after the groups are asked for."""
        source, joins = select.args.get("from_"), select.args.get("joins") or []
        table = None if source is None else self._table(source.this)
        if source is None or table is None or select.args.get("laterals"):
            return None
        alias = source.this.args.get("alias")
        name = identifier(alias.this if alias is not None else source.this.this)
        found = [kept_groups(one, table, name) for one in joins]
        kept = [one for one in found if one is not None]
        if len(kept) < len(joins) or not all(
            one.has_each_once(self._query(one.query)) for one in kept
        ):
            return None
        select.set("joins", None)
        return self._block(select, source.this, table, kept)

    def _is_one(self, select: exp.Select, found: Projection) -> bool:
        calls = [one for one in _within(select) if _aggregates(one)]
        counts = any(
            isinstance(one, exp.Count)
            and not one.find(exp.Column)
            and not (one.parent is not None and functions.is_any_rows(one.parent))
            for one in calls
        )
        if counts:
            return False
        where = select.args.get("where")
        if (calls or "group" in _said(select)) and (
            _has_metric(found.where, found) or (where is not None and _has_metric(where, found))
        ):
            # It is of the rows of the inner SELECT, not of those of the outer one.
            return False
        if not found.is_grouped:
            return True
        # A sum of a column that does not add up is asked anew; all else stays plain SQL.
        again = is_plain = False
        for call in calls:
            metrics = _metrics_in(call, found)
            if functions.is_explicit(call):
                again = True
            elif any(not one.adds_up for one in metrics):
                if not isinstance(call, exp.Sum) or isinstance(call.parent, exp.Window):
                    return False
                again = True
            elif metrics and not isinstance(call, exp.Sum):
                is_plain = True
        return again and not is_plain

    def _plain(self, select: exp.Select, nodes: list[exp.Expr]) -> Shape:
        shapes: dict[str, Shape] = {}
        self._outer.append(shapes)
        for number, node in enumerate(nodes):
            name, shape = self._source_shape(node)
            shapes[name or f"?{number}"] = shape
        for query in _nested(select):
            inner = query.this if isinstance(query, exp.Subquery) else query
            self._shapes[id(query)] = self._query(inner)
        for node in _within(select):
            self._check_call(node, shapes)
        columns = list(self._columns(select, shapes))
        self._outer.pop()
        return Shape(columns)

    def _source_shape(self, node: exp.Expr) -> tuple[str, Shape]:
        alias = node.args.get("alias")
        name = identifier(alias.this) if alias is not None and alias.this is not None else ""
        if self._table(node) is not None:
            raise inexpressible(
                "a metric table is joined",
                node,
                "group it in a sub-select of its own, and join that",
            )
        query = node.this if isinstance(node, exp.Lateral) else node
        if isinstance(query, exp.Subquery) and isinstance(query.this, exp.Query):
            shape = self._query(query.this)
            names = column_names(node)
            columns = [
                (names[at] if at < len(names) else own, content)
                for at, (own, content) in enumerate(shape.columns)
            ]
            return name, Shape(columns, shape.is_known)
        if any(self._table(one) is not None for one in node.find_all(exp.Table)):
            raise inexpressible(
                "a metric table stands where it cannot", node, "group it in a sub-select of its own"
            )
        if self._content(node, {}).metrics:
            raise inexpressible("a metric stands in a function in FROM", node)
        return name or str(node.name), Shape(is_known=False)

    def _check_call(self, node: exp.Expr, shapes: dict[str, Shape]) -> None:
        if not functions.is_function(node) or functions.is_by_row(node):
            return
        found = [self._content(one, shapes) for one in node.iter_expressions()]
        found = [one for one in found if one.metrics]
        content = joined(found, adds_up=True) if found else NOTHING
        if not content.metrics:
            return
        names = ", ".join(sorted(content.metrics))
        is_window = isinstance(node.parent, exp.Window)
        if is_window and (functions.is_rank(node) or isinstance(node, exp.Min | exp.Max)):
            return
        if functions.is_adding(node) and content.adds_up:
            if len(shapes) > 1 and not isinstance(node, exp.Min | exp.Max):
                raise inexpressible(
                    f"{names} is summed over joined rows, in which it may stand several times",
                    node,
                    "sum it in a sub-select of its own, and join that",
                )
            return
        if functions.is_adding(node) or functions.is_explicit(node):
            raise inexpressible(
                f"{names} does not add up over rows that are grouped already",
                node,
                "group by fewer dimensions in the first place",
            )
        raise inexpressible(
            f"this function of {names} is not the metric",
            node,
            "SUM, AVG, MIN and MAX of a metric that adds up; COUNT(*) counts rows",
        )

    def _columns(
        self, select: exp.Select, shapes: dict[str, Shape]
    ) -> Iterator[tuple[str, Content]]:
        for node in select.expressions:
            if isinstance(node, exp.Star):
                for shape in shapes.values():
                    yield from shape.columns
            elif isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
                yield from shapes.get(identifier(node.args.get("table")), Shape()).columns
            else:
                yield output_name(node), self._content(node, shapes)

    def _content(self, node: exp.Expr, shapes: dict[str, Shape]) -> Content:
        contents = []
        for one in _within(node):
            if isinstance(one, exp.Column):
                # A column may be one of a SELECT further out.
                for scope in [shapes, *self._outer]:
                    table = identifier(one.args.get("table"))
                    near = [scope[table]] if table in scope else list(scope.values())
                    contents += [shape.content(identifier(one.this)) for shape in near]
                    contents += self._whole_rows(one, scope)
            elif isinstance(one, exp.Query) and id(one) in self._shapes:
                contents += [content for _, content in self._shapes[id(one)].columns]
        found = [content for content in contents if content.metrics]
        return joined(found, adds_up=_is_alone(node)) if found else NOTHING

    def _whole_rows(self, node: exp.Column, shapes: dict[str, Shape]) -> list[Content]:
        """A table's name as a column is its whole row."""
        if node.args.get("table"):
            return []
        shape = shapes.get(identifier(node.this))
        return [] if shape is None else [content for _, content in shape.columns]


def _is_alone(node: exp.Expr) -> bool:
    """Whether an expression adds up where the one column in it does."""
    while isinstance(node, exp.Alias | exp.Paren | exp.Cast | exp.Sum):
        node = node.this
    return isinstance(node, exp.Column)


def _within(select: exp.Expr) -> list[exp.Expr]:
    """Give the parts of a SELECT's own expressions, and the queries in them as one part each."""
    found: list[exp.Expr] = []

    def look(node: exp.Expr) -> None:
        found.append(node)
        if isinstance(node, exp.Query) and node is not select:
            return
        for name, value in node.args.items():
            if node is select and name in ("from_", "with_"):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, exp.Join):
                    if one.args.get("on") is not None:
                        look(one.args["on"])
                elif isinstance(one, exp.Expr):
                    look(one)

    look(select)
    return found[1:] if isinstance(select, exp.Select) else found


def _metrics_in(node: exp.Expr, found: Projection) -> list[MetricColumn]:
    """Give the metrics that columns of a projection in an expression are."""
    names = [identifier(one.this) for one in node.find_all(exp.Column)]
    columns = [found.columns[name] for name in names if name in found.columns]
    parts = [part for one in columns for part in one.find_all(exp.Column)]
    known = [found.metrics.column(identifier(one.this)) for one in parts]
    return [one for one in known if isinstance(one, MetricColumn)]


def _has_metric(node: exp.Expr | None, found: Projection) -> bool:
    if node is None:
        return False
    if node is found.where:
        named = [found.metrics.column(identifier(one.this)) for one in node.find_all(exp.Column)]
        return any(isinstance(one, MetricColumn) for one in named)
    return bool(_metrics_in(node, found))


def _nested(select: exp.Select) -> list[exp.Expr]:
    """Give the queries in a SELECT's own expressions, the outermost ones."""
    return [one for one in _within(select) if isinstance(one, exp.Query)]


def _aggregates(node: exp.Expr) -> bool:
    return isinstance(node, exp.AggFunc) or functions.is_explicit(node)


def _said(node: exp.Expr) -> list[str]:
    return [name for name, part in node.args.items() if part not in (None, False, [])]
