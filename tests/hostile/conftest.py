"""A shop with what nobody may reach - a table, a file - and every interface to it.

The hostile texts are values of its own table too: whoever filters by one gets its row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import metrics_store
from hostile.corpus.literals import LITERALS
from hostile.interface_requests import Interface, Server, connect_interface, engine_interface
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.warehouse.embedded.generations import Warehouse
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

# What no answer and no error may hold.
CANARY = "canary-4b7e-of-the-table"
FILE_CANARY = "canary-91d2-of-the-file"


@dataclass(frozen=True)
class Canaries:
    """The shop, and what is beside it.

    Attributes:
        project: The dbt project.
        file: A file outside of the project that holds a canary.
        rows: The orders: status -> what they cost together.
    """

    project: Path
    file: Path
    rows: dict[str, Decimal]

    def put_in(self, text: str) -> str:
        """Name the file where an attack names it."""
        return text.replace("{canary}", str(self.file))

    def state(self) -> str:
        """Tell the state of the warehouse's bytes and of the file."""
        content = load_target(self.project).duckdb_path.read_bytes() + self.file.read_bytes()
        return hashlib.sha256(content).hexdigest()

    @property
    def paths(self) -> list[str]:
        """What is said of places on this machine nowhere."""
        package = str(Path(metrics_store.__file__).parents[1])
        return [str(self.project), str(self.project.parent), package, "site-packages", "/work/"]


def literals(file: Path) -> list[str]:
    """Give all texts that are values."""
    texts = [text for group in LITERALS.values() for text in group]
    return [text.replace("{canary}", str(file)) for text in texts]


def hostile_orders(file: Path) -> list[tuple[int, dt.date, Decimal, str, str]]:
    """Give an order a hostile status."""
    return [
        (100 + number, dt.date(2024, 1, 5), Decimal(number + 1) / 4, text, CANARY)
        for number, text in enumerate(literals(file))
    ]


@pytest.fixture(scope="session")
def canary_file() -> Iterator[Path]:
    # Beside all else, since attacks name it and errors may give back what they name.
    directory = Path(tempfile.mkdtemp(prefix="hostile-"))
    # The PostgreSQL server may be another user's process; it must be able to.
    directory.chmod(0o755)
    file = directory / "canary.csv"
    file.write_text(f"canary\n{FILE_CANARY}\n", encoding="utf-8")
    yield file
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def canaries(shop: Path, canary_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Canaries:
    project = tmp_path_factory.mktemp("hostile") / "shop"
    shutil.copytree(shop, project, symlinks=True)
    with (
        Warehouse(load_target(project).duckdb_path).next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        connection.executemany(
            "insert into orders values (?, ?, ?, ?, ?)", hostile_orders(canary_file)
        )
        connection.execute(f"create table canaries as select '{CANARY}' as canary")
        sums = "select status, sum(amount) from orders group by status"
        rows = dict(connection.execute(sums).fetchall())
    return Canaries(project, canary_file, rows)


@pytest.fixture(scope="session")
def hostile_engine(canaries: Canaries) -> Iterator[Engine]:
    engine = Engine(load_target(canaries.project))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def server(
    canaries: Canaries, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("hostile-server")
    configuration: dict[str, Any] = {"flight_port": 0}
    with serving(
        metrics_command, canaries.project, configuration=configuration, directory=directory
    ) as process:
        yield Server(process.url, int(process.entry(message="listening")["flight"].split(":")[-1]))


@pytest.fixture(scope="session")
def interfaces(
    canaries: Canaries, hostile_engine: Engine, server: Server
) -> Iterator[list[Interface]]:
    """Give every interface to the shop."""
    with (
        metrics_store.connect(project_dir=canaries.project) as here,
        metrics_store.connect(server.url) as there,
    ):
        yield [
            engine_interface(hostile_engine),
            connect_interface(here, "connect"),
            connect_interface(there, "connect to a server"),
            *server.interfaces(),
        ]


@pytest.fixture(params=range(8), ids=lambda number: f"interface{number}")
def interface(request: pytest.FixtureRequest, interfaces: list[Interface]) -> Interface:
    return interfaces[request.param]
