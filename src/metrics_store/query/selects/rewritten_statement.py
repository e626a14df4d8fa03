"""A statement as it is sent on: with rows in the place of the metric tables in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.query.filters.filter_tree import all_of
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.selects.blocks.group_forms import period_of
from metrics_store.query.selects.blocks.where_conditions import constants, probe, read_condition
from metrics_store.query.selects.query_rewriter import QueryRewriter
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.staged_queries import place
from metrics_store.query.selects.statements import Kind, read_statement
from metrics_store.query.selects.tables.metric_tables import DimensionColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from metrics_store.query.selects.blocks.questions import Question, RowSource
    from metrics_store.query.selects.tables.metric_tables import MetricTable

_LONGEST = 1_000_000
_DEEPEST = 200
_CHANGES = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Into, exp.Lock,
    exp.Command,
)  # fmt: skip


@dataclass(frozen=True)
class RewrittenStatement:
    """A statement, and what it asks of the metrics.

    Attributes:
        text: Its text, with a name in the place of each row source.
        sources: The row sources.
        tables: The metric tables by name.
        parameters: The number of its highest parameter.
        inner: The row sources of queries that are answered before others are asked.
        queries: Those queries by their names.
        takes_parameters: Whether PostgreSQL lets it have any: COPY has none.
    """

    text: str
    sources: tuple[RowSource, ...]
    tables: Mapping[str, MetricTable]
    parameters: int = 0
    inner: tuple[RowSource, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)
    takes_parameters: bool = True

    def with_rows(
        self, arrays_of: Callable[[RowSource], Sequence[str]], text: str | None = None
    ) -> str:
        """Give the statement, or a part of it, with arrays of values for each row source."""

        def rows_of(source: RowSource) -> str:
            names = ", ".join(f'"{name}"' for name in source.types)
            rows = f"SELECT * FROM unnest({', '.join(arrays_of(source))}) AS u({names})"  # noqa: S608 - typed arrays
            types = self._probe(source)
            return rows if types is None else f"{rows} WHERE TRUE OR ({types})"

        return self._filled(self.text if text is None else text, rows_of)

    def _filled(self, text: str, rows_of: Callable[[RowSource], str]) -> str:
        text = expanded(text, self.queries)
        for source in (*self.sources, *self.inner):
            name = f'"{source.name}"'
            if name in text:
                text = text.replace(name, f"({rows_of(source)})")
        return text

    def _probe(self, source: RowSource) -> str | None:
        """Give what tells PostgreSQL the types of parameters in a row source's conditions."""
        grains = [*source.grains.values()]
        types = probe(source.all_conditions, grains, self.tables[source.table])
        return None if types is None else self._filled(types.sql(dialect="postgres"), self._empty)

    def _empty(self, source: RowSource) -> str:
        columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in source.types.items())
        types = self._probe(source)
        return f"SELECT {columns} WHERE FALSE" + ("" if types is None else f" AND ({types})")

    def constants(self, source: RowSource) -> list[exp.Expr]:
        """Give the parts of conditions that PostgreSQL must work out before a source is asked."""
        found = [one for condition in source.all_conditions for one in constants(condition)]
        return [*source.grains.values(), *found]

    def request(
        self, source: RowSource, question: Question, value_of: Callable[[exp.Expr], object]
    ) -> MetricRequest:
        """Give a question as the engine takes it.

        Raises:
            MetricsStoreError: A condition says what filters cannot.
        """
        table = self.tables[source.table]
        if source.saved_query is not None:
            return MetricRequest(saved_query=source.saved_query)
        parts = [read_condition(one, table, value_of) for one in question.conditions]
        if table.where is not None:
            parts.insert(0, table.where)
        grains = {mark: str(value_of(one)).lower() for mark, one in source.grains.items()}
        return MetricRequest(
            metrics=question.metrics,
            group_by=[_by_grain(one, grains, table) for one in question.group_by],
            where=all_of(parts) if parts else None,
        )


def _by_grain(group_by: str, grains: Mapping[str, str], table: MetricTable) -> str:
    path, _, mark = group_by.rpartition("__")
    if mark not in grains:
        return group_by
    time = table.column(path)
    assert isinstance(time, DimensionColumn)  # noqa: S101 - only times have a mark
    found = period_of(time, grains[mark])
    if found is None:
        raise inexpressible(
            f"{path} has no such grain", grains[mark], "one of " + ", ".join(time.grains)
        )
    return found


def rewrite_statement(text: str, tables: Mapping[str, MetricTable]) -> RewrittenStatement:
    """Rewrite one statement; what names no metric table stays as it is.

    Raises:
        MetricsStoreError: It does what nobody may do here, or would give a number that is not the
            metric.
    """
    if len(text) > _LONGEST:
        raise inexpressible(
            "the statement is too long", text, f"send {_LONGEST} characters or less"
        )
    statement = read_statement(text)
    if statement.kind is Kind.HARMLESS:
        return RewrittenStatement(text, (), tables)
    if statement.query.count("(") > _DEEPEST and _depth(statement.query) > _DEEPEST:
        raise inexpressible("the statement is nested too deeply", text)
    token = f"rows_{secrets.token_hex(8)}_"
    rewriter = QueryRewriter(tables, token)
    try:
        tree = sqlglot.parse_one(statement.query, dialect="postgres")
    except (SqlglotError, RecursionError):
        # The shadow views answer nothing, so that this is a question to the catalog or fails.
        return RewrittenStatement(text, (), tables)
    try:
        if any(tree.find_all(*_CHANGES)):
            raise inexpressible("metrics are only read here", " ".join(text.split()))
        if not rewriter.names_metrics(tree):
            return RewrittenStatement(text, (), tables)
        if statement.kind is Kind.PREPARED:
            raise inexpressible(
                "metrics cannot be prepared by PREPARE",
                text,
                "send the SELECT itself; drivers prepare it in the protocol",
            )
        highest = max((int(one.name) for one in tree.find_all(exp.Parameter)), default=0)
        rewritten = rewriter.rewrite(tree)
        sql = rewritten.sql(dialect="postgres", comments=False)
    except RecursionError:
        raise inexpressible("the statement is nested too deeply", text) from None
    whole = expanded(sql, rewriter.queries)
    sources = tuple(one for one in rewriter.sources if f'"{one.name}"' in whole)
    inner = tuple(one for one in rewriter.sources if one not in sources)
    around = statement.around(sql)
    takes = not statement.is_copy
    return RewrittenStatement(around, sources, tables, highest, inner, rewriter.queries, takes)


def expanded(text: str, queries: Mapping[str, str]) -> str:
    """Give a text with the queries in the place of their names."""
    # A query names only those before it.
    for name, query in reversed([*queries.items()]):
        text = text.replace(place(name), query)
    return text


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest
