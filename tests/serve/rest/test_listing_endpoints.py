"""What can be asked is listed, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")


def _items(server: Serving, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get(path).json()["items"]
    return found


def test_metrics(open_server: Serving) -> None:
    [revenue] = _items(open_server, "/v1/metrics")
    assert (revenue["name"], revenue["label"], revenue["type"]) == ("revenue", "Revenue", "simple")
    assert revenue["grains"] == ["day", "week", "month", "quarter", "year"]
    assert _items(open_server, "/v1/metrics?search=REVEN") == [revenue]
    assert _items(open_server, "/v1/metrics?search=cost") == []
    described = open_server.get("/v1/metrics/revenue").json()
    assert described.items() > revenue.items()
    assert [one["qualified_name"] for one in described["dimensions"]] == [
        "metric_time",
        "order__ordered_on",
        "order__status",
    ]
    assert [one["name"] for one in described["entities"]] == ["order"]
    assert [one["name"] for one in described["measures"]] == ["revenue"]


def test_a_metric_that_there_is_not(open_server: Serving) -> None:
    missing = open_server.get("/v1/metrics/revnue")
    assert (missing.status_code, missing.json()["expected"]) == (404, "perhaps revenue")
    for path in ("/v1/dimensions", "/v1/entities", "/v1/measures"):
        assert open_server.get(path + "?metrics=revnue").status_code == 400


def test_what_metrics_have(open_server: Serving) -> None:
    [status] = _items(open_server, "/v1/dimensions?metrics=revenue&search=status")
    assert (status["qualified_name"], status["type"]) == ("order__status", "categorical")
    assert [one["name"] for one in _items(open_server, "/v1/entities?metrics=revenue")] == ["order"]
    [measure] = _items(open_server, "/v1/measures?metrics=revenue")
    assert measure == {"name": "revenue", "agg": "sum", "agg_time_dimension": "ordered_on"}
    [saved] = _items(open_server, "/v1/saved-queries")
    assert [one["requested_as"] for one in saved["group_by"]] == [
        "metric_time__month",
        "order__status",
    ]


def test_lists_come_in_pages(open_server: Serving) -> None:
    whole = _items(open_server, "/v1/dimensions")
    found = open_server.get("/v1/dimensions?page=2&page_size=2").json()
    assert found["items"] == whole[2:4]
    assert found["page"]["total_items"] == len(whole)
    for wrong in ("page=0", "page_size=0", "page_size=1001", "page=x", "frob=1"):
        assert open_server.get("/v1/dimensions?" + wrong).status_code == 400
