"""Spans of OpenTelemetry around what the engine does; nothing at all where it is not installed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

try:
    from opentelemetry import trace
except ImportError:  # pragma: no cover - the extra `server` brings it
    INSTALLED = False
else:
    INSTALLED = True

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_NAME = "metrics_store"


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[object]:
    """Open a span such as `metrics_store.plan`; attributes get the same prefix.

    Without an SDK set up by whoever runs the process it records nothing.
    """
    if not INSTALLED:
        return contextlib.nullcontext()
    named = {f"{_NAME}.{key}": value for key, value in attributes.items()}
    return trace.get_tracer(_NAME).start_as_current_span(f"{_NAME}.{name}", attributes=named)
