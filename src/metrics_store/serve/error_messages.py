"""What a client may know of an error: a message and a code."""

from __future__ import annotations

import logging

from metrics_store.engine.observer import BROKEN
from metrics_store.errors import MetricsStoreError

_LOG = logging.getLogger(__name__)


def error_message(error: Exception, request_id: str) -> str:
    """Describe an error to its client; an unexpected one is logged under the request's id."""
    if isinstance(error, MetricsStoreError):
        return error.public()
    _LOG.error("request %s failed", request_id, exc_info=error)
    return f"something went wrong in the server; the request is {request_id}"


def error_code(error: Exception) -> str:
    """Give the code of an error, for programs."""
    return error.code if isinstance(error, MetricsStoreError) else BROKEN
