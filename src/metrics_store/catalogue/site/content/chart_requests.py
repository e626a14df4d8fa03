"""The request of a metric's chart: its own example, or its newest periods."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import GRAINS, example_question
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from datetime import datetime

    from metrics_store.query.definitions.definition_entries import MetricDefinition

# Enough to see a course, few enough to read each.
PERIODS = 24
ROWS = 24


def chart_request(metric: MetricDefinition, end_time: datetime | None) -> MetricRequest:
    """Give the question for a metric's chart.

    Args:
        metric: The metric.
        end_time: The last instant of the newest period; none for whatever is newest.

    Raises:
        MetricsStoreError: The metric's `config.meta.example` cannot be asked.
    """
    if metric.meta.get("example") is None and not metric.grains:
        return MetricRequest([metric.name], limit=ROWS)
    meta = {"grains": [_month(metric.grains)], **metric.meta}
    question = example_question(metric.name, meta, end_time)
    newest = question.order_by and question.order_by[0].startswith(f"-{METRIC_TIME}")
    if newest and len(question.group_by) == 1:
        return dataclasses.replace(question, limit=PERIODS)
    return question if question.limit else dataclasses.replace(question, limit=ROWS)


def _month(grains: tuple[str, ...]) -> str:
    """Give the grain of a metric that names none: months, or what comes nearest."""
    return next((one for one in GRAINS[1:] if one in grains), grains[0]) if grains else ""
