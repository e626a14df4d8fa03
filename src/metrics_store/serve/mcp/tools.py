"""The tools, by the names and arguments of dbt's own MCP server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from mcp_types import CallToolResult  # noqa: TC002 - read by mcp
from pydantic import Field

from metrics_store.query.definitions.pages import page_of, search_items
from metrics_store.query.forms.request_form import ValuesForm, read_form
from metrics_store.query.output.text_formats import as_json
from metrics_store.serve.mcp.meta_filter import with_meta
from metrics_store.serve.mcp.parameters import (
    DimensionName,
    End,
    GroupBys,
    Limit,
    MetaFilter,
    Metrics,
    MetricsOrNone,
    OrderBys,
    PageNumber,
    PageSize,
    Period,
    SavedQueryName,
    Search,
    SearchTerms,
    Start,
    Text,
    Where,
    conditions_of,
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
    is_empty,
    metrics_csv,
    pagination_of,
    saved_query_of,
    short_csv,
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
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.serve.mcp.tool_calls import Caller
    from metrics_store.serve.request_threads import RequestThreads

Result = TypeVar("Result")
Defined = TypeVar("Defined")

# As many values of a dimension as a search goes through.
_MOST_VALUES = 100_000
_WRITERS = {"csv": short_csv, "json": as_json}
_EMPTY = (
    "There is no value for this. get_dimension_values shows how values are written, "
    "query_metrics by metric_time without start_time and end_time which times there are."
)
RowFormat = Annotated[
    Literal["csv", "json"], Field(description="Rows as CSV, which is short, or as JSON objects.")
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

        def listed(definitions: Definitions) -> ResultPage[str]:
            wanted = with_meta(definitions.metrics(), meta_filter or {})
            found = search_items(wanted, words)
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
        dimension: DimensionName,
        metrics: MetricsOrNone = None,
        search: Annotated[Text | None, Field(description="Only values with this text.")] = None,
        where: Where = None,
        limit: Annotated[int, Field(ge=1, le=_MOST_VALUES, description="Greatest number.")] = 100,
    ) -> Annotated[CallToolResult, DimensionValues]:
        """Give the values of a dimension, of metrics only those that they have.

        `truncated` says whether there are more.
        """
        caller = self.caller()

        def work() -> CallToolResult:
            # One for what has no value, and one to see that there are more.
            most = (_MOST_VALUES if search else limit) + 2
            fields = {"dimension": dimension, "metrics": metrics or [], "limit": most}
            form = read_form(ValuesForm, {**fields, "where": conditions_of(where)})
            request = self._in_full(form.request(), caller)
            answer = self.engine.dimension_values(request, caller.principal, caller.call)
            values = values_of(answer.table, limit, search, most)
            return with_warnings(
                values.model_dump_json(exclude={"warnings"}), values, answer.warnings
            )

        return await run_tool(self.threads, caller.call, work)

    async def query_metrics(  # noqa: PLR0913, PLR0917 - an argument a part of a question
        self,
        metrics: MetricsOrNone = None,
        group_by: GroupBys = None,
        order_by: OrderBys = None,
        where: Where = None,
        limit: Limit = None,
        start_time: Start = None,
        end_time: End = None,
        period: Period = None,
        saved_query: SavedQueryName = None,
        format: RowFormat = "csv",  # noqa: A002 - what it is called everywhere
    ) -> Annotated[CallToolResult, TextResult]:
        """Answer with the values of metrics by group-bys, or with a saved query's."""
        caller = self.caller()

        def work() -> CallToolResult:
            request = self._in_full(
                request_of(
                    *(metrics, group_by, order_by, where, limit),
                    *(start_time, end_time, period, saved_query),
                ),
                caller,
            )
            answer = self.engine.answer(request, caller.principal, caller.call)
            return with_notes(
                text_result(
                    _WRITERS[format](answer.table),
                    answer.warnings,
                    # Where it is known why there is nothing, a warning says so.
                    "" if answer.warnings or not is_empty(answer.table) else _EMPTY,
                ),
                rollups=answer.rollups,
                rollup_reasons=answer.rollup_reasons,
                reference_date=str(answer.reference_date or ""),
            )

        return await run_tool(self.threads, caller.call, work)

    async def get_metrics_compiled_sql(  # noqa: PLR0913, PLR0917 - an argument a part of a question
        self,
        metrics: MetricsOrNone = None,
        group_by: GroupBys = None,
        order_by: OrderBys = None,
        where: Where = None,
        limit: Limit = None,
        start_time: Start = None,
        end_time: End = None,
        period: Period = None,
        saved_query: SavedQueryName = None,
    ) -> Annotated[CallToolResult, TextResult]:
        """Give the SQL that would answer, without running it."""
        caller = self.caller()

        def work() -> CallToolResult:
            request = self._in_full(
                request_of(
                    *(metrics, group_by, order_by, where, limit),
                    *(start_time, end_time, period, saved_query),
                ),
                caller,
            )
            sql = self.engine.compile(request, caller.principal, caller.call)
            return with_notes(
                text_result(sql, caller.call.warnings),
                rollups=caller.call.rollups,
                rollup_reasons=caller.call.rollup_reasons,
                rewrites=caller.call.rewrites,
            )

        return await run_tool(self.threads, caller.call, work)

    def _in_full(self, request: MetricRequest, caller: Caller) -> MetricRequest:
        """Give a request with the full names of dimensions that are named by their last part."""
        return self.engine.in_full(request, caller.principal)

    async def _defined(self, listed: Callable[[Definitions], Result]) -> Result:
        caller = self.caller()

        def work() -> Result:
            return listed(self.engine.definitions(caller.principal))

        return await run_tool(self.threads, caller.call, work)


def _shown(page: Page[Defined], show: Callable[[Defined], Result]) -> ResultPage[list[Result]]:
    return ResultPage(result=[show(one) for one in page.items], pagination=pagination_of(page))
