"""The share that each worker has of the server's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.serve.configuration.configuration import Configuration

# Of these every worker needs at least one.
_SHARED = ("concurrent_statements", "concurrent_requests", "memory_megabytes")


def check_shares(configuration: Configuration) -> None:
    """Check that the limits of a server can be divided among its workers.

    Raises:
        MetricsStoreError: There is less of something than there are workers.
    """
    workers = configuration.worker_count
    for name in _SHARED:
        if getattr(configuration.limits, name) < workers:
            raise MetricsStoreError(
                "a limit of the server is smaller than the number of its workers",
                where=f"limits.{name}: {getattr(configuration.limits, name)}",
                expected=f"at least {workers}, as each worker has its share of it",
                remedy="raise it, or take fewer workers",
            )


def share_of(configuration: Configuration) -> Configuration:
    """Give the configuration of one worker: its limits are a part of the server's.

    What one request may take is the same everywhere, and the kept answers are shared as they are.
    """
    workers = configuration.worker_count
    limits = configuration.limits
    parts = {name: getattr(limits, name) // workers for name in _SHARED}
    return configuration.model_copy(update={"limits": limits.model_copy(update=parts)})
