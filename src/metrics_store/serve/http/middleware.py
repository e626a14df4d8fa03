"""Middleware around every HTTP request: its id, limits, log record and last error handler."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from opentelemetry import context as telemetry
from opentelemetry.propagate import extract
from starlette.datastructures import Headers, MutableHeaders

from metrics_store.engine.observer import ANSWERED, BROKEN
from metrics_store.engine.tracing import span
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.http.problems import BodyTooLargeError, broken, problem
from metrics_store.serve.monitoring.request_log import CURRENT_RECORD, RequestRecord, log_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from metrics_store.serve.monitoring.counters import Counters

# It goes into logs and into comments of SQL, so it has nothing that means something there.
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# Requested every few seconds by machines.
_QUIET = ("/healthz", "/readyz", "/metrics")
_CLIENT_GONE = 499


class MisdirectedError(MetricsStoreError):
    """A request for another host came here."""

    code = "misdirected"


@dataclass(frozen=True)
class RequestMiddleware:
    """The ASGI application with what holds for every request.

    Attributes:
        application: All interfaces over HTTP.
        counters: What is counted.
        body_bytes: Size of what a caller may send.
        only_loopback: Reject requests under other names than this machine's own. Without tokens
            a page on the web could otherwise send requests through the browser of its reader, by a
            name of its own that it points here.
        shapes: The beginning of a path -> how errors are written there; elsewhere as problems.
    """

    application: ASGIApp
    counters: Counters
    body_bytes: int
    only_loopback: bool = False
    shapes: Mapping[str, Callable[[MetricsStoreError, str], Response]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        record = RequestRecord("http")
        exchange = _Exchange(scope, receive, send, request_id, self.body_bytes)
        record_token = CURRENT_RECORD.set(record)
        trace_token = telemetry.attach(extract(dict(headers)))
        began = time.perf_counter()
        self.counters.in_flight.inc()
        try:
            with span("http", method=scope["method"], request_id=request_id):
                await self._answer(exchange, headers)
        finally:
            self.counters.in_flight.dec()
            telemetry.detach(trace_token)
            CURRENT_RECORD.reset(record_token)
            self._report(exchange, record, time.perf_counter() - began)

    async def _answer(self, exchange: _Exchange, headers: Headers) -> None:
        scope = exchange.scope
        try:
            self._check(headers)
            await self.application(scope, exchange.receive, exchange.send)
        except MetricsStoreError as error:
            write = self._shape(scope["path"]) or problem
            response = write(error, exchange.request_id)
        except Exception as error:  # noqa: BLE001 - the last one that could see it
            response = broken(error, exchange.request_id)
        else:
            return
        if exchange.status is None:
            await response(scope, exchange.receive, exchange.send)

    def _shape(self, path: str) -> Callable[[MetricsStoreError, str], Response] | None:
        return next((one for start, one in self.shapes.items() if path.startswith(start)), None)

    def _check(self, headers: Headers) -> None:
        if self.only_loopback:
            host = re.sub(r":\d+$", "", headers.get("host", "")).lower()
            if host not in _LOOPBACK:
                raise MisdirectedError(
                    "without tokens the server answers to this machine's own names alone",
                    where=host[:80],
                    expected=" or ".join(_LOOPBACK),
                )
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:18]) > self.body_bytes:
            raise too_large(self.body_bytes)

    def _report(self, exchange: _Exchange, record: RequestRecord, seconds: float) -> None:
        scope, status = exchange.scope, exchange.status or _CLIENT_GONE
        route = scope.get("route")
        pattern = getattr(route, "path", None) or "none"
        self.counters.responded(_method(scope["method"]), pattern, status)
        if scope["path"] in _QUIET:
            return
        outcome = record.outcome or _outcome(status)
        more = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": exchange.sent,
            "whole": exchange.whole or scope["method"] == "HEAD",
            **record.engine_fields,
            **record.more,
        }
        log_request(
            request_id=exchange.request_id,
            interface=record.interface,
            principal=record.principal,
            outcome=outcome,
            seconds=seconds,
            more=more,
        )


def too_large(most: int) -> BodyTooLargeError:
    """Give the error for a body that is too large."""
    return BodyTooLargeError("the request body is too large", expected=f"at most {most:,} bytes")


def _outcome(status: int) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return ANSWERED
    return BROKEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused"


def _method(name: str) -> str:
    """Keep what callers make up out of the labels of the counters."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return name if name in known else "other"


class _Exchange:
    """The messages of one request, counted."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, request_id: str, most: int
    ) -> None:
        self.scope = scope
        self.request_id = request_id
        self.status: int | None = None
        self.sent = 0
        self.whole = False
        self._receive = receive
        self._send = send
        self._most = most
        self._received = 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            if self._received > self._most:
                raise too_large(self._most)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.request_id
            headers.setdefault("X-Content-Type-Options", "nosniff")
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        await self._send(message)
