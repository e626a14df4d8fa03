"""Authenticates every call by its header, before anything else of it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyarrow import flight

from metrics_store.engine.call import Call
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.flight.flight_errors import as_flight_errors
from metrics_store.serve.monitoring.request_log import logged_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.access.authentication.authenticator import Authenticator
    from metrics_store.access.principal import Principal

INTERFACE = "flight"
MIDDLEWARE = "caller"
_HEADER = "authorization"


class Caller(flight.ServerMiddleware):  # type: ignore[misc]  # pyarrow has no types
    """The caller of one call.

    Args:
        principal: The principal.
    """

    def __init__(self, principal: Principal) -> None:
        super().__init__()
        self.principal = principal


@dataclass
class Callers(flight.ServerMiddlewareFactory):  # type: ignore[misc]
    """Authenticates callers.

    dbt's clients send the number of an environment too; a server has one, so it says nothing.
    """

    authenticator: Authenticator

    def start_call(self, info: object, headers: Mapping[str, Sequence[str]]) -> Caller:
        """Give the caller of a call.

        Raises:
            FlightUnauthenticatedError: Nobody known.
        """
        del info
        call = Call(INTERFACE)
        given = next((values for name, values in headers.items() if name.lower() == _HEADER), [])
        with as_flight_errors(call.request_id):
            try:
                principal = self.authenticator.principal(given[0] if len(given) == 1 else None)
            except MetricsStoreError:
                # Calls of known callers have a record of their own.
                with logged_request(INTERFACE, call):
                    raise
        return Caller(principal)


class HandshakeOfHeaders(flight.ServerAuthHandler):  # type: ignore[misc]
    """Takes the handshake with which JDBC begins: the header has named the caller already."""

    def authenticate(self, outgoing: object, incoming: object) -> None:
        """Ask for nothing more."""

    def is_valid(self, token: bytes) -> bytes:
        """Give no name of a peer: the header of each call says who it is."""
        del token
        return b""
