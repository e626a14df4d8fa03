"""All doors of HTTP in one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.serve import health, rest
from metrics_store.serve.conversations import Conversations
from metrics_store.serve.graphql import routes as graphql_door
from metrics_store.serve.mcp import routes as mcp_door
from metrics_store.serve.rest.problems import broken, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from metrics_store.serve.configuration import Configuration
    from metrics_store.serve.counters import Counters
    from metrics_store.serve.readiness import Readiness
    from metrics_store.serve.service import Service

# Each gives its routes; a door is added here.
DOORS: tuple[Callable[[Service], Sequence[BaseRoute]], ...] = (
    rest.routes,
    graphql_door.routes,
    mcp_door.routes,
)

_NOT_FOUND = 404
_EXPOSED = ["ETag", "X-Request-ID", "X-Data-Version", "X-Total-Rows", "X-Total-Pages"]


class MethodNotAllowedError(MetricsStoreError):
    """A path is asked with a method that it does not have."""

    code = "method_not_allowed"


def application(
    service: Service, configuration: Configuration, counters: Counters, readiness: Readiness
) -> ASGIApp:
    """Put the doors together."""
    middleware = []
    if configuration.cors.origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=configuration.cors.origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "If-None-Match", "X-Request-ID"],
                expose_headers=_EXPOSED,
            )
        )
    routes = [route for door in DOORS for route in door(service)]
    starlette = Starlette(
        routes=[*health.routes(readiness, counters), *routes],
        middleware=middleware,
        exception_handlers={
            HTTPException: _http_problem,
            MetricsStoreError: _own_problem,
            Exception: _broken,
        },
    )
    return Conversations(
        starlette,
        counters,
        body_bytes=configuration.limits.body_bytes,
        only_loopback=not configuration.asks_who_is_there,
    )


def _http_problem(request: Request, error: Exception) -> Response:
    """Say what Starlette finds wrong as everything else is said."""
    if not isinstance(error, HTTPException):
        return _broken(request, error)
    allowed = (error.headers or {}).get("Allow", "")
    if allowed and request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": f"{allowed}, OPTIONS"})
    if error.status_code == _NOT_FOUND:
        said: MetricsStoreError = NotFoundError(
            "there is nothing at this path", remedy="/docs shows what there is"
        )
    elif allowed:
        said = MethodNotAllowedError("the method is not right", expected=allowed)
    else:
        said = MetricsStoreError("the request is not right")
    return problem(said, request.state.request_id, error.headers)


def _own_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, MetricsStoreError):
        return _broken(request, error)
    return problem(error, request.state.request_id)


def _broken(request: Request, error: Exception) -> Response:
    return broken(error, request.state.request_id)
