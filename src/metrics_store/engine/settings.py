"""The settings of an engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.warehouse.embedded.duckdb_executor import Resources
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class EngineSettings:
    """The settings of an engine.

    Attributes:
        limits: What one answer may cost.
        resources: What DuckDB may use for all answers together.
        at_once: How many statements run at once; others wait for their turn.
        plan_directory: Where plans are kept for the next process; none to keep them in memory.
        eager: Whether definitions are read as soon as they are live, before the first request.
        result_bytes: How much memory answers may take that are given again while nothing changed.
        result_directory: Where other processes find such answers too; none to keep them here.
        definitions: A directory with dbt's manifests whose definitions are used; none for those
            that belong to the warehouse.
        today: Gives the current day, for what ends on a day.
        rollups: Whether questions may be answered from roll-ups.
    """

    limits: Limits = field(default_factory=Limits)
    resources: Resources = field(default_factory=Resources)
    at_once: int = 8
    plan_directory: Path | None = None
    eager: bool = False
    result_bytes: int = 64 * 1024 * 1024
    result_directory: Path | None = None
    definitions: Path | None = None
    today: Callable[[], dt.date] = _today
    rollups: bool = True
