"""What is noted of a request while it is worked on, for the one line that the log gets of it."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.observation import ANSWERED, BROKEN
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.engine.call import Call
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
        more: What else its door says of it.
    """

    door: str
    principal: str | None = None
    outcome: str | None = None
    asked: dict[str, object] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)


# Nothing where the work belongs to no request under way.
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
        if event.deprecated:
            asked["deprecated"] = list(event.deprecated)
        note = CURRENT.get()
        if note is not None and not note.asked:
            note.door = event.call.door
            note.principal = event.principal.name
            note.outcome = event.outcome
            note.asked = asked
            return
        # A query of GraphQL outlives its request, and a request of GraphQL may have several.
        log_request(
            request_id=event.call.request_id,
            door=event.call.door,
            principal=event.principal.name,
            outcome=event.outcome,
            seconds=event.seconds,
            more={"action": event.action, **asked},
        )


@contextmanager
def noted(door: str, call: Call, **more: object) -> Iterator[Note]:
    """Note one request for the `with` block, and write its line; for doors other than HTTP.

    Args:
        door: Where it came in.
        call: What the engine knows it by.
        more: What else the line says.
    """
    note, began = Note(door), time.perf_counter()
    token = CURRENT.set(note)
    outcome = ANSWERED
    try:
        yield note
    except MetricsStoreError as error:
        outcome = error.code
        raise
    except BaseException:
        outcome = BROKEN
        raise
    finally:
        CURRENT.reset(token)
        log_request(
            request_id=call.request_id,
            door=door,
            principal=note.principal,
            outcome=outcome,
            seconds=time.perf_counter() - began,
            more={**more, **note.asked},
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
