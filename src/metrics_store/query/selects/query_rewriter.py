"""A query over metric tables: each SELECT from one becomes questions, the rest stays SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects import functions
from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.blocks.block_rewriter import BlockRewriter
from metrics_store.query.selects.blocks.questions import RowSource
from metrics_store.query.selects.outer.column_contents import ColumnContents
from metrics_store.query.selects.outer.inlined_tables import inline_common_tables, is_common_table
from metrics_store.query.selects.outer.kept_groups import KeptGroups, kept_groups
from metrics_store.query.selects.outer.merged_selects import (
    Projection,
    column_names,
    is_metric_of,
    projection_of,
    source_of,
    substitute,
)
from metrics_store.query.selects.outer.select_parts import aggregates, nested_queries, said, within
from metrics_store.query.selects.output_names import output_name
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.shapes import Shape, joined
from metrics_store.query.selects.staged_queries import stage_queries
from metrics_store.query.selects.tables.metric_tables import SCHEMA, MetricColumn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.query.selects.tables.metric_tables import MetricTable


@dataclass
class QueryRewriter:
    """Rewrites one query.

    Attributes:
        tables: The metric tables by name.
        token: What no text of the query has in it; the names of row sources begin with it.
        sources: The row sources that take the place of metric tables.
        queries: The queries that are answered before others are asked, by their names.
    """

    tables: Mapping[str, MetricTable]
    token: str
    sources: list[RowSource] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)
    _contents: ColumnContents = field(default_factory=ColumnContents)

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
            if one.is_partly_known or other.is_partly_known:
                hidden = joined([one.together, other.together], adds_up=False)
                return Shape([(name, hidden) for name, _ in one.columns], hidden)
            pairs = zip(one.columns, other.columns, strict=False)
            return Shape([(name, joined([a, b], adds_up=True)) for (name, a), (_, b) in pairs])
        if isinstance(node, exp.Subquery):
            return self._query(node.this)
        return Shape(is_complete=False)

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
        calls = any(aggregates(one) for one in within(select)) or "group" in said(select)
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
        if not set(said(node)) <= {"this", "db", "catalog", "alias"} or column_names(node):
            raise inexpressible("a metric table is named with a part that it cannot have", node)
        alias = identifier(node.args["alias"].this) if node.args.get("alias") else ""
        alias = alias or identifier(node.this)
        rows = RowSource(f"{self.token}{len(self.sources)}_", table.name)
        self.sources.append(rows)
        stage_queries(select, self.token, self.queries, self._query)
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
        if not isinstance(node, exp.Subquery) or not _only_in_conditions(nested_queries(select)):
            return None
        found = projection_of(node.this, self._table, column_names(node))
        if found is None:
            return None
        own = frozenset(map(output_name, select.expressions))
        if not found.knows_columns(select, own=own) or not self._is_one(select, found):
            return None
        stage_queries(select, self.token, self.queries, self._query)
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
        calls = [one for one in within(select) if aggregates(one)]
        counts = any(
            isinstance(one, exp.Count)
            and not one.find(exp.Column)
            and not (one.parent is not None and functions.is_any_rows(one.parent))
            for one in calls
        )
        if counts:
            return False
        where = select.args.get("where")
        groups = calls or "group" in said(select)
        if _has_metric(found.where, found) or (groups and _has_metric(where, found)):
            # It is of the rows of the inner SELECT, not of those of the outer one.
            return False
        if not found.is_open and found.selects_metrics and not _uses_metrics(select, found):
            # Its rows are those of its metrics; the values of a dimension are all that it has.
            return False
        if not found.is_grouped:
            return True
        # A sum of a column that does not add up is asked anew; all else stays plain SQL.
        again = is_plain = False
        for call in calls:
            metrics = found.metrics_in(call)
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
        self._contents.scopes.append(shapes)
        for number, node in enumerate(nodes):
            name, shape = self._source_shape(node)
            shapes[name or f"?{number}"] = shape
        for query in nested_queries(select):
            inner = query.this if isinstance(query, exp.Subquery) else query
            self._contents.nested[id(query)] = self._query(inner)
        for node in within(select):
            self._contents.check_call(node, shapes)
        found = self._contents.shape(select, shapes)
        self._contents.scopes.pop()
        return found

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
            return name, Shape(columns, shape.hidden, shape.is_complete)
        if any(self._table(one) is not None for one in node.find_all(exp.Table)):
            raise inexpressible(
                "a metric table stands where it cannot", node, "group it in a sub-select of its own"
            )
        if self._contents.of(node, {}).metrics:
            raise inexpressible("a metric stands in a function in FROM", node)
        return name or str(node.name), Shape(is_complete=False)


def _has_metric(node: exp.Expr | None, found: Projection) -> bool:
    if node is None:
        return False
    if node is found.where:
        named = [found.metrics.column(identifier(one.this)) for one in node.find_all(exp.Column)]
        return any(isinstance(one, MetricColumn) for one in named)
    return bool(found.metrics_in(node))


def _only_in_conditions(queries: list[exp.Expr]) -> bool:
    """Whether queries stand in the WHERE or the HAVING, where they are answered beforehand."""
    ancestors = [one.find_ancestor(exp.Where, exp.Having, exp.Select) for one in queries]
    return all(isinstance(one, exp.Where | exp.Having) for one in ancestors)


def _uses_metrics(select: exp.Select, found: Projection) -> bool:
    """Whether a SELECT has a metric of the projection that it is around."""
    stars = [one.find_ancestor(exp.Count) for one in select.find_all(exp.Star)]
    return None in stars or any(bool(found.metrics_in(one)) for one in select.expressions)
