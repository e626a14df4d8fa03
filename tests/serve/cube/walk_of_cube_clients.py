"""Cube's own clients, unmodified: JavaScript's with its pivots, and two of Python's.

Run by `make test-tools`, which installs them. The values are worked out of the seeds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from clients.environments import HERE, client_environment, run_in
from corpus.right.seeds import ORDERS, VISITS

if TYPE_CHECKING:
    from serve.cube.conftest import CubeServer

CLIENT = "@cubejs-client/core@1.7.43"
CUBES = {"all_metrics", "customers", "orders", "stock", "visits"}
PAID = [one for one in ORDERS if one.status == "paid"]


def revenue(*months: int, of: Any = ORDERS, **fields: object) -> float:  # noqa: ANN401
    amounts = [
        one.amount
        for one in of
        if one.amount and (not months or one.day.month in months)
        and all(getattr(one, name) == value for name, value in fields.items())
    ]  # fmt: skip
    return float(sum(amounts, Decimal()))


@pytest.fixture(scope="module")
def by_javascript(cube: CubeServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Cube's JavaScript client needs node and npm")
    directory = tmp_path_factory.mktemp("cube")
    installed = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", CLIENT],
        cwd=directory, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if installed.returncode:
        pytest.skip(f"npm cannot install {CLIENT} here: {installed.stderr[-200:]}")
    script = shutil.copy(HERE / "call_cube.mjs", directory)
    done = subprocess.run(
        [node, script], cwd=directory, env={**os.environ, "API": cube.url, "TOKEN": "anybody"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def by_python(cube: CubeServer, request: pytest.FixtureRequest) -> dict[str, Any]:
    assert request.config.cache is not None
    python = client_environment("cube-clients", request.config.cache.mkdir("clients"))
    return run_in(python, "call_cube.py", {"API": cube.url, "TOKEN": "anybody"})


def test_javascript_knows_the_cubes(by_javascript: dict[str, Any]) -> None:
    assert set(by_javascript["cubes"]) == CUBES
    assert by_javascript["measure"]["title"] == "Orders Revenue"
    assert "notContains" in by_javascript["operators"]["region"]
    assert "gte" in by_javascript["operators"]["quantity"]
    assert "beforeOrOnDate" in by_javascript["operators"]["time"]
    assert by_javascript["time"] == "orders.customer__signed_up_on" or by_javascript["time"]


def test_javascript_draws_charts_and_tables(by_javascript: dict[str, Any]) -> None:
    chart = by_javascript["chart"]
    assert [row["x"] for row in chart] == [
        f"2024-0{month}-01T00:00:00.000" for month in range(1, 7)
    ]
    for month, row in enumerate(chart, 1):
        assert row["orders.revenue"] == pytest.approx(revenue(month))
    [shown, _] = by_javascript["series"]
    assert shown["title"] == "Orders Revenue"
    assert [one["value"] for one in shown["series"]] == [row["orders.revenue"] for row in chart]
    share = next(one for one in by_javascript["columns"] if one["key"] == "orders.paid_share")
    assert share["format"] == "percent"
    for row in by_javascript["pivot"]:
        [region] = row["xValues"]
        total = sum(float(value) for (_, value) in row["yValuesArray"])
        assert total == pytest.approx(revenue(region=region)), region
    assert len(by_javascript["table"]) >= 4


def test_javascript_compares_and_blends(by_javascript: dict[str, Any]) -> None:
    first = by_javascript["compared"]["chart"][0]
    values = [value for key, value in first.items() if key.endswith("orders.revenue")]
    assert values == [pytest.approx(revenue(1)), pytest.approx(revenue(4))]
    assert len(by_javascript["compared"]["names"]) == 2
    for month, row in enumerate(by_javascript["blended"], 1):
        assert row["orders.revenue"] == pytest.approx(revenue(month))
        assert row["visits.visits"] == sum(one.day.month == month for one in VISITS)


def test_javascript_drills_down(by_javascript: dict[str, Any]) -> None:
    assert by_javascript["drill"]["measures"] == ["orders.revenue_paid"]
    found = {int(row["orders.order"]) for row in by_javascript["drilled"]}
    assert found == {one.number for one in PAID if one.region == "south"}


def test_javascript_asks_in_every_way(by_javascript: dict[str, Any]) -> None:
    # A long address becomes a POST.
    [row] = by_javascript["long"]
    assert row["orders.revenue"] == pytest.approx(revenue(of=PAID))
    forms = by_javascript["forms"]
    assert forms["default"] == forms["compact"] == forms["columnar"]
    assert {
        row["orders.order__status"]: float(row["orders.revenue"]) for row in forms["default"]
    } == {one: pytest.approx(revenue(status=one)) for one in {order.status for order in ORDERS}}
    assert (len(by_javascript["page"]["rows"]), by_javascript["page"]["total"]) == (5, len(ORDERS))
    assert "SUM(" in by_javascript["sql"]
    assert by_javascript["dryRun"]["queryType"] == "regularQuery"
    member = by_javascript["refused"]["member"]
    assert (member["status"], "no such member" in member["message"]) == (400, True)
    # Without tokens everybody at this machine may ask.
    assert "message" not in by_javascript["refused"]["token"]


def test_cubejs_client_of_python(by_python: dict[str, Any]) -> None:
    found = by_python["cubejs"]
    assert set(found["cubes"]) == CUBES
    for month, row in enumerate(found["chart"], 1):
        assert float(row["orders.revenue"]) == pytest.approx(revenue(month))
    assert len(found["frame"]["data"]) == 6
    wanted = {one.number for one in ORDERS if one.region is None or one.status == "paid"}
    assert {int(row["orders.order"]) for row in found["filtered"]} == wanted
    values = [
        value for key, value in found["compared"][0].items() if key.endswith("orders.revenue")
    ]
    assert [float(one) for one in values] == [pytest.approx(revenue(1)), pytest.approx(revenue(4))]
    assert "SUM(" in found["sql"]
    assert found["dry_run"]["queryType"] == "regularQuery"
    words, status = found["refused"]
    assert (status, "no such member" in words) == (400, True)


def test_cube_http_client(by_python: dict[str, Any]) -> None:
    found = by_python["cube_http"]
    assert set(found["cubes"]) == CUBES
    assert {row["orders.order__status"]: float(row["orders.revenue"]) for row in found["rows"]} == {
        one: pytest.approx(revenue(1, 2, 3, status=one))
        for one in {order.status for order in ORDERS if order.day.month < 4}
    }
    assert found["annotation"]["orders.revenue"]["shortTitle"] == "Revenue"
    assert "SUM(" in found["sql"]
    assert "no such member" in found["refused"]
