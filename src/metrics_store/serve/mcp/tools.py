"""The tools, by the names and arguments of dbt's own MCP server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from mcp_types import CallToolResult  # noqa: TC002 - read by mcp
from pydantic import Field

from metrics_store.query.definitions.pages import page_of, search_items
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.output.text_formats import as_json
from metrics_store.serve.mcp.parameters import (
    GroupBys,
    Limit,
    Metrics,
    OrderBys,
    PageNumber,
    PageSize,
    Search,
    SearchTerms,
    Text,
    Where,
    request_of,
)
from metrics_store.serve.mcp.tool_calls import run_tool
from metrics_store.serve.mcp.tool_results import (
    Dimension,
    DimensionValues,
    Entity,
    ResultPage,
    SavedQuery,
    TextResult,
    dimension_of,
    entity_of,
    metrics_csv,
    pagination_of,
    saved_query_of,
    text_result,
    values_of,
    with_notes,
    with_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.engine.engine import Engine
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.pages import Page
    from metrics_store.serve.mcp.tool_calls import Caller
    from metrics_store.serve.request_threads import RequestThreads

Result = TypeVar("Result")
Defined = TypeVar("Defined")

_FLAGS = {"true": True, "false": False}
MetaFilter = Annotated[
    dict[str, Any] | None,
    Field(description='Only metrics whose config.meta has these values, as {"tier": "certified"}.'),
]


@dataclass(frozen=True)
class Tools:
    """All tools; every public method is one.

    Attributes:
        engine: The engine.
        caller: Gives the caller of the tool.
        threads: The threads to work in.
    """

    engine: Engine
    caller: Callable[[], Caller]
    threads: RequestThreads

    async def list_metrics(
        self,
        search: SearchTerms = None,
        meta_filter: MetaFilter = None,
        page_num: PageNumber = 1,
        page_size: PageSize = 50,
    ) -> ResultPage[str]:
        """List metrics as CSV: name, type, label, description, metadata, dimensions, entities."""
        words = [search] if isinstance(search, str) else search or []
        wanted = {
            key: _FLAGS.get(value.lower(), value) if isinstance(value, str) else value
            for key, value in (meta_filter or {}).items()
        }

        def listed(definitions: Definitions) -> ResultPage[str]:
            found = [
                metric
                for metric in search_items(definitions.metrics(), words)
                if all(key in metric.meta and metric.meta[key] == wanted[key] for key in wanted)
            ]
            page = page_of(found, page_num, page_size)
            text = metrics_csv(page.items, definitions)
            return ResultPage(result=text, pagination=pagination_of(page))

        return await self._defined(listed)

    async def list_saved_queries(
        self, search: Search = None, page_num: PageNumber = 1, page_size: PageSize = 50
    ) -> ResultPage[list[SavedQuery]]:
        """List the saved queries: what each asks for, by what, and which filter holds."""

        def listed(definitions: Definitions) -> ResultPage[list[SavedQuery]]:
            page = page_of(search_items(definitions.saved_queries(), [search]), page_num, page_size)
            return _shown(page, saved_query_of)

        return await self._defined(listed)

    async def get_dimensions(
        self,
        metrics: Metrics,
        search: Search = None,
        page_num: PageNumber = 1,
        page_size: PageSize = 50,
    ) -> ResultPage[list[Dimension]]:
        """List the dimensions that all of the metrics can be grouped and filtered by."""

        def listed(definitions: Definitions) -> ResultPage[list[Dimension]]:
            page = page_of(
                search_items(definitions.dimensions(metrics), [search]), page_num, page_size
            )
            return _shown(page, dimension_of)

        return await self._defined(listed)

    async def get_entities(
        self,
        metrics: Metrics,
        search: Search = None,
        page_num: PageNumber = 1,
        page_size: PageSize = 50,
    ) -> ResultPage[list[Entity]]:
        """List the entities that all of the metrics can be grouped and filtered by."""

        def listed(definitions: Definitions) -> ResultPage[list[Entity]]:
            page = page_of(
                search_items(definitions.entities(metrics), [search]), page_num, page_size
            )
            return _shown(page, entity_of)

        return await self._defined(listed)

    async def get_dimension_values(
        self,
        dimension: Text,
        metrics: Metrics | None = None,
        limit: Annotated[int, Field(ge=1, le=100_000, description="Greatest number.")] = 100,
    ) -> Annotated[CallToolResult, DimensionValues]:
        """Give the values of a dimension, of metrics only those that they have.

        `truncated` says whether there are more.
        """
        caller = self.caller()

        def work() -> CallToolResult:
            # One for what has no value, and one to see that there are more.
            request = MetricRequest(metrics or (), [dimension], limit=limit + 2)
            answer = self.engine.dimension_values(request, caller.principal, caller.call)
            values = values_of(answer.table, limit)
            return with_warnings(
                values.model_dump_json(indent=2, exclude={"warnings"}), values, answer.warnings
            )

        return await run_tool(self.threads, caller.call, work)

    async def query_metrics(
        self,
        metrics: Metrics,
        group_by: GroupBys = None,
        order_by: OrderBys = None,
        where: Where = None,
        limit: Limit = None,
    ) -> Annotated[CallToolResult, TextResult]:
        """Answer with the values of metrics by group-bys, as a JSON list of rows."""
        caller = self.caller()

        def work() -> CallToolResult:
            request = request_of(metrics, group_by, order_by, where, limit)
            answer = self.engine.answer(request, caller.principal, caller.call)
            return with_notes(
                text_result(as_json(answer.table), answer.warnings),
                rollups=answer.rollups,
                rollup_reasons=answer.rollup_reasons,
            )

        return await run_tool(self.threads, caller.call, work)

    async def get_metrics_compiled_sql(
        self,
        metrics: Metrics,
        group_by: GroupBys = None,
        order_by: OrderBys = None,
        where: Where = None,
        limit: Limit = None,
    ) -> Annotated[CallToolResult, TextResult]:
        """Give the SQL that would answer, without running it."""
        caller = self.caller()

        def work() -> CallToolResult:
            request = request_of(metrics, group_by, order_by, where, limit)
            sql = self.engine.compile(request, caller.principal, caller.call)
            return with_notes(
                text_result(sql, caller.call.warnings),
                rollups=caller.call.rollups,
                rollup_reasons=caller.call.rollup_reasons,
                rewrites=caller.call.rewrites,
            )

        return await run_tool(self.threads, caller.call, work)

    async def _defined(self, listed: Callable[[Definitions], Result]) -> Result:
        caller = self.caller()

        def work() -> Result:
            return listed(self.engine.definitions(caller.principal))

        return await run_tool(self.threads, caller.call, work)


def _shown(page: Page[Defined], show: Callable[[Defined], Result]) -> ResultPage[list[Result]]:
    return ResultPage(result=[show(one) for one in page.items], pagination=pagination_of(page))
