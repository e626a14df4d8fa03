"""Questions to the engine against SQL written by hand and MetricFlow's own, on both engines.

The values are compared first; a wrong one ends the run. Then every way to answer is timed in turns,
the best of some runs, with nothing kept between answers and no roll-up. This project is asked as it
was built; the market of the tests gets rows of any number.

    python benchmarks/questions.py --project-dir . --only "win rate"
    python benchmarks/questions.py --project market --orders 1000000 --orders 10000000
    python benchmarks/questions.py --engine postgres --project market --orders 1000000 --write
"""

from __future__ import annotations

import functools
import statistics
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
from comparison.measured_warehouses import make_market, open_sales
from comparison.measurement import ENGINE, HAND, METRICFLOW, Measurement, measure
from comparison.measurement_tables import (
    growth_table,
    replace_between_marks,
    summary_of,
    table_of,
)
from comparison.plain_planner import PlainPlanner
from comparison.postgres_copy import copy_tables, embedded_postgres
from comparison.sql_runners import DuckdbRunner, PostgresRunner
from comparison.statement_process import cold_run
from comparison.sum_types import sums_of_integers
from comparison.written_questions import read_questions

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.query.planner import Planner
from metrics_store.warehouse.embedded.duckdb_executor import Resources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comparison.measured_warehouses import MeasuredWarehouse
    from comparison.sql_runners import SqlRunner
    from comparison.written_questions import WrittenQuestion

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
MILLION = 1_000_000


class Comparison:
    """All questions to one warehouse on one engine.

    Args:
        warehouse: What is asked.
        engine: `duckdb` or `postgres`.
        names: Parts of the names of the questions that are wanted.
    """

    def __init__(self, warehouse: MeasuredWarehouse, engine: str, names: tuple[str, ...]) -> None:
        self.warehouse = warehouse
        self.engine = engine
        self.questions = read_questions(warehouse.project, engine, names)
        self.planning: list[float] = []
        is_integer = sums_of_integers(warehouse.database, warehouse.manifest)
        self._ours = Planner(warehouse.manifest, engine, is_integer=is_integer)
        self._plain = PlainPlanner(warehouse.manifest, engine)
        # The first question reads the definitions.
        self._ours.plan(self.questions[0].request)

    @functools.cached_property
    def statements(self) -> dict[str, dict[str, str]]:
        """Question -> way -> SQL."""
        return {one.name: self._planned(one) for one in self.questions}

    def _planned(self, question: WrittenQuestion) -> dict[str, str]:
        began = time.perf_counter()
        ours = self._ours.plan(question.request)
        self.planning.append(time.perf_counter() - began)
        return {
            HAND: question.sql,
            ENGINE: ours,
            METRICFLOW: self._plain.plan_resolved(self._plain.resolve(question.request)),
        }

    def run(
        self, runner: SqlRunner, rounds: int, engine: Engine | None = None
    ) -> list[Measurement]:
        """Measure every question; those that take a whole answer are asked of an engine."""
        found = []
        for question in self.questions:
            answer = engine and functools.partial(engine.answer, question.request, LOCAL)
            one = measure(question.name, self.statements[question.name], runner, rounds, answer)
            click.echo(f"{one.name}: {one.seconds} {one.remarks or ''}", err=True)
            found.append(one)
        return found

    def run_cold(self, found: Sequence[Measurement], resources: Resources, limit: float) -> None:
        """Add what each takes in a process of its own."""
        for one in found:
            for way in (HAND, ENGINE):
                statement = self.statements[one.name][way]
                run = cold_run(self.warehouse.database, statement, resources, limit)
                if run is not None:
                    one.cold[way] = run


def on_duckdb(
    comparison: Comparison, rounds: int, limit: float, *, cold: bool, processor: bool
) -> list[Measurement]:
    """Measure on the warehouse itself."""
    resources = Resources()
    settings = EngineSettings(result_bytes=0, resources=resources)
    database = comparison.warehouse.database
    clock = time.process_time if processor else time.perf_counter
    with (
        closing(DuckdbRunner(database, resources, limit, clock)) as runner,
        closing(Engine(comparison.warehouse.target, settings)) as engine,
    ):
        found = comparison.run(runner, rounds, engine)
    if cold:
        comparison.run_cold(found, resources, limit)
    return found


def on_postgres(comparison: Comparison, rounds: int, limit: float) -> list[Measurement]:
    """Measure on a copy of the tables that are read, in a server of our own."""
    warehouse = comparison.warehouse
    with embedded_postgres() as server:
        read = [sql for ways in comparison.statements.values() for sql in ways.values()]
        parameters = copy_tables(warehouse.database, warehouse.schemas, read, server)
        with closing(PostgresRunner(parameters, [*warehouse.schemas], limit)) as runner:
            return comparison.run(runner, rounds)


@click.command()
@click.option(
    "--engine", type=click.Choice(["duckdb", "postgres"]), default="duckdb", show_default=True
)
@click.option(
    "--project",
    "projects",
    type=click.Choice(["sales", "market"]),
    multiple=True,
    default=("sales",),
    show_default=True,
)
@click.option(
    "--project-dir",
    type=click.Path(path_type=Path, exists=True),
    default=Path(),
    help="This project, built on DuckDB, for `sales`.",
)
@click.option(
    "--orders",
    multiple=True,
    type=int,
    default=(MILLION,),
    show_default=True,
    help="Rows of the market; several to see how it grows.",
)
@click.option("--only", multiple=True, help="Part of the name of a question; several for more.")
@click.option("--rounds", default=5, show_default=True, help="The best of so many runs.")
@click.option("--limit", default=60.0, show_default=True, help="Seconds a statement may take.")
@click.option("--cold/--no-cold", default=True, help="Also in a process of its own, with memory.")
@click.option(
    "--processor",
    is_flag=True,
    help="Count seconds of the processors instead, on DuckDB: for a machine that others use too.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Where made rows are kept.")
@click.option("--write", is_flag=True, help="Write the tables of docs/performance.md.")
def main(  # noqa: PLR0913 - as many as there are options
    *,
    engine: str,
    projects: tuple[str, ...],
    project_dir: Path,
    orders: tuple[int, ...],
    only: tuple[str, ...],
    rounds: int,
    limit: float,
    cold: bool,
    processor: bool,
    keep: Path | None,
    write: bool,
) -> None:
    """Print a table of each warehouse, and how it grows where there are several sizes."""
    tables: dict[str, str] = {}
    grown: dict[int, list[Measurement]] = {}
    with ExitStack() as stack:
        directory = keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        warehouses = [open_sales(project_dir.resolve())] if "sales" in projects else []
        if "market" in projects:
            warehouses += [make_market(directory.resolve(), number) for number in orders]
        for warehouse in warehouses:
            comparison = Comparison(warehouse, engine, only)
            if engine == "duckdb":
                found = on_duckdb(comparison, rounds, limit, cold=cold, processor=processor)
            else:
                found = on_postgres(comparison, rounds, limit)
            planned = statistics.median(comparison.planning) * 1000
            mark = f"{engine}, {warehouse.project}, {round(warehouse.rows / MILLION, 1):g} million"
            summary = f"{summary_of(found)}. Planning takes {planned:.0f} ms (median)."
            duckdb = engine == "duckdb"
            tables[mark] = f"{summary}\n\n{table_of(found, cold=duckdb and cold, whole=duckdb)}"
            if warehouse.project == "market":
                grown[warehouse.rows] = found
    if len(grown) > 1:
        tables[f"{engine}, growth"] = growth_table(grown)
    for mark, table in tables.items():
        click.echo(f"\n{mark}\n\n{table}")
        if write and not replace_between_marks(DOCUMENT, mark, table):
            click.echo(f"{DOCUMENT.name} has no table called {mark!r}", err=True)


if __name__ == "__main__":
    main()
