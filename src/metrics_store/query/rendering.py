"""MetricFlow's SQL for each engine, with names that are words of SQL in quotes."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from metricflow.sql.render.duckdb_renderer import (
    DuckDbSqlExpressionRenderer,
    DuckDbSqlPlanRenderer,
)
from metricflow.sql.render.postgres import (
    PostgresSqlExpressionRenderer,
    PostgresSQLSqlPlanRenderer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow.sql.render.expr_renderer import SqlExpressionRenderResult
    from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderResult
    from metricflow.sql.sql_plan import SqlSelectColumn
    from metricflow.sql.sql_select_node import SqlOrderByDescription
    from metricflow_semantics.sql.sql_exprs import (
        SqlColumnAliasReferenceExpression,
        SqlColumnReferenceExpression,
        SqlStringExpression,
    )

# What DuckDB or PostgreSQL reserve and a project may well name a thing: an entity `order` breaks
# off the statement, and PostgreSQL reads `user` as whoever is connected. Words that stand for a
# value, such as `current_date`, are left out: a definition may mean just that.
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        all analyse analyze and any array as asc asymmetric authorization binary both case cast
        check collate collation column concurrently constraint create cross default deferrable desc
        describe distinct do else end except fetch for foreign freeze from full grant group having
        ilike in initially inner intersect into is isnull join lambda lateral leading left like
        limit natural not notnull offset on only or order outer overlaps pivot pivot_longer
        pivot_wider placing primary qualify references returning right select show similar some
        summarize symmetric table tablesample then to trailing union unique unpivot user using
        variadic verbose when where window with
        """,
    )
)
# Texts, and what is in quotes already.
_QUOTED = r"""'(?:[^']|'')*'|"[^"]*\""""


def quoted(name: str) -> str:
    """Give a name as SQL takes it."""
    return f'"{name}"' if name in _RESERVED else name


class _QuotedNames:
    """Reads columns by names in quotes where these are words of SQL."""

    def visit_column_reference_expr(
        self, node: SqlColumnReferenceExpression
    ) -> SqlExpressionRenderResult:
        """Write a column of a table."""
        name = quoted(node.col_ref.column_name)
        if name != node.col_ref.column_name:
            column = dataclasses.replace(node.col_ref, column_name=name)
            node = dataclasses.replace(node, col_ref=column)
        return super().visit_column_reference_expr(node)  # type: ignore[misc]

    def visit_column_alias_reference_expr(
        self, node: SqlColumnAliasReferenceExpression
    ) -> SqlExpressionRenderResult:
        """Write a column that is known by its name alone."""
        name = quoted(node.column_alias)
        return super().visit_column_alias_reference_expr(  # type: ignore[misc]
            dataclasses.replace(node, column_alias=name)
        )

    def visit_string_expr(self, node: SqlStringExpression) -> SqlExpressionRenderResult:
        """Write SQL that MetricFlow does not look into; a filter says which columns it reads."""
        names = [name for name in node.used_columns or () if name in _RESERVED]
        if names:
            pattern = re.compile(rf"{_QUOTED}|\b(?P<name>{'|'.join(names)})\b")
            sql = pattern.sub(
                lambda found: quoted(found["name"]) if found["name"] else found[0], node.sql_expr
            )
            node = dataclasses.replace(node, sql_expr=sql)
        return super().visit_string_expr(node)  # type: ignore[misc]


class _QuotedColumns:
    """Gives columns names in quotes where these are words of SQL."""

    def _render_select_columns_section(
        self,
        select_columns: Sequence[SqlSelectColumn],
        num_parents: int,
        distinct: bool,  # noqa: FBT001
    ) -> SqlPlanRenderResult:
        columns = [
            dataclasses.replace(column, column_alias=quoted(column.column_alias))
            for column in select_columns
        ]
        return super()._render_select_columns_section(  # type: ignore[misc]
            columns, num_parents, distinct
        )


class _DuckdbExpressions(_QuotedNames, DuckDbSqlExpressionRenderer):  # type: ignore[misc]
    pass


class _PostgresExpressions(_QuotedNames, PostgresSqlExpressionRenderer):  # type: ignore[misc]
    pass


class DuckdbRenderer(_QuotedColumns, DuckDbSqlPlanRenderer):  # type: ignore[misc]
    """SQL for DuckDB."""

    EXPR_RENDERER = _DuckdbExpressions()


class PostgresRenderer(_QuotedColumns, PostgresSQLSqlPlanRenderer):  # type: ignore[misc]
    """SQL for PostgreSQL; what is unknown comes last, downwards too, as it does in DuckDB."""

    EXPR_RENDERER = _PostgresExpressions()

    def _render_order_by_section(
        self, order_bys: Sequence[SqlOrderByDescription]
    ) -> SqlPlanRenderResult | None:
        rendered = super()._render_order_by_section(order_bys)
        if rendered is None:
            return None
        # Only a name stands in an order, and none ends so.
        return dataclasses.replace(
            rendered, sql=re.sub(r" DESC(?=,|$)", " DESC NULLS LAST", rendered.sql)
        )
