"""MetricFlow's errors in our own words, about the request as the caller wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metricflow_semantics.errors.error_classes import UnsupportedEngineFeatureError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import All, Kind
from metrics_store.query.filters.renamed_filter import names_of
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.metricflow.time_requirement import needs_time
from metrics_store.query.resolution.requested_names import requested_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.resolution.definition_lookup import DefinitionLookup

# What is wrong, out of a page about how MetricFlow came to find it.
_REASON = re.compile(r"Message:\s+(?P<reason>.+?)(?:Common issues|\n\s*\n)", re.DOTALL)
_INSIDES = re.compile(r":? \(Pydantic.*\)|LinkableSpecSet\(.*\)", re.DOTALL)
_LONGEST_REASON = 300
_WITHOUT_TIME = ("do not include 'metric_time'",)
_NOT_JOINED = ("Unable to join all items", "does not match any of the available group-by-items")
_AMBIGUOUS = ("ambiguous", "multiple ways", "more than one")


def planning_error(
    lookup: DefinitionLookup, request: MetricRequest, error: Exception
) -> MetricsStoreError:
    """Give our own error for one of MetricFlow's.

    Args:
        lookup: Knows the definitions.
        request: The request, its names as the definitions have them.
        error: MetricFlow's error; it names components of the requested metrics.
    """
    reason = _reason(error)
    metrics = requested_metrics(lookup.manifest, request)
    if isinstance(error, UnsupportedEngineFeatureError):
        return MetricsStoreError(
            "the warehouse has no function for a percentile or median of this kind",
            where=", ".join(metrics),
            expected="one of the kinds that docs/engines.md has for it",
            remedy="say `use_approximate_percentile: true` in the measure's agg_params where an "
            "approximate value will do",
        )
    if any(mark in reason for mark in _WITHOUT_TIME):
        return _without_time(lookup, metrics)
    conditions = [*([] if request.where is None else [request.where]), *request.conditions]
    filtered = list(names_of(All(tuple(conditions))))
    names = [*request.group_by, *dict.fromkeys(map(str, filtered))]
    counted = [name for name in filtered if name.kind is Kind.METRIC]
    if any(mark in reason for mark in _NOT_JOINED):
        if counted:
            return MetricsStoreError(
                "a filter asks for a metric by an entity that its rows, or those of the question, "
                "do not have",
                where=", ".join(map(str, counted)),
                expected="an entity that both have",
                remedy=f"`metrics list {counted[0].path}` shows the entities of the one",
            )
        if not metrics:
            return MetricsStoreError(
                "no rows have all of these together",
                where=", ".join(names),
                remedy="ask for them together with a metric that has them all, or each alone",
            )
    if any(mark in reason for mark in _AMBIGUOUS):
        return MetricsStoreError(
            "a name can be reached in more than one way",
            where=", ".join(names),
            remedy="write the entities that lead to it in front, as in customer__agent__team",
            detail=reason,
        )
    return MetricsStoreError(
        f"{' and '.join(metrics) or 'the question'} cannot be answered in this form",
        where=", ".join(names),
        remedy="`metrics list METRIC` shows what a metric can be grouped and filtered by",
        detail=reason,
    )


def _without_time(lookup: DefinitionLookup, metrics: Sequence[str]) -> MetricsStoreError:
    declared = {metric.name: metric for metric in lookup.manifest.metrics}
    needing = [one for one in metrics if needs_time(declared[one], declared)] or metrics
    first = declared[needing[0]]
    meant = (first.config.meta if first.config else {}).get("grains")
    grains = list(meant or lookup.grains_of_times(first.name).get(METRIC_TIME, ()))
    several = len(needing) > 1
    return MetricsStoreError(
        f"{' and '.join(needing)} {'have values' if several else 'has a value'} at a time only",
        where="the question has no metric_time to group by",
        expected="one of " + ", ".join(f"{METRIC_TIME}__{grain}" for grain in grains),
        remedy=f"group by {METRIC_TIME}__{grains[0] if grains else 'month'}, or by another of them",
    )


def _reason(error: Exception) -> str:
    found = _REASON.search(str(error))
    words = (found["reason"] if found else str(error)).split()
    return _INSIDES.sub("", " ".join(words))[:_LONGEST_REASON]
