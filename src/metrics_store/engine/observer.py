"""The observers of the engine's requests: logs, counters, the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest

ANSWERED = "ok"
# An exception that nobody foresaw; what it was stands in the log, beside the request id.
BROKEN = "internal"


@dataclass(frozen=True)
class FinishedRequest:
    """One request that is over, whatever interface it came through.

    Attributes:
        call: Its call: interface and request id.
        principal: The principal who sent it.
        request: The request.
        outcome: `ok`, the code of a MetricsStoreError, or `internal`.
        seconds: How long it took in the engine.
        rows: How many rows the answer has; none for SQL and for what failed.
        plan_cache_hit: Whether the plan was there already.
        action: `answer` or `compile`.
        deprecated: The deprecated metrics that it names; none where it was not planned.
    """

    call: Call
    principal: Principal
    request: MetricRequest
    outcome: str
    seconds: float
    rows: int | None = None
    plan_cache_hit: bool = False
    action: str = "answer"
    deprecated: tuple[str, ...] = ()


class Observer(Protocol):
    """Gets finished requests; called in the thread that did the work."""

    def finished(self, event: FinishedRequest) -> None:
        """Handle a request that is over; must not raise and must not take long."""
