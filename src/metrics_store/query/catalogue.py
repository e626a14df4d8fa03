"""What can be asked: the metrics of a semantic manifest and what each can be grouped by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.query.planner import Planner


@dataclass(frozen=True)
class MetricEntry:
    """One metric as the catalogue lists it.

    Attributes:
        name: What it is asked by.
        label: What people call it.
        description: What it means, in words.
    """

    name: str
    label: str
    description: str


def list_metrics(planner: Planner, search: str = "") -> list[MetricEntry]:
    """Give the metrics by name; with `search`, those whose name, label or description has it."""
    wanted = search.lower()
    entries = [
        MetricEntry(metric.name, metric.label or "", metric.description or "")
        for metric in planner.public_metrics
    ]
    return sorted(
        (
            entry
            for entry in entries
            if wanted in f"{entry.name} {entry.label} {entry.description}".lower()
        ),
        key=lambda entry: entry.name,
    )


def find_metric(planner: Planner, name: str) -> MetricEntry:
    """Give one metric by its name.

    Raises:
        MetricsStoreError: There is none of that name.
    """
    for entry in list_metrics(planner):
        if entry.name == name:
            return entry
    raise MetricsStoreError(
        f"there is no metric named {name}", remedy="`metrics list` shows the metrics"
    )
