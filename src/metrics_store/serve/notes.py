"""What is noted of a request while it is worked on, for the one line that the log gets of it."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.engine.observation import Finished

logger = logging.getLogger("metrics_store.requests")


@dataclass
class Note:
    """What is known of the request under way; the engine's threads see the same one.

    Attributes:
        door: Where it came in.
        principal: Who asks, once it is known.
        outcome: `ok` or a code, once it is known.
        asked: What the engine was asked for it.
    """

    door: str
    principal: str | None = None
    outcome: str | None = None
    asked: dict[str, object] = field(default_factory=dict)


CURRENT: ContextVar[Note | None] = ContextVar("metrics_store_note", default=None)


class RequestLog:
    """Notes what the engine did for the request under way, or logs it where there is none."""

    def finished(self, event: Finished) -> None:
        """Note a finished request."""
        asked: dict[str, object] = {
            "metrics": list(event.request.metrics),
            "rows": event.rows,
            "plan_cache_hit": event.plan_cache_hit,
        }
        if event.request.saved_query is not None:
            asked["saved_query"] = event.request.saved_query
        note = CURRENT.get()
        if note is not None and not note.asked:
            note.door = event.call.door
            note.principal = event.principal.name
            note.outcome = event.outcome
            note.asked = asked
            return
        # Flight has no HTTP request around it, and a batch of GraphQL more than one in it.
        log_request(
            request_id=event.call.request_id,
            door=event.call.door,
            principal=event.principal.name,
            outcome=event.outcome,
            seconds=event.seconds,
            more={"action": event.action, **asked},
        )


def log_request(  # noqa: PLR0913 - an argument a column
    *,
    request_id: str,
    door: str,
    principal: str | None,
    outcome: str,
    seconds: float,
    more: dict[str, object],
) -> None:
    """Write the one line of a request."""
    fields = {
        "request_id": request_id,
        "door": door,
        "principal": principal,
        "outcome": outcome,
        "milliseconds": round(seconds * 1000, 1),
        **more,
    }
    logger.info("request", extra={"fields": fields})
