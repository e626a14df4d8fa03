"""From an HTTP request to an endpoint and back: who asks, what, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from metrics_store.engine.call import Call
from metrics_store.engine.observation import ANSWERED, BROKEN
from metrics_store.errors import MetricsStoreError
from metrics_store.query.request_form import read_form
from metrics_store.serve.conversing import note_outcome, principal_of, request_id_of
from metrics_store.serve.rest.asked import Asked, body_of, from_parameters
from metrics_store.serve.rest.problems import broken, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from metrics_store.serve.rest.endpoints import Endpoint
    from metrics_store.serve.service import Service

DOOR = "rest"


def route(service: Service, endpoint: Endpoint) -> Route:
    """Give the route of an endpoint."""

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
        note_outcome(outcome)
        return response

    methods = ["GET", "POST"] if endpoint.takes_body else ["GET"]
    return Route(endpoint.path, respond, methods=methods)


async def _handled(
    service: Service, endpoint: Endpoint, request: Request, request_id: str
) -> Response:
    principal = principal_of(service, request.scope, DOOR)
    parameters = dict(from_parameters(endpoint.form, request.query_params))
    named_format = parameters.pop("format", None) if endpoint.has_rows else None
    if request.method == "POST":
        if parameters:
            raise MetricsStoreError(
                "a question with a body has no query parameters but `format`",
                where=", ".join(parameters)[:80],
            )
        given = await body_of(request)
    else:
        await request.body()
        given = {**parameters, **request.path_params}
    call = Call(DOOR, request_id=request_id)
    asked = Asked(
        service=service,
        principal=principal,
        call=call,
        form=read_form(endpoint.form, given),
        path=request.url.path,
        accept=request.headers.get("accept"),
        named_format=None if named_format is None else str(named_format),
        if_none_match=request.headers.get("if-none-match"),
    )
    return await service.workers.run(call, lambda: endpoint.handle(asked), request.receive)
