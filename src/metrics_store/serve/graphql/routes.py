"""The HTTP side of the GraphQL API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLSyntaxError, execute_sync, parse, validate
from starlette.responses import Response
from starlette.routing import Route

from metrics_store.engine.call import Call
from metrics_store.engine.observer import ANSWERED
from metrics_store.errors import LimitExceededError, MetricsStoreError
from metrics_store.serve.graphql.context import Context
from metrics_store.serve.graphql.document_limits import MAX_BODY_BYTES, MAX_TOKENS, check_document
from metrics_store.serve.graphql.error_responses import failure, formatted
from metrics_store.serve.graphql.schema import schema
from metrics_store.serve.http.request_identity import principal_of, request_id_of
from metrics_store.serve.monitoring.request_log import record_outcome

if TYPE_CHECKING:
    from starlette.requests import Request

    from metrics_store.serve.service import Service

_INTERFACE = "graphql"
_MAX_ERRORS = 20


@dataclass(frozen=True)
class _GraphQLRequest:
    """The body of a GraphQL request."""

    query: str
    variables: dict[str, Any]
    operation: str | None


def routes(service: Service) -> list[Route]:
    """Give the routes of the GraphQL API: where its clients look, and where they look locally."""

    async def answer(request: Request) -> Response:
        call = Call(_INTERFACE, request_id=request_id_of(request.scope))
        try:
            principal = principal_of(service, request.scope, _INTERFACE)
            context = Context(service, principal, call)
            graphql_request = _read(await _body(request))
            body = await service.threads.run(
                call, lambda: _answer(graphql_request, context), request.receive
            )
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            body = failure(error, call.request_id)
        errors = body.get("errors")
        record_outcome(errors[0]["extensions"]["code"] if errors else ANSWERED)
        # Clients want 200 also where there are errors, and tell them by the answer.
        return Response(json.dumps(body), media_type="application/json")

    return [Route(path, answer, methods=["POST"]) for path in ("/api/graphql", "/")]


def _answer(graphql_request: _GraphQLRequest, context: Context) -> dict[str, Any]:
    try:
        document = parse(graphql_request.query, no_location=False, max_tokens=MAX_TOKENS)
        check_document(document)
        errors = validate(schema(), document, max_errors=_MAX_ERRORS)
    except RecursionError:
        raise LimitExceededError("the document is nested too deeply") from None
    except GraphQLSyntaxError as error:
        errors = [error]
    if errors:
        return {"data": None, "errors": formatted(errors, context.call.request_id)}
    result = execute_sync(
        schema(),
        document,
        context_value=context,
        variable_values=graphql_request.variables,
        operation_name=graphql_request.operation,
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = formatted(result.errors, context.call.request_id)
    # Each once, although a document may ask the same several times.
    notices = list(dict.fromkeys(context.notices))
    notes = {
        "warnings": [one.text for one in notices],
        "warning_kinds": [one.kind.value for one in notices],
        "rollups": list(dict.fromkeys(context.rollups)),
        "rollup_reasons": list(dict.fromkeys(context.rollup_reasons)),
        "rewrites": list(dict.fromkeys(context.rewrites)),
    }
    if any(notes.values()):
        answer["extensions"] = {name: texts for name, texts in notes.items() if texts}
    return answer


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MAX_BODY_BYTES:
            raise LimitExceededError(
                "the request is too large", expected=f"at most {MAX_BODY_BYTES} bytes"
            )
    return bytes(parts)


def _read(body: bytes) -> _GraphQLRequest:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or not isinstance(read.get("query"), str):
        raise MetricsStoreError(
            "the request is not GraphQL", expected='JSON such as {"query": "...", "variables": {}}'
        )
    variables, operation = read.get("variables"), read.get("operationName")
    if variables is None:
        variables = {}
    if not isinstance(variables, dict) or not isinstance(operation, str | None):
        raise MetricsStoreError(
            "the request is not GraphQL", expected="`variables` as an object of values"
        )
    return _GraphQLRequest(read["query"], variables, operation)
