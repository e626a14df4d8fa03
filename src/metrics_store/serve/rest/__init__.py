"""The door of REST: questions and listings over plain HTTP, with their OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from metrics_store.serve.rest.docs_page import docs_page
from metrics_store.serve.rest.door import route
from metrics_store.serve.rest.endpoints import ENDPOINTS
from metrics_store.serve.rest.openapi import openapi_document, openapi_text

if TYPE_CHECKING:
    from starlette.requests import Request

    from metrics_store.serve.service import Service


def routes(service: Service) -> list[Route]:
    """Give the routes of REST and of its description."""
    text = openapi_text()
    page, policy = docs_page(openapi_document())

    async def openapi(request: Request) -> Response:
        del request
        return Response(text, media_type="application/json")

    async def docs(request: Request) -> Response:
        del request
        return Response(page, headers={"Content-Security-Policy": policy}, media_type="text/html")

    return [
        *(route(service, endpoint) for endpoint in ENDPOINTS),
        Route("/openapi.json", openapi),
        Route("/docs", docs),
    ]
