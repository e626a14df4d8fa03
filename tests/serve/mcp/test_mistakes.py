"""What an assistant typically gets wrong: it is understood, or told what to do about it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

import metrics_store
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.mcp.tool_errors import told
from serve.mcp.conftest import over_http, text_of

pytestmark = pytest.mark.xdist_group("shop")

Q, V = "query_metrics", "get_dimension_values"
BY_STATUS = '"order__status","revenue"\n"paid",35.75\n"returned",99.90'
DESCENDING = '"order__status","revenue"\n"returned",99.90\n"paid",35.75'
BY_MONTH = '"metric_time__month","revenue"\n2024-01-01,130.40\n2024-02-01,5.25'
PAID = '"revenue"\n35.75'

# Said in another way than the schema says; there is only one thing that it can mean.
UNDERSTOOD: list[tuple[dict[str, Any], str]] = [
    ({"metrics": "revenue", "where": "order__status = 'paid'"}, PAID),
    ({"where": ["order__status = 'paid'"]}, PAID),
    ({"where": "order__status == 'paid'"}, PAID),
    ({"where": ["order__status != 'returned'", "metric_time__day >= '2024-02-01'"]}, "5.25"),
    ({"group_by": "order__status"}, BY_STATUS),
    ({"group_by": ["ORDER__STATUS"]}, BY_STATUS),
    ({"group_by": {"name": "order__status"}}, BY_STATUS),
    ({"group_by": '[{"name": "order__status"}]'}, BY_STATUS),
    ({"group_by": "{{ Dimension('order__status') }}"}, BY_STATUS),
    ({"group_by": "metric_time__month"}, BY_MONTH),
    ({"group_by": [{"name": "metric_time", "grain": "month"}]}, BY_MONTH),
    ({"group_by": [{"name": "metric_time__month", "grain": "MONTH"}]}, BY_MONTH),
    ({"group_by": ["TimeDimension('metric_time', 'month')"]}, BY_MONTH),
    ({"group_by": "order__status", "order_by": "-revenue"}, DESCENDING),
    ({"group_by": "order__status", "order_by": "revenue DESC"}, DESCENDING),
    ({"group_by": "order__status", "order_by": ["order__status asc"]}, BY_STATUS),
    ({"group_by": "order__status", "limit": "1"}, '"paid",35.75'),
    ({"group_by": "metric_time__month, order__status"}, '2024-01-01,"paid",30.50'),
    ({"start_time": "2024-02-01", "end_time": "2024-02-29"}, '"revenue"\n5.25'),
    ({"metrics": None, "saved_query": "revenue_by_status"}, '2024-02-01,"paid",5.25'),
    ({"group_by": None, "order_by": None, "where": "", "start_time": ""}, '"revenue"\n135.65'),
    ({"format": "json"}, '"revenue": 135.65'),
    ({"where": "order__status = 'Paid'"}, "did you mean"),
    ({"where": "order__status = 'Paid' and revenue > 5"}, "warning"),
    ({"where": "revenue > 50", "group_by": "order__status"}, '"returned",99.90'),
    ({"group_by": "status", "where": "status = 'paid'"}, '"paid",35.75'),
    ({"group_by": "month", "order_by": "month"}, BY_MONTH),
    ({"period": "2024-02"}, '"revenue"\n5.25'),
    ({"period": "from 2024-Q1", "where": "order__status = 'returned'"}, "99.90"),
]

# The tool, what it is given, and what it must say: all of these.
TOLD: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    (Q, {"metrics": ["Revenue"]}, ("no such metric", "perhaps revenue", "list_metrics")),
    (Q, {"metrics": "revenue, orders"}, ("no such metric", "orders", "list_metrics")),
    (Q, {"metrics": None}, ("nothing is asked for", "list_metrics")),
    (Q, {"metrics": []}, ("nothing is asked for", "list_metrics")),
    (Q, {"metric": "revenue"}, ("not known", "`metrics`?")),
    (Q, {"dimensions": ["order__status"]}, ("not known", "dimensions", "`group_by`?")),
    (Q, {"filter": "order__status = 'paid'"}, ("not known", "filter", "`where`?")),
    (Q, {"last": "3 months"}, ("not known", "`period`?")),
    (Q, {"period": "the other day"}, ("period", "last 4 quarters")),
    (Q, {"start_date": "2024-01-01"}, ("not known", "`start_time`?")),
    (Q, {"group_by": ["statuss"]}, ("perhaps order__status", "get_dimensions of revenue")),
    (Q, {"group_by": ["order.status"]}, ("characters", "order.status", "ask by order__status")),
    (Q, {"group_by": ["order status"]}, ("characters", "ask by order_status")),
    (Q, {"group_by": ["count(*"]}, ("a name cannot be read", "count(*", "order__status")),
    (Q, {"group_by": [7]}, ("group_by.0", "a text or an object", "metric_time__month")),
    (Q, {"group_by": ["metric_time__monthly"]}, ("no such grain", "ask by metric_time__month")),
    (
        Q,
        {"group_by": [{"name": "metric_time", "granularity": "month"}]},
        ("group_by.0.granularity", "`grain`?"),
    ),
    (
        Q,
        {"group_by": [{"name": "metric_time", "type": "time", "grain": "month"}]},
        ("group_by.0.type", "'time_dimension'"),
    ),
    (
        Q,
        {"group_by": [{"name": "order", "type": "entity", "grain": "day"}]},
        ("an entity has no grain", "order"),
    ),
    (Q, {"where": "statuss = 'paid'"}, ("perhaps order__status", "get_dimensions of revenue")),
    (Q, {"where": 'order__status = "paid"'}, ("double quotes", "single quotes", "paid")),
    (Q, {"where": "order__status = paid"}, ("a text in single quotes", "paid")),
    (Q, {"where": "WHERE order__status = 'paid'"}, ("cannot be understood", "owner__team =")),
    (Q, {"where": "SELECT * FROM orders"}, ("selects from a table", "joined by AND")),
    (Q, {"where": {"order__status": "paid"}}, ("`where` cannot be an object", "= 'paid'")),
    (Q, {"where": "metric_time >= 2024-01-01"}, ("is a time", "'2024-01-31'")),
    (Q, {"order_by": "order__status"}, ("only by what is asked", "order by one of revenue")),
    (Q, {"order_by": [{"name": "revenue", "desc": True}]}, ("order_by.0.desc", "`descending`?")),
    (Q, {"limit": "all"}, ("limit", "a whole number", '{"limit": 100}')),
    (Q, {"limit": -5}, ("`limit` is too small", "0 or more")),
    (Q, {"start_time": "last month"}, ("start_time", "a day such as 2024-01-31")),
    (Q, {"start_time": "2024-02-01T00:00:00Z"}, ("a time has a zone", "without zone")),
    (Q, {"start_time": "2024-03-01", "end_time": "2024-01-01"}, ("ends before it starts",)),
    (Q, {"metrics": None, "saved_query": "by_status"}, ("saved query", "revenue_by_status")),
    (Q, {"saved_query": "revenue_by_status"}, ("ask for the saved query alone",)),
    (Q, {"format": "xml"}, ("format", "'csv' or 'json'")),
    (V, {"dimension": "statuss"}, ("perhaps order__status", "get_dimensions")),
    (V, {}, ("lacks `dimension`", "order__status")),
    ("get_dimensions", {"metrics": "revenu"}, ("perhaps revenue", "list_metrics")),
    ("get_dimensions", {}, ("lacks `metrics`", '["revenue"]')),
    ("list_metrics", {"query": "revenue"}, ("not known", "`search`?")),
    ("list_metrics", {"meta_filter": "tier=gold"}, ("an object", '"tier": "certified"')),
    ("list_metrics", {"meta_filter": {"tire": "a"}}, ("no metric has this key", "tire")),
    ("list_metrics", {"page_num": 0}, ("page_num", "1 or more")),
    ("run_query", {"sql": "select 1"}, ("no such tool", "query_metrics")),
    ("query_metric", {}, ("no such tool", "call query_metrics")),
]


def test_what_can_mean_one_thing_is_understood(url: str) -> None:
    async def ask() -> list[str]:
        async with over_http(url) as client:
            asked = [{"metrics": ["revenue"], **arguments} for arguments, _ in UNDERSTOOD]
            return [text_of(await client.call_tool(Q, arguments)) for arguments in asked]

    for (arguments, wanted), given in zip(UNDERSTOOD, asyncio.run(ask()), strict=True):
        assert wanted in given, (arguments, given)


def test_a_mistake_is_answered_by_what_to_do(url: str) -> None:
    async def ask() -> list[Any]:
        async with over_http(url) as client:
            asked = [
                (tool, {"metrics": ["revenue"], **given} if tool == Q else given)
                for tool, given, _ in TOLD
            ]
            return [await client.call_tool(tool, arguments) for tool, arguments in asked]

    for (tool, arguments, words), result in zip(TOLD, asyncio.run(ask()), strict=True):
        said = text_of(result)
        assert result.is_error, (tool, arguments, said)
        for word in words:
            assert word in said, (tool, arguments, said)
        # Nothing of a terminal, nor of what checks the arguments.
        assert not re.search(r"`metrics |\s--[a-z]|pydantic|validation error|Input should", said)


def test_values_are_searched_and_filtered(url: str) -> None:
    async def ask() -> list[str]:
        async with over_http(url) as client:
            return [
                text_of(await client.call_tool(V, {"dimension": "order__status", **more}))
                for more in ({"search": "PAI"}, {"metrics": "revenue", "limit": 1})
            ] + [
                text_of(await client.call_tool(V, {"dimension": name, **more}))
                for name, more in (
                    ("order__status", {"where": "order__status != 'paid'"}),
                    ("order__ordered_on", {"metrics": "revenue"}),
                    ("status", {"where": "status != 'paid'"}),
                )
            ]

    searched, limited, filtered, days, by_last_part = asyncio.run(ask())
    assert searched == '{"values":["paid"],"truncated":false}'
    assert limited == '{"values":["paid"],"truncated":true}'
    assert filtered == by_last_part == '{"values":["returned"],"truncated":false}'
    assert days == '{"values":["2024-01-03","2024-01-17","2024-02-01"],"truncated":false}'


def _remedies() -> list[str]:
    """Give what the engine's source tells people to type to know more of the definitions."""
    texts = [
        path.read_text(encoding="utf-8")
        for package in ("query", "engine", "access")
        for path in (Path(metrics_store.__file__).parent / package).rglob("*.py")
    ]
    found = re.findall(r"`metrics list[^`]*`", "\n".join(texts))
    return [re.sub(r"\{.*?\}", "revenue", text) for text in found]


def test_no_command_of_a_terminal_is_left() -> None:
    remedies = _remedies()
    assert remedies
    for remedy in remedies:
        assert "metrics list" not in told(MetricsStoreError("wrong", remedy=remedy)), remedy
    assert "order_by" in told(MetricsStoreError("wrong", remedy="say --order-by"))
