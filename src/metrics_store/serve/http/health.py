"""Endpoints for machines: liveness, readiness, counters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from metrics_store.serve.monitoring.readiness import READY

if TYPE_CHECKING:
    from starlette.requests import Request

    from metrics_store.serve.monitoring.counters import Counters
    from metrics_store.serve.monitoring.readiness import Readiness

_NO_STORE = {"Cache-Control": "no-store"}
# Long enough for a warehouse that is only slow.
_SECONDS = 10


def routes(readiness: Readiness, counters: Counters) -> list[Route]:
    """Give the routes; they need no token, and show no name and no value."""

    async def healthz(request: Request) -> Response:
        del request
        return JSONResponse({"status": READY}, headers=_NO_STORE)

    async def readyz(request: Request) -> Response:
        del request
        try:
            with anyio.fail_after(_SECONDS):
                found = await anyio.to_thread.run_sync(readiness.check, abandon_on_cancel=True)
        except TimeoutError:
            found = {"warehouse": f"no answer in {_SECONDS} seconds"}
        # While a newer build cannot be used, the one before it answers.
        ready = all(state == READY for name, state in found.items() if name != "newest_build")
        body = {"status": READY if ready else "not ready", **found}
        return JSONResponse(body, 200 if ready else 503, headers=_NO_STORE)

    async def metrics(request: Request) -> Response:
        del request
        return Response(counters.text(), headers=_NO_STORE, media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
