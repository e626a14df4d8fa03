"""Every finished request goes to the audit log, whatever door it came through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.audit_log import AuditLog
    from metrics_store.engine.observation import Finished


@dataclass(frozen=True)
class Auditing:
    """Tells an audit log of the requests of an engine.

    Attributes:
        log: Where they are written.
    """

    log: AuditLog

    def finished(self, event: Finished) -> None:
        """Write a request down."""
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
        )
