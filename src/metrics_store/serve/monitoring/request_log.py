"""The request log: one record for each request, filled while the request is under way."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.observer import ANSWERED, BROKEN
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.engine.call import Call
    from metrics_store.engine.observer import FinishedRequest

logger = logging.getLogger("metrics_store.requests")


@dataclass
class RequestRecord:
    """What is known of the request under way; the engine's threads share it.

    Attributes:
        interface: The interface that it came through.
        principal: The principal's name, once it is known.
        outcome: `ok` or a code, once it is known.
        engine_fields: What the engine did for it.
        more: Further fields of its interface.
    """

    interface: str
    principal: str | None = None
    outcome: str | None = None
    engine_fields: dict[str, object] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)


# Nothing where the work belongs to no request under way.
CURRENT_RECORD: ContextVar[RequestRecord | None] = ContextVar("metrics_store_note", default=None)


class RequestLog:
    """Records what the engine did for the request under way, or logs it where there is none."""

    def finished(self, event: FinishedRequest) -> None:
        """Record a finished request."""
        fields: dict[str, object] = {
            "metrics": list(event.request.metrics),
            "rows": event.rows,
            "plan_cache_hit": event.plan_cache_hit,
        }
        if event.request.saved_query is not None:
            fields["saved_query"] = event.request.saved_query
        if event.deprecated:
            fields["deprecated"] = list(event.deprecated)
        record = CURRENT_RECORD.get()
        if record is not None and not record.engine_fields:
            record.interface = event.call.interface
            record.principal = event.principal.name
            record.outcome = event.outcome
            record.engine_fields = fields
            return
        # A query of GraphQL outlives its request, and a request of GraphQL may have several.
        log_request(
            request_id=event.call.request_id,
            interface=event.call.interface,
            principal=event.principal.name,
            outcome=event.outcome,
            seconds=event.seconds,
            more={"action": event.action, **fields},
        )


def record_outcome(outcome: str) -> None:
    """Set the outcome of the request under way; `ok` replaces no code that is there already."""
    record = CURRENT_RECORD.get()
    if record is not None and (record.outcome is None or outcome != ANSWERED):
        record.outcome = outcome


def record_fields(**fields: object) -> None:
    """Add fields to the record of the request under way."""
    record = CURRENT_RECORD.get()
    if record is not None:
        record.more.update(fields)


@contextmanager
def logged_request(interface: str, call: Call, **more: object) -> Iterator[RequestRecord]:
    """Record one request for the `with` block, and log it; for interfaces other than HTTP.

    Args:
        interface: The interface that it came through.
        call: What the engine knows it by.
        more: Further fields.
    """
    record, began = RequestRecord(interface), time.perf_counter()
    token = CURRENT_RECORD.set(record)
    outcome = ANSWERED
    try:
        yield record
    except MetricsStoreError as error:
        outcome = error.code
        raise
    except BaseException:
        outcome = BROKEN
        raise
    finally:
        CURRENT_RECORD.reset(token)
        log_request(
            request_id=call.request_id,
            interface=interface,
            principal=record.principal,
            outcome=outcome,
            seconds=time.perf_counter() - began,
            more={**more, **record.engine_fields},
        )


def log_request(  # noqa: PLR0913 - an argument a column
    *,
    request_id: str,
    interface: str,
    principal: str | None,
    outcome: str,
    seconds: float,
    more: dict[str, object],
) -> None:
    """Write the log record of a request."""
    fields = {
        "request_id": request_id,
        "door": interface,
        "principal": principal,
        "outcome": outcome,
        "milliseconds": round(seconds * 1000, 1),
        **more,
    }
    logger.info("request", extra={"fields": fields})
