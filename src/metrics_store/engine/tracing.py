"""Spans of OpenTelemetry around what the engine does, where the process uses it."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_NAME = "metrics_store"


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[object]:
    """Open a span such as `metrics_store.plan`; attributes get the same prefix.

    Without an SDK set up by whoever runs the process it records nothing.
    """
    # Not imported here: whoever records spans has it imported, and a command is quicker without.
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return contextlib.nullcontext()
    named = {f"{_NAME}.{key}": value for key, value in attributes.items()}
    opened: AbstractContextManager[object] = trace.get_tracer(_NAME).start_as_current_span(
        f"{_NAME}.{name}", attributes=named
    )
    return opened
