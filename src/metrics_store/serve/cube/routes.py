"""The HTTP side of Cube's REST API: its paths, its way to say who asks, its errors."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from metrics_store.engine.call import Call
from metrics_store.engine.observer import ANSWERED
from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.serve.cube.cube_endpoints import CubeEndpoints, CubeRequest
from metrics_store.serve.cube.forms.query_form import read_json
from metrics_store.serve.cube.waiting_answers import WaitingAnswers
from metrics_store.serve.error_messages import error_code, error_message
from metrics_store.serve.http.json_bodies import JSON, check_is_json
from metrics_store.serve.http.problems import STATUS
from metrics_store.serve.http.request_identity import principal_of, request_id_of
from metrics_store.serve.monitoring.request_log import record_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service

BASE = "/cubejs-api"
_INTERFACE = "cube"
_FORBIDDEN, _BAD_REQUEST = 403, 400
# Cube says so where a token is not right, and its clients look for it.
_STATUS = {**STATUS, "not_authenticated": _FORBIDDEN}
# But for OPTIONS, which says what there is.
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CONTINUE_WAIT = b'{"error": "Continue wait"}'
_HEADERS = {"Cache-Control": "private, no-store", "Vary": "Authorization"}


def routes(service: Service, waiting: WaitingAnswers | None = None) -> list[Route]:
    """Give the routes of Cube's API.

    Args:
        service: The engine with what all interfaces share.
        waiting: How long who asks for rows waits, before they have to ask again.
    """
    endpoints = CubeEndpoints(service.engine)
    # Clients know that rows may take long; of all else they do not.
    waiting = waiting or WaitingAnswers()
    load = _respond(service, endpoints.load, waiting)
    handlers = {
        "load": load,
        "subscribe": load,
        "meta": _respond(service, endpoints.meta),
        "sql": _respond(service, endpoints.sql),
        "dry-run": _respond(service, endpoints.dry_run),
    }
    found = [
        Route(f"{BASE}/v1/{name}", handle, methods=["GET", "POST"])
        for name, handle in handlers.items()
    ]
    return [*found, Route(f"{BASE}/{{path:path}}", _nothing, methods=_METHODS)]


def cube_error(error: Exception, request_id: str) -> Response:
    """Give an error in Cube's shape, without what only operators of the store may know."""
    status = _STATUS.get(error_code(error), _BAD_REQUEST)
    body = json.dumps({"error": error_message(error, request_id)})
    return Response(body, status, {**_HEADERS, "Cache-Control": "no-store"}, JSON)


def _respond(
    service: Service,
    handle: Callable[[CubeRequest], Any],
    waiting: WaitingAnswers | None = None,
) -> Callable[[Request], Any]:
    async def respond(http_request: Request) -> Response:
        call = Call(_INTERFACE, request_id=request_id_of(http_request.scope))
        try:
            principal = principal_of(service, http_request.scope, _INTERFACE, bare=True)
            request = CubeRequest(principal, call, await _parameters(http_request))

            def work() -> bytes:
                return json.dumps(handle(request)).encode()

            async def gone() -> None:
                while (await http_request.receive())["type"] != "http.disconnect":
                    pass

            body = (
                await service.threads.run(call, work, http_request.receive)
                if waiting is None
                else await waiting.answer(
                    _key(principal, request.parameters),
                    lambda: service.threads.run(call, work),
                    gone,
                )
            )
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            record_outcome(error_code(error))
            return cube_error(error, call.request_id)
        record_outcome(ANSWERED)
        return Response(CONTINUE_WAIT if body is None else body, 200, _HEADERS, JSON)

    return respond


async def _parameters(request: Request) -> dict[str, Any]:
    """Read what is asked: of the address, or of a body of JSON."""
    if request.method == "POST":
        check_is_json(request)
        given = read_json(await request.body() or b"{}")
        if not isinstance(given, dict):
            raise MetricsStoreError("the request is no object", expected='{"query": {...}}')
        return given
    await request.body()
    names = request.query_params.multi_items()
    if len({name for name, _ in names}) != len(names):
        raise MetricsStoreError("a parameter stands twice", expected="each of them once")
    return dict(names)


def _key(principal: Principal, parameters: Mapping[str, Any]) -> bytes:
    """Give what equal questions of one principal have in common, and no other."""
    who = (
        principal.name,
        sorted(principal.groups),
        sorted((name, tuple(values)) for name, values in principal.attributes.items()),
    )
    asked = repr((who, sorted(parameters.items(), key=repr))).encode("utf-8", "backslashreplace")
    return hashlib.sha256(asked).digest()


async def _nothing(request: Request) -> Response:
    error = NotFoundError(
        "there is nothing at this path",
        expected="/cubejs-api/v1/load, meta, sql or dry-run, by GET or POST",
    )
    return cube_error(error, request_id_of(request.scope))
