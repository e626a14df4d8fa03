"""The Python client: the same requests in this process and to a server."""

from __future__ import annotations

from metrics_store.client.connection import Connection
from metrics_store.client.connection_factory import connect
from metrics_store.client.metric_warnings import (
    AnswerWarning,
    EmptyAnswerWarning,
    MetricDeprecationWarning,
    PartialPeriodWarning,
)
from metrics_store.client.result import Result
from metrics_store.query.definitions.listed_entries import (
    DescribedMetric,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
)

__all__ = [
    "AnswerWarning",
    "Connection",
    "DescribedMetric",
    "EmptyAnswerWarning",
    "ListedDimension",
    "ListedEntity",
    "ListedMeasure",
    "ListedMetric",
    "ListedSavedQuery",
    "MetricDeprecationWarning",
    "PartialPeriodWarning",
    "Result",
    "connect",
]
