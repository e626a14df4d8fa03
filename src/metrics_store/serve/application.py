"""The ASGI application: all interfaces over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.serve.cube import routes as cube_routes
from metrics_store.serve.graphql import routes as graphql_routes
from metrics_store.serve.http import health
from metrics_store.serve.http.middleware import RequestMiddleware
from metrics_store.serve.http.problems import broken, problem
from metrics_store.serve.mcp import routes as mcp_routes
from metrics_store.serve.rest import routes as rest_routes
from metrics_store.serve.web import routes as web_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from metrics_store.serve.configuration.configuration import Configuration
    from metrics_store.serve.monitoring.counters import Counters
    from metrics_store.serve.monitoring.readiness import Readiness
    from metrics_store.serve.service import Service

# Each gives the routes of one interface; another one is added here.
ROUTES: tuple[Callable[[Service], Sequence[BaseRoute]], ...] = (
    rest_routes.routes,
    graphql_routes.routes,
    mcp_routes.routes,
    cube_routes.routes,
)

_NOT_FOUND = 404
_EXPOSED = [
    *("ETag", "X-Request-ID", "X-Data-Version", "X-Reference-Date"),
    *("X-Total-Rows", "X-Total-Pages"),
]


class MethodNotAllowedError(MetricsStoreError):
    """A path was requested with a method that it does not have."""

    code = "method_not_allowed"


def application(
    service: Service, configuration: Configuration, counters: Counters, readiness: Readiness
) -> ASGIApp:
    """Put the interfaces together."""
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
    routes = [
        *(route for give in ROUTES for route in give(service)),
        *web_routes.routes(service, configuration),
    ]
    starlette = Starlette(
        routes=[*health.routes(readiness, counters), *routes],
        middleware=middleware,
        exception_handlers={
            HTTPException: _http_problem,
            MetricsStoreError: _own_problem,
            Exception: _broken,
        },
    )
    return RequestMiddleware(
        starlette,
        counters,
        body_bytes=configuration.limits.body_bytes,
        only_loopback=not configuration.requires_authentication,
        shapes={f"{cube_routes.BASE}/": cube_routes.cube_error},
    )


def _http_problem(request: Request, error: Exception) -> Response:
    """Answer an error of Starlette in the form of all others."""
    if not isinstance(error, HTTPException):
        return _broken(request, error)
    allowed = (error.headers or {}).get("Allow", "")
    if allowed and request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": f"{allowed}, OPTIONS"})
    if error.status_code == _NOT_FOUND:
        answered: MetricsStoreError = NotFoundError(
            "there is nothing at this path", remedy="/ and /docs show what there is"
        )
    elif allowed:
        answered = MethodNotAllowedError("the method is not right", expected=allowed)
    else:
        answered = MetricsStoreError("the request is not right")
    return problem(answered, request.state.request_id, error.headers)


def _own_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, MetricsStoreError):
        return _broken(request, error)
    return problem(error, request.state.request_id)


def _broken(request: Request, error: Exception) -> Response:
    return broken(error, request.state.request_id)
