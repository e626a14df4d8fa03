"""JSON that nobody means well by: refused in Cube's shape, with nothing of the server in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import requests

    from serve.cube.conftest import CubeServer

pytestmark = pytest.mark.xdist_group("corpus")

REVENUE, STATUS = "orders.revenue", "orders.order__status"
TIME = "orders.metric_time"
# What a server that is torn open tells of.
INNER = ("Traceback", "site-packages", ".py", "metrics_store.", "pydantic", "duckdb", "SELECT")


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"member": STATUS, "operator": "set"}
    for _ in range(depth):
        found = {"and": [found]}
    return found


def filtered(**condition: object) -> dict[str, Any]:
    return {"measures": [REVENUE], "filters": [condition]}


INJECTION = "' or 1=1; drop table orders --"
QUERIES: list[object] = [
    None, 7, "", "undefined", "{", "[]", [], True, "null", ["nothing"], [[]],
    {"measures": REVENUE},
    {"measures": [REVENUE], "__proto__": {"isAdmin": True}},
    {"measures": [REVENUE], "constructor": {"prototype": {}}},
    {"measures": [REVENUE], "maskedMembers": []},
    {"measures": [REVENUE], "limit": "1; drop table orders"},
    {"measures": [REVENUE], "limit": -1},
    {"measures": [REVENUE], "limit": 1.5},
    {"measures": [REVENUE], "limit": 10**30},
    {"measures": [REVENUE], "offset": -1},
    {"measures": [REVENUE], "order": {REVENUE: "desc; drop table orders"}},
    {"measures": [REVENUE], "order": {"__proto__": "asc"}},
    {"measures": [REVENUE], "order": [[REVENUE]]},
    {"measures": [REVENUE], "order": "revenue"},
    {"measures": [REVENUE], "order": [[{}, "asc"]]},
    {"measures": [REVENUE], "responseFormat": "arrow"},
    {"measures": [REVENUE], "timezone": "UTC'; drop table orders --"},
    {"measures": ["__proto__.toString"]},
    {"measures": ["orders.__proto__"]},
    {"measures": ["orders.constructor"]},
    {"measures": ["pg_catalog.pg_user"]},
    {"measures": [f"orders.revenue{INJECTION}"]},
    {"measures": ["orders.revenue.revenue.revenue"]},
    {"measures": [{"expression": ["return process.env"], "cubeName": "orders", "name": "x"}]},
    {"measures": ["." * 1000]},
    {"measures": ["x" * 5000]},
    {"measures": [REVENUE] * 2000},
    {"dimensions": [f"{TIME}.day) or (1=1"]},
    {"dimensions": [f"{TIME}.__proto__"]},
    {"measures": [REVENUE], "timeDimensions": [{"dimension": TIME, "granularity": INJECTION}]},
    {"measures": [REVENUE], "timeDimensions": [{"dimension": TIME, "dateRange": INJECTION}]},
    {"measures": [REVENUE], "timeDimensions": [{"dimension": TIME, "dateRange": []}]},
    {"measures": [REVENUE], "timeDimensions": [{"dimension": TIME, "dateRange": ["a", "b", "c"]}]},
    {"measures": [REVENUE], "timeDimensions": [{"dimension": TIME, "sql": "1"}]},
    {"measures": [REVENUE], "timeDimensions": [TIME]},
    {"measures": [REVENUE], "filters": "1=1"},
    {"measures": [REVENUE], "filters": ["1=1"]},
    {"measures": [REVENUE], "filters": [{}]},
    {"measures": [REVENUE], "filters": [nested(30)]},
    {"measures": [REVENUE], "filters": [{"or": []}]},
    {"measures": [REVENUE], "filters": [{"or": [], "and": []}]},
    {"measures": [REVENUE], "filters": [{"and": {"member": STATUS}}]},
    {"measures": [REVENUE], "filters": [{"not": [nested(0)]}]},
    filtered(member=STATUS, operator="equals", values=[{"$ne": None}]),
    filtered(member=STATUS, operator="equals", values=[["paid"]]),
    filtered(member=STATUS, operator="equals", values="paid"),
    filtered(member=STATUS, operator="equals", values=[]),
    filtered(member=STATUS, operator="equals", values=["\x00"]),
    filtered(member=STATUS, operator="equals", values=["x"] * 5000),
    filtered(member=STATUS, operator="regex", values=["(a+)+$"]),
    filtered(member=STATUS, operator="__proto__", values=["x"]),
    filtered(member=STATUS, operator="expressionEquals", values=["1"]),
    filtered(member=STATUS, operator=["equals"], values=["x"]),
    filtered(member="orders.__proto__", operator="set"),
    filtered(member=INJECTION, operator="set"),
    filtered(member=STATUS, dimension=STATUS, operator="set"),
    filtered(operator="set"),
    filtered(member=STATUS, operator="set", sql="1=1"),
    filtered(member=STATUS, operator="gt", values=["a"]),
    filtered(member="orders.order__quantity", operator="gt", values=["1", "2"]),
    filtered(member="orders.order__quantity", operator="gt", values=[None]),
    filtered(member="orders.order__quantity", operator="equals", values=["1 or 1=1"]),
    filtered(member="orders.order__quantity", operator="equals", values=["1e999999999"]),
    filtered(member="orders.order__quantity", operator="equals", values=["1_0"]),
    filtered(member="orders.order__quantity", operator="equals", values=["NaN"]),
    filtered(member="orders.order__quantity", operator="contains", values=["1"]),
    filtered(member="orders.order__is_large", operator="equals", values=["maybe"]),
    filtered(member=TIME, operator="inDateRange", values=[INJECTION]),
    filtered(member=TIME, operator="inDateRange", values=["2024-01-01"] * 3),
    filtered(member=TIME, operator="beforeDate", values=["2024-01-01", "2024-01-02"]),
    filtered(member=STATUS, operator="inDateRange", values=["2024-01-01"]),
    filtered(member=REVENUE, operator="contains", values=["1"]),
    filtered(member=REVENUE, operator="equals", values=[INJECTION]),
]  # fmt: skip


def check_refused(response: requests.Response) -> str:
    assert 400 <= response.status_code < 500, response.text
    assert response.headers["content-type"] == "application/json"
    assert list(response.json()) == ["error"]
    words: str = response.json()["error"]
    assert words
    assert len(words) < 2_500
    assert not [one for one in INNER if one in words], words
    return words


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: ascii(query)[:60])
def test_a_query_is_refused(cube: CubeServer, query: object) -> None:
    for path in ("load", "sql", "dry-run"):
        check_refused(cube.post(path, {"query": query}))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"query": NaN}',
        b'{"query": {"measures": 1e9999}}',
        b'{"query": {"measures": ["orders.revenue"], "limit": 1, "limit": 2}}',
        b'{"query": {"measures": ["orders.revenue"], "filters": [' + b'{"and": [' * 5_000,
        b'{"query": ' * 5_000, b"[" * 100_000, b'{"query": "' + b"{" * 50_000 + b'"}',
        b'{"query": {"measures": ["orders.revenue"], "limit": ' + b"9" * 5_000 + b"}}",
        b'{"query": {"measures": ["\\ud800.\\udfff"]}}',
        json.dumps({"query": filtered(member=STATUS, operator="in", values=["\ud800"])}).encode(),
    ],
    ids=lambda body: repr(body[:40]),
)  # fmt: skip
def test_a_body_is_refused(cube: CubeServer, body: bytes) -> None:
    check_refused(cube.post("load", body))


def test_sql_in_a_value_is_a_value(cube: CubeServer) -> None:
    for operator in ("equals", "contains", "startsWith"):
        query = filtered(member=STATUS, operator=operator, values=[INJECTION, "{{ 1 }}", "%s $1"])
        [row] = cube.rows(**query)
        assert row[REVENUE] is None, operator
    # And the market is as it was.
    assert cube.rows(measures=["orders.orders_placed"])


def test_paths_and_methods(cube: CubeServer) -> None:
    check_refused(cube.get("pre-aggregations/jobs"))
    check_refused(cube.post("cubesql", {"query": "select 1"}))
    deleted = cube._session.delete(f"{cube.url}/load", timeout=60)
    check_refused(deleted)
    twice = cube._session.get(f"{cube.url}/load?query=1&query=2", timeout=60)
    assert "a parameter stands twice" in check_refused(twice)
    form = cube._session.post(f"{cube.url}/load", data={"query": "{}"}, timeout=60)
    assert form.status_code == 415
    check_refused(form)
