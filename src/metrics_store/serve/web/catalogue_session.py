"""The session of the catalogue: links of a browser carry no header, so a cookie has the token.

The cookie goes to the catalogue's pages alone, which only show; scripts cannot read it, and no page
of another site makes a browser send it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError, NotAuthenticatedError
from metrics_store.serve.http.request_identity import principal_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service

PATH = "/catalogue"
_COOKIE = "metrics_catalogue"
# As much as every browser keeps, of what a cookie may hold.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,3800}", re.ASCII)
_SCHEME = re.compile(r"bearer +", re.IGNORECASE)


def open_session(request: Request, response: Response) -> None:
    """Let the browser keep the token that the request shows; it was found valid before.

    Raises:
        MetricsStoreError: No cookie can hold it.
    """
    token = _SCHEME.sub("", request.headers.get("authorization", ""), count=1)
    if not token:
        return
    if not _TOKEN.fullmatch(token):
        raise MetricsStoreError("the token is too long for a browser to keep for the catalogue")
    response.set_cookie(
        _COOKIE,
        token,
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def reader_of(service: Service, request: Request, interface: str) -> Principal:
    """Give the principal who reads the catalogue: by the header, else by the session.

    Raises:
        NotAuthenticatedError: Nobody known.
    """
    try:
        return principal_of(service, request.scope, interface)
    except NotAuthenticatedError:
        token = request.cookies.get(_COOKIE)
        if token is None or "authorization" in request.headers:
            raise
        return service.authenticator.principal(f"Bearer {token}")
