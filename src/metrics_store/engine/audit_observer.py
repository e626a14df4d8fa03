"""Writes every finished request to the audit log, whatever interface it came through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.audit_log import AuditLog
    from metrics_store.engine.observer import FinishedRequest


@dataclass(frozen=True)
class AuditObserver:
    """Writes the requests of an engine to an audit log.

    Attributes:
        log: The audit log.
    """

    log: AuditLog

    def finished(self, event: FinishedRequest) -> None:
        """Write a request to the log."""
        self.log.write(
            principal=event.principal,
            interface=event.call.interface,
            request_id=event.call.request_id,
            action=event.action,
            request=event.request,
            outcome=event.outcome,
            rows=event.rows,
            seconds=event.seconds,
            deprecated=event.deprecated,
            rollups=event.call.rollups,
            rollup_reasons=event.call.rollup_reasons,
        )
