"""The listener of Arrow Flight SQL, started and stopped by the server."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.errors import UnavailableError
from metrics_store.serve.flight.active_calls import ActiveCalls
from metrics_store.serve.flight.server import FlightServer

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.serve.service import Service

_SECONDS_TO_FINISH = 10


@dataclass
class FlightListener:
    """Arrow Flight SQL on a port of its own.

    Attributes:
        service: The engine with what all interfaces share.
        host: The address to listen at.
        port: The port to listen at; 0 takes a free one, which `port` is once it has started.
        certificate: A PEM file with the certificate for TLS; without one, the port has no TLS.
        key: A PEM file with the certificate's key.
    """

    service: Service
    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    _server: FlightServer | None = field(default=None, init=False, repr=False)
    _active_calls: ActiveCalls | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """Start to listen; calls are served by threads of its own.

        Raises:
            UnavailableError: Nothing can listen there, or the certificate and key are not a pair.
        """
        if (self.certificate is None) != (self.key is None):
            raise UnavailableError("TLS needs both a certificate and its key")
        scheme = "grpc" if self.certificate is None else "grpc+tls"
        location = f"{scheme}://{self.host}:{self.port}"
        active_calls = ActiveCalls()
        try:
            certificates = []
            if self.certificate is not None and self.key is not None:
                certificates = [(self.certificate.read_bytes(), self.key.read_bytes())]
            self._server = FlightServer(self.service, location, active_calls, certificates)
        except (pa.ArrowException, OSError) as error:
            raise UnavailableError(
                "the Arrow Flight SQL interface cannot be opened", where=location, detail=str(error)
            ) from None
        self.port = self._server.port
        self._active_calls = active_calls
        active_calls.start()

    def stop(self, seconds: float = 0.0) -> None:
        """Accept no new calls, and after some seconds cancel what is still under way.

        A caller who does not take its answer is waited for ten seconds more, and then left behind.
        """
        if self._server is None or self._active_calls is None:
            return
        # It waits for the calls under way, however long they take.
        closing = threading.Thread(target=self._server.shutdown, name="flight-stop", daemon=True)
        closing.start()
        closing.join(seconds)
        self._active_calls.stop()
        closing.join(_SECONDS_TO_FINISH)
        self._server = self._active_calls = None
