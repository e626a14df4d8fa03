"""Statements with the rows of the metrics in them: each question is asked of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.selects.rewritten_statement import RewrittenStatement, rewrite_statement
from metrics_store.serve.postgres.answer_arrays import answer_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.engine.engine import Engine
    from metrics_store.query.selects.blocks.questions import Question, RowSource
    from metrics_store.query.selects.tables.table_catalog import TableCatalog


@dataclass(frozen=True)
class MetricStatements:
    """The statements of one session.

    Attributes:
        engine: The engine.
        principal: Who asks.
        catalog: What is visible.
    """

    engine: Engine
    principal: Principal
    catalog: TableCatalog

    def rewrite(self, text: str) -> RewrittenStatement:
        """Rewrite a statement.

        Raises:
            MetricsStoreError: It cannot be asked.
        """
        return rewrite_statement(text, self.catalog.tables)

    def arrays(
        self,
        statement: RewrittenStatement,
        call: Call,
        evaluate: Callable[[Sequence[str]], list[object]],
    ) -> tuple[list[list[str]], list[str]]:
        """Ask all that a statement asks: its row sources as arrays, and the notices about them.

        Args:
            statement: The statement.
            call: What the engine knows it by.
            evaluate: Works out what has no columns.

        Raises:
            MetricsStoreError: A question is wrong or cannot be answered.
        """
        notices: dict[str, None] = {}
        known: dict[str, list[str]] = {}

        def literals(source: RowSource) -> list[str]:
            pairs = zip(rows_of(source), source.types.values(), strict=True)
            return [literal(array, kind) for array, kind in pairs]

        def rows_of(source: RowSource) -> list[str]:
            if source.name not in known:
                parts = statement.constants(source)
                texts = [
                    statement.with_rows(literals, one.sql(dialect="postgres")) for one in parts
                ]
                values = evaluate(texts) if texts else []
                by_part = dict(zip(map(id, parts), values, strict=True))

                def ask(question: Question) -> pa.Table:
                    request = statement.request(source, question, lambda part: by_part[id(part)])
                    answer = self.engine.answer(request, self.principal, call)
                    notices.update(dict.fromkeys(answer.warnings))
                    return answer.table

                known[source.name] = answer_arrays(source, ask)
            return known[source.name]

        return [rows_of(source) for source in statement.sources], list(notices)


def placeholder(number: int, kind: str) -> str:
    """Give the parameter for the array of a column."""
    return f"${number}::{kind}[]"


def literal(array: str, kind: str) -> str:
    """Give the array of a column as SQL that means the same under every setting."""
    text = array.replace("\\", "\\\\").replace("'", "''")
    return f"E'{text}'::{kind}[]"


def inlined(statement: RewrittenStatement, rows: Iterable[Sequence[str]]) -> str:
    """Give a statement with the rows of each of its row sources in its text."""
    arrays = iter(rows)
    return statement.with_rows(
        lambda source: [
            literal(array, kind)
            for array, kind in zip(next(arrays), source.types.values(), strict=True)
        ]
    )
