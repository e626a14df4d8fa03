"""A question answered in every way, and where the ways differ."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import psycopg
from comparison.answer_values import difference

from differential.generated_questions import QuestionMaker
from differential.worlds import days_of, make_world, read_tables
from metamorphic.row_policies import ROW_RULES
from metrics_store.access.authorisation.restriction import restricted
from metrics_store.access.row_filters import RowFilter, Rows, Scope
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.sql_literals import render_value
from metrics_store.query.forms.request_form import QuestionForm, read_form
from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from pathlib import Path

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from differential.generated_questions import Question
    from metamorphic.row_policies import RowRule

# So many questions are asked of a world.
QUESTIONS_OF_A_WORLD = 20
# Which part of the questions is asked under a policy.
_SHARE_OF_POLICIES = 4


class Answer(NamedTuple):
    """Rows, and what types their columns have."""

    rows: list[tuple[Any, ...]]
    types: tuple[str, ...]

    def difference(self, right: Answer) -> str | None:
        """Say where it is another than the right one of the same engine."""
        if self.types != right.types:
            return f"types {self.types}, not {right.types}"
        return difference(self.rows, right.rows)


@dataclass(eq=False)
class Trials:
    """The questions to the metrics of one project.

    Attributes:
        name: The project's name.
        manifest: Its definitions.
        database: The DuckDB file that was built of them.
        postgres: A connection to a database of the file's name, or none.
        counts: What became of the questions.
        wrong: What differed, each with what makes it anew.
    """

    name: str
    manifest: PydanticSemanticManifest
    database: Path
    postgres: psycopg.Connection[Any] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _world: int | None = None
    _duckdb: duckdb.DuckDBPyConnection | None = None

    def __post_init__(self) -> None:
        """Read the rows as they were built."""
        self._tables = read_tables(self.database, self.manifest)
        self._catalogue = self.database.name.partition(".")[0]
        self._rules: list[RowRule | None] = [None, *ROW_RULES.get(f"{self.name}_project", ())]
        built = make_world(self._catalogue, self._tables, 0).in_duckdb()
        self._maker = QuestionMaker(self._planner("duckdb", 0), built, days_of(self._tables))

    @functools.cache  # noqa: B019 - as long as the tests
    def _planner(self, dialect: str, rule: int, *, optimise: bool = True) -> Planner:
        """Give the planner of an engine under a policy; 0 is none."""
        planner = Planner(self.manifest, dialect, optimise=optimise)
        chosen = self._rules[rule]
        if chosen is None:
            return planner
        rows = Rows(((RowFilter(chosen.dimension, chosen.values),),))
        return planner.over(restricted(self.manifest, Scope(rows), render_value))

    def ask(self, number: int) -> None:
        """Ask one question in every way."""
        self._enter_world(number // QUESTIONS_OF_A_WORLD)
        rule = 1 + number % (len(self._rules) - 1) if number % _SHARE_OF_POLICIES == 0 else 0
        chosen = self._rules[rule]
        question = self._maker.make(f"{self.name} {number}", chosen and chosen.dimension)
        self.counts["questions"] += 1
        answers = {
            engine: self._on(engine, rule, number, question)
            for engine in ("duckdb", *(["postgres"] if self.postgres else []))
        }
        one, *others = answers.values()
        # Of some rows only, engines choose others where texts have another order.
        if one is None or "limit" in question:
            return
        for other in filter(None, others):
            self._note(number, question, "PostgreSQL and DuckDB", difference(other.rows, one.rows))

    def _on(self, engine: str, rule: int, number: int, question: Question) -> Answer | None:
        statements = [
            self._plan(self._planner(engine, rule, optimise=optimise), question)
            for optimise in (False, True)
        ]
        plain, rewritten = statements
        if isinstance(plain, MetricsStoreError) or isinstance(rewritten, MetricsStoreError):
            self.counts[f"refused by {engine}"] += 1
            if str(plain) != str(rewritten):
                self._note(number, question, engine, f"{rewritten!r}, not {plain!r}")
            return None
        right = self._rows(engine, plain)
        if plain != rewritten:
            self.counts[f"rewritten for {engine}"] += 1
            found = self._rows(engine, rewritten)
            if isinstance(found, str) or isinstance(right, str):
                if type(found) is not type(right):
                    self._note(number, question, engine, f"{found}, not {right}")
            else:
                self._note(number, question, engine, found.difference(right))
        if isinstance(right, str):
            self.counts[f"failed on {engine}"] += 1
            self._note(number, question, engine, right)
            return None
        self.counts[f"answered by {engine}"] += 1
        self.counts["rows"] += len(right.rows)
        return right

    @staticmethod
    def _plan(planner: Planner, question: Question) -> str | MetricsStoreError:
        try:
            return planner.plan(read_form(QuestionForm, question).request())
        except MetricsStoreError as error:
            return error

    def _rows(self, engine: str, sql: str) -> Answer | str:
        try:
            if engine == "duckdb":
                assert self._duckdb is not None
                done = self._duckdb.execute(sql)
                types = tuple(str(column[1]) for column in done.description or ())
                return Answer(done.fetchall(), types)
            assert self.postgres is not None
            cursor = self.postgres.execute(sql.encode())
            types = tuple(str(column.type_code) for column in cursor.description or ())
            return Answer(cursor.fetchall(), types)
        except (duckdb.Error, psycopg.Error) as error:
            return f"{type(error).__name__}: {str(error).splitlines()[0]}"

    def _note(self, number: int, question: Question, where: str, found: str | None) -> None:
        if found:
            self.wrong.append(f"{self.name} {number}, {where}: {question}: {found}")

    def _enter_world(self, world: int) -> None:
        if world == self._world:
            return
        made = make_world(self._catalogue, self._tables, world)
        self._world = world
        if self._duckdb is not None:
            self._duckdb.close()
        self._duckdb = made.in_duckdb()
        if self.postgres is not None:
            made.in_postgres(self.postgres)
