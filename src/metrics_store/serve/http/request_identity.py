"""The identity of a request over HTTP: its id, and the principal who sends it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from metrics_store.serve.monitoring.request_log import CURRENT_RECORD

if TYPE_CHECKING:
    from starlette.types import Scope

    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service


def request_id_of(scope: Scope) -> str:
    """Give the id of a request: the caller's own, where that is valid."""
    given = scope.get("state", {}).get("request_id")
    return given if isinstance(given, str) else uuid.uuid4().hex


def principal_of(
    service: Service, scope: Scope, interface: str, *, bare: bool = False
) -> Principal:
    """Authenticate the caller of a request, and record it for the log.

    Args:
        service: Knows who may come.
        scope: The request.
        interface: What the log calls the interface.
        bare: Whether a token may stand without its scheme, as Cube's clients send it.

    Raises:
        NotAuthenticatedError: Nobody known.
    """
    record = CURRENT_RECORD.get()
    if record is not None:
        record.interface = interface
    # Of two headers a proxy may have looked at one and we at the other.
    shown = Headers(scope=scope).getlist("authorization")
    given = shown[0] if len(shown) == 1 else None
    if bare and given and " " not in given.strip():
        given = f"Bearer {given}"
    principal = service.authenticator.principal(given)
    if record is not None:
        record.principal = principal.name
    return principal
