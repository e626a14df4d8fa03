"""The routes of the REST interface: every endpoint, and their description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from metrics_store.engine.call import Call, NotKeptError
from metrics_store.engine.observer import ANSWERED, BROKEN
from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.query.forms.request_form import read_form
from metrics_store.serve.http.problems import broken, problem
from metrics_store.serve.http.request_identity import principal_of, request_id_of
from metrics_store.serve.monitoring.request_log import record_outcome
from metrics_store.serve.rest.docs_page import CONTENT_POLICY, PAGE, docs_files
from metrics_store.serve.rest.endpoints import ENDPOINTS
from metrics_store.serve.rest.openapi import openapi_text
from metrics_store.serve.rest.rest_request import RestRequest, parse_parameters, read_body

if TYPE_CHECKING:
    from starlette.requests import Request

    from metrics_store.serve.rest.endpoints import Endpoint
    from metrics_store.serve.service import Service

INTERFACE = "rest"
# To read a longer question may take as long as to answer it.
_SHORT = 2_000


def routes(service: Service) -> list[Route]:
    """Give the routes of REST and of its description."""
    text = openapi_text()

    async def openapi(request: Request) -> Response:
        del request
        return Response(text, media_type="application/json")

    async def docs(request: Request) -> Response:
        del request
        return Response(
            PAGE, headers={"Content-Security-Policy": CONTENT_POLICY}, media_type="text/html"
        )

    async def docs_file(request: Request) -> Response:
        found = docs_files().get(request.path_params["name"])
        if found is None:
            raise NotFoundError("there is nothing at this path", remedy="/docs shows what there is")
        return Response(found[0], headers={"Cache-Control": "no-cache"}, media_type=found[1])

    return [
        *(_route(service, endpoint) for endpoint in ENDPOINTS),
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        Route("/docs/{name}", docs_file),
    ]


def _route(service: Service, endpoint: Endpoint) -> Route:
    async def respond(request: Request) -> Response:
        request_id = request_id_of(request.scope)
        try:
            response = await _handled(service, endpoint, request, request_id)
        except MetricsStoreError as error:
            outcome, response = error.code, problem(error, request_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller learns only the id
            outcome, response = BROKEN, broken(error, request_id)
        else:
            outcome = ANSWERED
        record_outcome(outcome)
        return response

    methods = ["GET"] * endpoint.takes_parameters + ["POST"] * endpoint.takes_body
    return Route(endpoint.path, respond, methods=methods)


async def _handled(
    service: Service, endpoint: Endpoint, http_request: Request, request_id: str
) -> Response:
    principal = principal_of(service, http_request.scope, INTERFACE)
    parameters = dict(parse_parameters(endpoint.form, http_request.query_params))
    named_format = parameters.pop("format", None) if endpoint.has_rows else None
    if http_request.method == "POST":
        if parameters:
            raise MetricsStoreError(
                "a question with a body has no query parameters but `format`",
                where=", ".join(parameters)[:80],
            )
        given = await read_body(http_request)
    else:
        await http_request.body()
        given = {**parameters, **http_request.path_params}
    call = Call(INTERFACE, request_id=request_id)
    request = RestRequest(
        service=service,
        principal=principal,
        call=call,
        form=read_form(endpoint.form, given),
        path=http_request.url.path,
        accept=http_request.headers.get("accept"),
        named_format=None if named_format is None else str(named_format),
        if_none_match=http_request.headers.get("if-none-match"),
    )
    if endpoint.is_kept and len(str(given)) <= _SHORT:
        # What is in memory is given before a thread could begin to look for it.
        call.at_once = True
        try:
            return endpoint.handle(request)
        except NotKeptError:
            call.at_once = False
    return await service.threads.run(call, lambda: endpoint.handle(request), http_request.receive)
