"""What is known of a metric's past, for its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HistoryEntry:
    """One version of a metric.

    Attributes:
        version: The version that began, such as `1.2.0`; empty where none was said.
        date: The day it began, as `2024-12-31`.
        revision: The revision of the project that brought it.
        tier: What the change meant, such as `minor`; empty for the first.
        changes: What changed, a line each.
    """

    version: str
    date: str
    revision: str
    tier: str
    changes: tuple[str, ...] = ()
