"""The HTTP side of the GraphQL API."""

from __future__ import annotations

import asyncio
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLSyntaxError, execute_sync, parse, validate
from starlette.responses import Response
from starlette.routing import Route

from metrics_store.errors import LimitExceededError, MetricsStoreError
from metrics_store.serve.graphql.context import Context
from metrics_store.serve.graphql.failures import failure, formatted
from metrics_store.serve.graphql.limits import MAX_BODY_BYTES, MAX_TOKENS, check_document
from metrics_store.serve.graphql.queries import Queries
from metrics_store.serve.graphql.schema import schema

if TYPE_CHECKING:
    from starlette.requests import Request

    from metrics_store.serve.service import Service

# Most wait for a query to be done, so that they may be more than the machine has cores.
_THREADS = 32
_MAX_ERRORS = 20


@dataclass(frozen=True)
class _Asked:
    """What a request's body asks."""

    query: str
    variables: dict[str, Any]
    operation: str | None


def routes(service: Service, queries: Queries | None = None) -> list[Route]:
    """Give the routes of the GraphQL API: where its clients look, and where they look locally.

    Args:
        service: The engine, and who is at the door.
        queries: Where queries run; whoever makes it closes it when the server stops.
    """
    door = _Door(service, queries or Queries())
    return [Route(path, door.answer, methods=["POST"]) for path in ("/api/graphql", "/")]


class _Door:
    """Takes requests in, one thread each, so that no wait holds up another."""

    def __init__(self, service: Service, queries: Queries) -> None:
        self._service = service
        self._queries = queries
        self._threads = ThreadPoolExecutor(_THREADS, "graphql")

    async def answer(self, request: Request) -> Response:
        request_id = uuid.uuid4().hex
        try:
            body = await _body(request)
        except MetricsStoreError as error:
            return _response(failure(error, request_id))
        authorization = request.headers.get("authorization")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, self._execute, body, authorization, request_id
        )

    def _execute(self, body: bytes, authorization: str | None, request_id: str) -> Response:
        try:
            principal = self._service.authenticator.principal(authorization)
            asked = _read(body)
            context = Context(self._service, principal, self._queries, request_id)
            return _response(_answer(asked, context))
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            return _response(failure(error, request_id))


def _answer(asked: _Asked, context: Context) -> dict[str, Any]:
    try:
        document = parse(asked.query, no_location=False, max_tokens=MAX_TOKENS)
        check_document(document)
        errors = validate(schema(), document, max_errors=_MAX_ERRORS)
    except RecursionError:
        raise LimitExceededError("the document is nested too deeply") from None
    except GraphQLSyntaxError as error:
        errors = [error]
    if errors:
        return {"data": None, "errors": formatted(errors, context.request_id)}
    result = execute_sync(
        schema(),
        document,
        context_value=context,
        variable_values=asked.variables,
        operation_name=asked.operation,
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = formatted(result.errors, context.request_id)
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


def _read(body: bytes) -> _Asked:
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
    return _Asked(read["query"], variables, operation)


def _response(answer: dict[str, Any]) -> Response:
    # Clients want 200 also where there are errors, and tell them by the answer.
    return Response(json.dumps(answer), media_type="application/json")
