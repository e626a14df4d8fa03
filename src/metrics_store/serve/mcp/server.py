"""The MCP server with all tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

from metrics_store.serve.mcp.tools import Tools
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.engine.engine import Engine
    from metrics_store.serve.mcp.tool_calls import Caller
    from metrics_store.serve.request_threads import RequestThreads

_TITLES = {
    "list_metrics": "List metrics",
    "list_saved_queries": "List saved queries",
    "get_dimensions": "Get dimensions",
    "get_entities": "Get entities",
    "get_dimension_values": "Get dimension values",
    "query_metrics": "Query metrics",
    "get_metrics_compiled_sql": "Compile SQL",
}
_INSTRUCTIONS = """Metrics that are defined once, for questions about numbers.
First list_metrics, then get_dimensions for the metrics you need, then query_metrics with a small
limit. If no metric fits the question, say so and name those that there are."""


def mcp_server(engine: Engine, caller: Callable[[], Caller], threads: RequestThreads) -> MCPServer:
    """Make a server whose tools answer their caller."""
    server = MCPServer(
        "metrics_store",
        title="Metrics",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )
    tools = Tools(engine, caller, threads)
    for name, title in _TITLES.items():
        server.add_tool(
            getattr(tools, name),
            name=name,
            title=title,
            annotations=ToolAnnotations(
                title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True
            ),
        )
    return server
