"""Run in the environment of dbt-mcp: calls its semantic layer's tools, prints what they give."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

MONTH = {"name": "metric_time", "type": "time_dimension", "grain": "MONTH"}
STATUS = {"name": "order__status", "type": "dimension", "grain": None}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "list_metrics": ("list_metrics", {}),
    "list_metrics_found": ("list_metrics", {"search": ["visitor", "revenue"]}),
    "list_metrics_paged": ("list_metrics", {"page_num": 2, "page_size": 3}),
    "list_saved_queries": ("list_saved_queries", {}),
    "get_dimensions": ("get_dimensions", {"metrics": ["visits", "visitors"]}),
    "get_dimensions_found": ("get_dimensions", {"metrics": ["visits"], "search": "region"}),
    "get_entities": ("get_entities", {"metrics": ["visits"]}),
    "query_metrics": (
        "query_metrics",
        {
            "metrics": ["revenue"],
            "group_by": [MONTH, STATUS],
            "order_by": [{"name": "metric_time", "descending": True}, {"name": "revenue"}],
            "where": "{{ Dimension('order__status') }} = 'paid'",
            "limit": 5,
        },
    ),
    "query_metrics_wrong": ("query_metrics", {"metrics": ["revenu"]}),
    "get_metrics_compiled_sql": (
        "get_metrics_compiled_sql",
        {"metrics": ["revenue"], "group_by": [MONTH]},
    ),
    # It asks over Flight, the others over GraphQL.
    "get_dimension_values": (
        "get_dimension_values",
        {"dimension": "order__status", "metrics": ["revenue"]},
    ),
    "get_metrics_compiled_sql_wrong": ("get_metrics_compiled_sql", {"metrics": ["revenu"]}),
}


async def main() -> None:
    """Start dbt-mcp as its users do, and call it."""
    server = StdioServerParameters(
        command=str(Path(sys.executable).parent / "dbt-mcp"), env=dict(os.environ)
    )
    got: dict[str, Any] = {}
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        got["tools"] = [tool.name for tool in (await session.list_tools()).tools]
        for name, (tool, arguments) in ASKED.items():
            result = await session.call_tool(tool, arguments)
            got[name] = {
                "failed": result.isError,
                "text": "\n".join(getattr(part, "text", "") for part in result.content),
            }
    print(json.dumps(got))  # noqa: T201 - read by the test


asyncio.run(main())
