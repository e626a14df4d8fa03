"""The routes of the pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from metrics_store.engine.call import Call
from metrics_store.errors import NotAuthenticatedError, NotFoundError
from metrics_store.serve.http.request_identity import principal_of, request_id_of
from metrics_store.serve.web.catalogue_session import PATH, open_session, reader_of
from metrics_store.serve.web.catalogues import Catalogues
from metrics_store.serve.web.front_page import (
    CATALOGUE_POLICY,
    CONTENT_POLICY,
    assets,
    kind_of,
    render_page,
)
from metrics_store.serve.web.metric_subjects import MetricSubjects

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from starlette.requests import Request

    from metrics_store.serve.configuration.configuration import Configuration
    from metrics_store.serve.service import Service

    Result = TypeVar("Result")

INTERFACE = "web"
_HTML = "text/html"
_NO_STORE = {"Cache-Control": "no-store"}
# What is where, for programs that ask for the front page.
_DOORS = {
    "rest": "/v1",
    "openapi": "/openapi.json",
    "graphql": "/api/graphql",
    "mcp": "/mcp",
    "docs": "/docs",
}


def routes(service: Service, configuration: Configuration) -> list[Route]:
    """Give the routes of the front page and the catalogue."""
    return [
        *_front_routes(service, configuration),
        *_catalogue_routes(service),
        Route("/web/{name}", _asset, methods=["GET"]),
    ]


def _front_routes(service: Service, configuration: Configuration) -> list[Route]:
    page, subjects = render_page("front", configuration), MetricSubjects(service.engine)

    async def front(request: Request) -> Response:
        if _HTML not in request.headers.get("accept", ""):
            return JSONResponse(_DOORS)
        return _page(page, CONTENT_POLICY)

    async def metrics(request: Request) -> Response:
        principal = principal_of(service, request.scope, INTERFACE)
        seen = await _worked(service, request, lambda: subjects.seen_by(principal))
        return JSONResponse(seen, headers=_NO_STORE)

    async def session(request: Request) -> Response:
        principal_of(service, request.scope, INTERFACE)
        response = Response(status_code=204, headers=_NO_STORE)
        open_session(request, response)
        return response

    return [
        Route("/", front, methods=["GET"]),
        Route("/web/metrics", metrics, methods=["GET"]),
        Route("/web/session", session, methods=["POST"]),
    ]


def _catalogue_routes(service: Service) -> list[Route]:
    catalogues, waiting = Catalogues(service.engine), render_page("waiting", None)

    async def catalogue(request: Request) -> Response:
        address = request.path_params.get("address", "index.html") or "index.html"
        try:
            principal = reader_of(service, request, INTERFACE)
        except NotAuthenticatedError:
            if _HTML not in request.headers.get("accept", ""):
                raise
            return RedirectResponse("/", status_code=303)
        files = await _worked(service, request, lambda: catalogues.files(principal))
        if files is None:
            return _page(waiting, CONTENT_POLICY, {"Refresh": "2", "Retry-After": "2"})
        text = await _worked(service, request, lambda: files.text(address))
        if text is None:
            raise NotFoundError(
                "there is nothing at this path, or not for you", remedy=f"{PATH}/ has what there is"
            )
        return _page(text, CATALOGUE_POLICY, kind=kind_of(address))

    return [
        Route(PATH, lambda _: RedirectResponse(f"{PATH}/", status_code=308), methods=["GET"]),
        Route(f"{PATH}/{{address:path}}", catalogue, methods=["GET"]),
    ]


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    text = assets().get(name)
    if text is None:
        raise NotFoundError("there is nothing at this path", remedy="/ shows what there is")
    return Response(text, headers={"Cache-Control": "no-cache"}, media_type=kind_of(name))


async def _worked(service: Service, request: Request, work: Callable[[], Result]) -> Result:
    await request.body()
    call = Call(INTERFACE, request_id=request_id_of(request.scope))
    return await service.threads.run(call, work, request.receive)


def _page(
    text: str, policy: str, more: dict[str, str] | None = None, kind: str = _HTML
) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        **_NO_STORE,
        **(more or {}),
    }
    return Response(text, headers=headers, media_type=kind)
