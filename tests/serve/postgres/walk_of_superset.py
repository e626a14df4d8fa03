"""Apache Superset draws a ratio from the store; run by `make test-superset`, after `make demo`.

It is installed into an environment of its own, and looked at in a browser.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from clients.environments import client_environment
from clients.superset_session import SupersetSession
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[3]
USER = "admin"
RATIO, MONTH, INDUSTRY, SEGMENT = "win_rate", "metric_time", "account__industry", "account__segment"
FIRST, END = "2023-01-01", "2025-01-01"
CONFIGURATION = """
import os
SECRET_KEY = "of-one-walk-" + "x" * 32
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.path.join(os.environ["SUPERSET_HOME"], "superset.db")
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def store(metrics_process: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    if not (ROOT / "warehouse" / "sales_pipeline.duckdb").exists():
        pytest.skip("there is no demo: run `make demo`")
    directory = tmp_path_factory.mktemp("store")
    said = {"postgres_port": 0}
    with serving(metrics_process, ROOT, configuration=said, directory=directory) as server:
        yield server


@pytest.fixture(scope="module")
def superset(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Give the address of a Superset without anything in it."""
    assert request.config.cache is not None
    python = client_environment("superset", request.config.cache.mkdir("clients"))
    home = tmp_path_factory.mktemp("superset")
    (home / "superset_config.py").write_text(CONFIGURATION)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "FLASK_APP": "superset",
    }
    program = str(python.parent / "superset")

    def run(*arguments: str) -> None:
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-4000:]

    run("db", "upgrade")
    names = ("--username", USER, "--firstname", "A", "--lastname", "B", "--email", "a@example.com")
    run("fab", "create-admin", *names, "--password", USER)
    run("init")
    port = str(_free_port())
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [program, "run", "-p", port, "--with-threads"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/health", process)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert process.poll() is None
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.5)
    pytest.fail("Superset does not answer")


def chart_query(series: int = 0) -> dict[str, Any]:
    """Give the query of a line chart: the ratio by month and industry, of one segment."""
    axis = {
        "columnType": "BASE_AXIS", "expressionType": "SQL", "sqlExpression": MONTH,
        "label": MONTH, "timeGrain": "P1M",
    }  # fmt: skip
    return {
        "columns": [axis, INDUSTRY],
        "metrics": [RATIO],
        "filters": [
            {"col": SEGMENT, "op": "IN", "val": ["Enterprise"]},
            {"col": MONTH, "op": "TEMPORAL_RANGE", "val": f"{FIRST} : {END}"},
        ],
        "extras": {"time_grain_sqla": "P1M"},
        "series_columns": [INDUSTRY],
        "series_limit": series,
        "series_limit_metric": RATIO,
        "orderby": [[RATIO, False]],
        "row_limit": 10000,
    }


def right_rows(store: Serving) -> set[tuple[str, str | None, float | None]]:
    """Give what `metrics query` answers."""
    where = f"{SEGMENT} = 'Enterprise' and {MONTH} >= '{FIRST}' and {MONTH} < '{END}'"
    asked = {"metrics": [RATIO], "group_by": [f"{MONTH}__month", INDUSTRY], "where": where}
    rows = store.post("/v1/query", asked).json()["rows"]
    return {(row[f"{MONTH}__month"][:10], row[INDUSTRY], row[RATIO]) for row in rows}


def drawn(rows: list[dict[str, Any]]) -> set[tuple[str, str | None, float | None]]:
    day = dt.datetime(1970, 1, 1)
    return {
        (
            str((day + dt.timedelta(milliseconds=row[MONTH])).date()),
            row[INDUSTRY],
            row[RATIO],
        )
        for row in rows
    }


def test_superset(
    store: Serving,
    superset: str,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    session = SupersetSession(superset, USER)
    address = store.entry(message="listening")["postgres"].partition("://")[2]
    database = session.database(f"postgresql+psycopg2://ana@{address}")
    assert "opportunities" in session.tables(database)
    dataset = session.dataset(database, "opportunities", [RATIO], MONTH)
    columns = session.columns(dataset)
    assert columns[INDUSTRY]["description"] == "Industry, from the org's own list."
    assert columns[MONTH]["is_dttm"]

    right = right_rows(store)
    assert len(right) > 20
    assert drawn(session.rows(chart_query(), dataset)) == right
    few = drawn(session.rows(chart_query(series=3), dataset))
    # One of the three may be that of no industry, which equals nothing.
    assert len({industry for _, industry, _ in few}) in {2, 3}
    assert few == {row for row in right if row[1] in {industry for _, industry, _ in few}}

    dashboard = session.dashboard("Win rates")
    name = "Win rate by month and industry"
    form = {
        "viz_type": "echarts_timeseries_line", "x_axis": MONTH, "time_grain_sqla": "P1M",
        "metrics": [RATIO], "groupby": [INDUSTRY], "limit": 4, "timeseries_limit_metric": RATIO,
        "row_limit": 10000, "y_axis_format": ".0%", "show_legend": True,
        "adhoc_filters": [
            {"clause": "WHERE", "expressionType": "SIMPLE", "subject": SEGMENT, "operator": "IN",
             "comparator": ["Enterprise"]},
            {"clause": "WHERE", "expressionType": "SIMPLE", "subject": MONTH,
             "operator": "TEMPORAL_RANGE", "comparator": f"{FIRST} : {END}"},
        ],
    }  # fmt: skip
    chart = session.chart(name, dataset, form, dashboard)
    session.place(dashboard, {chart: name})
    look(browser, superset, dashboard, name, tmp_path_factory.mktemp("pictures") / "superset.png")


def look(browser: Browser, url: str, dashboard: int, name: str, picture: Path) -> None:
    """Look at a dashboard as its reader does."""
    page = browser.new_context(viewport={"width": 1280, "height": 430}).new_page()
    page.goto(f"{url}/login/")
    page.fill("#username", USER)
    page.fill("#password", USER)
    page.keyboard.press("Enter")
    page.wait_for_url("**/superset/welcome/**")
    page.goto(f"{url}/superset/dashboard/{dashboard}/?standalone=2")
    page.get_by_text(name).first.wait_for(timeout=60_000)
    page.locator(".echarts-container canvas, [data-test='slice-container'] canvas").first.wait_for(
        timeout=60_000
    )
    page.wait_for_timeout(2000)
    page.screenshot(path=picture)
    print(f"the dashboard: {picture}")  # noqa: T201 - shown by pytest -s
    shown = page.inner_text("body")
    assert "Unexpected error" not in shown
    assert "Data error" not in shown
