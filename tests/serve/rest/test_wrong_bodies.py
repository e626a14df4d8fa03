"""Each part of a question with each kind of value: rows, or what is wrong and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

_QUESTION = {"metrics": ["revenue"], "group_by": ["metric_time__month"]}
_OF_A_QUESTION = (
    *("metrics", "group_by", "where", "order_by", "limit"),
    *("start_time", "end_time", "saved_query"),
)
_OF_PAGES = ("page", "page_size")
_ASKED: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "/v1/query": (_QUESTION, (*_OF_A_QUESTION, *_OF_PAGES)),
    "/v1/sql": (_QUESTION, _OF_A_QUESTION),
    "/v1/dimension-values": (
        {"dimension": "order__status"},
        ("dimension", "metrics", "where", "limit", *_OF_PAGES),
    ),
}
_VALUES = (
    *(None, True, 0, -1, 1.5, 2**31, 2**63, 10**30, 10**400, 1e300),
    *("", "x", "\0", "\ud800", "-revenue", "9" * 2000),
    *([], [None], [[]], [1], [True], {}, {"a": 1}, [{}], ["revenue", "revenue"], ["x"] * 1001),
    *("0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999", "2024-13-01"),
    *("2024-01-01T00:00:00Z", "metric_time > '9999-12-31'"),
)


@pytest.mark.parametrize("path", _ASKED)
def test_any_value_gets_rows_or_the_place_of_what_is_wrong(open_server: Serving, path: str) -> None:
    question, keys = _ASKED[path]
    for key in keys:
        for value in _VALUES:
            found = open_server.post(path, {**question, key: value})
            assert found.status_code in (200, 400), (key, value, found.text)
            if found.status_code != 200:
                assert found.json()["where"], (key, value, found.text)


@pytest.mark.parametrize("key", [*_OF_A_QUESTION, *_OF_PAGES])
def test_a_null_is_what_is_not_said_or_no_value(open_server: Serving, key: str) -> None:
    found = open_server.post("/v1/query", {**_QUESTION, key: None})
    if key in ("metrics", "group_by", "order_by", "page"):
        assert (found.status_code, found.json()["where"]) == (400, key)
    else:
        assert found.json()["rows"] == open_server.post("/v1/query", _QUESTION).json()["rows"]


def test_a_page_that_cannot_be(open_server: Serving) -> None:
    found = open_server.post("/v1/query", {**_QUESTION, "page": 10**30, "page_size": 2})
    assert (found.status_code, found.json()["where"]) == (400, "page")


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_the_last_day_that_there_is(open_server: Serving, grain: str) -> None:
    asked = {"metrics": ["revenue"], "group_by": [f"metric_time__{grain}"]}
    found = open_server.post("/v1/query", {**asked, "end_time": "9999-12-31"})
    assert found.json()["rows"] == open_server.post("/v1/query", asked).json()["rows"]
