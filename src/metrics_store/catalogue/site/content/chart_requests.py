"""The requests of a metric's chart: its own example or its newest periods, and its counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import GRAINS, example_question
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from metrics_store.catalogue.site.content.chart_declaration import ChartDeclaration
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import MetricDefinition

# Enough to see a course, few enough to read each.
PERIODS = 24
ROWS = 24


def chart_request(
    subject: Subject, metric: MetricDefinition, declared: ChartDeclaration
) -> MetricRequest:
    """Give the question for a metric's chart.

    It ends with the reference date, and where none is declared as the settings say; what is a
    forecast goes on.

    Args:
        subject: What the site is about.
        metric: The metric.
        declared: What belongs to its chart.

    Raises:
        MetricsStoreError: The metric's `config.meta.example` cannot be asked.
    """
    if metric.meta.get("example") is None and not metric.grains:
        return MetricRequest([metric.name], limit=ROWS)
    meta = {"grains": [_month(metric.grains)], **metric.meta}
    question = example_question(metric.name, meta, None if declared.forecast_of else _end(subject))
    metrics = dict.fromkeys((*question.metrics, *declared.companions))
    question = dataclasses.replace(question, metrics=tuple(metrics))
    newest = question.order_by and question.order_by[0].startswith(f"-{METRIC_TIME}")
    if newest and len(question.group_by) == 1:
        return dataclasses.replace(question, limit=PERIODS)
    return question if question.limit else dataclasses.replace(question, limit=ROWS)


def count_request(question: MetricRequest, declared: ChartDeclaration) -> MetricRequest:
    """Give the question of how many rows the values of another question are made."""
    order = tuple(name for name in question.order_by if name.removeprefix("-") in question.group_by)
    # Cut off by the metric's values, it would have other groups; and what is compared is earlier.
    keeps_limit = order and order == tuple(question.order_by) and declared.compares is None
    limit = question.limit if keeps_limit else None
    return dataclasses.replace(
        question, metrics=(declared.counted_by,), order_by=order, limit=limit
    )


def _end(subject: Subject) -> dt.datetime | None:
    reference = subject.calendar.reference
    if reference is None:
        return subject.settings.end_time
    return dt.datetime.combine(reference, dt.time())


def _month(grains: tuple[str, ...]) -> str:
    """Give the grain of a metric that names none: months, or what comes nearest."""
    return next((one for one in GRAINS[1:] if one in grains), grains[0]) if grains else ""
