"""Resolvers that run queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.serve.graphql.request_arguments import read_request
from metrics_store.serve.graphql.result_formats import as_arrow, as_json
from metrics_store.serve.monitoring.request_log import record_fields, record_outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.serve.graphql.context import Context
    from metrics_store.serve.graphql.request_arguments import Arguments, Operation
    from metrics_store.serve.polled_queries import PolledQuery, QueryPage

    Ask = Callable[[MetricRequest, Principal, Call], Answer]


@dataclass(frozen=True)
class QueryName:
    """A query by its id alone."""

    query_id: str


def _begin(context: Context, given: Arguments, ask: Ask) -> PolledQuery:
    # A wrong request is a query that fails: clients look for what is wrong there.
    def work(call: Call) -> Answer:
        return ask(read_request(given), context.principal, call)

    query = context.queries.begin(context.principal, work)
    record_fields(query=query.query_id)
    return query


def _create(context: Context, given: Arguments) -> PolledQuery:
    return _begin(context, given, context.service.engine.answer)


def _create_values(context: Context, given: Arguments) -> PolledQuery:
    return _begin(context, given, context.service.engine.dimension_values)


def _compile(context: Context, given: Arguments) -> str:
    sql = context.service.engine.compile(read_request(given), context.principal, context.call)
    context.note(context.call)
    context.rewrites.extend(context.call.rewrites)
    return sql


def _cancel(context: Context, given: Arguments) -> QueryName:
    context.queries.cancel(context.principal, given["queryId"])
    return QueryName(given["queryId"])


def _query(context: Context, given: Arguments) -> QueryPage:
    query_id = given["queryId"]
    page = context.queries.look(context.principal, query_id, given["pageNum"])
    record_fields(query=query_id)
    if page.error is not None:
        record_outcome(page.code)
    context.note(page)
    return page


def _arrow(page: QueryPage, _: object) -> str | None:
    return None if page.rows is None else as_arrow(page.rows)


def _json(page: QueryPage, _: object, *, encoded: bool) -> str | None:
    return None if page.rows is None else as_json(page.rows, encoded=encoded)


def _reference_date(page: QueryPage, _: object) -> str | None:
    return None if page.reference_date is None else page.reference_date.isoformat()


OPERATIONS: dict[str, Operation] = {
    "Query.query": _query,
    "Mutation.createQuery": _create,
    "Mutation.createDimensionValuesQuery": _create_values,
    "Mutation.compileSql": _compile,
    "Mutation.cancelQuery": _cancel,
}

FIELDS: dict[str, Callable[..., Any]] = {
    "QueryResult.arrowResult": _arrow,
    "QueryResult.jsonResult": _json,
    "QueryResult.referenceDate": _reference_date,
    "CompileSqlResult.sql": lambda sql, _: sql,
}
