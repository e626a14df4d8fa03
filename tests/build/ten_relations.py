"""Ten relations of PostgreSQL that are read without a pause while builds succeed, fail and die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

import metrics_store
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import load_target
from metrics_store.warehouse.postgres.postgres_connection import connection_parameters
from metrics_store.warehouse.postgres.publication import waiting_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROJECT = Path(__file__).parents[1] / "ten_relations"
READER = "reader_of_ten_relations"
VERSIONS = "snapshots.order_versions"
RELATIONS = (
    "staging.stg_orders",
    "marts.orders",
    "marts.days",
    "marts.months",
    "marts.customers",
    "marts.builds_seen",
    "reports.totals",
    "reports.latest",
    "reports.dashboard",
    VERSIONS,
)
OTHERS_VIEW = "elsewhere.newest_orders"
_NEWEST = "select max(build) from {}"
_PATIENCE_SECONDS = 300


def newest(relation: str) -> str:
    """Give the query that says which build a relation is of."""
    return _NEWEST.format(relation)


# The moments at which a build is killed: by what is to be seen when they have come.
def while_dbt_builds(connection: psycopg.Connection, _waiting: Path) -> bool:
    """Tell whether the build has made a table beside the live ones."""
    return _has_schema(connection, "marts__next_%", "orders")


def before_the_swap(connection: psycopg.Connection, waiting: Path) -> bool:
    """Tell whether everything is built and is about to take its place."""
    del connection
    return waiting.exists()


def after_the_swap(connection: psycopg.Connection, _waiting: Path) -> bool:
    """Tell whether the new tables are live and the old ones still there."""
    return _has_schema(connection, "marts__before_%", "orders")


def _has_schema(connection: psycopg.Connection, pattern: str, table: str) -> bool:
    query = """
        select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname like %s and relname = %s
    """
    return connection.execute(query, [pattern, table]).fetchone() is not None


@dataclass
class TenRelations:
    """The project, its database and what its readers met.

    Attributes:
        project: A copy of the project.
        metrics: The command.
        reads: How often each reader has read.
        faults: What no reader may meet.
        live: The numbers of the builds that are, or may be, live.
    """

    project: Path
    metrics: Path
    reads: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    live: set[int] = field(default_factory=set)

    @classmethod
    def copied_to(cls, directory: Path, metrics: Path) -> TenRelations:
        """Copy the project."""
        project = directory / PROJECT.name
        shutil.copytree(PROJECT, project)
        return cls(project, metrics)

    def connect(self, **settings: str) -> psycopg.Connection:
        """Open a session that commits every statement."""
        parameters = {**connection_parameters(load_target(self.project, "dev")), **settings}
        return psycopg.connect(**parameters, autocommit=True)

    def start_build(
        self, number: int, *options: str, broken: bool = False
    ) -> subprocess.Popen[str]:
        """Start a build."""
        variables = f"{{build: {number}, broken: {broken}}}"
        return subprocess.Popen(
            [self.metrics, "build", "--target", "dev", "--vars", variables, *options],
            cwd=self.project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ,
        )

    def build(self, number: int, *options: str, broken: bool = False) -> tuple[int, str]:
        """Build, and give the exit code and what was said."""
        if not broken:
            self.live.add(number)
        process = self.start_build(number, *options, broken=broken)
        output, _ = process.communicate(timeout=_PATIENCE_SECONDS)
        return process.returncode, output

    def kill_build(self, number: int, has_come: Callable[[psycopg.Connection, Path], bool]) -> bool:
        """Kill a build at a moment; tell whether it was there to be killed."""
        self.live.add(number)
        waiting = waiting_directory(load_target(self.project, "dev"))
        with self.connect() as connection:
            process = self.start_build(number)
            while process.poll() is None and not has_come(connection, waiting):
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        return process.returncode == -signal.SIGKILL

    def settle(self) -> None:
        """Take note of which build is live now, after one that may be or not."""
        with self.connect() as connection:
            row = connection.execute(newest("marts.orders")).fetchone()
        assert row is not None
        self.live = {row[0]}

    def grant(self) -> None:
        """Let another role read the ten relations, and have it read one of them by its own view."""
        with self.connect() as connection:
            if not connection.execute(
                "select 1 from pg_roles where rolname = %s", [READER]
            ).fetchone():
                connection.execute(f"create role {READER} login")
            connection.execute("create schema elsewhere")
            connection.execute(f"create view {OTHERS_VIEW} as select build from marts.orders")
            for schema in ("staging", "marts", "reports", "snapshots", "elsewhere"):
                connection.execute(f"grant usage on schema {schema} to {READER}")
            for relation in (*RELATIONS, OTHERS_VIEW):
                connection.execute(f"grant select on {relation} to {READER}")

    @contextmanager
    def read_without_pause(self) -> Iterator[None]:
        """Read in many ways for as long as the block runs."""
        stopped = threading.Event()
        readers: dict[str, Callable[[psycopg.Connection], Sequence[int]]] = {
            "one by one": _one_by_one,
            "in one statement": _in_one_statement,
            "in one transaction": _in_one_transaction,
            "by another's view": _by_anothers_view,
        }
        threads = [
            threading.Thread(target=self._read, args=(name, read, stopped))
            for name, read in readers.items()
        ]
        threads.append(threading.Thread(target=self._ask, args=(stopped,)))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stopped.set()
            for thread in threads:
                thread.join()

    def _read(
        self,
        name: str,
        read: Callable[[psycopg.Connection], Sequence[int]],
        stopped: threading.Event,
    ) -> None:
        connection = self.connect(user=READER)
        while not stopped.is_set():
            live = set(self.live)
            try:
                seen = read(connection)
            except psycopg.Error as error:
                self.faults.append(f"{name}: {type(error).__name__}: {str(error).strip()}")
                connection.close()
                connection = self.connect(user=READER)
                continue
            self._note(name, seen, live)
        connection.close()

    def _ask(self, stopped: threading.Event) -> None:
        """Ask for a metric, by the definitions that are live, as a server does."""
        with metrics_store.connect(project_dir=str(self.project), target="dev") as metrics:
            while not stopped.is_set():
                live = set(self.live)
                try:
                    answer = metrics.query("newest_build").table
                except MetricsStoreError as error:
                    self.faults.append(f"a metric: {error} {error.detail}")
                    continue
                self._note("a metric", answer.column(0).to_pylist(), live)

    def _note(self, name: str, seen: Sequence[int], live: set[int]) -> None:
        """Look over what was read, of what was live when the reading began or ended."""
        self.reads[name] = self.reads.get(name, 0) + 1
        if len(set(seen)) != 1 and name != "one by one":
            self.faults.append(f"{name}: a mixture of the builds {sorted(set(seen), key=str)}")
        if strange := set(seen) - live - self.live:
            self.faults.append(f"{name}: the builds {strange} are not live")


def _value(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


def _one_by_one(connection: psycopg.Connection) -> list[int]:
    return [_value(connection, newest(relation)) for relation in RELATIONS]


def _in_one_statement(connection: psycopg.Connection) -> list[int]:
    union = " union all ".join(map(newest, RELATIONS))
    return [row[0] for row in connection.execute(union.encode()).fetchall()]


def _in_one_transaction(connection: psycopg.Connection) -> list[int]:
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        return _one_by_one(connection)


def _by_anothers_view(connection: psycopg.Connection) -> list[int]:
    return [_value(connection, newest(OTHERS_VIEW))]
