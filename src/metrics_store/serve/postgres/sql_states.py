"""The errors of the engine as PostgreSQL's clients know errors: by SQLSTATE."""

from __future__ import annotations

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.error_messages import error_message

_STATES = {
    "not_expressible": "0A000",
    "invalid_request": "42000",
    "encoding": "22021",
    "not_allowed": "42501",
    "not_found": "42P01",
    "limit_exceeded": "54000",
    "busy": "53300",
    "cancelled": "57014",
    "unavailable": "58000",
    "not_authenticated": "28P01",
}
_INTERNAL = "XX000"


def sql_state(error: Exception) -> str:
    """Give the SQLSTATE of an error."""
    if isinstance(error, MetricsStoreError):
        return _STATES.get(error.code, "58000")
    return _INTERNAL


def words_of(error: Exception, request_id: str) -> tuple[str, str]:
    """Give the message of an error and what to do, for its client."""
    if not isinstance(error, MetricsStoreError):
        return error_message(error, request_id), ""
    parts = error.public_parts()
    message = parts["what"]
    for name in ("where", "expected"):
        if parts.get(name):
            message += f"\n  {name}: {parts[name]}"
    return message, parts.get("remedy", "")
