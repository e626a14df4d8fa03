from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from serve.mcp.conftest import text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from mcp import Client

    Connected = Callable[[], AbstractAsyncContextManager[Client]]

pytestmark = pytest.mark.xdist_group("shop")

MONTH = {"name": "metric_time", "type": "time_dimension", "grain": "MONTH"}
STATUS = {"name": "order__status", "type": "dimension"}


def test_every_tool(connected: Connected) -> None:
    asyncio.run(call_every_tool(connected))


async def call_every_tool(connected: Connected) -> None:
    async with connected() as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {
            "list_metrics",
            "list_saved_queries",
            "get_dimensions",
            "get_entities",
            "get_dimension_values",
            "query_metrics",
            "get_metrics_compiled_sql",
        }
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        assert set(tools["query_metrics"].input_schema["properties"]) == {
            "metrics",
            "group_by",
            "order_by",
            "where",
            "limit",
            "start_time",
            "end_time",
            "period",
            "saved_query",
            "format",
        }

        async def call(tool: str, **arguments: Any) -> Any:  # noqa: ANN401 - tools give anything
            return value_of(await client.call_tool(tool, arguments))

        listed = await call("list_metrics")
        assert listed["result"].splitlines()[1].startswith("revenue,simple,Revenue")
        assert listed["pagination"] == {"has_more": False, "next_page": None, "total_items": 1}
        for found in ({"search": "rev"}, {"search": ["x", "rev"]}, {"page_size": 1}):
            assert "revenue" in (await call("list_metrics", **found))["result"]
        for nothing in ({"search": "x"}, {"page_num": 2}):
            assert "revenue" not in (await call("list_metrics", **nothing))["result"]
        [saved] = (await call("list_saved_queries"))["result"]
        assert saved["group_by"] == ["metric_time__month", "order__status"]
        dimensions = await call("get_dimensions", metrics=["revenue"], page_size=2)
        assert [one["name"] for one in dimensions["result"]] == [
            "metric_time",
            "order__ordered_on",
        ]
        assert dimensions["pagination"]["next_page"] == 2
        [entity] = (await call("get_entities", metrics=["revenue"]))["result"]
        assert entity["name"] == "order"
        assert await call("get_dimension_values", dimension="order__status") == {
            "values": ["paid", "returned"],
            "truncated": False,
        }
        assert await call(
            "get_dimension_values", dimension="order__status", metrics=["revenue"], limit=1
        ) == {"values": ["paid"], "truncated": True}
        answer = await client.call_tool("query_metrics", {"metrics": ["revenue"]})
        assert text_of(answer) == '"revenue"\n135.65'
        assert answer.structured_content == {"result": '"revenue"\n135.65'}
        assert await call(
            "query_metrics",
            format="json",
            metrics=["revenue"],
            group_by=[MONTH, STATUS],
            order_by=[{"name": "metric_time", "descending": True}, {"name": "revenue"}],
            where="\"{{ Dimension('order__status') }} = 'paid'\"",
            limit=2,
        ) == [
            {
                "metric_time__month": "2024-02-01T00:00:00",
                "order__status": "paid",
                "revenue": 5.25,
            },
            {
                "metric_time__month": "2024-01-01T00:00:00",
                "order__status": "paid",
                "revenue": 30.5,
            },
        ]
        compiled = await client.call_tool(
            "get_metrics_compiled_sql", {"metrics": ["revenue"], "group_by": [STATUS]}
        )
        assert "SUM(" in text_of(compiled)
        assert "rewrites" not in (compiled.meta or {})
        by_month = {"name": "metric_time", "type": "time_dimension", "grain": "month"}
        compiled = await client.call_tool(
            "get_metrics_compiled_sql", {"metrics": ["revenue"], "group_by": [by_month]}
        )
        rewrites = ["grouped by day before by longer periods: revenue"]
        assert (compiled.meta or {})["rewrites"] == rewrites


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("query_metrics", {"metrics": ["revenu"]}, "perhaps revenue"),
    ("query_metrics", {"metrics": []}, "nothing is asked|no metric|asked"),
    ("query_metrics", {}, "metrics"),
    ("query_metrics", {"metrics": "revenue; drop table orders"}, "no such metric"),
    ("query_metrics", {"metrics": ["revenue"], "limit": -1}, "limit"),
    ("query_metrics", {"metrics": ["revenue"], "where": "1=1) union select 1 --"}, "character"),
    ("query_metrics", {"metrics": ["revenue"], "where": "x" * 20_000}, "where"),
    ("query_metrics", {"metrics": ["revenue"], "group_by": [{"name": "1; select 1"}]}, "name"),
    ("query_metrics", {"metrics": ["revenue"], "group_by": [{"sql": "x"}]}, "name|sql"),
    (
        "query_metrics",
        {"metrics": ["revenue"], "group_by": [{"name": "order", "type": "entity", "grain": "day"}]},
        "an entity has no grain",
    ),
    ("query_metrics", {"metrics": ["revenue"], "order_by": [{"name": "x"}]}, "ordered only"),
    ("get_metrics_compiled_sql", {"metrics": ["revenu"]}, "perhaps revenue"),
    ("get_dimension_values", {"dimension": "order__stat"}, "order__stat"),
    ("get_dimension_values", {"dimension": "x", "metrics": ["revenue"]}, "x"),
    ("get_dimensions", {"metrics": ["revenu"]}, "perhaps revenue"),
    ("list_metrics", {"page_size": 1_000}, "page_size"),
    ("list_metrics", {"search": ["x"] * 50}, "search"),
    ("read_file", {"path": "/etc/passwd"}, "read_file"),
]


def test_what_is_wrong_is_told(connected: Connected) -> None:
    asyncio.run(call_wrongly(connected))


async def call_wrongly(connected: Connected) -> None:
    async with connected() as client:
        for tool, arguments, words in WRONG:
            try:
                result = await client.call_tool(tool, arguments)
            except Exception as error:  # noqa: BLE001 - a tool that there is not ends so
                told = str(error)
            else:
                assert result.is_error, (tool, arguments)
                told = text_of(result)
            assert re.search(words, told), (tool, arguments, told)
            assert not re.search(r"Traceback|\.py\b|duckdb", told)
