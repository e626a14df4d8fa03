"""The MCP server with all tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.forms.form_errors import form_error, unknown_key
from metrics_store.serve.mcp.tool_errors import told, unknown_tool
from metrics_store.serve.mcp.tools import Tools
from metrics_store.serve.monitoring.request_log import record_outcome
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import Context

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
limit; get_dimension_values says how a value is written. What is asked often is a saved query.
If no metric fits the question, say so and name those that there are."""
_WHOLE = "the call"


class MetricsServer(MCPServer):
    """An MCP server that tells in our words what is wrong with a call."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; an argument that it does not know is refused, and not passed over.

        Raises:
            ToolError: With what the assistant may know of what is wrong.
        """
        try:
            self._check(name, arguments)
            return await super().call_tool(name, arguments, context)
        except MetricsStoreError as error:
            record_outcome(error.code)
            raise ToolError(told(error)) from None
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            wrong = form_error(error.__cause__, self._form(name), arguments, _WHOLE)
            record_outcome(wrong.code)
            raise ToolError(told(wrong)) from None

    def _check(self, name: str, arguments: dict[str, Any]) -> None:
        if name not in _TITLES:
            raise unknown_tool(name, _TITLES)
        known = self._form(name).model_fields
        for key in arguments:
            if key not in known:
                raise unknown_key(key, known, _WHOLE)

    def _form(self, name: str) -> Any:  # noqa: ANN401 - mcp makes a model of each tool's arguments
        tool = self._tool_manager.get_tool(name)
        assert tool is not None  # noqa: S101 - for the type checker
        return tool.fn_metadata.arg_model


def mcp_server(
    engine: Engine, caller: Callable[[], Caller], threads: RequestThreads
) -> MetricsServer:
    """Make a server whose tools answer their caller."""
    server = MetricsServer(
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
